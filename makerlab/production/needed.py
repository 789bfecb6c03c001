"""What waiting prints need of each filament: told to the pages of filament, which stand further below."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.materials.lots import Filament, register_waiting
from makerlab.production.made import MATERIAL, with_file
from makerlab.production.models import Copy, CopyState, Order, Plate, Slice
from makerlab.stock.models import Product


def grams_waiting(session: Session) -> Mapping[Filament, float]:
    """Grams of plates that wait, by material and colour; what is not sliced yet counts nothing."""
    open_ = sa.exists().where(Copy.plate_id == Plate.id, Copy.state == CopyState.OPEN)
    query = (
        sa.select(MATERIAL, Product.colour_id, sa.func.sum(Slice.filament_g))
        .select_from(Plate)
        .join(Slice, Plate.slice_key == Slice.key)
        .join(Order, Plate.order_id == Order.id)
        .join(Product, Order.product_id == Product.id)
        .where(open_, Order.cancelled_at.is_(None))
        .group_by(MATERIAL, Product.colour_id)
    )
    rows = session.execute(with_file(query))
    return {(material, colour_id): float(total or 0.0) for material, colour_id, total in rows}


register_waiting(grams_waiting)

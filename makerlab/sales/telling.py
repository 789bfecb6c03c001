"""What runs out is told once, and again when it ran out anew."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from makerlab.core.database import SessionFactory, reading
from makerlab.notices.actions import Params, open_of, reconcile
from makerlab.notices.models import Kind
from makerlab.sales import queries
from makerlab.sales.scarce import low_parts, low_products
from makerlab.stock.models import Product

KINDS = (Kind.LOW_STOCK,)


class ScarceRound:
    """Compares what runs out with what was told; writes only where they differ."""

    def __init__(self, factory: SessionFactory, clock: Callable[[], datetime]) -> None:
        self.factory, self.clock = factory, clock

    def __call__(self) -> None:
        with reading(), self.factory() as session:
            if open_of(session, KINDS) == running_out(session).keys():
                return
        with self.factory.begin() as session:
            reconcile(session, KINDS, running_out(session), now=self.clock())


def running_out(session: Session) -> dict[tuple[Kind, str], Params]:
    """Products and bought parts at or below their level."""
    found: dict[tuple[Kind, str], Params] = {}
    ids = low_products(session)
    figures = queries.figures(session, ids)
    for product_id in ids:
        product = session.get_one(Product, product_id)
        found[Kind.LOW_STOCK, f"product:{product_id}"] = {
            "product": f"{product.name}, {product.colour.name}",
            "pieces": figures[product_id].available, "path": f"/verkauf/{product.code}",
        }  # fmt: skip
    for item, pieces in low_parts(session):
        found[Kind.LOW_STOCK, f"item:{item.id}"] = {
            "product": item.name, "pieces": pieces, "path": f"/lager/teile/{item.code}"
        }  # fmt: skip
    return found

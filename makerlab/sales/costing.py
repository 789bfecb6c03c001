"""What a piece costs beside its price: filament, machine, bought parts, minutes of finishing, scrap."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from designs.profiles import Profiles
from makerlab.catalog.browsing import card_of
from makerlab.catalog.costing import costs
from makerlab.catalog.models import Design, Making, Revision
from makerlab.core.settings import Settings
from makerlab.production.models import Attempt, Order, Plate
from makerlab.sales.rules import PieceCost, piece_cost
from makerlab.stock import items
from makerlab.stock.models import Product


def cost_of(session: Session, product: Product, profiles: Profiles, settings: Settings) -> PieceCost | None:
    """On the machine where it is cheapest; None before an estimate is known."""
    design = session.scalars(
        sa.select(Design)
        .where(Design.id == product.design_id)
        .options(
            selectinload(Design.revisions).selectinload(Revision.reviews),
            selectinload(Design.revisions).selectinload(Revision.estimates),
            selectinload(Design.revisions).selectinload(Revision.parts),
        )
    ).unique().one()  # fmt: skip
    if not design.revisions:
        return None
    revision = card_of(design).shown
    found = min(
        (one.estimate for one in costs(revision, profiles)), key=lambda one: one.cost_cents, default=None
    )
    if found is None:
        return None
    material = profiles.materials.get(revision.material)
    good, scrap = _outcome(session, design.id)
    return piece_cost(
        printed_cents=found.cost_cents,
        material_cents=round(found.filament_g / 10 * material.price_eur_kg) if material else 0,
        bought_cents=sum(one.count * one.item.price_cents for one in items.ingredients(session, design.id)),
        minutes=_minutes(session, design.id),
        hour_cents=settings.work_cents, good=good, scrap=scrap,
    )  # fmt: skip


def _outcome(session: Session, design_id: int) -> tuple[int, int]:
    """Good pieces and scrap of all prints of a design."""
    sums = (
        sa.select(sa.func.sum(Attempt.good), sa.func.sum(Attempt.scrap))
        .join(Plate, Plate.id == Attempt.plate_id)
        .join(Order, Order.id == Plate.order_id)
        .join(Revision, Revision.id == Order.revision_id)
        .where(Revision.design_id == design_id)
    )
    good, scrap = session.execute(sums).one()
    return int(good or 0), int(scrap or 0)


def _minutes(session: Session, design_id: int) -> int:
    """Of finishing and assembly, for one piece."""
    total = sa.select(sa.func.sum(Making.minutes)).where(Making.design_id == design_id)
    return int(session.scalar(total) or 0)

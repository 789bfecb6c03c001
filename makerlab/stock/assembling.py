"""Printed pieces and bought parts become pieces as sold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.errors import Invalid
from makerlab.core.language import _
from makerlab.stock import actions, balances, items, rules
from makerlab.stock.models import Ingredient, ItemReason, Place, Product, StockMovement


def assemble(
    session: Session, product: Product, place: Place, pieces: int, *,
    actor_id: int, now: datetime, transfer: str,
) -> Sequence[StockMovement]:  # fmt: skip
    """Printed pieces and bought parts become pieces as sold: one transaction, or nothing.

    The same `transfer` given twice is one assembly. Raises Invalid, Conflict.
    """
    needed = needed_for(session, product)
    if not needed:
        raise Invalid(_("An diesem Produkt gibt es nichts zu montieren."))
    if not 0 < pieces <= rules.MOST_PIECES:
        raise Invalid(_("Diese Stückzahl geht nicht."), way_out=_("Prüfen Sie die Zahl."))
    raw = actions.product_of(session, product.design, product.colour, rules.RAW)
    lines = actions.turn_into(
        session, raw, product, place, pieces, actor_id=actor_id, now=now, transfer=transfer
    )
    for one in needed:
        items.book_item(
            session, one.item, -pieces * one.count, ItemReason.USED,
            actor_id=actor_id, now=now, transfer=transfer,
        )  # fmt: skip
    return lines


@dataclass(frozen=True, slots=True)
class Supply:
    """What lies there to assemble a product from; `have` are pieces of each bought part."""

    needed: Sequence[Ingredient]
    printed: int
    have: Mapping[int, int]

    @property
    def most(self) -> int:
        """How many can be assembled now."""
        parts = [(self.have.get(one.item_id, 0), one.count) for one in self.needed]
        return rules.makeable(self.printed, parts)


def supply(session: Session, product: Product, place: Place) -> Supply:
    """What lies at the place where a product is assembled."""
    needed, raw = needed_for(session, product), _raw_of(session, product)
    return Supply(
        needed,
        balances.at(session, raw.id, place.id) if raw else 0,
        items.pieces_of(session, [one.item_id for one in needed]),
    )


def needed_for(session: Session, product: Product) -> Sequence[Ingredient]:
    """The bought parts of one piece; none where it is sold as it was printed, or is itself unfinished."""
    return [] if product.finish else items.ingredients(session, product.design_id)


def _raw_of(session: Session, product: Product) -> Product | None:
    """The same as it comes from the printer, where it was ever ordered."""
    wanted = sa.select(Product).where(
        Product.design_id == product.design_id,
        Product.colour_id == product.colour_id,
        Product.finish == rules.RAW,
    )
    return session.scalar(wanted)

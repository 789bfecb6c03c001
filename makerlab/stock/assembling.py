"""Printed pieces and bought parts become pieces as sold."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.errors import Invalid
from makerlab.core.language import _
from makerlab.stock import actions, items, rules
from makerlab.stock.models import ItemReason, Place, Product, StockMovement
from makerlab.stock.queries import on_hand


def assemble(
    session: Session, product: Product, place: Place, pieces: int, *,
    actor_id: int, now: datetime, transfer: str,
) -> Sequence[StockMovement]:  # fmt: skip
    """Printed pieces and bought parts become pieces as sold: one transaction, or nothing.

    The same `transfer` given twice is one assembly. Raises Invalid, Conflict.
    """
    needed = items.ingredients(session, product.design_id)
    if product.finish or not needed:
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


def makeable(session: Session, product: Product, place: Place) -> int:
    """How many can be assembled here now: by the printed pieces and by each bought part."""
    needed = items.ingredients(session, product.design_id)
    raw = raw_of(session, product)
    printed = on_hand(session, [raw.id]).get((raw.id, place.id), 0) if raw else 0
    have = items.pieces_of(session, [one.item_id for one in needed])
    return rules.makeable(printed, [(have.get(one.item_id, 0), one.count) for one in needed])


def raw_of(session: Session, product: Product) -> Product | None:
    """The same as it comes from the printer, where it was ever ordered."""
    wanted = sa.select(Product).where(
        Product.design_id == product.design_id,
        Product.colour_id == product.colour_id,
        Product.finish == rules.RAW,
    )
    return session.scalar(wanted)

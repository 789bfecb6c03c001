"""Verbs of bought parts: receive, use, count. No part is used that is not there."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.models import Design
from makerlab.core.audit import record
from makerlab.core.errors import Conflict, Invalid
from makerlab.core.language import _
from makerlab.core.ledger import append
from makerlab.materials.codes import label_code
from makerlab.stock import ledger, rules
from makerlab.stock.models import Ingredient, Item, ItemMovement, ItemReason


def add_item(
    session: Session, *, name: str, supplier: str, order_code: str, price_cents: int, low_level: int | None
) -> Item:
    """A bought part. Raises Conflict when the name is taken."""
    ledger.take_turn(session)
    if session.scalar(sa.select(Item.id).where(sa.func.lower(Item.name) == name.lower())):
        raise Conflict(_("Dieses Teil gibt es schon."), way_out=_("Wählen Sie einen anderen Namen."))
    item = Item(
        code=label_code("T"), name=name, supplier=supplier, order_code=order_code,
        price_cents=price_cents, low_level=low_level,
    )  # fmt: skip
    session.add(item)
    session.flush()
    return item


def book_item(
    session: Session, item: Item, pieces: int, reason: ItemReason, *,
    actor_id: int, now: datetime, transfer: str | None = None, note: str = "",
) -> ItemMovement:  # fmt: skip
    """Append one line. The same `transfer` for the same part is booked once. Raises Invalid, Conflict."""
    if pieces == 0 or abs(pieces) > rules.MOST_PIECES:
        raise Invalid(_("Diese Stückzahl geht nicht."), way_out=_("Prüfen Sie die Zahl."))
    ledger.take_turn(session)
    if transfer and (done := _line_of(session, item, transfer)):
        return done
    have = pieces_of(session, [item.id]).get(item.id, 0)
    if not rules.enough(have, pieces):
        raise Conflict(
            _("%(item)s: Es sind nur %(have)s da.", item=item.name, have=have),
            way_out=_("Zählen Sie nach oder bestellen Sie neue."),
        )
    return append(
        session,
        ItemMovement(
            at=now, actor_id=actor_id, item_id=item.id, pieces=pieces, reason=reason,
            transfer=transfer, note=note,
        ),
    )  # fmt: skip


def count_item(
    session: Session, item: Item, counted: int, *, actor_id: int, now: datetime, transfer: str
) -> ItemMovement | None:
    """Somebody counted: the difference becomes a line; None when the books were right. Raises Invalid."""
    if not 0 <= counted <= rules.MOST_PIECES:
        raise Invalid(_("Diese Stückzahl geht nicht."), way_out=_("Prüfen Sie die Zahl."))
    ledger.take_turn(session)
    if done := _line_of(session, item, transfer):
        return done
    difference = counted - pieces_of(session, [item.id]).get(item.id, 0)
    if difference == 0:
        return None
    return book_item(
        session, item, difference, ItemReason.COUNTED, actor_id=actor_id, now=now, transfer=transfer
    )


def set_ingredient(
    session: Session, design: Design, item: Item, count: int, *, by_id: int, now: datetime
) -> None:
    """How many of a bought part go into one piece; 0: none. Raises Invalid."""
    if not 0 <= count <= rules.MOST_IN_ONE:
        raise Invalid(_("Diese Stückzahl geht nicht."), way_out=_("Prüfen Sie die Zahl."))
    row = session.get(Ingredient, (design.id, item.id))
    if count == 0 and row is not None:
        session.delete(row)
    elif count and row is None:
        session.add(Ingredient(design_id=design.id, item_id=item.id, count=count))
    elif row is not None:
        row.count = count
    session.flush()
    record(
        session,
        "design.ingredient",
        f"design:{design.id}",
        actor_id=by_id,
        now=now,
        item=item.id,
        count=count,
    )


def take_back_used(session: Session, transfer: str, *, actor_id: int | None, now: datetime) -> None:
    """An assembly is taken back: its bought parts lie in the box again."""
    used = sa.select(ItemMovement).where(
        ItemMovement.transfer == transfer, ItemMovement.reason == ItemReason.USED
    )
    for line in session.scalars(used.order_by(ItemMovement.id)).all():
        append(
            session,
            ItemMovement(
                at=now, actor_id=actor_id, item_id=line.item_id, pieces=-line.pieces,
                reason=ItemReason.REVERSED, reverses_id=line.id,
            ),
        )  # fmt: skip


def pieces_of(session: Session, item_ids: Sequence[int]) -> dict[int, int]:
    """Bought part → how many lie there."""
    sums = (
        sa.select(ItemMovement.item_id, sa.func.sum(ItemMovement.pieces))
        .where(ItemMovement.item_id.in_(item_ids))
        .group_by(ItemMovement.item_id)
    )
    return {item_id: int(pieces) for item_id, pieces in session.execute(sums)}


def ingredients(session: Session, design_id: int) -> Sequence[Ingredient]:
    """The bought parts of a piece of a design."""
    wanted = sa.select(Ingredient).where(Ingredient.design_id == design_id).order_by(Ingredient.item_id)
    return session.scalars(wanted).all()


def _line_of(session: Session, item: Item, transfer: str) -> ItemMovement | None:
    return session.scalar(
        sa.select(ItemMovement).where(ItemMovement.transfer == transfer, ItemMovement.item_id == item.id)
    )

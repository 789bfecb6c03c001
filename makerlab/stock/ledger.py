"""The stock ledger's own lines: whose turn it is, whether a place holds enough, and the line itself."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.errors import Conflict
from makerlab.core.language import _, ngettext
from makerlab.core.ledger import ADVISORY_LOCK, append, append_all
from makerlab.stock import balances, rules
from makerlab.stock.models import Place, StockMovement, StockReason


def take_turn(session: Session) -> None:
    """Reading a balance and appending to it must not interleave; on SQLite BEGIN IMMEDIATE sees to it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))


def refuse_too_few(session: Session, product_id: int, place: Place, pieces: int) -> None:
    have = balances.at(session, product_id, place.id)
    if rules.enough(have, pieces):
        return
    way_out = _("Zählen Sie nach, wenn das nicht stimmt.")
    if have == 0:
        raise Conflict(_("%(place)s: Davon ist nichts mehr da.", place=place.name), way_out=way_out)
    message = ngettext(
        "%(place)s: Es ist nur noch %(num)s Stück da.",
        "%(place)s: Es sind nur noch %(num)s Stück da.",
        have,
        place=place.name,
    )
    raise Conflict(message, way_out=way_out)


def write(
    session: Session, product_id: int, place_id: int, pieces: int, reason: StockReason, *,
    actor_id: int | None, now: datetime, attempt_id: int | None = None, reverses_id: int | None = None,
    transfer: str | None = None, note: str = "",
) -> StockMovement:  # fmt: skip
    line = StockMovement(
        at=now, actor_id=actor_id, product_id=product_id, place_id=place_id, pieces=pieces, reason=reason,
        attempt_id=attempt_id, reverses_id=reverses_id, transfer=transfer, note=note,
    )  # fmt: skip
    balances.add(session, product_id, place_id, pieces)
    return append(session, line)


def write_all(session: Session, lines: Sequence[StockMovement]) -> None:
    """Many lines at once, for lists. The caller has the turn and saw to it that no sum falls below zero."""
    sums: Counter[tuple[int, int]] = Counter()
    for line in lines:
        sums[line.product_id, line.place_id] += line.pieces
    balances.add_all(session, sums)
    append_all(session, lines)


def lines_of(session: Session, transfer: str) -> Sequence[StockMovement]:
    return session.scalars(
        sa.select(StockMovement).where(StockMovement.transfer == transfer).order_by(StockMovement.id)
    ).all()


def booked(session: Session, attempt_id: int) -> bool:
    return bool(session.scalar(sa.select(StockMovement.id).where(StockMovement.attempt_id == attempt_id)))


def is_reversed(session: Session, line_id: int) -> bool:
    return bool(session.scalar(sa.select(StockMovement.id).where(StockMovement.reverses_id == line_id)))


def pieces_since(session: Session, product_id: int, place_id: int, at: datetime) -> Sequence[int]:
    """The pieces of each line of a product at a place that was written after `at`."""
    here = (StockMovement.product_id == product_id, StockMovement.place_id == place_id)
    return session.scalars(sa.select(StockMovement.pieces).where(*here, StockMovement.at > at)).all()


def last_line(session: Session, at: datetime | None = None) -> int:
    """The id of the newest line, or of the newest until `at`; 0 before the first."""
    until = () if at is None else (StockMovement.at <= at,)
    return session.scalar(sa.select(sa.func.max(StockMovement.id)).where(*until)) or 0

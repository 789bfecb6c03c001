"""Verbs of a stocktake: begin, count, close. Who counts does not see what the books say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.audit import record
from makerlab.core.errors import Conflict, Invalid
from makerlab.core.language import _
from makerlab.stock import balances, ledger, rules
from makerlab.stock.models import (
    Missing,
    Place,
    Product,
    StockMovement,
    StockReason,
    Stocktake,
    StocktakeCount,
    StocktakeResult,
)


def begin(session: Session, place: Place, *, by_id: int, now: datetime) -> Stocktake:
    """The open stocktake of a place, or a new one: a second person joins the first."""
    ledger.take_turn(session)
    running = sa.select(Stocktake).where(Stocktake.place_id == place.id, Stocktake.closed_at.is_(None))
    if found := session.scalar(running):
        return found
    stocktake = Stocktake(place_id=place.id, begun_by_id=by_id, begun_at=now)
    session.add(stocktake)
    session.flush()
    return stocktake


def note_count(
    session: Session, stocktake: Stocktake, product: Product, pieces: int, *,
    by_id: int, now: datetime, token: str, counted_at: datetime | None = None,
) -> None:  # fmt: skip
    """A person counted so many; their later count replaces it. The same `token` twice is one count.

    `counted_at`: earlier, when the phone was out of reach.
    Raises Invalid for a number that is none, Conflict when the stocktake is closed.
    """
    if not 0 <= pieces <= rules.MOST_PIECES:
        raise Invalid(_("Diese Stückzahl geht nicht."), way_out=_("Prüfen Sie die Zahl."))
    ledger.take_turn(session)
    if stocktake.closed_at is not None:
        raise Conflict(_("Diese Inventur ist abgeschlossen."), way_out=_("Beginnen Sie eine neue."))
    if session.scalar(sa.select(StocktakeCount.id).where(StocktakeCount.token == token)):
        return
    session.add(
        StocktakeCount(
            stocktake_id=stocktake.id, product_id=product.id, account_id=by_id, pieces=pieces,
            line_id=ledger.last_line(session, counted_at), at=now, token=token,
        )
    )  # fmt: skip
    session.flush()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a stocktake knows of a product. `counted` is None where nobody counted or two people differ."""

    product_id: int
    counts: dict[int, int]  # account → pieces
    counted: int | None
    expected: int  # what the books said when it was counted, or say now

    @property
    def difference(self) -> int:
        return 0 if self.counted is None else self.counted - self.expected

    @property
    def disputed(self) -> bool:
        return self.counted is None and bool(self.counts)


def findings(session: Session, stocktake: Stocktake) -> list[Finding]:
    """Of each product that was counted or should be there, in three queries."""
    counts = _last_counts(session, stocktake)
    booked = balances.of_place(session, stocktake.place_id)
    first = min((one.line_id for each in counts.values() for one in each), default=0)
    later = _lines_since(session, stocktake.place_id, first)
    return [
        _finding(product_id, counts.get(product_id, []), booked.get(product_id, 0), later)
        for product_id in sorted(counts.keys() | booked.keys())
    ]


def _finding(
    product_id: int, counts: list[rules.Counted], booked: int, later: list[tuple[int, int, int]]
) -> Finding:
    agreed = rules.agreed(counts)
    since = agreed.line_id if agreed else None
    lines = [p for line_id, own, p in later if own == product_id and since is not None and line_id > since]
    return Finding(
        product_id,
        {one.account_id: one.pieces for one in counts},
        agreed.pieces if agreed else None,
        rules.book_when_counted(booked, lines),
    )


def close(
    session: Session, stocktake: Stocktake, reasons: Mapping[int, Missing], *,
    gone: frozenset[int] = frozenset(), by_id: int, now: datetime,
) -> list[StocktakeResult]:  # fmt: skip
    """Book every difference as a line with its reason. `gone`: products that nobody found at all.

    Raises Conflict when two people still differ, a difference has no reason, or it is closed already.
    """
    ledger.take_turn(session)
    session.refresh(stocktake)
    if stocktake.closed_at is not None:
        raise Conflict(_("Diese Inventur ist schon abgeschlossen."))
    found = [_taken_as_gone(one) if one.product_id in gone else one for one in findings(session, stocktake)]
    if any(one.disputed for one in found):
        raise Conflict(
            _("Zwei Zählungen sind verschieden."), way_out=_("Zählen Sie diese Stücke noch einmal.")
        )
    if any(one.difference and one.product_id not in reasons for one in found):
        raise Conflict(_("Bei einem Unterschied fehlt der Grund."), way_out=_("Wählen Sie einen Grund."))
    results = [
        _settled(session, stocktake, one, reasons, by_id=by_id, now=now)
        for one in found
        if one.counted is not None
    ]
    stocktake.closed_at, stocktake.closed_by_id = now, by_id
    session.flush()
    record(
        session, "stock.stocktake", f"place:{stocktake.place_id}", actor_id=by_id, now=now,
        counted=len(results), differences=sum(1 for one in results if one.movement_id),
    )  # fmt: skip
    return results


def _taken_as_gone(one: Finding) -> Finding:
    return one if one.counts else Finding(one.product_id, {}, 0, one.expected)


def _settled(
    session: Session, stocktake: Stocktake, one: Finding, reasons: Mapping[int, Missing], *,
    by_id: int, now: datetime,
) -> StocktakeResult:  # fmt: skip
    line = None
    if one.difference:
        ledger.refuse_too_few(session, one.product_id, stocktake.place, one.difference)
        line = ledger.write(
            session, one.product_id, stocktake.place_id, one.difference, StockReason.COUNTED,
            actor_id=by_id, now=now, transfer=f"{stocktake.id}-{one.product_id}",
        )  # fmt: skip
    result = StocktakeResult(
        stocktake_id=stocktake.id, product_id=one.product_id, expected=one.expected,
        counted=one.counted or 0, reason=reasons[one.product_id] if line else None,
        movement_id=line.id if line else None,
    )  # fmt: skip
    session.add(result)
    return result


def _last_counts(session: Session, stocktake: Stocktake) -> dict[int, list[rules.Counted]]:
    """Product → the last count of each person."""
    rows = session.scalars(
        sa.select(StocktakeCount)
        .where(StocktakeCount.stocktake_id == stocktake.id)
        .order_by(StocktakeCount.id)
    )
    last = {
        (row.product_id, row.account_id): rules.Counted(row.account_id, row.pieces, row.line_id)
        for row in rows
    }
    found: dict[int, list[rules.Counted]] = {}
    for (product_id, _account), one in last.items():
        found.setdefault(product_id, []).append(one)
    return found


def _lines_since(session: Session, place_id: int, line_id: int) -> list[tuple[int, int, int]]:
    """(line, product, pieces) of a place after a line."""
    rows = session.execute(
        sa.select(StockMovement.id, StockMovement.product_id, StockMovement.pieces).where(
            StockMovement.place_id == place_id, StockMovement.id > line_id
        )
    )
    return [(own_id, product_id, pieces) for own_id, product_id, pieces in rows]

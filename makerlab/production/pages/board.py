"""The wall's content: each printer with what it does and needs, in a number of queries that does not grow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.models import Picture
from makerlab.core.words import Status
from makerlab.fleet import words as fleet_words
from makerlab.fleet.models import Bed, Printer
from makerlab.production import words
from makerlab.production.models import Attempt, Order, Plate, Step
from makerlab.production.obstacles import AT_THE_PRINTER, Obstacle
from makerlab.production.pages.needs import ORDER, SOMEBODY, WORK, Need, Situation, need_of
from makerlab.production.pages.words import NEEDS
from makerlab.production.queries import Wait, active_attempts, waiting_plates, waits
from makerlab.production.states import AT_PRINTER, BEFORE_START, AttemptState

OTHER_SPOOL = frozenset(
    {Obstacle.NO_SPOOL, Obstacle.OTHER_MATERIAL, Obstacle.OTHER_COLOUR, Obstacle.NOT_ENOUGH}
)
MOST_PLATES = 200  # looked at for proposals: what comes after them is not next anywhere
GONE = ("unreachable", "offline", "error")


@dataclass(frozen=True, slots=True)
class Proposal:
    """The next job for a printer; `spool`: only with another spool."""

    plate: Plate
    spool: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One printer as the wall and its own page show it. `left_s` in seconds, `percent` 0 to 100."""

    printer: Printer
    need: Need
    state: Status
    attempt: Attempt | None
    proposal: Proposal | None
    picture: str | None = None  # SHA-256
    next_picture: str | None = None

    @property
    def status(self) -> Status:
        """The badge: what it needs, or else what it does."""
        return self.state if self.need in (Need.NOTHING, Need.OUT_OF_SERVICE) else NEEDS[self.need]

    @property
    def also(self) -> Status | None:
        """What it does, where the badge does not say it already."""
        said = (Need.UNCLEAR, Need.COLLECT, Need.PAUSED)
        return None if self.attempt is None or self.status is self.state or self.need in said else self.state

    @property
    def piece(self) -> str:
        return self.attempt.plate.order.revision.design.name if self.attempt else ""

    @property
    def percent(self) -> int | None:
        sight = self.printer.sight
        if self.attempt is not None:
            return round(100 * self.attempt.progress) if self.attempt.state in AT_PRINTER else None
        return round(100 * sight.progress) if sight and sight.foreign and sight.progress is not None else None

    @property
    def left_s(self) -> float | None:
        return left(self.attempt) if self.attempt else None

    @property
    def who(self) -> str:
        return person_of(self.attempt, Step.STARTED) if self.attempt else ""


def left(attempt: Attempt) -> float | None:
    """Seconds until it is done: the printer's own figure, else what the slicer said less what is done."""
    if attempt.state not in BEFORE_START | {
        AttemptState.START_SENT,
        AttemptState.PRINTING,
        AttemptState.PAUSED,
    }:
        return None
    sight = attempt.printer.sight
    if sight and sight.left_s is not None and sight.file == attempt.remote_name:
        return sight.left_s
    planned = attempt.plate.slice.time_s
    return None if planned is None else planned * (1 - min(attempt.progress, 1.0))


def person_of(attempt: Attempt, step: Step) -> str:
    """The name of who did a step, or empty."""
    return next((row.account.name for row in attempt.steps if row.step is step), "")


def cards(session: Session, *, today: date) -> list[Card]:
    """All printers, sorted by who has to act."""
    printers = session.scalars(sa.select(Printer).order_by(Printer.name)).all()
    active = active_attempts(session)
    proposed = proposals(session, [one for one in printers if one.id not in active], today=today)
    shown = [_card(printer, active.get(printer.id), proposed.get(printer.id)) for printer in printers]
    return sorted(with_pictures(session, shown), key=lambda card: ORDER[card.need])


def proposals(session: Session, printers: Sequence[Printer], *, today: date) -> dict[int, Proposal]:
    """printer_id → the next plate for it; no plate twice. First what fits the spools as they are."""
    plates = waiting_plates(session)[:MOST_PLATES]
    all_waits = waits(session, plates, printers, account_id=None, today=today)
    given: dict[int, Proposal] = {}
    taken: set[int] = set()
    for bearable in (AT_THE_PRINTER, AT_THE_PRINTER | OTHER_SPOOL):
        for plate in plates:
            wait = None if plate.id in taken else _free(all_waits[plate.id], given, bearable)
            if wait is not None:
                given[wait.printer.id] = Proposal(plate, spool=bool(OTHER_SPOOL & set(wait.obstacles)))
                taken.add(plate.id)
    return given


def _free(rows: Iterable[Wait], given: dict[int, Proposal], bearable: frozenset[Obstacle]) -> Wait | None:
    return next((row for row in rows if row.printer.id not in given and set(row.obstacles) <= bearable), None)


def _card(printer: Printer, attempt: Attempt | None, proposal: Proposal | None) -> Card:
    sight = printer.sight
    now = Situation(
        sight=sight.state if sight else "unseen",
        alarm=sight.alarm if sight else "",
        foreign=bool(sight and sight.foreign),
        attempt=attempt.state if attempt else None,
        conflict=bool(attempt and attempt.conflict),
        out_of_service=bool(printer.out_of_service),
        bed_clear=printer.bed is Bed.CLEAR,
        proposal=proposal is not None,
        spool_change=proposal is not None and proposal.spool,
    )
    return Card(printer, need_of(now), _state(now), attempt, proposal)


def _state(now: Situation) -> Status:
    """What the printer does, in words."""
    if now.attempt is not None and not (now.attempt in AT_PRINTER and now.sight in GONE):
        return words.attempt(now.attempt)
    if now.foreign:
        return fleet_words.alarm("foreign")
    return fleet_words.OUT_OF_SERVICE if now.out_of_service else fleet_words.sight(now.sight)


def with_pictures(session: Session, shown: Sequence[Card]) -> list[Card]:
    """The same with the SHA-256 of their pictures: one query."""
    orders = [card.attempt.plate.order for card in shown if card.attempt]
    orders += [card.proposal.plate.order for card in shown if card.proposal]
    found = pictures(session, orders)
    return [
        Card(
            card.printer, card.need, card.state, card.attempt, card.proposal,
            found[card.attempt.plate.order_id] if card.attempt else None,
            found[card.proposal.plate.order_id] if card.proposal else None,
        )
        for card in shown
    ]  # fmt: skip


def pictures(session: Session, orders: Iterable[Order]) -> dict[int, str]:
    """order_id → SHA-256 of the picture in the order's colour, else of the revision's own."""
    orders = list(orders)
    rows = session.execute(
        sa.select(Picture.revision_id, Picture.colour_id, Picture.sha256).where(
            Picture.revision_id.in_({order.revision_id for order in orders})
        )
    )
    coloured = {(revision_id, colour_id): sha256 for revision_id, colour_id, sha256 in rows}
    return {
        order.id: coloured.get((order.revision_id, order.product.colour_id), order.revision.picture_sha256)
        for order in orders
    }


def counts(shown: Sequence[Card]) -> dict[str, int]:
    """How many printers need somebody, could start, print."""
    return {
        "somebody": sum(card.need in SOMEBODY for card in shown),
        "work": sum(card.need in WORK for card in shown),
        "printing": sum(card.attempt is not None and card.need is Need.NOTHING for card in shown),
        "idle": sum(card.attempt is None and card.need in (Need.NOTHING, Need.CLEAR_BED) for card in shown),
    }


def card_of(session: Session, printer: Printer, *, today: date) -> Card:
    """One printer, seen as on the wall."""
    attempt = active_attempts(session).get(printer.id)
    proposal = None if attempt else proposals(session, [printer], today=today).get(printer.id)
    return with_pictures(session, [_card(printer, attempt, proposal)])[0]

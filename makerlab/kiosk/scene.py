"""What happens at one printer, and what the person standing there can do about it."""

import enum
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from makerlab.core.words import Status
from makerlab.fleet import words as fleet_words
from makerlab.fleet.models import Printer
from makerlab.kiosk import words
from makerlab.production import words as production_words
from makerlab.production.actions import started_by
from makerlab.production.models import Attempt, Plate, Step
from makerlab.production.obstacles import AT_THE_PRINTER, Obstacle
from makerlab.production.queries import (
    FAULTY,
    IDLE,
    UNREACHABLE,
    Wait,
    active_attempts,
    waiting_plates,
    waits,
)
from makerlab.production.ready import left_s
from makerlab.production.states import BEFORE_START, OVER, AttemptState


class Phase(enum.StrEnum):
    """The question that the printer's page asks."""

    STARTING = "starting"
    PRINTING = "printing"
    PAUSED = "paused"
    OVER = "over"
    UNKNOWN = "unknown"
    START = "start"  # a plate may start: is the bed free?
    BLOCKED = "blocked"  # something else is in the way
    NOTHING = "nothing"  # no plate waits for this model


@dataclass(frozen=True, slots=True)
class Scene:
    """`plate`: on the printer, or proposed for it. `mine_to_steer`: this person may pause and stop.

    `others`: more of this person's own plates could start here.
    """

    printer: Printer
    phase: Phase
    status: Status
    attempt: Attempt | None = None
    plate: Plate | None = None
    share: float | None = None
    left_s: float | None = None
    who: str = ""
    mine_to_steer: bool = False
    others: bool = False

    @property
    def why_unclear(self) -> object:
        """What nobody knows about the attempt, or what contradicts its state."""
        attempt = self.attempt
        return production_words.reason(attempt.conflict or attempt.reason) if attempt else ""


def scene_at(
    session: Session,
    printer: Printer,
    *,
    account_id: int,
    instructor: bool,
    today: date,
    wanted: int | None = None,
) -> Scene:
    """`wanted`: the plate this person chose; where it cannot start, the lab's own proposal stands."""
    attempt = active_attempts(session).get(printer.id)
    if attempt is not None:
        return _with_attempt(printer, attempt, account_id, instructor)
    rows = waits_here(session, printer, account_id=account_id, today=today)
    startable = [plate for plate, wait in rows if wait.startable]
    if startable:
        plate = next((one for one in startable if one.id == wanted), startable[0])
        others = any(one.order.placed_by_id == account_id for one in startable if one is not plate)
        return Scene(printer, Phase.START, at_rest(printer), plate=plate, others=others)
    return _without_start(printer, rows, account_id)


def waits_here(
    session: Session, printer: Printer, *, account_id: int, today: date
) -> list[tuple[Plate, Wait]]:
    """The plates that wait for this model, oldest order first, with what is in the way here."""
    plates = [plate for plate in waiting_plates(session) if plate.machine == printer.machine]
    found = waits(session, plates, [printer], account_id=account_id, today=today)
    return [(plate, found[plate.id][0]) for plate in plates]


def at_rest(printer: Printer) -> Status:
    """The state of a printer on which nothing of ours is."""
    if printer.out_of_service:
        return fleet_words.OUT_OF_SERVICE
    if printer.sight and printer.sight.foreign:
        return fleet_words.alarm("foreign")
    return fleet_words.sight(printer.sight.state if printer.sight else "unseen")


def state_of(printer: Printer, attempt: Attempt | None) -> Status:
    """How a printer is shown in a list."""
    return production_words.attempt(attempt.state) if attempt else at_rest(printer)


PHASES = {
    AttemptState.PRINTING: Phase.PRINTING,
    AttemptState.PAUSED: Phase.PAUSED,
    AttemptState.UNKNOWN: Phase.UNKNOWN,
    **dict.fromkeys(OVER, Phase.OVER),
    **dict.fromkeys(BEFORE_START | {AttemptState.START_SENT}, Phase.STARTING),
}


def _with_attempt(printer: Printer, attempt: Attempt, account_id: int, instructor: bool) -> Scene:
    unclear = attempt.state in OVER and attempt.conflict
    phase = Phase.UNKNOWN if unclear else PHASES[attempt.state]
    runs = phase in (Phase.PRINTING, Phase.PAUSED)
    return Scene(
        printer,
        phase,
        production_words.attempt(attempt.state),
        attempt,
        attempt.plate,
        share=attempt.progress if runs else None,
        left_s=left_s(attempt, printer) if phase is Phase.PRINTING else None,
        who=starter_of(attempt),
        mine_to_steer=instructor or started_by(attempt) == account_id,
    )


def starter_of(attempt: Attempt) -> str:
    """The name of the person who started a print."""
    return next((step.account.name for step in attempt.steps if step.step is Step.STARTED), "")


def _without_start(printer: Printer, rows: list[tuple[Plate, Wait]], account_id: int) -> Scene:
    """Why nothing starts: the printer itself, else a plate of one's own before those of others."""
    if (obstacle := of_the_printer(printer)) is not None:
        return Scene(printer, Phase.BLOCKED, production_words.obstacle(obstacle))
    if not rows:
        return Scene(printer, Phase.NOTHING, words.NOTHING_WAITS)
    plate, wait = min(rows, key=lambda row: (row[0].order.placed_by_id != account_id, len(row[1].obstacles)))
    return Scene(printer, Phase.BLOCKED, production_words.obstacle(foremost(wait)), plate=plate)


def of_the_printer(printer: Printer) -> Obstacle | None:
    """What keeps a printer without an attempt from printing anything at all."""
    sight = printer.sight
    state = sight.state if sight else "unseen"
    reasons = (
        (bool(printer.out_of_service), Obstacle.OUT_OF_SERVICE),
        (state in UNREACHABLE, Obstacle.UNREACHABLE),
        (bool(sight and sight.foreign), Obstacle.FOREIGN_PRINT),
        (state in FAULTY, Obstacle.PRINTER_ERROR),
        (state != IDLE, Obstacle.BUSY),
        (printer.spool_id is None, Obstacle.NO_SPOOL),
    )
    return next((obstacle for holds, obstacle in reasons if holds), None)


def foremost(wait: Wait) -> Obstacle:
    """The one thing to say. What is being sliced comes by itself: anything else is said first."""
    there = [one for one in wait.obstacles if one not in AT_THE_PRINTER]
    return next((one for one in there if one is not Obstacle.NOT_SLICED), there[0])

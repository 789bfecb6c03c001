"""Reads of production that more than one page needs. The number of queries does not grow with the lab."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from makerlab.catalog import rules as catalog_rules
from makerlab.catalog.models import Agreement, Revision
from makerlab.catalog.queries import is_approved
from makerlab.catalog.rules import Terms
from makerlab.fleet.models import Bed, Printer
from makerlab.materials.queries import grams_left
from makerlab.production.models import (
    Attempt,
    AttemptStep,
    Copy,
    CopyState,
    Order,
    Plate,
    SliceState,
    Step,
)
from makerlab.production.obstacles import AT_THE_PRINTER, Obstacle, PlateNeeds, PrinterNow, obstacles
from makerlab.production.rules import Pieces
from makerlab.production.states import ENDED, OVER, AttemptState
from makerlab.training.queries import instructed_machines

IDLE = "operational"
FAULTY = {"error"}
UNREACHABLE = {"unreachable", "unseen", "offline", "connecting"}


@dataclass(frozen=True, slots=True)
class Wait:
    """One printer and all that stands between a plate and a start there."""

    printer: Printer
    obstacles: list[Obstacle]

    @property
    def startable(self) -> bool:
        """Only the look at the bed is missing."""
        return set(self.obstacles) <= AT_THE_PRINTER


def active_attempts(session: Session) -> dict[int, Attempt]:
    """printer_id → its attempt that is not ended."""
    query = sa.select(Attempt).where(Attempt.state.not_in(ENDED)).options(*_whole_attempt())
    return {attempt.printer_id: attempt for attempt in session.scalars(query)}


def _whole_attempt() -> tuple[sa.sql.base.ExecutableOption, ...]:
    to_design = joinedload(Attempt.plate).joinedload(Plate.order).joinedload(Order.revision)
    return (
        to_design.joinedload(Revision.design),
        joinedload(Attempt.plate).joinedload(Plate.order).joinedload(Order.product),
        selectinload(Attempt.steps).joinedload(AttemptStep.account),
        joinedload(Attempt.printer),
    )


def waiting_plates(session: Session) -> list[Plate]:
    """Plates whose copies are all open, oldest order first: what could be printed next."""
    taken = sa.exists().where(Copy.plate_id == Plate.id, Copy.state != CopyState.OPEN)
    some = sa.exists().where(Copy.plate_id == Plate.id)
    query = (
        sa.select(Plate)
        .join(Order, Plate.order_id == Order.id)
        .where(some, ~taken, Order.cancelled_at.is_(None))
        .order_by(Order.due_on.is_(None), Order.due_on, Order.id, Plate.number)
        .options(
            joinedload(Plate.order).joinedload(Order.revision).selectinload(Revision.reviews),
            joinedload(Plate.order).joinedload(Order.revision).joinedload(Revision.design),
            joinedload(Plate.order).joinedload(Order.product),
        )
    )
    return list(session.scalars(query))


def obstacles_at(
    session: Session, plate: Plate, printer: Printer, *, account_id: int, today: date
) -> list[Obstacle]:
    """For one plate, one printer and the person standing there, read fresh."""
    session.refresh(printer)
    return _Look(session, account_id, today).at(plate, printer)


def waits(
    session: Session,
    plates: Iterable[Plate],
    printers: Sequence[Printer],
    *,
    account_id: int | None,
    today: date,
) -> dict[int, list[Wait]]:
    """plate_id → each printer with what is in the way there, the nearest to a start first.

    Without an account the person's instruction is left out.
    """
    look = _Look(session, account_id, today)
    found = {}
    for plate in plates:
        rows = [Wait(printer, look.at(plate, printer)) for printer in printers]
        found[plate.id] = sorted(rows, key=lambda wait: len(wait.obstacles))
    return found


def next_for(session: Session, printer: Printer, *, account_id: int, today: date) -> Plate | None:
    """The plate that the lab proposes to this person at this printer."""
    look = _Look(session, account_id, today)
    for plate in waiting_plates(session):
        if set(look.at(plate, printer)) <= AT_THE_PRINTER:
            return plate
    return None


class _Look:
    """What all questions about plates and printers share, read once."""

    def __init__(self, session: Session, account_id: int | None, today: date) -> None:
        self.session, self.today = session, today
        self.active = active_attempts(session)
        spools = sa.select(Printer.spool_id).where(Printer.spool_id.is_not(None))
        self.grams = grams_left(session, list(session.scalars(spools)))
        self.instructed = (
            None if account_id is None else instructed_machines(session, account_id, today=today)
        )
        self._terms: dict[int, list[Terms]] | None = None  # partner_id → agreements, read when asked for

    def at(self, plate: Plate, printer: Printer) -> list[Obstacle]:
        instructed = self.instructed is None or printer.machine in self.instructed
        return obstacles(self._needs(plate), self._now(printer), instructed=instructed)

    def _needs(self, plate: Plate) -> PlateNeeds:
        order, slice_ = plate.order, plate.slice
        return PlateNeeds(
            machine=plate.machine,
            material=order.revision.material,
            colour_id=order.product.colour_id,
            grams=slice_.filament_g,
            sliced=slice_.state is SliceState.DONE,
            slicing_failed=slice_.state is SliceState.FAILED,
            approved=is_approved(order.revision),
            within_agreement=self._within_agreement(order),
        )

    def _within_agreement(self, order: Order) -> bool:
        """Whether the partner's agreement still holds; all agreements are read at once."""
        partner_id = order.revision.design.partner_id
        if partner_id is None:
            return True
        if self._terms is None:
            self._terms = {}
            for row in self.session.scalars(sa.select(Agreement)):
                terms = Terms(row.pieces, row.starts_on, row.ends_on)
                self._terms.setdefault(row.partner_id, []).append(terms)
        return not catalog_rules.beyond(self._terms.get(partner_id, []), 0, self.today)

    def _now(self, printer: Printer) -> PrinterNow:
        attempt, spool, sight = self.active.get(printer.id), printer.spool, printer.sight
        state = sight.state if sight else "unseen"
        return PrinterNow(
            machine=printer.machine,
            material=spool.material if spool else None,
            colour_id=spool.colour_id if spool else None,
            grams_free=self.grams.get(spool.id, 0.0) if spool else 0.0,
            idle=state == IDLE,
            reachable=state not in UNREACHABLE,
            error=state in FAULTY,
            out_of_service=bool(printer.out_of_service),
            active=attempt is not None,
            to_collect=attempt is not None and attempt.state in OVER,
            unclear=attempt is not None and attempt.state is AttemptState.UNKNOWN,
            foreign=bool(sight and sight.foreign),
            bed_clear=printer.bed is Bed.CLEAR,
        )


def pieces_of(session: Session, order_ids: Sequence[int]) -> dict[int, Pieces]:
    """order_id → where its pieces are."""
    counted: dict[int, dict[str, int]] = {id_: {} for id_ in order_ids}
    states = sa.select(Copy.order_id, Copy.state, sa.func.count()).where(Copy.order_id.in_(order_ids))
    for order_id, state, number in session.execute(states.group_by(Copy.order_id, Copy.state)):
        counted[order_id][state.value] = number
    scrap = (
        sa.select(Plate.order_id, sa.func.sum(Attempt.scrap))
        .join(Attempt, Attempt.plate_id == Plate.id)
        .where(Plate.order_id.in_(order_ids))
    )
    scrapped = {order_id: number or 0 for order_id, number in session.execute(scrap.group_by(Plate.order_id))}
    return {id_: _pieces(numbers, scrapped.get(id_, 0)) for id_, numbers in counted.items()}


def _pieces(numbers: dict[str, int], scrap: int) -> Pieces:
    names = ("open", "active", "good", "given_up")
    return Pieces(
        ordered=sum(numbers.values()), scrap=scrap, **{name: numbers.get(name, 0) for name in names}
    )


def runs_of(session: Session, account_id: int, *, most: int = 200) -> list[AttemptStep]:
    """What a person did at printers, newest first, with the attempts."""
    query = (
        sa.select(AttemptStep)
        .where(AttemptStep.account_id == account_id, AttemptStep.step != Step.PREPARED)
        .order_by(AttemptStep.id.desc())
        .limit(most)
        .options(
            joinedload(AttemptStep.attempt).joinedload(Attempt.printer),
            joinedload(AttemptStep.attempt)
            .joinedload(Attempt.plate)
            .joinedload(Plate.order)
            .joinedload(Order.revision)
            .joinedload(Revision.design),
        )
    )
    return list(session.scalars(query))

"""What a printer has done so far: sums by the database, in a number of queries that does not grow."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.fleet.models import Printed, Printer
from makerlab.materials.models import FilamentMovement
from makerlab.production.models import Attempt, AttemptEvent
from makerlab.production.states import AttemptState


@dataclass(frozen=True, slots=True)
class Life:
    """`prints` that ended, `done` of them as planned; hours in s by the host's clock, `foreign_s` by hand."""

    prints: int
    done: int
    good: int
    scrap: int
    grams: float
    printed_s: float
    foreign_s: float

    @property
    def success(self) -> int | None:
        """Per cent of the prints that reached their end; None before the first."""
        return round(100 * self.done / self.prints) if self.prints else None


def life_of(session: Session, printer: Printer) -> Life:
    """Four queries."""
    ended = sa.and_(
        Attempt.printer_id == printer.id,
        Attempt.started_at.is_not(None),
        Attempt.state == AttemptState.RESOLVED,
    )
    reached = sa.exists().where(
        AttemptEvent.attempt_id == Attempt.id, AttemptEvent.to_state == AttemptState.REPORTED_DONE
    )
    prints, good, scrap = session.execute(
        sa.select(
            sa.func.count(Attempt.id), sa.func.coalesce(sa.func.sum(Attempt.good), 0),
            sa.func.coalesce(sa.func.sum(Attempt.scrap), 0),
        ).where(ended)
    ).one()  # fmt: skip
    done = session.scalar(sa.select(sa.func.count(Attempt.id)).where(ended, reached)) or 0
    used = sa.select(sa.func.sum(FilamentMovement.milligrams)).join(
        Attempt, Attempt.id == FilamentMovement.attempt_id
    )
    milligrams = session.scalar(used.where(Attempt.printer_id == printer.id)) or 0
    by_hand = sa.select(sa.func.sum(Printed.seconds)).where(Printed.printer_id == printer.id, Printed.foreign)
    sight = printer.sight
    return Life(
        prints, done, good, scrap, -milligrams / 1000,
        (sight.printed_s + sight.run_s) if sight else 0.0, session.scalar(by_hand) or 0.0,
    )  # fmt: skip

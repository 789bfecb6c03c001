"""How the prints of a design went, on its page: how many succeed, and how long they take."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import sqlalchemy as sa
from flask import render_template
from sqlalchemy.orm import Session, joinedload, selectinload

from makerlab.catalog.models import Design, Revision
from makerlab.catalog.sections import register_section
from makerlab.production.measured import working_s
from makerlab.production.models import Attempt, Order, Plate
from makerlab.production.pages.frame import blueprint
from makerlab.production.states import AttemptState

MOST = 100  # prints, the newest
ORDER = 30


@dataclass(frozen=True, slots=True)
class History:
    """The newest prints of a design: pieces, and the times of those that ended by themselves, in seconds."""

    prints: int
    good: int
    scrap: int
    planned_s: float | None
    measured_s: float | None

    @property
    def share(self) -> int | None:
        """Per cent of the pieces that were good."""
        pieces = self.good + self.scrap
        return round(100 * self.good / pieces) if pieces else None


def history(session: Session, design_id: int) -> History:
    """In three queries."""
    query = (
        sa.select(Attempt)
        .join(Plate, Plate.id == Attempt.plate_id)
        .join(Order, Order.id == Plate.order_id)
        .join(Revision, Revision.id == Order.revision_id)
        .where(Revision.design_id == design_id, Attempt.state == AttemptState.RESOLVED)
        .order_by(Attempt.id.desc())
        .limit(MOST)
        .options(joinedload(Attempt.plate).joinedload(Plate.slice), selectinload(Attempt.events))
    )
    attempts = session.scalars(query).all()
    times = [(planned, took) for planned, took in map(_times, attempts) if planned and took]
    return History(
        prints=len(attempts),
        good=sum(attempt.good or 0 for attempt in attempts),
        scrap=sum(attempt.scrap or 0 for attempt in attempts),
        planned_s=_middle([planned for planned, _ in times]),
        measured_s=_middle([took for _, took in times]),
    )


def _times(attempt: Attempt) -> tuple[float | None, float | None]:
    """Planned and measured, of a print that its host reported done."""
    changes = [(event.to_state, event.at) for event in attempt.events]
    done = any(state is AttemptState.REPORTED_DONE for state, _ in changes)
    if not done or attempt.started_at is None or attempt.ended_at is None:
        return None, None
    return attempt.plate.slice.time_s, working_s(attempt.started_at, attempt.ended_at, changes)


def _middle(seconds: Sequence[float]) -> float | None:
    return median(seconds) if seconds else None


def section(session: Session, design: Design) -> str:
    found = history(session, design.id)
    return render_template("production/_of_design.html", history=found) if found.prints else ""


blueprint.record_once(lambda state: register_section(state.app, ORDER, section))

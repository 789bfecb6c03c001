"""The one way an attempt changes its state: a conditional update that names the state it comes from."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.production.models import Attempt, AttemptCopy, AttemptEvent, Copy, CopyState
from makerlab.production.states import ENDED, OVER, WAYS, AttemptState


def change(
    session: Session,
    attempt: Attempt,
    to: AttemptState,
    *,
    now: datetime,
    reason: str = "",
    detail: str = "",
    actor_id: int | None = None,
) -> bool:
    """Move `attempt` from the state we know of to `to`; False when somebody else was faster.

    Writes the event in the same transaction. Raises ValueError for a way that the table does not know:
    that is an error of ours, not of a person.
    """
    was = attempt.state
    if to not in WAYS[was]:
        raise ValueError(f"no way from {was} to {to}")
    values = {"state": to, "reason": reason, "detail": detail[:300], **_times(to, attempt, now)}
    # updated rows != 1: another worker or a person got there first; their event stands
    here = sa.and_(Attempt.id == attempt.id, Attempt.state == was)
    if session.execute(sa.update(Attempt).where(here).values(values)).rowcount != 1:  # type: ignore[attr-defined]
        session.refresh(attempt)
        return False
    session.add(
        AttemptEvent(
            attempt_id=attempt.id, from_state=was, to_state=to, reason=reason, actor_id=actor_id, at=now
        )
    )
    session.flush()
    return True


def _times(to: AttemptState, attempt: Attempt, now: datetime) -> dict[str, datetime]:
    if to is AttemptState.PRINTING and attempt.started_at is None:
        return {"started_at": now}
    if to in OVER or (to in ENDED and attempt.ended_at is None):
        return {"ended_at": now}
    return {}


def release(
    session: Session,
    attempt: Attempt,
    reason: str,
    *,
    now: datetime,
    detail: str = "",
    actor_id: int | None = None,
) -> bool:
    """End an attempt that surely never started; its copies wait on their plate again."""
    if not change(
        session, attempt, AttemptState.RELEASED, now=now, reason=reason, detail=detail, actor_id=actor_id
    ):
        return False
    free_copies(session, attempt)
    ours = sa.select(AttemptCopy.copy_id).where(AttemptCopy.attempt_id == attempt.id)
    active = sa.and_(Copy.id.in_(ours), Copy.state == CopyState.ACTIVE)
    session.execute(sa.update(Copy).where(active).values(state=state_after(attempt)))
    return True


def state_after(attempt: Attempt) -> CopyState:
    """A copy of an order that was cancelled meanwhile is given up, not opened again."""
    return CopyState.GIVEN_UP if attempt.plate.order.cancelled_at else CopyState.OPEN


def free_copies(session: Session, attempt: Attempt) -> None:
    """The attempt ended: its copies may be in another one."""
    ours = AttemptCopy.attempt_id == attempt.id
    session.execute(sa.update(AttemptCopy).where(ours).values(active=False))

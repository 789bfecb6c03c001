"""Writes down what a look at a printer showed: its sight, its attempt's state, its bed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload

from makerlab.fleet.actions import declare_bed
from makerlab.fleet.models import Bed, Printed, Printer, Sight
from makerlab.production import foreign, heating
from makerlab.production.attempts import change
from makerlab.production.closing import note_closed
from makerlab.production.judge import Evidence, Judgement, judge, overtaken
from makerlab.production.models import Attempt, AttemptEvent
from makerlab.production.states import AT_PRINTER, AttemptState, Wish
from printers.host import HostState, HostStatus

if TYPE_CHECKING:  # the types only: watch imports this file
    from makerlab.production.watch import Seen

STILL_ALARM_S = 60.0
ALONE = (lazyload(Printer.site), lazyload(Printer.spool))  # a look needs neither


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database says about the printers of some looks. `last_event`: of each attempt under way."""

    printers: dict[int, Printer]
    attempts: dict[int, Attempt]  # by printer: under way there
    last_event: dict[int, int]


def apply(session: Session, looks: Sequence["Seen"], *, now: datetime, alarm_after_s: float) -> None:
    """In the caller's transaction; each look is of another printer. Four reads, however many looks.

    A look during which somebody else's was written down changes nothing.
    """
    known = _known(session, [seen.errand.printer_id for seen in looks])
    for seen in looks:
        if printer := known.printers.get(seen.errand.printer_id):  # else it was removed while we looked
            _apply_one(session, seen, printer, known, now, alarm_after_s)
    heating.note(session, looks)


def _known(session: Session, printer_ids: list[int]) -> _Known:
    """Rows are read in whole and not per look: with 200 printers these reads were half of all our work."""
    printers = sa.select(Printer).where(Printer.id.in_(printer_ids))
    under_way = sa.and_(Attempt.printer_id.in_(printer_ids), Attempt.state.in_(AT_PRINTER))
    attempts = session.scalars(sa.select(Attempt).where(under_way)).all()
    return _Known(
        {printer.id: printer for printer in session.scalars(printers.options(*ALONE))},
        {attempt.printer_id: attempt for attempt in attempts},
        last_events(session, [attempt.id for attempt in attempts]),
    )


def last_events(session: Session, attempt_ids: list[int]) -> dict[int, int]:
    """The newest event of each attempt: who knows it knows whether anything happened since."""
    query = sa.select(AttemptEvent.attempt_id, sa.func.max(AttemptEvent.id))
    ours = query.where(AttemptEvent.attempt_id.in_(attempt_ids)).group_by(AttemptEvent.attempt_id)
    return dict(session.execute(ours).all()) if attempt_ids else {}


def _apply_one(
    session: Session, seen: "Seen", printer: Printer, known: _Known, now: datetime, alarm_after_s: float
) -> None:
    sight = printer.sight or Sight(printer_id=printer.id)
    session.add(sight)
    if sight.answered_at != seen.errand.answered_at:
        return  # late, doubled or out of order: the next look is two seconds away
    attempt = known.attempts.get(printer.id)
    if seen.status is not None:
        _note_hours(session, sight, seen.status, now)
        _note_status(sight, seen.status, now)
        _note_foreign(session, printer, sight, attempt, seen.status, now)
    elif seen.silent_s > 0 or sight.state != "unreachable":
        sight.state, sight.text = "unreachable", seen.trouble[:200]
    sight.alarm = _alarm(sight, seen, alarm_after_s)
    # After any other event dispatch, a person or another look was faster than this one.
    if attempt is not None and (attempt.id, known.last_event[attempt.id]) == seen.errand.knows:
        _note_attempt(session, attempt, seen, now, alarm_after_s)
    for attempt_id, closed in seen.closed.items():
        note_closed(session, attempt_id, closed, printing=_prints(seen, attempt_id), now=now)


ENDING = (HostState.CANCELLING, HostState.FINISHING)


def _prints(seen: "Seen", attempt_id: int) -> bool:
    """Whether the host said in this look that it prints the file of this attempt."""
    status, names = seen.status, dict(seen.errand.to_close)
    if status is None or status.state in ENDING:
        return False
    return status.state.busy and status.file == names.get(attempt_id)


def _note_status(sight: Sight, status: HostStatus, now: datetime) -> None:
    if sight.file != status.file or sight.progress != status.progress:
        sight.moved_at = now
    sight.state, sight.text, sight.file = status.state.value, status.text[:200], status.file
    sight.progress, sight.elapsed_s, sight.left_s = status.progress, status.elapsed_s, status.left_s
    sight.temperatures = {tool: list(pair) for tool, pair in status.temperatures.items()}
    sight.answered_at = now


def _note_hours(session: Session, sight: Sight, status: HostStatus, now: datetime) -> None:
    """The print under way as the host times it; when it is over, a line of what the printer ran."""
    run_s, elapsed_s = sight.run_s or 0.0, status.elapsed_s or 0.0
    if status.state.busy and elapsed_s >= run_s:
        sight.run_s = elapsed_s
        return
    if run_s:
        ended = not status.state.busy and status.file == sight.file
        seconds = max(run_s, elapsed_s) if ended else run_s
        session.add(Printed(printer_id=sight.printer_id, at=now, seconds=seconds, foreign=sight.foreign))
        sight.printed_s = (sight.printed_s or 0.0) + seconds
    sight.run_s = elapsed_s if status.state.busy else 0.0


def _note_foreign(
    session: Session,
    printer: Printer,
    sight: Sight,
    attempt: Attempt | None,
    status: HostStatus,
    now: datetime,
) -> None:
    """A print that is not of an attempt under way occupies the bed; nobody cleared it since."""
    ours, before = attempt is not None and status.file == attempt.remote_name, sight.foreign
    sight.foreign = status.state.busy and not ours
    if sight.foreign or before:
        foreign.note(session, printer, status if sight.foreign else None, now=now)
    if sight.foreign:
        declare_bed(session, printer, Bed.OCCUPIED, reason="foreign", by_id=None, now=now)


def _alarm(sight: Sight, seen: "Seen", after_s: float) -> str:
    """The code of what somebody should look at now, or empty."""
    if seen.stranger:
        return "certificate"
    if seen.status is None:
        return "silent" if seen.silent_s >= after_s else sight.alarm
    if sight.state == HostState.ERROR.value:
        return "printer_error"
    if seen.still_s >= STILL_ALARM_S:
        return "no_progress"
    return "foreign" if sight.foreign else ""


def _note_attempt(session: Session, attempt: Attempt, seen: "Seen", now: datetime, after_s: float) -> None:
    if seen.status is None:
        _note_silence(session, attempt, seen, now, after_s)
        return
    _note_progress(session, attempt, seen, seen.status)
    if seen.asked_remote:
        _note_judgement(session, attempt, seen, seen.status, now)


def _note_silence(session: Session, attempt: Attempt, seen: "Seen", now: datetime, after_s: float) -> None:
    """A host that may never come back must not hold its attempt for ever: a person can decide now.

    When it does come back and proves what it does, the attempt goes on by itself.
    """
    if seen.silent_s >= after_s and attempt.state is not AttemptState.UNKNOWN:
        change(session, attempt, AttemptState.UNKNOWN, now=now, reason="unreachable", detail=seen.trouble)


def _note_progress(session: Session, attempt: Attempt, seen: "Seen", status: HostStatus) -> None:
    if status.prints(attempt.remote_name):
        attempt.progress = max(attempt.progress, status.progress or 0.0)
        attempt.file_pos = max(attempt.file_pos, status.file_pos or 0)
    if seen.wish_done and seen.errand.wish:
        # conditional: somebody may wish for something else by now
        granted = sa.and_(Attempt.id == attempt.id, Attempt.wish == seen.errand.wish.value)
        session.execute(sa.update(Attempt).where(granted).values(wish=""))


def _note_judgement(
    session: Session, attempt: Attempt, seen: "Seen", status: HostStatus, now: datetime
) -> None:
    judgement = judge(attempt.state, _evidence(attempt, seen, status))
    if judgement is None:
        return
    attempt.conflict = _conflict(session, attempt, judgement) or attempt.conflict
    reason = attempt.wish_reason if judgement.state is AttemptState.CANCELLED else judgement.reason
    change(
        session,
        attempt,
        judgement.state,
        now=now,
        reason=reason or judgement.reason,
        detail=status.error or "",
        actor_id=attempt.wish_by_id if judgement.state is AttemptState.CANCELLED else None,
    )


def _conflict(session: Session, attempt: Attempt, judgement: Judgement) -> str:
    """What contradicts the judgement, the wish of this moment included; no other comes between."""
    session.flush()
    session.refresh(attempt, ["wish"], with_for_update=True)
    wish = Wish(attempt.wish) if attempt.wish else None
    return judgement.conflict or overtaken(judgement.state, wish)


def _evidence(attempt: Attempt, seen: "Seen", status: HostStatus) -> Evidence:
    remote = seen.remote
    return Evidence(
        busy=status.state.busy,
        ours=status.file == attempt.remote_name,
        paused=status.state in (HostState.PAUSED, HostState.PAUSING),
        ending=status.state in ENDING,
        successes=remote.successes if remote else None,
        failures=remote.failures if remote else None,
        error=status.error,
        wish=seen.errand.wish,
        blank_looks=seen.blank_looks,
    )

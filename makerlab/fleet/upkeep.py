"""Verbs of upkeep: what is to be done again and again, and that it was done."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.audit import record
from makerlab.core.errors import Invalid
from makerlab.core.language import _
from makerlab.fleet import rules
from makerlab.fleet.models import Printer, Sight, UpkeepLine, UpkeepTask

LONGEST_INTERVAL = 20_000
LONGEST_TASK, LONGEST_NOTE = 80, 200


def add_task(
    session: Session, *, name: str, machine: str = "", printer: Printer | None = None,
    every_hours: int | None, every_days: int | None, blocks: bool = False, by_id: int | None, now: datetime,
) -> UpkeepTask:  # fmt: skip
    """A task for all printers of a machine model, or for one printer; it counts from now. Raises Invalid."""
    name = rules.tidy(name)
    if not 0 < len(name) <= LONGEST_TASK:
        raise Invalid(_("Schreiben Sie, was zu tun ist (höchstens %(most)s Zeichen).", most=LONGEST_TASK))
    if not (every_hours or every_days):
        raise Invalid(_("Nach wie vielen Stunden oder Tagen?"))
    for every in (every_hours, every_days):
        if every is not None and not 0 < every <= LONGEST_INTERVAL:
            raise Invalid(_("Zwischen 1 und %(most)s.", most=LONGEST_INTERVAL))
    task = UpkeepTask(
        name=name, machine="" if printer else machine, printer_id=printer.id if printer else None,
        every_hours=every_hours, every_days=every_days, blocks=blocks, made_at=now,
    )  # fmt: skip
    session.add(task)
    session.flush()
    begin_counting(session, now=now)
    record(session, "upkeep.planned", f"upkeep_task:{task.id}", actor_id=by_id, now=now, blocks=blocks)
    return task


def end_task(session: Session, task: UpkeepTask, *, by_id: int, now: datetime) -> None:
    """It need not be done any more; what was done stays in the log."""
    if task.ended_at is None:
        task.ended_at = now
        session.flush()
        record(session, "upkeep.ended", f"upkeep_task:{task.id}", actor_id=by_id, now=now)


def note_done(
    session: Session, printer: Printer, task: UpkeepTask | None, *, note: str = "",
    by_id: int | None, now: datetime,
) -> UpkeepLine:  # fmt: skip
    """Somebody did it; without a task something beside the plan, with a note. Raises Invalid."""
    note = rules.tidy(note)
    if len(note) > LONGEST_NOTE:
        raise Invalid(_("Die Notiz hat höchstens %(most)s Zeichen.", most=LONGEST_NOTE))
    if task is None and not note:
        raise Invalid(_("Schreiben Sie, was gemacht wurde."))
    if task is not None and not _is_of(task, printer):
        raise Invalid(_("Diese Wartung gehört zu einem anderen Drucker."))
    line = _line(printer.id, task.id if task else None, _printed_s(printer), now)
    line.account_id, line.note = by_id, note
    session.add(line)
    session.flush()
    return line


def _is_of(task: UpkeepTask, printer: Printer) -> bool:
    return task.printer_id == printer.id or (task.printer_id is None and task.machine == printer.machine)


def _printed_s(printer: Printer) -> float:
    return printer.sight.printed_s + printer.sight.run_s if printer.sight else 0.0


def begin_counting(session: Session, *, now: datetime) -> None:
    """From now on for each task and printer that are new to each other: nobody knows what was before."""
    session.flush()
    known = sa.exists().where(UpkeepLine.task_id == UpkeepTask.id, UpkeepLine.printer_id == Printer.id)
    ours = sa.or_(
        UpkeepTask.printer_id == Printer.id,
        sa.and_(UpkeepTask.printer_id.is_(None), UpkeepTask.machine == Printer.machine),
    )
    seconds = sa.func.coalesce(Sight.printed_s + Sight.run_s, 0.0)
    pairs = sa.select(Printer.id, UpkeepTask.id, seconds).join(UpkeepTask, ours).outerjoin(Sight)
    for printer_id, task_id, printed_s in session.execute(
        pairs.where(~known, UpkeepTask.ended_at.is_(None), Printer.retired_at.is_(None))
    ):
        line = _line(printer_id, task_id, printed_s, now)
        line.done = False
        session.add(line)
    session.flush()


def _line(printer_id: int, task_id: int | None, printed_s: float, now: datetime) -> UpkeepLine:
    return UpkeepLine(printer_id=printer_id, task_id=task_id, at=now, printed_s=printed_s)

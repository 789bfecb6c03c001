"""Reads of the fleet that other floors need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.alphabet import by_name
from makerlab.fleet.models import Printer, Sight, UpkeepLine, UpkeepTask
from makerlab.fleet.rules import ORDER, Due, Interval, due, used


def machines_of(session: Session) -> Sequence[str]:
    """Keys of the machine models that the lab has printers of, also of those out of service."""
    there = sa.select(Printer.machine).where(Printer.retired_at.is_(None))
    return session.scalars(there.distinct().order_by(Printer.machine)).all()


@dataclass(frozen=True, slots=True)
class TaskDue:
    """A task at one printer: hours and days since it was done, the share of its interval that is over."""

    task: UpkeepTask
    due: Due
    share: float
    hours: float
    days: float
    last_at: datetime


def upkeep(
    session: Session, *, now: datetime, printer_ids: Sequence[int] | None = None
) -> dict[int, list[TaskDue]]:
    """printer_id → its tasks, the most urgent first; of all printers in use. Three queries."""
    tasks = session.scalars(sa.select(UpkeepTask).where(UpkeepTask.ended_at.is_(None))).all()
    if not tasks:
        return {}
    printers = sa.select(Printer.id, Printer.machine, Sight.printed_s + Sight.run_s).outerjoin(Sight)
    printers = printers.where(Printer.retired_at.is_(None))
    if printer_ids is not None:
        printers = printers.where(Printer.id.in_(printer_ids))
    last = _last_done(session, printer_ids)
    found: dict[int, list[TaskDue]] = {}
    for id_, machine, printed_s in session.execute(printers):
        of_it = [task for task in tasks if task.printer_id == id_ or task.machine == machine]
        rows = [_task_due(task, last.get((task.id, id_)), printed_s or 0.0, now) for task in of_it]
        found[id_] = sorted(rows, key=lambda row: (ORDER[row.due], -row.share))
    return found


def maintenance_blocks(session: Session, *, now: datetime) -> set[int]:
    """Printers on which nothing may start before somebody did what is long overdue."""
    dues = upkeep(session, now=now)
    return {id_ for id_, rows in dues.items() if any(row.due is Due.BLOCKS for row in rows)}


def in_need_of_upkeep(session: Session, *, now: datetime) -> list[str]:
    """Names of the printers at which something is due. Four queries."""
    dues = upkeep(session, now=now)
    ids = [id_ for id_, rows in dues.items() if any(row.due in (Due.BLOCKS, Due.OVERDUE) for row in rows)]
    named = sa.select(Printer.name).where(Printer.id.in_(ids)).order_by(by_name(Printer.name))
    return list(session.scalars(named)) if ids else []


def _last_done(
    session: Session, printer_ids: Sequence[int] | None
) -> dict[tuple[int, int], tuple[datetime, float]]:
    """(task_id, printer_id) → when it was last done, and the printer's seconds of printing then."""
    newest = sa.select(sa.func.max(UpkeepLine.id)).where(UpkeepLine.task_id.is_not(None))
    if printer_ids is not None:
        newest = newest.where(UpkeepLine.printer_id.in_(printer_ids))
    newest = newest.group_by(UpkeepLine.task_id, UpkeepLine.printer_id)
    line = sa.select(UpkeepLine.task_id, UpkeepLine.printer_id, UpkeepLine.at, UpkeepLine.printed_s)
    rows = session.execute(line.where(UpkeepLine.id.in_(newest)))
    return {(task_id, printer_id): (at, printed_s) for task_id, printer_id, at, printed_s in rows}


def _task_due(
    task: UpkeepTask, last: tuple[datetime, float] | None, printed_s: float, now: datetime
) -> TaskDue:
    at, then_s = last or (task.made_at, 0.0)
    interval = Interval(task.every_hours, task.every_days, task.blocks)
    hours, days = max(printed_s - then_s, 0.0) / 3600, max((now - at) / timedelta(days=1), 0.0)
    share = used(interval, hours=hours, days=days)
    return TaskDue(task, due(interval, share), share, hours, days, at)

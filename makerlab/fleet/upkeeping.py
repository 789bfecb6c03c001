"""Pages of upkeep: the plan for all printers, and what is due where."""

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_security import current_user

from designs.profiles import load
from makerlab.core.access import Role, allow
from makerlab.core.alphabet import by_name
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Invalid, NotFound
from makerlab.core.language import _
from makerlab.core.web import settings
from makerlab.fleet import upkeep, words
from makerlab.fleet.frame import blueprint, get_printer, machine_name
from makerlab.fleet.models import Printer, UpkeepTask
from makerlab.fleet.queries import machines_of
from makerlab.fleet.queries import upkeep as dues_of
from makerlab.fleet.rules import ORDER

carers = allow(Role.INSTRUCTOR, Role.ADMINISTRATOR)
watchers = allow(Role.INSTRUCTOR, Role.COORDINATOR, Role.ADMINISTRATOR)
TASK = "/wartung/<int:task_id>"


@blueprint.get("/wartung")
@watchers
def upkeep_plan() -> str:
    """What is due at which printer, and the plan behind it."""
    printers = list(db.session.scalars(_in_use().order_by(by_name(Printer.name))).unique())
    dues = dues_of(db.session, now=utcnow())
    rows = [(printer, due) for printer in printers for due in dues.get(printer.id, ())]
    rows.sort(key=lambda row: (ORDER[row[1].due], -row[1].share))
    tasks = db.session.scalars(
        sa.select(UpkeepTask).where(UpkeepTask.ended_at.is_(None)).order_by(UpkeepTask.id)
    )
    return render_template(
        "fleet/upkeep.html", rows=rows, tasks=list(tasks), printers=printers, words=words.UPKEEP,
        machines=[(key, machine_name(key)) for key in machines_of(db.session)], machine_name=machine_name,
        names={printer.id: printer.name for printer in printers},
    )  # fmt: skip


@blueprint.post("/wartung")
@carers
def plan_upkeep() -> Any:
    """A new task for a machine model (`m:KEY`) or for one printer (`p:ID`)."""
    kind, _sign, key = request.form.get("of", "").partition(":")
    printer = get_printer(_number(key) or 0) if kind == "p" else None
    if kind == "m" and key not in load(settings().profiles_dir).machines:
        raise Invalid(_("Dieses Druckermodell kennen wir nicht."))
    if kind not in ("m", "p"):
        raise Invalid(_("Wählen Sie ein Modell oder einen Drucker."))
    upkeep.add_task(
        db.session, name=request.form.get("name", ""), machine=key if kind == "m" else "", printer=printer,
        every_hours=_number(request.form.get("hours", "")),
        every_days=_number(request.form.get("days", "")),
        blocks=request.form.get("blocks") == "1", by_id=current_user.id, now=utcnow(),
    )  # fmt: skip
    db.session.commit()
    flash(_("Die Wartung steht im Plan. Sie zählt ab jetzt."), "success")
    return redirect(url_for(".upkeep_plan"), code=303)


@blueprint.post(f"{TASK}/beenden")
@carers
def end_upkeep(task_id: int) -> Any:
    upkeep.end_task(db.session, _task(task_id), by_id=current_user.id, now=utcnow())
    db.session.commit()
    flash(_("Die Wartung steht nicht mehr im Plan."), "success")
    return redirect(url_for(".upkeep_plan"), code=303)


def _task(task_id: int) -> UpkeepTask:
    task = db.session.get(UpkeepTask, task_id)
    if task is None or task.ended_at is not None:
        raise NotFound(_("Diese Wartung gibt es nicht."), way_out=_("Wählen Sie eine aus der Liste."))
    return task


def _in_use() -> sa.Select[tuple[Printer]]:
    return sa.select(Printer).where(Printer.retired_at.is_(None))


def _number(typed: str) -> int | None:
    """A whole number that somebody typed, None for nothing. Raises Invalid."""
    typed = typed.strip()
    if not typed:
        return None
    if not typed.isascii() or not typed.isdigit() or len(typed) > 9:
        raise Invalid(_("Geben Sie eine ganze Zahl ein."))
    return int(typed)

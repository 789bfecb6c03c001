"""Who may run which machine: a table of people and machine models."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from designs.profiles import load
from makerlab.core.access import Role, allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.language import _
from makerlab.core.web import settings
from makerlab.people.models import Account
from makerlab.people.queries import person
from makerlab.people.rules import clean_text
from makerlab.people.words import Word
from makerlab.training import actions
from makerlab.training.queries import last_days, learners
from makerlab.training.rules import Standing, standing
from makerlab.training.words import STANDINGS

blueprint = Blueprint("training", __name__, url_prefix="/unterweisungen")


@dataclass(frozen=True)
class Cell:
    standing: Standing
    until: date | None

    @property
    def word(self) -> Word:
        return STANDINGS[self.standing]


@blueprint.get("")
@allow(Role.INSTRUCTOR, Role.COORDINATOR)
def index() -> str:
    text = clean_text(request.args.get("q", ""), 100)
    only = request.args.get("only") == "ending"
    rows = _rows(learners(db.session, text))
    urgent = [row for row in rows if _is_urgent(row[1])]
    return render_template(
        "training/index.html",
        machines={key: machine.name for key, machine in load(settings().profiles_dir).machines.items()},
        rows=urgent if only else rows,
        counts=(len(rows), len(urgent)),
        only=only,
        text=text,
        months=settings().instruction_months,
    )


@blueprint.post("/<int:account_id>/geben")
@allow(Role.INSTRUCTOR)
def give(account_id: int) -> Response:
    account = person(db.session, account_id)
    months = settings().instruction_months
    known = load(settings().profiles_dir).machines
    actions.instruct(db.session, account, _machine(), by=_me(), now=utcnow(), months=months, known=known)
    return _done(_("Die Unterweisung ist gespeichert."))


@blueprint.post("/<int:account_id>/nehmen")
@allow(Role.INSTRUCTOR)
def take(account_id: int) -> Response:
    account = person(db.session, account_id)
    actions.revoke_all(db.session, account, _machine(), by=_me(), now=utcnow())
    return _done(_("Die Unterweisung ist zurückgenommen."))


def _rows(accounts: list[Account]) -> list[tuple[Account, dict[str, Cell]]]:
    ends, today = last_days(db.session, [account.id for account in accounts]), utcnow().date()
    machines = load(settings().profiles_dir).machines

    def cell(account: Account, machine: str) -> Cell:
        until = ends.get((account.id, machine))
        return Cell(standing(until, today), until)

    return [(account, {machine: cell(account, machine) for machine in machines}) for account in accounts]


def _is_urgent(cells: dict[str, Cell]) -> bool:
    return any(cell.standing in (Standing.ENDING, Standing.EXPIRED) for cell in cells.values())


def _machine() -> str:
    return clean_text(request.form.get("machine", ""), 100)


def _me() -> Account:
    account: Account = current_user._get_current_object()
    return account


def _done(sentence: str) -> Response:
    db.session.commit()
    flash(sentence, "success")
    values: dict[str, Any] = {key: request.args[key] for key in ("q", "only") if key in request.args}
    return redirect(url_for("training.index", **values), code=303)

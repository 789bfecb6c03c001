"""What a person did at the printers. One's own for everybody; of others for instructors, and logged."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import render_template
from flask_security import current_user

from makerlab.core.access import Role, allow, may
from makerlab.core.audit import record
from makerlab.core.clock import utcnow
from makerlab.core.database import db, writing
from makerlab.core.errors import Forbidden
from makerlab.core.language import _
from makerlab.people.queries import person
from makerlab.production import words
from makerlab.production.foreign import adopted_of
from makerlab.production.models import Attempt, AttemptStep, Step
from makerlab.production.pages.frame import ACTORS, ID, WATCHERS, blueprint
from makerlab.production.pages.words import STEPS
from makerlab.production.queries import runs_of

MOST = 400  # steps: some 130 prints


@dataclass(slots=True)
class Run:
    """One print and what this person did in it."""

    attempt: Attempt
    steps: list[Step] = field(default_factory=list)


@blueprint.get(f"/personen/<{ID}:account_id>/laeufe")
@allow(*Role)
def runs(account_id: int) -> str:
    """The prints of one person."""
    if account_id != current_user.id:
        if not may(ACTORS):
            raise Forbidden(
                _("Diese Seite ist für andere Aufgaben."),
                way_out=_("Fragen Sie eine Anleiterin oder einen Anleiter."),
            )
        person(db.session, account_id)
        _note_reading(account_id)
    shown = by_attempt(runs_of(db.session, account_id, most=MOST))
    by_hand = adopted_of(db.session, account_id, most=MOST)
    return render_template(
        "production/runs.html", account=person(db.session, account_id), runs=shown, by_hand=by_hand,
        steps=STEPS, attempt_state=words.attempt, scrap_words=words.SCRAP, mine=account_id == current_user.id,
        links=may(WATCHERS), good=sum(one.good or 0 for one in [*(run.attempt for run in shown), *by_hand]),
        scrap=sum(one.scrap or 0 for one in [*(run.attempt for run in shown), *by_hand]),
    )  # fmt: skip


def by_attempt(rows: Iterable[AttemptStep]) -> list[Run]:
    """Steps, newest first, gathered to prints; the steps of a print in the order they were done."""
    found: dict[int, Run] = {}
    for row in rows:
        found.setdefault(row.attempt_id, Run(row.attempt)).steps.insert(0, row.step)
    return list(found.values())


def _note_reading(account_id: int) -> None:
    """Write down who looked, in a transaction of its own: a GET only reads."""
    reader_id = current_user.id
    db.session.rollback()  # without WAL our own reading transaction would keep the writer out
    with writing():
        record(
            db.session, "account.read", f"account:{account_id}", actor_id=reader_id, now=utcnow(), part="runs"
        )
        db.session.commit()

"""Taking a print off: how many are good, why the others are not, and thanks."""

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from makerlab.core.access import allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Conflict, Forbidden, Invalid, NotFound
from makerlab.core.language import _
from makerlab.kiosk.blueprint import PEOPLE, blueprint, instructor, me
from makerlab.kiosk.printers import attempt_of, find
from makerlab.production import words as production_words
from makerlab.production.collecting import COLLECTABLE, collect
from makerlab.production.models import Attempt, Step
from makerlab.production.states import AttemptState
from makerlab.stock.models import Place, StockMovement


@blueprint.get("/drucker/<code>/abholen")
@allow(*PEOPLE)
def take_off(code: str) -> str:
    """How many are good? All of a print that was done, none of one that was not."""
    found = find(code)
    attempt = _collectable(attempt_of(found))
    done = any(event.to_state is AttemptState.REPORTED_DONE for event in attempt.events)
    unclear = attempt.state is AttemptState.UNKNOWN
    return render_template(
        "kiosk/collect.html",
        printer=found,
        attempt=attempt,
        good=_good(attempt, attempt.plate.pieces if done or unclear else 0),
    )


@blueprint.post("/drucker/<code>/abholen")
@allow(*PEOPLE)
def counted(code: str) -> Response:
    """All good: collected at once. Else the reason is asked first."""
    found = find(code)
    attempt = attempt_of(found)
    if _mine_already(attempt):
        return _thanks(attempt)
    _collectable(attempt)
    good = _good(attempt, None)
    step, reason = request.form.get("good_step", 0, type=int), request.form.get("reason", "")
    if step:
        return _on("kiosk.take_off", attempt, good=good + step)
    if good < attempt.plate.pieces and not reason:
        return _on("kiosk.why", attempt, good=good)
    if reason and reason not in production_words.SCRAP:
        raise Invalid(_("Wählen Sie einen Grund."))
    collect(db.session, attempt, good=good, scrap_reason=reason, by=me(), now=utcnow())
    db.session.commit()
    return _thanks(attempt)


@blueprint.get("/drucker/<code>/abholen/grund")
@allow(*PEOPLE)
def why(code: str) -> str:
    found = find(code)
    attempt = _collectable(attempt_of(found))
    good = _good(attempt, None)
    return render_template(
        "kiosk/why.html", printer=found, attempt=attempt, good=good, reasons=production_words.SCRAP
    )


@blueprint.post("/drucker/<code>/nichts")
@allow(*PEOPLE)
def nothing(code: str) -> Response:
    """The truth was unclear, and the bed is as it was: nothing was printed."""
    attempt = attempt_of(find(code))
    if _mine_already(attempt):
        return _thanks(attempt)
    if _collectable(attempt).state is not AttemptState.UNKNOWN and not attempt.conflict:
        raise Conflict(_("Dieser Druck ist nicht mehr unklar."), way_out=_("Laden Sie die Seite neu."))
    collect(db.session, attempt, good=0, scrap_reason="", by=me(), now=utcnow(), nothing_printed=True)
    db.session.commit()
    return _thanks(attempt)


@blueprint.get("/abgeholt/<int:attempt_id>")
@allow(*PEOPLE)
def thanks(attempt_id: int) -> str:
    attempt = db.session.get(Attempt, attempt_id)
    if attempt is None or attempt.state is not AttemptState.RESOLVED:
        raise NotFound(_("Diesen Druck gibt es nicht mehr."), way_out=_("Gehen Sie zurück zur Startseite."))
    place = db.session.scalar(
        sa.select(Place.name)
        .join(StockMovement, StockMovement.place_id == Place.id)
        .where(StockMovement.attempt_id == attempt_id)
    )
    return render_template("kiosk/thanks.html", attempt=attempt, place=place)


def _collectable(attempt: Attempt) -> Attempt:
    """Raises Conflict, or Forbidden where only an instructor decides what the truth is."""
    if attempt.state not in COLLECTABLE:
        raise Conflict(_("Hier gibt es nichts abzuholen."), way_out=_("Gehen Sie zurück zum Drucker."))
    if (attempt.state is AttemptState.UNKNOWN or attempt.conflict) and not instructor():
        raise Forbidden(_("Der letzte Druck ist unklar."), way_out=_("Rufen Sie Hilfe."))
    return attempt


def _good(attempt: Attempt, otherwise: int | None) -> int:
    """The number on the screen. Raises Invalid."""
    good = request.values.get("good", otherwise, type=int)
    if good is None or not 0 <= good <= attempt.plate.pieces:
        raise Invalid(_("Diese Zahl geht nicht."), way_out=_("Wählen Sie eine andere Zahl."))
    return good


def _mine_already(attempt: Attempt) -> bool:
    """The same button pressed twice: this person took it off a moment ago."""
    if attempt.state is not AttemptState.RESOLVED:
        return False
    return any(step.step is Step.REMOVED and step.account_id == me().id for step in attempt.steps)


def _on(endpoint: str, attempt: Attempt, *, good: int) -> Response:
    return redirect(url_for(endpoint, code=attempt.printer.code, attempt=attempt.id, good=good), code=303)


def _thanks(attempt: Attempt) -> Response:
    return redirect(url_for("kiosk.thanks", attempt_id=attempt.id), code=303)

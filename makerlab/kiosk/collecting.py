"""Taking a print off: how many are good, why the others are not, and thanks."""

from collections import Counter

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from designs.profiles import load
from makerlab.core.access import allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Conflict, Forbidden, Invalid, NotFound
from makerlab.core.language import _
from makerlab.core.photos import take_photo
from makerlab.core.web import file_store, settings
from makerlab.kiosk.blueprint import PEOPLE, blueprint, instructor, me
from makerlab.kiosk.printers import attempt_of, find
from makerlab.production import words as production_words
from makerlab.production.collecting import COLLECTABLE, collect
from makerlab.production.models import Attempt, Step
from makerlab.production.results import MOST_PHOTOS, booked_g, keep_photo, photos_of
from makerlab.production.states import AttemptState
from makerlab.production.usage import used, was_done
from makerlab.stock.models import Place, StockMovement


@blueprint.get("/drucker/<code>/abholen")
@allow(*PEOPLE)
def take_off(code: str) -> str:
    """How many are good? All of a print that was done, none of one that was not."""
    found = find(code)
    attempt = _collectable(attempt_of(found))
    likely = was_done(attempt) or attempt.state is AttemptState.UNKNOWN
    good = _good(attempt, attempt.plate.pieces if likely else 0)
    return render_template("kiosk/collect.html", printer=found, attempt=attempt, good=good)


@blueprint.post("/drucker/<code>/abholen")
@allow(*PEOPLE)
def counted(code: str) -> Response:
    """All good: collected at once. Else the reasons are asked first."""
    attempt = attempt_of(find(code))
    if _mine_already(attempt):
        return _thanks(attempt)
    _collectable(attempt)
    good = _good(attempt, None)
    if step := request.form.get("good_step", 0, type=int):
        return _on("kiosk.take_off", attempt, good=good + step)
    each = "each" in request.form
    reasons = _with_answer(_reasons(attempt, good), attempt.plate.pieces - good, each=each)
    if len(reasons) < attempt.plate.pieces - good:
        return _on("kiosk.why", attempt, good=good, reasons=",".join(reasons) or None, each=each or None)
    grams = used(attempt, file_store(), load(settings().profiles_dir)).grams
    collect(
        db.session, attempt, good=good, scrap_reason="", scrap=Counter(reasons), used_g=grams, by=me(),
        now=utcnow(),
    )  # fmt: skip
    db.session.commit()
    return _thanks(attempt)


@blueprint.get("/drucker/<code>/abholen/grund")
@allow(*PEOPLE)
def why(code: str) -> str:
    """Why are they not good? One answer for all, or by `each` one for each piece."""
    found = find(code)
    attempt = _collectable(attempt_of(found))
    good = _good(attempt, None)
    codes = production_words.scrap_codes(done=was_done(attempt))
    first, others = codes[: production_words.FIRST_ASKED], codes[production_words.FIRST_ASKED :]
    return render_template(
        "kiosk/why.html",
        printer=found,
        attempt=attempt,
        good=good,
        sofar=_reasons(attempt, good),
        each="each" in request.args,
        more="more" in request.args,
        codes=others if "more" in request.args else first,
        words=production_words.SCRAP,
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
    attempt = _resolved(attempt_id)
    place = db.session.scalar(
        sa.select(Place.name)
        .join(StockMovement, StockMovement.place_id == Place.id)
        .where(StockMovement.attempt_id == attempt_id)
    )
    return render_template(
        "kiosk/thanks.html",
        attempt=attempt,
        place=place,
        mine=_mine_already(attempt) or instructor(),
        photos=len(photos_of(db.session, attempt_id)),
        most_photos=MOST_PHOTOS,
        booked=booked_g(db.session, attempt_id),
    )


@blueprint.post("/abgeholt/<int:attempt_id>/foto")
@allow(*PEOPLE)
def photo(attempt_id: int) -> Response:
    """A picture of what lay on the bed, from the camera of the phone or the kiosk."""
    given = request.files.get("photo")
    if given is None or not given.filename:
        raise Invalid(_("Das Foto fehlt."), way_out=_("Machen Sie ein neues Foto."))
    _resolved(attempt_id)
    db.session.rollback()  # no transaction stays open while a stranger's file is read
    taken = take_photo(given.stream, settings())
    keep_photo(db.session, _resolved(attempt_id), taken, by=me(), now=utcnow())
    db.session.commit()
    return redirect(url_for("kiosk.thanks", attempt_id=attempt_id), code=303)


def _resolved(attempt_id: int) -> Attempt:
    """Raises NotFound."""
    attempt = db.session.get(Attempt, attempt_id)
    if attempt is None or attempt.state is not AttemptState.RESOLVED:
        raise NotFound(_("Diesen Druck gibt es nicht mehr."), way_out=_("Gehen Sie zurück zur Startseite."))
    return attempt


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


def _reasons(attempt: Attempt, good: int) -> list[str]:
    """What was answered so far, a code for each piece that is not good. Raises Invalid."""
    codes = [code for code in request.values.get("reasons", "").split(",") if code]
    if len(codes) > attempt.plate.pieces - good or not production_words.SCRAP.keys() >= set(codes):
        raise Invalid(_("Wählen Sie einen Grund."))
    return codes


def _with_answer(sofar: list[str], rest: int, *, each: bool) -> list[str]:
    """With the reason just tapped: for one piece more, or for all that are left. Raises Invalid."""
    reason = request.form.get("reason", "")
    if not reason:
        return sofar
    if reason not in production_words.SCRAP:
        raise Invalid(_("Wählen Sie einen Grund."))
    return [*sofar, *[reason] * (1 if each else rest - len(sofar))][:rest]


def _mine_already(attempt: Attempt) -> bool:
    """The same button pressed twice: this person took it off a moment ago."""
    if attempt.state is not AttemptState.RESOLVED:
        return False
    return any(step.step is Step.REMOVED and step.account_id == me().id for step in attempt.steps)


def _on(endpoint: str, attempt: Attempt, **more: object) -> Response:
    return redirect(url_for(endpoint, code=attempt.printer.code, attempt=attempt.id, **more), code=303)


def _thanks(attempt: Attempt) -> Response:
    return redirect(url_for("kiosk.thanks", attempt_id=attempt.id), code=303)

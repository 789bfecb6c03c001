"""One attempt on the desk: what happened to it, steering it, and deciding how it ended."""

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, send_file, url_for
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response

from designs.profiles import load
from makerlab.core.access import allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Conflict, Invalid, NotFound
from makerlab.core.language import _
from makerlab.core.photos import take_photo
from makerlab.core.web import file_store, settings
from makerlab.production import words
from makerlab.production.at_hand import left_s
from makerlab.production.collecting import collect
from makerlab.production.models import Attempt, AttemptStep
from makerlab.production.outcome import AttemptPhoto
from makerlab.production.pages import board
from makerlab.production.pages.acting import BUSY
from makerlab.production.pages.frame import ACTORS, ID, WATCHERS, blueprint, found, me, picture_url
from makerlab.production.pages.printers import events_of, page_words
from makerlab.production.results import MOST_PHOTOS, booked_g, keep_photo, photos_of, scrap_of
from makerlab.production.states import AT_PRINTER, BEFORE_START, OVER, AttemptState
from makerlab.production.usage import Used, used

ATTEMPT = f"/laeufe/<{ID}:attempt_id>"


@blueprint.get(ATTEMPT)
@allow(*WATCHERS)
def attempt(attempt_id: int) -> str:
    """Who did what, what happened, and the decision that is open."""
    steps = selectinload(Attempt.steps).joinedload(AttemptStep.account)
    query = sa.select(Attempt).where(Attempt.id == attempt_id)
    one = db.session.scalar(query.options(steps, joinedload(Attempt.printer)))
    if one is None:
        raise NotFound(_("Diesen Druck gibt es nicht."), way_out=_("Gehen Sie zurück zum Drucker."))
    order = one.plate.order
    return render_template(
        "production/attempt.html", attempt=one, order=order, events=events_of(one), left_s=left_s(one),
        picture=picture_url(board.pictures(db.session, [order])[order.id]),
        to_collect=one.state in OVER or one.state is AttemptState.UNKNOWN, still_prints=_still_prints(one),
        scrap=scrap_of(db.session, one.id), photos=photos_of(db.session, one.id), used=_used(one),
        booked=booked_g(db.session, one.id), resolved=one.state is AttemptState.RESOLVED,
        most_photos=MOST_PHOTOS, unclear=one.state is AttemptState.UNKNOWN,
        done=one.state is AttemptState.REPORTED_DONE,
        can_pause=one.state is AttemptState.PRINTING, can_stop=one.state in AT_PRINTER | BEFORE_START,
        stop_reasons=words.STOP_REASONS, pause_reasons=words.PAUSE_REASONS, **page_words(),
    )  # fmt: skip


@blueprint.post(f"{ATTEMPT}/fotos")
@allow(*ACTORS)
def add_photo(attempt_id: int) -> Response:
    """A picture of what lay on the bed."""
    given = request.files.get("photo")
    if given is None or not given.filename:
        raise Invalid(_("Das Foto fehlt."), way_out=_("Machen Sie ein neues Foto."))
    found(Attempt, attempt_id)
    db.session.rollback()  # no transaction stays open while a stranger's file is read
    taken = take_photo(given.stream, settings())
    keep_photo(db.session, found(Attempt, attempt_id), taken, by=me(), now=utcnow())
    db.session.commit()
    return redirect(url_for(".attempt", attempt_id=attempt_id, _anchor="fotos"), code=303)


@blueprint.get(f"{ATTEMPT}/fotos/<{ID}:photo_id>")
@allow(*WATCHERS)
def photo(attempt_id: int, photo_id: int) -> Response:
    """The picture itself: an image of our own making, never what was uploaded."""
    row = found(AttemptPhoto, photo_id)
    if row.attempt_id != attempt_id or row.sha256 not in file_store():
        raise NotFound(_("Dieses Foto gibt es nicht mehr."))
    return send_file(file_store().path(row.sha256), mimetype="image/jpeg", max_age=0)


def _used(attempt: Attempt) -> Used:
    return used(attempt, file_store(), load(settings().profiles_dir))


def _still_prints(attempt: Attempt) -> bool:
    """The printer itself says that this very file prints: nothing can be collected yet."""
    sight = attempt.printer.sight
    return sight is not None and sight.state in BUSY and sight.file == attempt.remote_name


@blueprint.post(f"{ATTEMPT}/abholen")
@allow(*ACTORS)
def resolve(attempt_id: int) -> Response:
    """An instructor says how it ended: so many good, or that nothing was printed."""
    one = found(Attempt, attempt_id)
    if _still_prints(one):
        raise Conflict(_("Der Drucker druckt noch."), way_out=_("Stoppen Sie ihn zuerst."))
    collect(db.session, one, by=me(), now=utcnow(), used_g=_used(one).grams, **_answer(one))
    db.session.commit()
    flash(_("Gespeichert. Das Bett ist frei gemeldet."), "success")
    return redirect(url_for(".printer", printer_id=one.printer_id), code=303)


def _answer(attempt: Attempt) -> dict[str, Any]:
    """What the form says, as `collect` wants it. Raises Invalid."""
    nothing = "nothing" in request.form and attempt.state is AttemptState.UNKNOWN
    good = 0 if nothing else request.form.get("good", type=int)
    if good is None:
        raise Invalid(_("Wie viele Stücke sind gut?"))
    reason = request.form.get("scrap_reason", "")
    if reason and reason not in words.SCRAP:
        raise Invalid(_("Wählen Sie einen Grund für den Ausschuss."))
    each = {code: request.form.get(f"scrap_{code}", 0, type=int) for code in words.SCRAP}
    scrap = {code: pieces for code, pieces in each.items() if pieces > 0}
    return {"good": good, "scrap_reason": reason, "scrap": scrap, "nothing_printed": nothing}

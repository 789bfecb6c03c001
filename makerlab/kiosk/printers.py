"""The printers, and the page that a printer's label opens: start, watch, pause, stop."""

from datetime import timedelta

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from makerlab.core.access import Role, allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Conflict, Invalid, NotFound
from makerlab.core.language import _
from makerlab.core.web import not_modified, number_of
from makerlab.fleet.actions import declare_bed
from makerlab.fleet.models import Bed, Printer
from makerlab.kiosk import queries
from makerlab.kiosk.blueprint import PEOPLE, blueprint, instructor, me, page_number
from makerlab.kiosk.rules import page_of
from makerlab.kiosk.scene import Phase, Scene, own_startable, scene_at, state_of
from makerlab.kiosk.words import left_words
from makerlab.production import words as production_words
from makerlab.production.actions import ask, start, started_by
from makerlab.production.floor import Floor, Person, Spot
from makerlab.production.holding import lift
from makerlab.production.models import Attempt, Plate
from makerlab.production.pages.frame import lab_now, picture_url
from makerlab.production.pages.saying import Colours, saying
from makerlab.production.states import AttemptState, Wish
from makerlab.production.survey import person_of, survey

CARDS = 4  # as many as fit on the smallest screen
LATELY = timedelta(minutes=10)


@blueprint.get("/drucker")
@allow(*PEOPLE)
def printers() -> str:
    return render_template("kiosk/printers.html", **_all())


@blueprint.get("/drucker/jetzt")
@allow(*PEOPLE)
def printers_now() -> FlaskResponse:
    return not_modified(render_template("kiosk/_printers.html", **_all()))


@blueprint.get("/drucker/<code>")
@allow(*PEOPLE)
def printer(code: str) -> str:
    scene, colours = _scene(find(code))
    return render_template(
        "kiosk/printer.html", scene=scene, instructor=instructor(), **_around(scene), **saying(colours)
    )


@blueprint.get("/drucker/<code>/jetzt")
@allow(*PEOPLE)
def printer_now(code: str) -> FlaskResponse:
    """The moving part of the page; when the question itself is another one, the whole page comes anew."""
    scene, colours = _scene(find(code))
    if _question(scene) != request.args.get("frage"):
        return FlaskResponse(headers={"HX-Refresh": "true"})
    return not_modified(
        render_template("kiosk/_printer.html", scene=scene, **_around(scene), **saying(colours))
    )


@blueprint.get("/drucker/<code>/waehlen")
@allow(*PEOPLE)
def choose(code: str) -> str:
    """This person's own plates that could start here."""
    found = find(code)
    floor, person = _floor(found)
    mine = own_startable(floor, floor.spot[found.id], person)
    page = page_of(mine, page_number())
    return render_template("kiosk/plates.html", printer=found, page=page, piece_url=picture_url)


@blueprint.post("/drucker/<code>/starten")
@allow(*PEOPLE)
def begin(code: str) -> Response:
    """The person looked: the bed is clear. Their word and the start are one transaction."""
    found, now = find(code), lab_now()
    plate = db.session.get(Plate, request.form.get("plate", 0, type=number_of))
    if plate is None:
        raise NotFound(_("Diesen Druck gibt es nicht mehr."), way_out=_("Laden Sie die Seite neu."))
    if _mine_already(found, plate):
        return _back(found)
    declare_bed(db.session, found, Bed.CLEAR, reason="looked", by_id=me().id, now=now)
    start(db.session, plate, found, by=me(), now=now)
    db.session.commit()
    return _back(found)


@blueprint.post("/drucker/<code>/pause")
@allow(*PEOPLE)
def pause(code: str) -> Response:
    return _wish(code, Wish.PAUSE, "asked")


@blueprint.post("/drucker/<code>/weiter")
@allow(*PEOPLE)
def resume(code: str) -> Response:
    return _wish(code, Wish.RESUME, "asked")


@blueprint.get("/drucker/<code>/stopp")
@allow(*PEOPLE)
def stop(code: str) -> str | Response:
    scene, _colours = _scene(find(code))
    if scene.phase not in (Phase.STARTING, Phase.PRINTING, Phase.PAUSED):
        return redirect(url_for("kiosk.printer", code=code), code=303)
    return render_template("kiosk/stop.html", scene=scene, print=scene.printer.print)


@blueprint.post("/drucker/<code>/stopp")
@allow(*PEOPLE)
def cancel(code: str) -> Response:
    reason = request.form.get("reason", "")
    if reason not in production_words.STOP_REASONS:
        raise Invalid(_("Wählen Sie einen Grund."))
    return _wish(code, Wish.CANCEL, reason)


@blueprint.post("/drucker/<code>/freigeben")
@allow(Role.INSTRUCTOR)
def lift_printer(code: str) -> Response:
    """It failed twice in a row; somebody looked, and it may start again."""
    found = find(code)
    lift(db.session, found, by=me(), now=utcnow())
    db.session.commit()
    flash(_("Der Drucker darf wieder starten."), "success")
    return _back(found)


def find(code: str) -> Printer:
    """Raises NotFound."""
    found = queries.printer_by_code(db.session, code)
    if found is None:
        raise NotFound(_("Diesen Drucker gibt es hier nicht."), way_out=_("Wählen Sie einen aus der Liste."))
    return found


def attempt_of(printer: Printer) -> Attempt:
    """The attempt that the form was about. Raises NotFound when it is of another printer."""
    found = db.session.get(Attempt, request.values.get("attempt", 0, type=number_of))
    if found is None or found.printer_id != printer.id:
        raise NotFound(_("Diesen Druck gibt es nicht mehr."), way_out=_("Laden Sie die Seite neu."))
    return found


def _wish(code: str, wish: Wish, reason: str) -> Response:
    found = find(code)
    ask(db.session, attempt_of(found), wish, by=me(), reason=reason, now=utcnow())
    db.session.commit()
    return _back(found)


def _back(found: Printer) -> Response:
    return redirect(url_for("kiosk.printer", code=found.code), code=303)


def _mine_already(printer: Printer, plate: Plate) -> bool:
    """The same button pressed twice: this plate is on this printer by this person's hand."""
    last = queries.last_attempt(db.session, printer.id)
    if last is None or last.plate_id != plate.id or last.state is AttemptState.RELEASED:
        return False
    if started_by(last) != me().id:
        raise Conflict(_("Jemand war schneller."), way_out=_("Laden Sie die Seite neu."))
    return True


def _floor(found: Printer) -> tuple[Floor, Person]:
    now = lab_now()
    floor = survey(db.session, now=now, also_id=found.id)
    return floor, person_of(db.session, me().id, now=now)


def _scene(found: Printer) -> tuple[Scene, Colours]:
    floor, person = _floor(found)
    scene = scene_at(floor, floor.spot[found.id], person, wanted=request.args.get("platte", type=int))
    return scene, floor.colours


def _question(scene: Scene) -> str:
    """What stands still on the page while only figures move."""
    print_ = scene.printer.print
    plate_id = scene.plate.id if scene.plate else print_.plate_id if print_ else 0
    return f"{scene.phase}-{plate_id}-{print_.wish if print_ else ''}-{scene.status.icon}"


def _around(scene: Scene) -> dict[str, object]:
    print_ = scene.printer.print
    return {
        "print": print_,
        "question_key": _question(scene),
        "left_words": left_words,
        "not_started": _not_started(scene.printer),
        "wanted": request.args.get("platte", type=int),
        "piece_url": picture_url,
        "why_unclear": production_words.reason(print_.conflict or print_.reason) if print_ else "",
    }


def _not_started(spot: Spot) -> object:
    """Why the start a moment ago did not happen; empty when there was none."""
    last = queries.last_attempt(db.session, spot.id) if spot.print is None else None
    if last is None or last.state is not AttemptState.RELEASED or last.ended_at is None:
        return ""
    return production_words.reason(last.reason) if utcnow() - last.ended_at < LATELY else ""


def _all() -> dict[str, object]:
    """Where there is something to do stands on the first page: collect, start, one's own prints."""
    now = lab_now()
    floor, person = survey(db.session, now=now), person_of(db.session, me().id, now=now)
    startable = {spot.id for spot in floor.startable(person)}

    def order(spot: Spot) -> tuple[bool, bool, bool, str]:
        mine = spot.print is not None and spot.print.started_by_id == person.id
        return not spot.is_over, spot.id not in startable, not mine, spot.name

    page = page_of(sorted(floor.spots, key=order), page_number(), CARDS)
    return {
        "page": page,
        "rows": [(spot, state_of(spot), spot.id in startable) for spot in page.items],
        "left_words": left_words,
        "piece_url": picture_url,
        "printing": AttemptState.PRINTING,
    }

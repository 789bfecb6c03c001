"""The instructors' wall: on the desk, and for the big screen of the workshop."""

from flask import Response, render_template, url_for

from makerlab.core.access import allow
from makerlab.core.database import db
from makerlab.core.web import unless_known
from makerlab.people.frame import may_open
from makerlab.production.floor import Floor
from makerlab.production.pages import board
from makerlab.production.pages.frame import WATCHERS, blueprint, lab_now, picture_url
from makerlab.production.pages.saying import saying
from makerlab.production.survey import survey


@blueprint.get("/drucker")
@allow(*WATCHERS)
def wall() -> str:
    """All printers, sorted by who has to act."""
    floor = survey(db.session, now=lab_now())
    return render_template("production/wall.html", board=_board(floor, big=False), calls_url=_calls_url())


@blueprint.get("/drucker/wand")
@allow(*WATCHERS)
def big_wall() -> str:
    """The same for the big screen: dark, large, without anything to press."""
    floor = survey(db.session, now=lab_now())
    return render_template(
        "production/big_wall.html", board=_board(floor, big=True), counts=board.counts(board.cards(floor)),
        calls_url=_calls_url(),
    )  # fmt: skip


@blueprint.get("/drucker/stand")
@allow(*WATCHERS)
def wall_now() -> Response:
    floor = survey(db.session, now=lab_now())
    return unless_known(floor.stamp, lambda: _board(floor, big=False))


@blueprint.get("/drucker/wand/stand")
@allow(*WATCHERS)
def big_wall_now() -> Response:
    floor = survey(db.session, now=lab_now())
    return unless_known(floor.stamp, lambda: _board(floor, big=True, again=True))


def _board(floor: Floor, *, big: bool, again: bool = False) -> str:
    """The part that is asked for every two seconds. Without a form: its token would change each time."""
    cards = board.cards(floor)
    return render_template(
        "production/_board.html", cards=cards, counts=board.counts(cards), big=big, again=again,
        picture_url=picture_url, **saying(floor.colours),
    )  # fmt: skip


def _calls_url() -> str:
    """Where the kiosk says who waits for help, for those who may go and help."""
    return url_for("kiosk.calls") if may_open("kiosk.calls") else ""

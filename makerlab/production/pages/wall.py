"""The instructors' wall: on the desk, and for the big screen of the workshop."""

from flask import Response, render_template, url_for

from makerlab.core.access import allow
from makerlab.core.database import db
from makerlab.core.web import not_modified
from makerlab.people.frame import may_open
from makerlab.production.pages import board
from makerlab.production.pages.frame import WATCHERS, blueprint, picture_url, today


@blueprint.get("/drucker")
@allow(*WATCHERS)
def wall() -> str:
    """All printers, sorted by who has to act."""
    return render_template("production/wall.html", board=_board(_cards(), big=False), calls_url=_calls_url())


@blueprint.get("/drucker/wand")
@allow(*WATCHERS)
def big_wall() -> str:
    """The same for the big screen: dark, large, without anything to press."""
    cards = _cards()
    return render_template(
        "production/big_wall.html",
        board=_board(cards, big=True),
        counts=board.counts(cards),
        calls_url=_calls_url(),
    )


@blueprint.get("/drucker/stand")
@allow(*WATCHERS)
def wall_now() -> Response:
    return not_modified(_board(_cards(), big=False))


@blueprint.get("/drucker/wand/stand")
@allow(*WATCHERS)
def big_wall_now() -> Response:
    return not_modified(_board(_cards(), big=True, again=True))


def _cards() -> list[board.Card]:
    return board.cards(db.session, today=today())


def _board(cards: list[board.Card], *, big: bool, again: bool = False) -> str:
    """The part that is asked for every two seconds. Without a form: its token would change each time."""
    return render_template(
        "production/_board.html", cards=cards, counts=board.counts(cards), big=big, again=again,
        picture_url=picture_url,
    )  # fmt: skip


def _calls_url() -> str:
    """Where the kiosk says who waits for help, for those who may go and help."""
    return url_for("kiosk.calls") if may_open("kiosk.calls") else ""

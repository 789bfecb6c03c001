"""The instructors' wall: on the desk, and for the big screen of the workshop."""

from functools import lru_cache

from flask import Response, get_template_attribute, render_template, request, url_for

from makerlab.core.access import allow
from makerlab.core.database import db
from makerlab.core.language import current_code
from makerlab.core.web import unless_known
from makerlab.fleet.queries import in_need_of_upkeep
from makerlab.people.frame import may_open
from makerlab.production.floor import Floor
from makerlab.production.pages import board
from makerlab.production.pages.frame import WATCHERS, blueprint, lab_now, picture_url
from makerlab.production.pages.saying import Colours, saying
from makerlab.production.pages.words import GROUPS
from makerlab.production.survey import survey

ALL_LARGE = 12  # printers: so many cards fill the big screen
HEROES = 6  # of more printers: so many cards of those that need somebody, the others are tiles
CROWD, HEROES_IN_CROWD = 120, 4
KEPT = 2048  # cards: 200 printers in four languages, twice


@blueprint.get("/drucker")
@allow(*WATCHERS)
def wall() -> str:
    """All printers, sorted by who has to act; `?nur=` narrows it to a group."""
    board_ = _board(survey(db.session, now=lab_now()), big=False)
    return render_template(
        "production/wall.html", board=board_, calls_url=_calls_url(),
        overdue=in_need_of_upkeep(db.session, now=lab_now()),
    )  # fmt: skip


@blueprint.get("/drucker/wand")
@allow(*WATCHERS)
def big_wall() -> str:
    """The same for the big screen: dark, large, without anything to press."""
    floor = survey(db.session, now=lab_now())
    return render_template(
        "production/big_wall.html", board=_board(floor, big=True), groups=GROUPS, big=True,
        counts=board.counts(board.cards(floor)), calls_url=_calls_url(),
    )  # fmt: skip


@blueprint.get("/drucker/stand")
@allow(*WATCHERS)
def wall_now() -> Response:
    floor = survey(db.session, now=lab_now())
    return unless_known((floor.stamp, _only()), lambda: _board(floor, big=False))


@blueprint.get("/drucker/wand/stand")
@allow(*WATCHERS)
def big_wall_now() -> Response:
    floor = survey(db.session, now=lab_now())
    return unless_known((floor.stamp, "big"), lambda: _board(floor, big=True, again=True))


def _only() -> str | None:
    """The group that the wall is narrowed to."""
    wanted = request.args.get("nur", "")
    return wanted if wanted in GROUPS else None


def _board(floor: Floor, *, big: bool, again: bool = False) -> str:
    """The part that is asked for every two seconds. Without a form: its token would change each time."""
    only = None if big else _only()
    cards = board.cards(floor)
    shown = [card for card in cards if only in (None, card.group_key)]
    large, small = _heroes(shown) if big else (shown, [])
    url = url_for(".big_wall_now") if big else url_for(".wall_now", nur=only)
    return render_template(
        "production/_board.html", url=url, counts=board.counts(cards), groups=GROUPS, big=big, again=again,
        only=only, large=[_html("card", card, big, floor.colours) for card in large],
        small=[_html("tile", card, big, floor.colours) for card in small],
    )  # fmt: skip


def _heroes(cards: list[board.Card]) -> tuple[list[board.Card], list[board.Card]]:
    """Few printers are all large; of many those that need somebody, as far as they have room."""
    if len(cards) <= ALL_LARGE:
        return cards, []
    room = HEROES_IN_CROWD if len(cards) > CROWD else HEROES
    urgent = sum(card.group_key == "somebody" for card in cards[:room])
    return cards[:urgent], cards[urgent:]


def _html(macro: str, card: board.Card, big: bool, colours: Colours) -> str:
    return _kept(macro, card, big, colours, current_code())


@lru_cache(maxsize=KEPT)
def _kept(macro: str, card: board.Card, big: bool, colours: Colours, _language: str) -> str:
    """A card that says the same is not rendered again: of 200 printers few change from poll to poll."""
    href = None if big else url_for("production.printer", printer_id=card.spot.id)
    words = saying(colours)
    render = get_template_attribute("production/_card.html", macro)
    return str(render(card, href, picture_url(card.picture), words["said"], words["load_words"]))


def _calls_url() -> str:
    """Where the kiosk says who waits for help, for those who may go and help."""
    return url_for("kiosk.calls") if may_open("kiosk.calls") else ""

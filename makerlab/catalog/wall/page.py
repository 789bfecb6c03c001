"""The page of the wall: what the address asks for, and the filters as they are offered."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Response, render_template, request
from flask_security import current_user
from sqlalchemy.orm import defer, joinedload, selectinload

from designs.profiles import load
from makerlab.catalog import rules, words
from makerlab.catalog.blueprint import EDITORS, blueprint
from makerlab.catalog.models import Collection, Revision
from makerlab.catalog.states import RevisionState
from makerlab.catalog.wall import board as boards
from makerlab.catalog.wall.board import Board, Found, Wanted
from makerlab.catalog.wall.index import index
from makerlab.catalog.wall.measures import Measured, measures
from makerlab.catalog.wall.rules import SIZES, STOCKS, TIMES
from makerlab.core.access import STAFF, allow, may
from makerlab.core.database import db
from makerlab.core.language import _
from makerlab.core.web import not_modified, settings

A_PAGE = 24  # cards
WHOLE = "catalog/wall.html"
MOST_VALUES = 12  # of one filter, from one person
MOST_RETURNED = 6
NUMBERS = ("partner", "sammlung", "farbe")  # filters whose values are ids


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter: its word, how many it would show, and where that is."""

    word: str
    count: int
    url: str
    active: bool
    hex: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    key: str
    word: str
    choices: Sequence[Choice]

    @property
    def active(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.active]


@blueprint.get("/katalog")
@allow(*STAFF)
def wall() -> Response:
    """All designs as cards with large pictures; further pages are fetched one by one."""
    board, measured, wanted = index().board(db.session), measures(db.session), wanted_now()
    scores = index().find(wanted.query) if wanted.query else {}
    found = board.find(wanted, scores, measured)
    page = min(max(request.args.get("seite", 1, type=int), 1), max(1, -(-len(found.entries) // A_PAGE)))
    shown, template = found.entries[(page - 1) * A_PAGE : page * A_PAGE], _template()
    return not_modified(
        render_template(
            template, entries=shown, total=len(found.entries), any_design=bool(board.entries),
            wanted=wanted, filters=_filters(board, found, wanted, measured), orders=_orders(wanted, measured),
            stock=measured.get("stock"), state_words=words.STATES, picks=_picks(),
            returned=_returned(board) if page == 1 and template == WHOLE else [],
            archived=board.archived.bit_count(),
            more=url_with(seite=page + 1) if page * A_PAGE < len(found.entries) else None,
            before=url_with(seite=page - 1) if page > 1 else None, url_with=url_with,
            collections=_all_collections() if _picks() else [],
            may_edit=may(EDITORS), kept=_kept_pairs(),
        )
    )  # fmt: skip


def _template() -> str:
    """The whole page, what a filter changes of it, or only further cards."""
    parts = {"wall": "catalog/_wall.html", "wall-more": "catalog/_wall_cards.html"}
    return parts.get(request.headers.get("HX-Target", ""), WHOLE)


def wanted_now() -> Wanted:
    """What the address asks for; what it asks for in vain is left out."""
    args = request.args
    chosen: dict[str, Sequence[Any]] = {}
    for name in (*boards.OF_ENTRY, "bestand"):
        values = [rules.clean_line(value, rules.LONGEST_TAG) for value in args.getlist(name)[:MOST_VALUES]]
        chosen[name] = [value for value in map(_parsed(name), values) if value not in (None, "")]
    order = args.get("ordnung", "")
    return Wanted(
        query=rules.clean_line(args.get("q", ""), 80), chosen=chosen, archive=args.get("archiv") == "1",
        order=order if order in boards.ORDERS else "",
    )  # fmt: skip


def _parsed(name: str) -> Callable[[str], Any]:
    if name in NUMBERS:
        return lambda value: int(value) if value.isdecimal() and len(value) < 10 else None
    if name == "stand":
        return lambda value: RevisionState(value) if value in list(RevisionState) else None
    return str


KEPT = ("q", *boards.OF_ENTRY, "bestand", "ordnung", "archiv", "auswahl")


def _kept() -> dict[str, list[str]]:
    return {name: request.args.getlist(name) for name in KEPT if any(request.args.getlist(name))}


def _kept_pairs() -> list[tuple[str, str]]:
    """What a new search keeps of the address."""
    return [(name, value) for name, values in _kept().items() if name != "q" for value in values]


def url_with(**change: Any) -> str:
    """This wall with something changed, from its first page on."""
    wanted = {key: value for key, value in {**_kept(), **change}.items() if value is not None}
    return f"{request.path}?{urlencode(wanted, doseq=True)}" if wanted else request.path


def _picks() -> bool:
    """Whether cards are being chosen to be changed together."""
    return request.args.get("auswahl") == "1" and may(EDITORS)


def _all_collections() -> list[tuple[int, str]]:
    query = sa.select(Collection.id, Collection.name).order_by(Collection.position, Collection.id)
    return [(row.id, row.name) for row in db.session.execute(query)]


def _returned(board: Board) -> Sequence[Revision]:
    """What this person submitted and got back."""
    ids = [
        entry.newest_id
        for entry in board.entries
        if entry.state is RevisionState.RETURNED and entry.newest_by_id == current_user.id
    ]
    query = sa.select(Revision).where(Revision.id.in_(ids[-MOST_RETURNED:])).order_by(Revision.id.desc())
    load_all = (defer(Revision.report), joinedload(Revision.design), selectinload(Revision.reviews))
    return db.session.scalars(query.options(*load_all)).all()


def _filters(board: Board, found: Found, wanted: Wanted, measured: dict[str, Measured]) -> list[Filter]:
    material = {key: one.name for key, one in load(settings().profiles_dir).materials.items()}
    rows: list[tuple[str, str, Callable[[Any], str], Sequence[Any]]] = [
        ("sammlung", _("Sammlung"), lambda id_: board.collections.get(id_, ""), ()),
        ("partner", _("Partner"), lambda id_: board.partners.get(id_, ""), ()),
        ("tag", _("Schlagwort"), str, ()),
        ("farbe", _("Farbe"), lambda id_: _shade(board, id_)[0], ()),
        ("material", _("Material"), lambda key: material.get(key, key), ()),
        ("groesse", _("Größe"), _size_word, SIZES),
        ("zeit", _("Druckzeit"), _time_word, TIMES),
        *([("bestand", _("Bestand"), _stock_word, STOCKS)] if "stock" in measured else []),
        ("stand", _("Stand"), _state_word, tuple(RevisionState)),
    ]
    return [
        Filter(key, word, _choices(key, found, wanted, say, fixed, board))
        for key, word, say, fixed in rows
        if found.counts.get(key)
    ]


def _choices(
    key: str, found: Found, wanted: Wanted, say: Callable[[Any], str], fixed: Iterable[Any], board: Board
) -> list[Choice]:
    """Those that would show something, and those chosen; in their own order, or the most frequent first."""
    counts, chosen = found.counts[key], list(wanted.chosen.get(key, ()))
    values = [value for value in dict.fromkeys([*counts, *chosen]) if counts.get(value) or value in chosen]
    own = {value: number for number, value in enumerate(fixed)}
    values.sort(key=lambda value: own.get(value, 0) if own else -counts.get(value, 0))
    return [
        Choice(
            say(value) or str(value), counts.get(value, 0), _toggled(key, value, chosen), value in chosen,
            _shade(board, value)[1] if key == "farbe" else "",
        )
        for value in values
    ]  # fmt: skip


def _toggled(key: str, value: Any, chosen: Sequence[Any]) -> str:
    kept = [one for one in chosen if one != value] if value in chosen else [*chosen, value]
    return url_with(**{key: [str(one) for one in kept] or None})


def _shade(board: Board, colour_id: int) -> tuple[str, str]:
    shade = board.colours.get(colour_id)
    return (shade.name, shade.hex) if shade else ("", "")


def _state_word(state: RevisionState) -> str:
    return str(words.STATES[state].word)


def _size_word(size: str) -> str:
    return {
        "hand": _("Passt in die Hand (bis 9 cm)"), "tisch": _("Für den Tisch (bis 16 cm)"),
        "raum": _("Für den Raum (bis 26 cm)"), "gross": _("Größer als 26 cm"),
    }.get(size, size)  # fmt: skip


def _time_word(time: str) -> str:
    return {
        "1": _("bis 1 Stunde"), "3": _("1 bis 3 Stunden"), "8": _("3 bis 8 Stunden"),
        "mehr": _("mehr als 8 Stunden"),
    }.get(time, time)  # fmt: skip


def _stock_word(stock: str) -> str:
    return {
        "da": _("Genug da"), "wenig": _("Nur noch wenige"), "leer": _("Nichts da"),
    }.get(stock, stock)  # fmt: skip


def _orders(wanted: Wanted, measured: dict[str, Measured]) -> list[tuple[str, str, bool]]:
    """Word, address and whether it counts now."""
    offered = {
        boards.FITTING: _("Am besten passend"), boards.NEWEST: _("Neueste zuerst"), boards.BY_NAME: _("Name"),
        boards.MOST_MADE: _("Am meisten gemacht"), boards.STOCK_LOW: _("Wenig Bestand zuerst"),
    }  # fmt: skip
    needs = {boards.MOST_MADE: "made", boards.STOCK_LOW: "stock"}
    usual = boards.FITTING if wanted.query else boards.NEWEST
    return [
        (word, url_with(ordnung=None if key == usual else key), (wanted.order or usual) == key)
        for key, word in offered.items()
        if (key != boards.FITTING or wanted.query) and (key not in needs or needs[key] in measured)
    ]

"""The catalogue as this process holds it in memory, brought up to date by every page that reads it."""

from collections.abc import Sequence
from threading import Lock

from flask import Flask, current_app
from sqlalchemy.orm import Session

from makerlab.catalog.queries import Offered, offered
from makerlab.catalog.wall import entries as reading
from makerlab.catalog.wall.board import Board
from makerlab.catalog.wall.entries import Entry
from makerlab.catalog.wall.lookup import Lookup, best, together
from makerlab.catalog.wall.words import asked, fold

_INDEX = "catalog.index"


class Index:
    """Entries by design, and their words. One lock: a page waits while another one reads what changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._stamp: tuple[int, int] | None = None
        self._editions: dict[int, int] = {}
        self._entries: dict[int, Entry] = {}
        self._names: dict[int, str] = {}
        self._words: Lookup[int] = Lookup()
        self._colours: Lookup[int] = Lookup()
        self._board = Board([])
        self._offered: tuple[Board, Sequence[Offered]] | None = None

    def board(self, session: Session) -> Board:
        """All designs as this transaction sees them: one quick query when nothing changed.

        Ask before the transaction changes a design, or what it may still take back is seen by all.
        """
        with self._lock:
            stamp = reading.stamp(session)
            if stamp != self._stamp:
                self._read(session)
                self._stamp = stamp
            return self._board

    def offered(self, session: Session) -> Sequence[Offered]:
        """What `queries.offered` says, asked anew when a design changed."""
        board, known = self.board(session), self._offered
        if known is None or known[0] is not board:
            known = self._offered = board, offered(session)
        return known[1]

    @property
    def stamp(self) -> tuple[int, int] | None:
        """Changes with what `board` gave last."""
        return self._stamp

    def sort_name(self, design_id: int) -> str:
        """The folded name, to sort by."""
        return self._names.get(design_id, "")

    def find(self, query: str) -> dict[int, float]:
        """Design → how well it fits the words."""
        with self._lock:
            return together(
                (word, best(self._words.scores(word), self._colours.scores(word))) for word in asked(query)
            )

    def scores(self, query: str) -> dict[str, dict[int, float]]:
        """Each word of the query → design → how well it fits, its colours left out: for whoever knows which
        of its colours is meant."""
        with self._lock:
            return {word: self._words.scores(word) for word in asked(query)}

    def _read(self, session: Session) -> None:
        now = reading.editions(session)
        changed = [id_ for id_, edition in now.items() if self._editions.get(id_) != edition]
        for id_ in self._editions.keys() - now.keys():
            self._entries.pop(id_, None)
            self._names.pop(id_, None)
            self._words.drop(id_)
            self._colours.drop(id_)
        for known in reading.read(session, changed):
            self._names[known.id] = fold(known.name)
            self._words.put(known.id, known.words)
            self._colours.put(known.id, known.colours)
            if known.entry:
                self._entries[known.id] = known.entry
        self._editions, self._board = now, Board(list(self._entries.values()))


def index() -> Index:
    """That of the running application."""
    found: Index = current_app.extensions[_INDEX]
    return found


def init_index(app: Flask) -> None:
    app.extensions[_INDEX] = Index()

"""All entries at one moment, with their filters and orders. Never changed: a newer moment has a new board."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from makerlab.catalog.wall import rules, words
from makerlab.catalog.wall.entries import Entry, Shade
from makerlab.catalog.wall.measures import Measured

ALL_OF = frozenset({"tag"})
FITTING, NEWEST, BY_NAME, MOST_MADE, STOCK_LOW = "passend", "neu", "name", "gemacht", "bestand"
ORDERS = (NEWEST, BY_NAME, MOST_MADE, STOCK_LOW)

# filter → what an entry has of it
OF_ENTRY: dict[str, Any] = {
    "stand": lambda entry: (entry.state,),
    "partner": lambda entry: (entry.partner_id,) if entry.partner_id else (),
    "tag": lambda entry: entry.tags,
    "sammlung": lambda entry: entry.collections,
    "material": lambda entry: (entry.material,),
    "farbe": lambda entry: [colour.id for colour in entry.colours],
    "groesse": lambda entry: (rules.size_of(entry.size_mm),),
    "zeit": lambda entry: rules.time_of(entry.time_s),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person looks for: words, values by filter, an order, and whether in the archive."""

    query: str = ""
    chosen: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    order: str = ""
    archive: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The entries that fit, in order, and how many each value of each filter would give."""

    entries: Sequence[Entry]
    counts: Mapping[str, Mapping[Any, int]]


class Board:
    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = list(entries)
        self.number = {entry.id: number for number, entry in enumerate(self.entries)}
        self._orders: dict[str, tuple[object, list[int]]] = {}
        self._stock: tuple[object, dict[Any, int]] = (None, {})
        self._whole: dict[object, tuple[int, dict[str, dict[Any, int]]]] = {}

    @cached_property
    def facets(self) -> dict[str, dict[Any, int]]:
        """filter → value → the entries that have it."""
        return {name: rules.facet([of(entry) for entry in self.entries]) for name, of in OF_ENTRY.items()}

    @cached_property
    def archived(self) -> int:
        return rules.facet([(entry.archived,) for entry in self.entries]).get(True, 0)

    @cached_property
    def by_id(self) -> dict[int, Entry]:
        """Design → its entry."""
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def partners(self) -> dict[int, str]:
        """Id → name of those who designed something."""
        return {entry.partner_id: entry.partner for entry in self.entries if entry.partner_id}

    @cached_property
    def collections(self) -> dict[int, str]:
        """Id → name of those that hold something."""
        return {
            id_: name
            for entry in self.entries
            for id_, name in zip(entry.collections, entry.collection_names, strict=True)
        }

    @cached_property
    def colours(self) -> dict[int, Shade]:
        """Those that something is pictured in."""
        return {shade.id: shade for entry in self.entries for shade in entry.colours}

    @property
    def every(self) -> int:
        return (1 << len(self.entries)) - 1

    def find(self, wanted: Wanted, scores: Mapping[int, float], measures: Mapping[str, Measured]) -> Found:
        """`scores` (design → how well it fits) counts where words are asked for."""
        base = self.archived if wanted.archive else self.every & ~self.archived
        if wanted.query:
            base &= self._set(scores)
        left, counts = self._narrowed(wanted, base, measures)
        order = self._order(wanted, scores, measures)
        return Found([self.entries[number] for number in rules.members(left, order)], counts)

    def _narrowed(
        self, wanted: Wanted, base: int, measures: Mapping[str, Measured]
    ) -> tuple[int, dict[str, dict[Any, int]]]:
        """The wall without any filter is opened most: it is counted once."""
        stock = measures.get("stock")
        facets = {**self.facets, "bestand": self._stock_facet(stock)} if stock else self.facets
        if wanted.query or any(wanted.chosen.values()):
            return rules.narrowed(facets, wanted.chosen, ALL_OF, base)
        key = (wanted.archive, stock and stock.stamp)
        if key not in self._whole:
            if len(self._whole) > 10:
                self._whole.clear()
            self._whole[key] = rules.narrowed(facets, {}, ALL_OF, base)
        return self._whole[key]

    def _stock_facet(self, stock: Measured) -> dict[Any, int]:
        if self._stock[0] != stock.stamp:
            values = [(rules.stock_of(stock.of.get(entry.id, 0)),) for entry in self.entries]
            self._stock = stock.stamp, rules.facet(values)
        return self._stock[1]

    def _order(
        self, wanted: Wanted, scores: Mapping[int, float], measures: Mapping[str, Measured]
    ) -> Sequence[int]:
        order = wanted.order or (FITTING if wanted.query else NEWEST)
        if order == FITTING:
            best = sorted(scores, key=lambda id_: (-scores[id_], -id_))
            return [self.number[id_] for id_ in best if id_ in self.number]
        measured = measures.get({MOST_MADE: "made", STOCK_LOW: "stock"}.get(order, ""))
        stamp = measured.stamp if measured else None
        if order not in self._orders or self._orders[order][0] != stamp:
            self._orders[order] = stamp, self._sorted(order, measured)
        return self._orders[order][1]

    def _sorted(self, order: str, measured: Measured | None) -> list[int]:
        figures = measured.of if measured else {}
        key = {
            BY_NAME: lambda entry: (words.fold(entry.name), entry.id),
            MOST_MADE: lambda entry: (-figures.get(entry.id, 0), -entry.id),
            STOCK_LOW: lambda entry: (figures.get(entry.id, 0), words.fold(entry.name)),
        }.get(order, lambda entry: (-entry.newest_at.timestamp(), -entry.id))
        return sorted(range(len(self.entries)), key=lambda number: key(self.entries[number]))

    def _set(self, scores: Mapping[int, float]) -> int:
        numbers = (self.number[id_] for id_ in scores if id_ in self.number)
        return rules.set_of(numbers, len(self.entries))

"""Which plate each free printer is given next, over all of them at once. Pure, over plain values.

What counts, in this order, and why:

1. No plate waits that could run. As many prints start as can; of the urgent ones first as many as can, also
   where that costs a change of filament: somebody waits for them, and a change takes five minutes.
2. The fewest changes of filament: each takes a person and some grams, and may load the wrong spool.
3. What is due first, then what was asked for first.

It is an assignment of least cost, solved exactly. Of a spool on the shelf there is one: a plate whose spool
goes to another plate does not count as startable, and the rest is assigned anew.
"""

import math
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from operator import attrgetter
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from makerlab.production.cheapest import cheapest
from makerlab.production.obstacles import (
    AT_THE_PRINTER,
    OTHER_SPOOL,
    Asking,
    Obstacle,
    PlateNeeds,
    PrinterNow,
    obstacles,
)

Mask = npt.NDArray[np.bool_]
Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A plate that waits. The order in which these are given is that of their due dates and ages."""

    id: int
    needs: PlateNeeds
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Free:
    """A printer that may be given a plate."""

    id: int
    now: PrinterNow


@dataclass(frozen=True, slots=True)
class Filament:
    """What a spool holds, or what a plate wants; an empty lot: any."""

    material: str
    colour_id: int
    lot: str = ""


@dataclass(frozen=True, slots=True)
class OnShelf:
    """A spool that is in no printer."""

    id: int
    filament: Filament
    grams: float

    def serves(self, needs: PlateNeeds) -> bool:
        is_, grams = self.filament, needs.grams or 0.0
        same = (is_.material, is_.colour_id) == (needs.material, needs.colour_id)
        return same and needs.lot in ("", is_.lot) and self.grams >= grams


@dataclass(frozen=True, slots=True)
class Given:
    """The next plate of a printer; `spool`: the one to load before, None where the right one is in."""

    plate_id: int
    spool: OnShelf | None = None


class Fits:
    """What is between all plates and all printers, asked once for each kind of plate and kind of printer."""

    def __init__(self, plates: Sequence[Waiting], printers: Sequence[Free], minute: float) -> None:
        self.plates, self.printers = plates, printers
        self.asking = Asking(minute=minute)
        needs, self.kind_of = _kinds([plate.needs for plate in plates], _but_for_size)
        states, self.state_of = _kinds([one.now for one in printers], _but_for_grams)
        self.needs = [replace(one, grams=None) for one in needs]
        self.states = [replace(one, grams_free=math.inf, bed_clear=True) for one in states]
        self.found = [[self._found(needs, state) for state in self.states] for needs in self.needs]

    def _found(self, needs: PlateNeeds, state: PrinterNow) -> tuple[Obstacle, ...]:
        return tuple(obstacles(needs, state, self.asking))

    @cached_property
    def enough(self) -> Mask:
        """[plate, printer]: what is left on its spool would do."""
        grams = np.array([plate.needs.grams or 0.0 for plate in self.plates])
        free = np.array([printer.now.grams_free for printer in self.printers])
        return grams[:, None] <= free[None, :]

    def all_within(self, bearable: frozenset[Obstacle]) -> Mask:
        """[plate, printer]: nothing but these is in the way; grams not looked at."""
        table = [[bearable.issuperset(found) for found in row] for row in self.found]
        return np.array(table, dtype=bool)[np.ix_(self.kind_of, self.state_of)]


_but_for_size = attrgetter(*(one.name for one in fields(PlateNeeds) if one.name not in ("grams", "time_s")))
_but_for_grams = attrgetter(
    *(one.name for one in fields(PrinterNow) if one.name not in ("grams_free", "bed_clear"))
)


def _kinds(values: Sequence[Kind], key: Callable[[Kind], object]) -> tuple[list[Kind], list[int]]:
    """One of each kind, and for each value which kind it is of."""
    number: dict[object, int] = {}
    first: list[Kind] = []
    which = []
    for value in values:
        of = number.setdefault(key(value), len(number))
        if of == len(first):
            first.append(value)
        which.append(of)
    return first, which


def assign(fits: Fits, shelf: Sequence[OnShelf]) -> dict[int, Given]:
    """printer id → the plate it is given next. No printer gets two, no plate goes to two."""
    plates, printers = fits.plates, fits.printers
    if not plates or not printers:
        return {}
    as_it_is = fits.all_within(AT_THE_PRINTER) & fits.enough
    with_change = fits.all_within(AT_THE_PRINTER | OTHER_SPOOL) & ~as_it_is
    stock = _Stock(plates, shelf)
    with_change &= stock.any_for[:, None]
    urgent = np.array([plate.urgent for plate in plates])
    may_change = np.ones(len(plates), dtype=bool)
    while True:
        pairs = _cheapest(as_it_is, with_change & may_change[:, None], urgent)
        spools, short = stock.hand_out([plate for plate, printer in pairs if not as_it_is[plate, printer]])
        if not short:
            break
        may_change[short] = False
    pairs += _the_rest(with_change, pairs, spools, stock)
    return {printers[printer].id: Given(plates[plate].id, spools.get(plate)) for plate, printer in pairs}


def _cheapest(as_it_is: Mask, with_change: Mask, urgent: Mask) -> list[tuple[int, int]]:
    """Pairs (plate, printer). The weights lie so far apart that no sum of one outweighs the next above."""
    plates, printers = as_it_is.shape
    change = float(plates * printers + 1)
    start = change * (printers + 1)
    hurry = start * (printers + 1)
    rank = np.arange(plates, dtype=float)
    wanted = rank - start - hurry * urgent
    cost = np.where(as_it_is, wanted[:, None], np.where(with_change, wanted[:, None] + change, 0.0))
    return [pair for pair in cheapest(cost) if cost[pair] < 0]


class _Stock:
    """The spools on the shelf, handed out to plates: each to one."""

    def __init__(self, plates: Sequence[Waiting], shelf: Sequence[OnShelf]) -> None:
        self.plates = plates
        held = {plate.needs.lot for plate in plates} - {""}
        # The smallest that will do; a lot that is held for a series goes to others last.
        self.shelf = sorted(shelf, key=lambda spool: (spool.filament.lot in held, spool.grams, spool.id))
        self.of: dict[tuple[str, int], list[OnShelf]] = {}
        for spool in self.shelf:
            self.of.setdefault((spool.filament.material, spool.filament.colour_id), []).append(spool)

    @cached_property
    def any_for(self) -> Mask:
        """[plate]: there is a spool for it at all."""
        return np.array([self.pick(plate.needs, ()) is not None for plate in self.plates], dtype=bool)

    def pick(self, needs: PlateNeeds, taken: Container[int]) -> OnShelf | None:
        there = self.of.get((needs.material, needs.colour_id), [])
        return next((spool for spool in there if spool.id not in taken and spool.serves(needs)), None)

    def hand_out(self, wanting: Sequence[int]) -> tuple[dict[int, OnShelf], list[int]]:
        """plate → its spool; and the plates that can have none, those that wait for the same included."""
        spools: dict[int, OnShelf] = {}
        taken: set[int] = set()
        refused: dict[tuple[str, int, str], float] = {}  # filament → grams from which on nothing is left
        for plate in sorted(wanting):
            needs = self.plates[plate].needs
            spool = self.pick(needs, taken)
            if spool is None:
                key = _filament(needs)
                refused[key] = min(refused.get(key, math.inf), needs.grams or 0.0)
            else:
                spools[plate] = spool
                taken.add(spool.id)
        return spools, [number for number in self._hungry(refused) if number not in spools]

    def _hungry(self, refused: dict[tuple[str, int, str], float]) -> list[int]:
        if not refused:
            return []
        wants = ((number, plate.needs) for number, plate in enumerate(self.plates))
        return [
            number
            for number, needs in wants
            if (needs.grams or 0.0) >= refused.get(_filament(needs), math.inf)
        ]


def _filament(needs: PlateNeeds) -> tuple[str, int, str]:
    return needs.material, needs.colour_id, needs.lot


def _the_rest(
    with_change: Mask, pairs: Sequence[tuple[int, int]], spools: dict[int, OnShelf], stock: _Stock
) -> list[tuple[int, int]]:
    """A spool is left over where its plate then found a printer without a change: others may have it."""
    open_ = with_change.copy()
    for plate, printer in pairs:
        open_[plate, :], open_[:, printer] = False, False
    taken, more = {spool.id for spool in spools.values()}, []
    for plate in np.flatnonzero(open_.any(axis=1)).tolist():
        spool = stock.pick(stock.plates[plate].needs, taken) if open_[plate].any() else None
        if spool is not None:
            printer = int(np.argmax(open_[plate]))
            more.append((plate, printer))
            open_[:, printer] = False
            spools[plate] = spool
            taken.add(spool.id)
    return more

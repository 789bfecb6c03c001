"""Assignment of 2,000 waiting plates to 200 free printers, beside the loop over all pairs.

The lab is made up: 400 orders in 24 colours of two materials on three printer models, a tenth urgent, a fifth
bound to a lot, some that need an enclosure; 200 printers loaded at random, 100 spools on the shelf.
"""

import random

from bench.table import Line, cpu
from makerlab.production.matching import Filament, Fits, Free, Given, OnShelf, Waiting, assign
from makerlab.production.obstacles import (
    AT_THE_PRINTER,
    OTHER_SPOOL,
    Asking,
    PlateNeeds,
    PrinterNow,
    obstacles,
)

PLATES, PRINTERS, ORDERS, SPOOLS = 2_000, 200, 400, 100
MODELS, MATERIALS, COLOURS = ("mk3", "mk4", "mini"), ("pla", "petg"), range(24)
LOTS = [f"L{number}" for number in range(6)]
BOX = frozenset({"Gehäuse"})


def main() -> list[Line]:
    plates, printers, shelf = lab(random.Random(4))  # noqa: S311 (a made-up lab, the same each time)
    seconds, found = cpu(lambda: assign(Fits(plates, printers, 0.0), shelf))
    slow_s, naive = cpu(lambda: all_pairs(plates, printers, shelf), repeat=1)
    waits = could_run(plates, printers, shelf, found)
    return [
        Line(
            f"{PLATES} plates to {PRINTERS} printers", "≤ 1 s", f"{seconds:.2f} s CPU",
            f"{slow_s:.2f} s (all pairs)", f"{slow_s / seconds:.1f}", met=seconds <= 1.0,
        ),
        Line("plates that wait and could run", "0", str(waits), "—", met=waits == 0),
        Line(
            "prints started", "≥ all pairs", str(len(found)), str(len(naive)),
            f"{len(found) / len(naive):.2f}", met=len(found) >= len(naive),
        ),
        Line(
            "changes of filament a start", "≤ all pairs", f"{_changes(found):.2f}", f"{_changes(naive):.2f}",
            f"{_changes(found) / _changes(naive):.2f}", met=_changes(found) <= _changes(naive),
        ),
    ]  # fmt: skip


def lab(chance: random.Random) -> tuple[list[Waiting], list[Free], list[OnShelf]]:
    orders = [_order(chance) for _ in range(ORDERS)]
    plates = [Waiting(number, *chance.choice(orders)) for number in range(PLATES)]
    return plates, [Free(number, _printer(chance)) for number in range(PRINTERS)], _shelf(chance)


def _order(chance: random.Random) -> tuple[PlateNeeds, bool]:
    needs = PlateNeeds(
        chance.choice(MODELS), chance.choice(MATERIALS), chance.choice(COLOURS), chance.uniform(5, 300),
        sliced=True, lot=chance.choice(LOTS) if chance.random() < 0.2 else "",
        tags=BOX if chance.random() < 0.1 else frozenset(), time_s=chance.uniform(900, 40_000),
    )  # fmt: skip
    return needs, chance.random() < 0.1


def _printer(chance: random.Random) -> PrinterNow:
    return PrinterNow(
        chance.choice(MODELS), chance.choice(MATERIALS), chance.choice(COLOURS), chance.uniform(0, 1000),
        idle=True, reachable=True, lot=chance.choice(LOTS),
        tags=BOX if chance.random() < 0.3 else frozenset(),
    )  # fmt: skip


def _shelf(chance: random.Random) -> list[OnShelf]:
    return [
        OnShelf(
            number,
            Filament(chance.choice(MATERIALS), chance.choice(COLOURS), chance.choice(LOTS)),
            chance.uniform(50, 1000),
        )
        for number in range(SPOOLS)
    ]


def all_pairs(plates: list[Waiting], printers: list[Free], shelf: list[OnShelf]) -> dict[int, Given]:
    """Urgent plates first, each on the first printer that may start it: with its spool, else with another."""
    given: dict[int, Given] = {}
    left = list(shelf)
    for waiting in sorted(plates, key=lambda one: not one.urgent):
        free = [one for one in printers if one.id not in given]
        found = [(one.id, set(obstacles(waiting.needs, one.now, Asking()))) for one in free]
        as_it_is = next((id_ for id_, there in found if there <= AT_THE_PRINTER), None)
        other = next((id_ for id_, there in found if there <= AT_THE_PRINTER | OTHER_SPOOL), None)
        spool = next((one for one in left if one.serves(waiting.needs)), None)
        if as_it_is is not None:
            given[as_it_is] = Given(waiting.id)
        elif other is not None and spool is not None:
            given[other] = Given(waiting.id, spool)
            left.remove(spool)
    return given


def could_run(
    plates: list[Waiting], printers: list[Free], shelf: list[OnShelf], found: dict[int, Given]
) -> int:
    """Plates without a printer for which a printer and, where needed, a spool is left."""
    given = {one.plate_id for one in found.values()}
    used = {one.spool.id for one in found.values() if one.spool}
    free = [one.now for one in printers if one.id not in found]
    spools = [one for one in shelf if one.id not in used]
    number = 0
    for waiting in plates:
        if waiting.id not in given:
            change = any(one.serves(waiting.needs) for one in spools)
            bearable = AT_THE_PRINTER | (OTHER_SPOOL if change else frozenset())
            number += any(set(obstacles(waiting.needs, now, Asking())) <= bearable for now in free)
    return number


def _changes(found: dict[int, Given]) -> float:
    return sum(one.spool is not None for one in found.values()) / len(found)

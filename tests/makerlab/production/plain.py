"""Plates, printers and shelves in plain values, for the tests of matching."""

from dataclasses import replace

from makerlab.production.matching import Filament, Free, OnShelf, Waiting
from makerlab.production.obstacles import PlateNeeds, PrinterNow

RED, BLUE = 1, 2
NEEDS = PlateNeeds("mk3", "pla", RED, 100.0, sliced=True, time_s=3600.0)
NOW = PrinterNow("mk3", "pla", RED, 500.0, idle=True, reachable=True, bed_clear=True)


def plate(id_: int, *, urgent: bool = False, **other: object) -> Waiting:
    return Waiting(id_, replace(NEEDS, **other), urgent)  # type: ignore[arg-type]


def printer(id_: int, **other: object) -> Free:
    return Free(id_, replace(NOW, **other))  # type: ignore[arg-type]


def spool(
    id_: int, colour_id: int = RED, grams: float = 500.0, lot: str = "", material: str = "pla"
) -> OnShelf:
    return OnShelf(id_, Filament(material, colour_id, lot), grams)

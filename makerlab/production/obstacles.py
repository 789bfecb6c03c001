"""Why a plate does not start on a printer, and what would help. Pure; the words stand in words.py."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass


class Obstacle(enum.StrEnum):
    """In the order in which a person can do something about them."""

    NOT_SLICED = "not_sliced"
    SLICING_FAILED = "slicing_failed"
    NOT_APPROVED = "not_approved"
    BEYOND_AGREEMENT = "beyond_agreement"
    OTHER_MACHINE = "other_machine"
    OUT_OF_SERVICE = "out_of_service"
    UNREACHABLE = "unreachable"
    PRINTER_ERROR = "printer_error"
    BUSY = "busy"
    COLLECT_FIRST = "collect_first"
    UNCLEAR = "unclear"
    FOREIGN_PRINT = "foreign_print"
    NO_SPOOL = "no_spool"
    OTHER_MATERIAL = "other_material"
    OTHER_COLOUR = "other_colour"
    NOT_ENOUGH = "not_enough"
    NO_INSTRUCTION = "no_instruction"
    BED_OCCUPIED = "bed_occupied"


# Whoever stands at the printer removes this one by looking at the bed; all others must go first.
AT_THE_PRINTER = frozenset({Obstacle.BED_OCCUPIED})


@dataclass(frozen=True, slots=True)
class PlateNeeds:
    """What a plate asks of a printer; weights in grams, `grams` None before it is sliced."""

    machine: str
    material: str
    colour_id: int
    grams: float | None
    sliced: bool
    slicing_failed: bool = False
    approved: bool = True
    within_agreement: bool = True


@dataclass(frozen=True, slots=True)
class PrinterNow:
    """What is known of a printer; `grams_free` is what is left on its spool less what is promised."""

    machine: str
    material: str | None
    colour_id: int | None
    grams_free: float
    idle: bool
    reachable: bool
    error: bool = False
    out_of_service: bool = False
    active: bool = False  # an attempt is under way
    to_collect: bool = False  # an attempt is over and waits for a person
    unclear: bool = False  # an attempt whose truth a person must decide
    foreign: bool = False
    bed_clear: bool = False


def obstacles(plate: PlateNeeds, printer: PrinterNow, *, instructed: bool) -> list[Obstacle]:
    """All that stands between this plate and a start on this printer by this person; empty: it may start."""
    return [*_of_the_plate(plate), *_of_the_printer(plate, printer), *_of_the_person(printer, instructed)]


def _of_the_plate(plate: PlateNeeds) -> Iterator[Obstacle]:
    if plate.slicing_failed:
        yield Obstacle.SLICING_FAILED
    elif not plate.sliced:
        yield Obstacle.NOT_SLICED
    if not plate.approved:
        yield Obstacle.NOT_APPROVED
    if not plate.within_agreement:
        yield Obstacle.BEYOND_AGREEMENT


def _of_the_printer(plate: PlateNeeds, printer: PrinterNow) -> Iterator[Obstacle]:
    if plate.machine != printer.machine:
        yield Obstacle.OTHER_MACHINE
        return
    if printer.out_of_service:
        yield Obstacle.OUT_OF_SERVICE
    yield from _of_its_state(printer)
    yield from _of_its_spool(plate, printer)


def _of_its_state(printer: PrinterNow) -> Iterator[Obstacle]:
    """At most one: the first that explains why it does not print for us."""
    reasons = (
        (printer.unclear, Obstacle.UNCLEAR),
        (printer.to_collect, Obstacle.COLLECT_FIRST),
        (printer.active, Obstacle.BUSY),
        (not printer.reachable, Obstacle.UNREACHABLE),
        (printer.foreign, Obstacle.FOREIGN_PRINT),
        (printer.error, Obstacle.PRINTER_ERROR),
        (not printer.idle, Obstacle.BUSY),
    )
    yield from [obstacle for holds, obstacle in reasons if holds][:1]


def _of_its_spool(plate: PlateNeeds, printer: PrinterNow) -> Iterator[Obstacle]:
    if printer.material is None:
        yield Obstacle.NO_SPOOL
    elif printer.material != plate.material:
        yield Obstacle.OTHER_MATERIAL
    elif printer.colour_id != plate.colour_id:
        yield Obstacle.OTHER_COLOUR
    elif plate.grams is not None and plate.grams > printer.grams_free:
        yield Obstacle.NOT_ENOUGH


def _of_the_person(printer: PrinterNow, instructed: bool) -> Iterator[Obstacle]:
    if not instructed:
        yield Obstacle.NO_INSTRUCTION
    if not printer.bed_clear:
        yield Obstacle.BED_OCCUPIED

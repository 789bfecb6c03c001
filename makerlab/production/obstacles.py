"""Why a plate does not start on a printer, what would help, and who can do it. Pure; words in words.py."""

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from makerlab.fleet.hours import Week


class Obstacle(enum.StrEnum):
    """In the order in which a person can do something about them."""

    NOT_SLICED = "not_sliced"
    SLICING_FAILED = "slicing_failed"
    NOT_APPROVED = "not_approved"
    BEYOND_AGREEMENT = "beyond_agreement"
    ORDER_HELD = "order_held"
    FIRST_PIECE = "first_piece"
    OTHER_MACHINE = "other_machine"
    OTHER_SITE = "other_site"
    OUT_OF_SERVICE = "out_of_service"
    UPKEEP_DUE = "upkeep_due"
    PRINTER_HELD = "printer_held"
    UNREACHABLE = "unreachable"
    PRINTER_ERROR = "printer_error"
    BUSY = "busy"
    COLLECT_FIRST = "collect_first"
    UNCLEAR = "unclear"
    FOREIGN_PRINT = "foreign_print"
    OTHER_NOZZLE = "other_nozzle"
    TAG_MISSING = "tag_missing"
    NO_SPOOL = "no_spool"
    OTHER_MATERIAL = "other_material"
    OTHER_COLOUR = "other_colour"
    OTHER_LOT = "other_lot"
    NOT_ENOUGH = "not_enough"
    NO_INSTRUCTION = "no_instruction"
    CLOSED = "closed"
    ENDS_ALONE = "ends_alone"
    BED_OCCUPIED = "bed_occupied"


class Helper(enum.StrEnum):
    """Who can take an obstacle out of the way."""

    YOU = "you"  # whoever stands there
    INSTRUCTOR = "instructor"
    ADMINISTRATOR = "administrator"
    LIAISON = "liaison"
    TIME = "time"  # goes away by itself


Obs, Who = Obstacle, Helper

# Who helps, and how far the start is then: 0 at once, 1 minutes, 2 a walk to the shelf, from 50 not here.
HELP: dict[Obstacle, tuple[Helper, int]] = {
    Obs.BED_OCCUPIED: (Who.YOU, 0),
    Obs.NOT_SLICED: (Who.TIME, 1),
    Obs.COLLECT_FIRST: (Who.YOU, 1),
    Obs.NO_SPOOL: (Who.YOU, 2),
    Obs.OTHER_MATERIAL: (Who.YOU, 2),
    Obs.OTHER_COLOUR: (Who.YOU, 2),
    Obs.OTHER_LOT: (Who.YOU, 2),
    Obs.NOT_ENOUGH: (Who.YOU, 2),
    Obs.ENDS_ALONE: (Who.INSTRUCTOR, 3),
    Obs.FIRST_PIECE: (Who.INSTRUCTOR, 3),
    Obs.UNCLEAR: (Who.INSTRUCTOR, 3),
    Obs.BUSY: (Who.TIME, 4),
    Obs.FOREIGN_PRINT: (Who.TIME, 4),
    Obs.ORDER_HELD: (Who.INSTRUCTOR, 4),
    Obs.PRINTER_HELD: (Who.INSTRUCTOR, 4),
    Obs.NO_INSTRUCTION: (Who.INSTRUCTOR, 5),
    Obs.CLOSED: (Who.TIME, 5),
    Obs.UPKEEP_DUE: (Who.INSTRUCTOR, 6),
    Obs.UNREACHABLE: (Who.INSTRUCTOR, 6),
    Obs.PRINTER_ERROR: (Who.INSTRUCTOR, 6),
    Obs.OUT_OF_SERVICE: (Who.INSTRUCTOR, 7),
    Obs.SLICING_FAILED: (Who.INSTRUCTOR, 7),
    Obs.NOT_APPROVED: (Who.INSTRUCTOR, 7),
    Obs.BEYOND_AGREEMENT: (Who.LIAISON, 7),
    Obs.OTHER_NOZZLE: (Who.ADMINISTRATOR, 7),
    Obs.TAG_MISSING: (Who.ADMINISTRATOR, 8),
    Obs.OTHER_SITE: (Who.ADMINISTRATOR, 50),
    Obs.OTHER_MACHINE: (Who.ADMINISTRATOR, 99),
}

# Whoever stands at the printer removes this one by looking at the bed; all others must go first.
AT_THE_PRINTER = frozenset({Obs.BED_OCCUPIED})
# Another spool takes these out of the way.
OTHER_SPOOL = frozenset({Obs.NO_SPOOL, Obs.OTHER_MATERIAL, Obs.OTHER_COLOUR, Obs.OTHER_LOT, Obs.NOT_ENOUGH})
# Nothing that a person does to this printer makes it one for this plate.
ELSEWHERE = frozenset({Obs.OTHER_MACHINE, Obs.OTHER_SITE})


@dataclass(frozen=True, slots=True)
class PlateNeeds:
    """What a plate asks of a printer; weights in grams, `grams` and `time_s` None before it is sliced.

    `lot`: the one held for its series, or empty; `tags`: what the printer must have; `site_id`: where it is
    to be made, None anywhere. It was prepared for the nozzle of its machine model.
    """

    machine: str
    material: str
    colour_id: int
    grams: float | None
    sliced: bool
    slicing_failed: bool = False
    approved: bool = True
    within_agreement: bool = True
    lot: str = ""
    tags: frozenset[str] = frozenset()
    site_id: int | None = None
    order_held: bool = False
    first_piece: bool = False  # the order's first piece is not released, and this plate does not make it
    time_s: float | None = None


@dataclass(frozen=True, slots=True)
class PrinterNow:
    """What is known of a printer; `grams_free` is what is left on its spool less what is promised.

    `nozzle_mm`: another nozzle than that of its model; None: that one.
    """

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
    nozzle_mm: float | None = None
    lot: str = ""
    tags: frozenset[str] = frozenset()
    site_id: int | None = None
    held: bool = False
    upkeep_due: bool = False
    week: Week | None = None  # when people are there; None: always
    may_end_alone: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """Who would start, and when: `minute` of the week, from Monday 0:00 where the printers stand.

    `instructed` None: nobody in particular; then neither the instruction nor the role is in the way.
    """

    instructed: bool | None = None
    instructor: bool = False
    minute: float = 0.0

    @property
    def is_trainee(self) -> bool:
        return self.instructed is not None and not self.instructor


def obstacles(plate: PlateNeeds, printer: PrinterNow, asking: Asking) -> list[Obstacle]:
    """All that stands between this plate and a start on this printer now; empty: it may start."""
    if plate.machine != printer.machine:
        return [*of_the_plate(plate), Obs.OTHER_MACHINE]
    return [
        *of_the_plate(plate),
        *_of_the_place(plate, printer),
        *of_the_printer(printer),
        *_of_its_parts(plate, printer),
        *_of_its_spool(plate, printer),
        *_of_the_person(plate, printer, asking),
    ]


def of_the_plate(plate: PlateNeeds) -> Iterator[Obstacle]:
    """What keeps it from starting anywhere."""
    if plate.slicing_failed:
        yield Obs.SLICING_FAILED
    elif not plate.sliced:
        yield Obs.NOT_SLICED
    if not plate.approved:
        yield Obs.NOT_APPROVED
    if not plate.within_agreement:
        yield Obs.BEYOND_AGREEMENT
    if plate.order_held:
        yield Obs.ORDER_HELD
    if plate.first_piece:
        yield Obs.FIRST_PIECE


def _of_the_place(plate: PlateNeeds, printer: PrinterNow) -> Iterator[Obstacle]:
    if plate.site_id is not None and plate.site_id != printer.site_id:
        yield Obs.OTHER_SITE


def of_the_printer(printer: PrinterNow) -> Iterator[Obstacle]:
    """What keeps it from printing anything: a person's word, and the first that explains its state."""
    if printer.out_of_service:
        yield Obs.OUT_OF_SERVICE
    if printer.upkeep_due:
        yield Obs.UPKEEP_DUE
    if printer.held:
        yield Obs.PRINTER_HELD
    reasons = (
        (printer.unclear, Obs.UNCLEAR),
        (printer.to_collect, Obs.COLLECT_FIRST),
        (printer.active, Obs.BUSY),
        (not printer.reachable, Obs.UNREACHABLE),
        (printer.foreign, Obs.FOREIGN_PRINT),
        (printer.error, Obs.PRINTER_ERROR),
        (not printer.idle, Obs.BUSY),
    )
    yield from [obstacle for holds, obstacle in reasons if holds][:1]


def _of_its_parts(plate: PlateNeeds, printer: PrinterNow) -> Iterator[Obstacle]:
    if printer.nozzle_mm is not None:
        yield Obs.OTHER_NOZZLE
    if not plate.tags <= printer.tags:
        yield Obs.TAG_MISSING


def _of_its_spool(plate: PlateNeeds, printer: PrinterNow) -> Iterator[Obstacle]:
    """At most one: each of them is another spool."""
    if printer.material is None:
        yield Obs.NO_SPOOL
    elif printer.material != plate.material:
        yield Obs.OTHER_MATERIAL
    elif printer.colour_id != plate.colour_id:
        yield Obs.OTHER_COLOUR
    elif plate.lot and printer.lot != plate.lot:
        yield Obs.OTHER_LOT
    elif plate.grams is not None and plate.grams > printer.grams_free:
        yield Obs.NOT_ENOUGH


def _of_the_person(plate: PlateNeeds, printer: PrinterNow, asking: Asking) -> Iterator[Obstacle]:
    if asking.instructed is False:
        yield Obs.NO_INSTRUCTION
    if printer.week is not None and not printer.week.staffed(asking.minute):
        yield Obs.CLOSED
    elif asking.is_trainee and ends_alone(plate, printer, asking.minute):
        yield Obs.ENDS_ALONE
    if not printer.bed_clear:
        yield Obs.BED_OCCUPIED


def ends_alone(plate: PlateNeeds, printer: PrinterNow, minute: float) -> bool:
    """The print would end while nobody is there, and nobody allowed that for the site."""
    if printer.week is None or printer.may_end_alone or plate.time_s is None:
        return False
    return not printer.week.staffed(minute + plate.time_s / 60)


def startable(found: Iterable[Obstacle]) -> bool:
    """Only the look at the bed is missing."""
    return AT_THE_PRINTER.issuperset(found)


def distance(found: Iterable[Obstacle]) -> int:
    """How far from a start: the sum over what is in the way. 0: somebody at the printer may start."""
    return sum(HELP[obstacle][1] for obstacle in found)


def foremost(found: Iterable[Obstacle]) -> Obstacle | None:
    """The one thing to do first. What is being sliced comes by itself: anything else is said first."""
    there = [one for one in found if one not in AT_THE_PRINTER]
    return next((one for one in there if one is not Obs.NOT_SLICED), there[0] if there else None)


def helper(obstacle: Obstacle) -> Helper:
    """Who can do it."""
    return HELP[obstacle][0]

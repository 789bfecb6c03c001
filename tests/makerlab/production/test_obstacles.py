"""What stands between a plate and a start: each thing alone is found, and said with who can help."""

from dataclasses import replace

import pytest

from makerlab.fleet.hours import week_of
from makerlab.production.matching import Fits
from makerlab.production.obstacles import AT_THE_PRINTER, Asking, Obstacle, distance, foremost, obstacles
from makerlab.production.remedies import Help, Helps
from tests.makerlab.production.plain import BLUE, NEEDS, NOW, plate, printer, spool

WEEK = week_of([(480, 960)] * 7)
TEN, LATE = 600.0, 1200.0  # minutes of a Monday
TRAINEE, INSTRUCTOR = Asking(True, minute=TEN), Asking(True, instructor=True, minute=TEN)


@pytest.mark.parametrize(
    ("needs", "now", "found"),
    [
        ({}, {}, None),
        ({"sliced": False}, {}, Obstacle.NOT_SLICED),
        ({"slicing_failed": True}, {}, Obstacle.SLICING_FAILED),
        ({"approved": False}, {}, Obstacle.NOT_APPROVED),
        ({"within_agreement": False}, {}, Obstacle.BEYOND_AGREEMENT),
        ({"order_held": True}, {}, Obstacle.ORDER_HELD),
        ({"first_piece": True}, {}, Obstacle.FIRST_PIECE),
        ({"machine": "mini"}, {"out_of_service": True}, Obstacle.OTHER_MACHINE),
        ({"site_id": 1}, {"site_id": 2}, Obstacle.OTHER_SITE),
        ({"site_id": None}, {"site_id": 2}, None),
        ({}, {"out_of_service": True}, Obstacle.OUT_OF_SERVICE),
        ({}, {"upkeep_due": True}, Obstacle.UPKEEP_DUE),
        ({}, {"held": True}, Obstacle.PRINTER_HELD),
        ({}, {"reachable": False, "idle": False}, Obstacle.UNREACHABLE),
        ({}, {"error": True, "idle": False}, Obstacle.PRINTER_ERROR),
        ({}, {"active": True, "idle": False}, Obstacle.BUSY),
        ({}, {"active": True, "to_collect": True}, Obstacle.COLLECT_FIRST),
        ({}, {"active": True, "unclear": True, "reachable": False}, Obstacle.UNCLEAR),
        ({}, {"foreign": True, "idle": False}, Obstacle.FOREIGN_PRINT),
        ({}, {"nozzle_mm": 0.6}, Obstacle.OTHER_NOZZLE),
        ({"tags": frozenset({"Gehäuse"})}, {"tags": frozenset({"Stahl-Düse"})}, Obstacle.TAG_MISSING),
        ({"tags": frozenset({"Gehäuse"})}, {"tags": frozenset({"Gehäuse", "Stahl-Düse"})}, None),
        ({}, {"material": None}, Obstacle.NO_SPOOL),
        ({"material": "petg"}, {}, Obstacle.OTHER_MATERIAL),
        ({"colour_id": BLUE}, {}, Obstacle.OTHER_COLOUR),
        ({"lot": "7"}, {"lot": "8"}, Obstacle.OTHER_LOT),
        ({"lot": ""}, {"lot": "8"}, None),
        ({"grams": 500.1}, {}, Obstacle.NOT_ENOUGH),
        ({"grams": 500.0}, {}, None),
        ({}, {"bed_clear": False}, Obstacle.BED_OCCUPIED),
    ],
)
def test_each_thing_alone_is_what_is_said(
    needs: dict[str, object], now: dict[str, object], found: Obstacle | None
) -> None:
    there = obstacles(replace(NEEDS, **needs), replace(NOW, **now), TRAINEE)  # type: ignore[arg-type]
    assert there == ([] if found is None else [found])


def test_nobody_starts_a_machine_without_its_instruction() -> None:
    assert obstacles(NEEDS, NOW, Asking(False)) == [Obstacle.NO_INSTRUCTION]
    assert obstacles(NEEDS, NOW, Asking(None)) == []


def test_a_print_starts_only_while_somebody_is_there() -> None:
    staffed = replace(NOW, week=WEEK)
    assert obstacles(NEEDS, staffed, TRAINEE) == []
    for asking in (Asking(None, minute=LATE), Asking(True, instructor=True, minute=LATE)):
        assert obstacles(NEEDS, staffed, asking) == [Obstacle.CLOSED]


def test_a_print_that_ends_alone_is_an_instructors_to_start() -> None:
    night, staffed = replace(NEEDS, time_s=8 * 3600.0), replace(NOW, week=WEEK)
    assert obstacles(night, staffed, TRAINEE) == [Obstacle.ENDS_ALONE]
    assert obstacles(night, staffed, INSTRUCTOR) == []
    assert obstacles(night, replace(staffed, may_end_alone=True), TRAINEE) == []
    until_tomorrow = replace(NEEDS, time_s=24 * 3600.0)  # somebody is there again
    assert obstacles(until_tomorrow, staffed, TRAINEE) == []


def test_the_foremost_is_what_a_person_can_do_something_about() -> None:
    assert (
        foremost([Obstacle.NOT_SLICED, Obstacle.OTHER_COLOUR, Obstacle.BED_OCCUPIED]) is Obstacle.OTHER_COLOUR
    )
    assert foremost([Obstacle.NOT_SLICED]) is Obstacle.NOT_SLICED
    assert foremost(AT_THE_PRINTER) is None
    assert distance([Obstacle.OTHER_MACHINE]) > distance([Obstacle.OTHER_COLOUR]) > distance(AT_THE_PRINTER)


def helped(*plates: object, at: object, shelf: tuple[object, ...] = ()) -> Help | None:
    return Helps(Fits(plates, [at], TEN), shelf, []).at(0)  # type: ignore[arg-type]


def test_what_starts_the_most_is_what_is_said() -> None:
    blue = [plate(number, colour_id=BLUE, lot="7") for number in (1, 2, 3)]
    held = [plate(number, order_held=True) for number in (4, 5)]
    best = helped(*blue, *held, at=printer(1), shelf=(spool(9, BLUE, lot="7"),))
    assert best is not None
    assert (best.obstacle, best.plates, best.on_shelf) == (Obstacle.OTHER_COLOUR, 3, True)
    assert best.filament is not None
    assert (best.filament.colour_id, best.filament.lot) == (BLUE, "7")


def test_a_spool_that_nobody_has_must_be_bought() -> None:
    best = helped(plate(1, colour_id=BLUE), at=printer(1), shelf=(spool(9, BLUE, grams=10),))
    assert best is not None
    assert not best.on_shelf


def test_two_things_in_the_way_are_no_single_help() -> None:
    assert helped(plate(1, colour_id=BLUE, order_held=True), at=printer(1)) is None


def test_what_belongs_to_other_printers_is_no_help_for_this_one() -> None:
    assert helped(plate(1, machine="mini"), plate(2, site_id=2), at=printer(1, site_id=1)) is None


def test_a_missing_tag_is_named() -> None:
    best = helped(plate(1, tags=frozenset({"Gehäuse", "Kamera"})), at=printer(1, tags=frozenset({"Kamera"})))
    assert best == Help(Obstacle.TAG_MISSING, 1, tags=("Gehäuse",))

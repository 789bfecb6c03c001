"""Which plate each free printer is given: what counts before what, and promises that hold for any lab."""

from collections.abc import Sequence

from hypothesis import given as for_any
from hypothesis import strategies as st

from bench.assignment import all_pairs
from makerlab.production.matching import Fits, Free, Given, OnShelf, Waiting, assign
from makerlab.production.obstacles import AT_THE_PRINTER, OTHER_SPOOL, Asking, obstacles
from tests.makerlab.production.plain import BLUE, RED, plate, printer, spool


def matched(
    plates: Sequence[Waiting], printers: Sequence[Free], shelf: Sequence[OnShelf] = ()
) -> dict[int, Given]:
    return assign(Fits(plates, printers, 0.0), shelf)


def test_a_plate_goes_where_its_spool_is() -> None:
    found = matched([plate(1, colour_id=BLUE), plate(2)], [printer(1), printer(2, colour_id=BLUE)])
    assert found == {1: Given(2), 2: Given(1)}


def test_fewest_changes_come_before_the_due_date() -> None:
    """The blue one is due first, but the red one starts without a change."""
    found = matched([plate(1, colour_id=BLUE), plate(2)], [printer(1)], [spool(7, BLUE)])
    assert found == {1: Given(2)}


def test_an_urgent_plate_is_worth_a_change() -> None:
    found = matched([plate(1), plate(2, colour_id=BLUE, urgent=True)], [printer(1)], [spool(7, BLUE)])
    assert found == {1: Given(2, spool(7, BLUE))}


def test_without_a_change_the_due_date_decides() -> None:
    assert matched([plate(4), plate(2), plate(3)], [printer(1)]) == {1: Given(4)}


def test_a_plate_makes_room_for_one_that_can_go_nowhere_else() -> None:
    """Plate 1 fits both printers; plate 2 needs the enclosure of the first."""
    box = frozenset({"Gehäuse"})
    found = matched([plate(1), plate(2, tags=box)], [printer(1, tags=box), printer(2)])
    assert found == {1: Given(2), 2: Given(1)}


def test_too_little_left_is_a_change_to_a_fuller_spool() -> None:
    found = matched([plate(1, grams=300.0)], [printer(1, grams_free=299.0)], [spool(7, grams=300.0)])
    assert found == {1: Given(1, spool(7, grams=300.0))}
    assert matched([plate(1, grams=300.0)], [printer(1, grams_free=299.0)], [spool(7, grams=299.0)]) == {}


def test_one_spool_on_the_shelf_is_promised_to_one_printer() -> None:
    blue = [plate(number, colour_id=BLUE) for number in (1, 2, 3)]
    found = matched(blue, [printer(1), printer(2)], [spool(7, BLUE)])
    assert [one.plate_id for one in found.values()] == [1]


def test_the_smallest_spool_that_will_do_is_taken() -> None:
    found = matched([plate(1, colour_id=BLUE)], [printer(1)], [spool(7, BLUE, 900), spool(8, BLUE, 120)])
    assert found[1].spool == spool(8, BLUE, 120)


def test_a_lot_held_for_a_series_is_left_to_it() -> None:
    shelf = [spool(7, BLUE, 200, lot="L1"), spool(8, BLUE, 900, lot="L2")]
    plates = [plate(1, colour_id=BLUE), plate(2, colour_id=BLUE, lot="L1")]
    found = matched(plates, [printer(1), printer(2)], shelf)
    assert {one.plate_id: one.spool.id for one in found.values() if one.spool} == {1: 8, 2: 7}


def test_a_lot_that_is_not_in_the_printer_is_a_change() -> None:
    shelf = [spool(7, lot="L1")]
    assert matched([plate(1, lot="L1")], [printer(1, lot="L2")], shelf) == {1: Given(1, shelf[0])}
    assert matched([plate(1, lot="L1")], [printer(1, lot="L1")]) == {1: Given(1)}


def test_what_is_held_or_not_ready_is_given_to_nobody() -> None:
    for other in ({"order_held": True}, {"first_piece": True}, {"sliced": False}, {"approved": False}):
        assert matched([plate(1, **other)], [printer(1)]) == {}, other
    for other in ({"held": True}, {"upkeep_due": True}, {"out_of_service": True}, {"idle": False}):
        assert matched([plate(1)], [printer(1, **other)]) == {}, other


def test_an_empty_lab_is_no_error() -> None:
    assert matched([], [printer(1)]) == matched([plate(1)], []) == {}


MACHINES, TAGS = ("mk3", "mk4"), (frozenset[str](), frozenset({"box"}))
grams = st.sampled_from([50.0, 200.0, 600.0])
lots = st.sampled_from(["", "A", "B"])
kinds = {"machine": st.sampled_from(MACHINES), "colour_id": st.sampled_from([RED, BLUE]), "lot": lots}
plates = st.lists(
    st.builds(dict, urgent=st.booleans(), grams=grams, tags=st.sampled_from(TAGS), **kinds), max_size=9
).map(lambda rows: [plate(number, **row) for number, row in enumerate(rows, 1)])
printers = st.lists(
    st.builds(
        dict, grams_free=grams, tags=st.sampled_from(TAGS), idle=st.sampled_from([True, True, False]), **kinds
    ),
    max_size=6,
).map(lambda rows: [printer(number, **row) for number, row in enumerate(rows, 1)])
shelves = st.lists(st.tuples(st.sampled_from([RED, BLUE]), grams, lots), max_size=5).map(
    lambda rows: [spool(number, *row) for number, row in enumerate(rows, 1)]
)


@for_any(plates, printers, shelves)
def test_nobody_gets_two(plates: list[Waiting], printers: list[Free], shelf: list[OnShelf]) -> None:
    found = matched(plates, printers, shelf)
    assert len({one.plate_id for one in found.values()}) == len(found)
    spools = [one.spool.id for one in found.values() if one.spool]
    assert len(set(spools)) == len(spools)


@for_any(plates, printers, shelves)
def test_what_is_given_may_start(plates: list[Waiting], printers: list[Free], shelf: list[OnShelf]) -> None:
    needs = {one.id: one.needs for one in plates}
    now = {one.id: one.now for one in printers}
    for printer_id, one in matched(plates, printers, shelf).items():
        left = set(obstacles(needs[one.plate_id], now[printer_id], Asking()))
        assert left <= (AT_THE_PRINTER if one.spool is None else AT_THE_PRINTER | OTHER_SPOOL)
        assert one.spool is None or one.spool.serves(needs[one.plate_id])


@for_any(plates, printers, shelves)
def test_no_plate_waits_that_could_run(
    plates: list[Waiting], printers: list[Free], shelf: list[OnShelf]
) -> None:
    found = matched(plates, printers, shelf)
    given = {one.plate_id for one in found.values()}
    used = {one.spool.id for one in found.values() if one.spool}
    for waiting in plates:
        if waiting.id in given:
            continue
        spools = [one for one in shelf if one.id not in used and one.serves(waiting.needs)]
        bearable = AT_THE_PRINTER | (OTHER_SPOOL if spools else set())
        for one in printers:
            if one.id not in found:
                assert not set(obstacles(waiting.needs, one.now, Asking())) <= bearable


@for_any(plates, printers)
def test_never_more_changes_than_going_through_all_pairs(plates: list[Waiting], printers: list[Free]) -> None:
    """With spools enough on the shelf: at least as many start, with no more changes where as many start."""
    shelf = [spool(number, colour, 600, lot) for number, (colour, lot) in enumerate(_all_kinds() * 9)]
    calm = [Waiting(one.id, one.needs) for one in plates]
    ours, theirs = matched(calm, printers, shelf), all_pairs(calm, printers, shelf)
    assert len(ours) >= len(theirs)
    if len(ours) == len(theirs):
        assert _changes(ours) <= _changes(theirs)


@for_any(plates, printers)
def test_as_many_urgent_plates_start_as_can(plates: list[Waiting], printers: list[Free]) -> None:
    shelf = [spool(number, colour, 600, lot) for number, (colour, lot) in enumerate(_all_kinds() * 9)]
    urgent = [one for one in plates if one.urgent]
    among_all = {one.plate_id for one in matched(plates, printers, shelf).values()}
    assert len(among_all & {one.id for one in urgent}) == len(matched(urgent, printers, shelf))


def _all_kinds() -> list[tuple[int, str]]:
    return [(colour, lot) for colour in (RED, BLUE) for lot in ("", "A", "B")]


def _changes(found: dict[int, Given]) -> int:
    return sum(one.spool is not None for one in found.values())

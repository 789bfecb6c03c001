"""How pieces are spread over beds, printers and models: early ready, few walks, nothing too large."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makerlab.production.spreading import Model, split, spread

HOUR = 3600.0
MODELS = st.builds(
    Model,
    key=st.sampled_from(["mk3s", "mk4", "mini", "xl", "a1"]),
    capacity=st.integers(0, 30),
    free_in_s=st.lists(st.floats(0, 9 * HOUR), max_size=6).map(tuple),
    piece_s=st.floats(60, 5 * HOUR),
    plate_s=st.floats(0, 600),
)
FLEETS = st.lists(MODELS, max_size=5, unique_by=lambda model: model.key)


def model(key: str = "mk3s", *, capacity: int = 9, printers: int = 4, piece_s: float = HOUR) -> Model:
    return Model(key, capacity, (0.0,) * printers, piece_s, plate_s=240.0)


def sizes(pieces: int, *models: Model) -> dict[str, tuple[int, ...]]:
    return {one.model.key: one.sizes for one in spread(pieces, models)}


@pytest.mark.parametrize(("pieces", "capacity"), [(1, 1), (4, 4), (5, 4), (8, 4), (500, 7)])
def test_beds_add_up(pieces: int, capacity: int) -> None:
    beds = split(pieces, capacity)
    assert sum(beds) == pieces
    assert set(beds[:-1]) <= {capacity}
    assert 0 < beds[-1] <= capacity


@given(st.integers(1, 500), FLEETS)
def test_every_piece_has_a_place_and_no_plate_is_too_large(pieces: int, fleet: list[Model]) -> None:
    spreads = spread(pieces, fleet)
    usable = any(one.capacity and one.free_in_s for one in fleet)
    assert sum(sum(one.sizes) for one in spreads) == (pieces if usable else 0)
    for one in spreads:
        assert 0 < min(one.sizes) <= max(one.sizes) <= one.model.capacity
        assert len(set(one.sizes)) <= 2, "two arrangements at most are sliced"
        assert set(one.sizes[:-1]) <= {one.sizes[0]}, "only the last plate is smaller"


def test_a_bed_and_a_half_of_long_prints_goes_onto_all_four_printers() -> None:
    assert sizes(14, model()) == {"mk3s": (4, 4, 4, 2)}


def test_quick_pieces_are_not_worth_four_walks() -> None:
    assert sizes(5, model(piece_s=60)) == {"mk3s": (5,)}
    assert sizes(12, model(piece_s=300)) == {"mk3s": (6, 6)}


def test_more_rounds_than_needed_are_never_made() -> None:
    assert sizes(40, model(piece_s=2 * HOUR)) == {"mk3s": (5,) * 8}


def test_one_printer_gets_full_beds() -> None:
    assert sizes(20, model(printers=1)) == {"mk3s": (9, 9, 2)}


def test_a_printer_that_is_busy_for_long_is_not_waited_for() -> None:
    late = Model("mk3s", 4, (0.0, 20 * HOUR), HOUR, plate_s=240.0)
    [one] = spread(8, [late])
    assert (one.sizes, one.end_s) == ((4, 4), 8 * HOUR + 480)


def test_two_models_share_what_one_alone_would_take_long_for() -> None:
    found = sizes(12, model(printers=1), model("mini", capacity=4, printers=1))
    assert sum(map(sum, found.values())) == 12
    assert set(found) == {"mk3s", "mini"}
    assert max(map(sum, found.values())) <= 7


def test_a_second_model_that_saves_minutes_is_left_alone() -> None:
    assert set(sizes(4, model(printers=4), model("mini", printers=1))) == {"mk3s"}


def test_nobody_plans_for_no_machine() -> None:
    assert spread(3, []) == []
    assert spread(3, [model(printers=0), model("mini", capacity=0)]) == []

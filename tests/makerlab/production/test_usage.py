"""How much filament a print used follows from its own G-code, wherever it stopped."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from designs import gcode
from designs.profiles import load
from makerlab.production import usage
from makerlab.production.models import Attempt, Slice
from makerlab.production.states import AttemptState
from makerlab.production.usage import Used, used
from tests.makerlab.production.conftest import GCODE, Workshop
from tests.makerlab.production.test_collecting import broken, printed

WHOLE_G = 12.5  # of the workshop's plate


@pytest.fixture
def stopped(workshop: Workshop) -> Attempt:
    return workshop.session.get_one(Attempt, broken(workshop))


def measured(workshop: Workshop, attempt: Attempt) -> Used:
    return used(attempt, workshop.files, load())


def test_a_stopped_print_used_what_stands_in_its_file_up_to_there(
    workshop: Workshop, stopped: Attempt
) -> None:
    lines = GCODE[: stopped.file_pos].count(b" E2\n")
    material = load().materials["pla"]
    grams = lines * 2 * 3.14159265 / 4 * material.diameter_mm**2 * material.density_g_cm3 / 1000
    found = measured(workshop, stopped)
    assert found.exact
    assert found.grams == pytest.approx(grams, abs=0.01)
    assert 0 < found.grams < WHOLE_G


def test_a_print_that_was_done_used_the_whole_plate(workshop: Workshop) -> None:
    assert measured(workshop, printed(workshop)) == Used(WHOLE_G, WHOLE_G)


def test_a_host_that_names_no_position_tells_its_share(workshop: Workshop, stopped: Attempt) -> None:
    exact = measured(workshop, stopped).grams
    stopped.progress, stopped.file_pos = stopped.file_pos / len(GCODE), 0
    assert measured(workshop, stopped).grams == pytest.approx(exact, abs=0.02)


def test_only_without_its_gcode_the_share_of_the_file_counts(workshop: Workshop, stopped: Attempt) -> None:
    slice_ = workshop.session.get_one(Slice, stopped.plate.slice_key)
    workshop.files.path(slice_.gcode_sha256 or "").unlink()
    assert measured(workshop, stopped) == Used(WHOLE_G * stopped.progress, WHOLE_G, exact=False)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in this process: a child for each of so many positions would take minutes."""
    monkeypatch.setattr(usage, "filament_until", gcode.filament_until)


@pytest.mark.usefixtures("here")
@given(positions=st.lists(st.integers(0, 2 * len(GCODE)), min_size=2, max_size=6))
@with_settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_wherever_it_stopped_it_used_no_more_than_the_whole_and_never_less_than_before(
    workshop: Workshop, positions: list[int]
) -> None:
    attempt = workshop.session.query(Attempt).first() or workshop.session.get_one(Attempt, broken(workshop))
    assert attempt.state is AttemptState.FAILED
    grams = []
    for position in sorted(positions):
        attempt.file_pos, attempt.progress = position, min(position / len(GCODE), 1.0)
        grams.append(measured(workshop, attempt).grams)
    assert grams == sorted(grams)
    assert all(0 <= one <= WHOLE_G for one in grams)

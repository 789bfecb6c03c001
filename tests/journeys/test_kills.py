"""Kill any one process at any step and start it again: nothing is lost, nothing prints twice."""

from collections.abc import Iterator
from itertools import product
from random import Random

import pytest

from printers.virtual import VirtualOctoPrint, free_port
from tests.journeys.floor import Desk, Floor
from tests.journeys.killing import PROCESSES, STEPS, Cycle
from tests.journeys.lab import Lab
from tests.journeys.pieces import cube
from tests.postgres import NewDatabase


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[Floor]:
    """A lab of its own, whose OctoPrint may be killed."""
    folder = tmp_path_factory.mktemp("kills")
    with (
        VirtualOctoPrint(folder / "octoprint", free_port()) as host,
        Lab(folder, [host], [cube(10, 3)], database_url=new_database()) as lab,
    ):
        yield Floor(lab)


@pytest.fixture(scope="module")
def desk(floor: Floor) -> Desk:
    return Desk(floor.lab)


@pytest.mark.parametrize(("process", "step"), list(product(PROCESSES, STEPS)))
def test_a_process_killed_at_any_step_loses_nothing_and_prints_nothing_twice(
    floor: Floor, desk: Desk, process: str, step: str
) -> None:
    number = PROCESSES.index(process)
    pieces = number + 2 if step == "slicing" else 1  # a number of its own is a plate not sliced before
    Cycle(floor.lab, floor, desk, process, step, pieces, Random(f"{process} {step}")).run()

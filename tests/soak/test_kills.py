"""Two hundred random deaths in one lab; `make soak` runs it."""

from pathlib import Path
from random import Random

import pytest

from printers.virtual import VirtualOctoPrint, free_port
from tests.journeys.floor import Desk, Floor
from tests.journeys.killing import PROCESSES, STEPS, Cycle
from tests.journeys.lab import Lab
from tests.journeys.pieces import cube

CYCLES = 200


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1])
def test_two_hundred_deaths_lose_nothing_and_print_nothing_twice(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    with (
        VirtualOctoPrint(tmp_path / "octoprint", free_port()) as host,
        Lab(tmp_path, [host], [cube(10, 3)]) as lab,
    ):
        floor = Floor(lab)
        desk = Desk(floor.lab)
        for _ in range(CYCLES):
            process, step = random.choice(PROCESSES), random.choice(STEPS)
            Cycle(lab, floor, desk, process, step, random.choice((1, 1, 1, 2, 3)), random).run()

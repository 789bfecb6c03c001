"""Fifty deaths of OctoPrint itself, at random steps of an order: `make soak`."""

from pathlib import Path
from random import Random

import pytest

from printers.virtual import VirtualOctoPrint, free_port
from tests.journeys.floor import Desk, Floor
from tests.journeys.killing import STEPS, Cycle
from tests.journeys.lab import Lab
from tests.journeys.pieces import cube
from tests.postgres import NewDatabase

CYCLES = 50


@pytest.mark.soak
def test_fifty_deaths_of_octoprint_lose_nothing_and_print_nothing_twice(
    tmp_path: Path, new_database: NewDatabase
) -> None:
    random = Random(1)
    with (
        VirtualOctoPrint(tmp_path / "octoprint", free_port()) as host,
        Lab(tmp_path, [host], [cube(10, 3)], database_url=new_database()) as lab,
    ):
        floor, desk = Floor(lab), Desk(lab)
        for _ in range(CYCLES):
            Cycle(
                lab, floor, desk, "octoprint", random.choice(STEPS), random.choice((1, 1, 1, 2, 3)), random
            ).run()

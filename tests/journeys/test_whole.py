"""The whole lab in one process: an order is sliced, printed and collected, and nothing heavy stays in it."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from printers.virtual import VirtualOctoPrint, free_port
from tests.journeys.floor import Floor
from tests.journeys.lab import Lab
from tests.journeys.pieces import cube
from tests.postgres import NewDatabase

PIECE = cube(10, 3)
HEAVY = ("numba", "llvmlite", "scipy", "spyrrow")  # of what the planner and the packer stand on


@pytest.fixture
def lab(tmp_path: Path, new_database: NewDatabase) -> Iterator[Lab]:
    with ExitStack() as stack:
        host = stack.enter_context(VirtualOctoPrint(tmp_path / "octoprint", free_port(), fast=True))
        yield stack.enter_context(
            Lab(tmp_path, [host], [PIECE], processes=["lab"], database_url=new_database())
        )


def test_one_process_is_a_whole_lab(lab: Lab) -> None:
    floor, process = Floor(lab), lab.children["lab"].process
    assert process is not None
    order_id = floor.order(PIECE.name, 2)
    lab.wait(lambda: floor.go_on(order_id), "the order is done")
    assert floor.pieces(order_id).good == 2
    libraries = Path(f"/proc/{process.pid}/maps").read_text()
    assert [name for name in HEAVY if f"/site-packages/{name}" in libraries] == []
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert _group(process.pid) == []


def test_what_a_killed_lab_had_begun_goes_on(lab: Lab) -> None:
    floor = Floor(lab)
    order_id = floor.order(PIECE.name, 3)
    lab.wait(lambda: floor.start(order_id), "it starts")
    lab.kill("lab")
    lab.children["lab"].start()
    lab.wait(lambda: floor.go_on(order_id), "the order is done")
    assert floor.pieces(order_id).good == 3


def _group(leader: int) -> list[int]:
    """What still runs of the processes that this one started."""
    return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if _leader(pid) == leader]


def _leader(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:  # it ended while we looked
        return None

"""Two hundred deaths of worker and web during production on four real OctoPrints: `make soak`.

Each round is a lab of its own and tells what came of it; `make soak ARGS=--sw` stops at the round that failed
and goes on there.
"""

import sys
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest

from printers.virtual import VirtualOctoPrint, free_port
from tests.journeys.lab import Lab
from tests.journeys.pieces import cube
from tests.postgres import NewDatabase
from tests.soak.production import Shift, check

ROUNDS, CYCLES, PRINTERS = 5, 40, 4
THINGS = [cube(10, 3), cube(20, 4)]  # seconds on a virtual printer, one longer than the other


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, ROUNDS + 1))
def test_no_copy_is_lost_doubled_or_stuck(
    tmp_path: Path, new_database: NewDatabase, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    random = Random(seed)
    with ExitStack() as stack:
        hosts = [VirtualOctoPrint(tmp_path / f"octoprint{n}", free_port()) for n in range(PRINTERS)]
        for host in hosts:
            stack.enter_context(host)
        lab = stack.enter_context(Lab(tmp_path, hosts, THINGS, database_url=new_database()))
        shift = Shift(lab, random)
        try:
            for cycle in range(1, CYCLES + 1):
                names = shift.kill()
                say(capsys, f"round {seed} death {cycle}: {'+'.join(names)} {dict(shift.counts)}")
        finally:
            shift.end()
        found = check(shift)
    say(capsys, f"round {seed}: {CYCLES} deaths, {found}")


def say(capsys: pytest.CaptureFixture[str], words: str) -> None:
    """To the one who waits."""
    with capsys.disabled():
        sys.stdout.write(words + "\n")
        sys.stdout.flush()

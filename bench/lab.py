"""A lab with real OctoPrints for the benchmarks: real processes, a piece that is printed in seconds."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from printers.virtual import VirtualOctoPrint, free_port
from tests.journeys.lab import Lab
from tests.journeys.pieces import cube

QUICK, SLOW = cube(10, 3), cube(60, 12)
JOB = re.compile(
    r"^(\S+ \S+),(\d{3}) .*Print job (started|done|failed|cancelled) - origin: local, path: (\S+),", re.M
)


@contextmanager
def lab(printers: int = 1, *, fast: bool = True, **settings: Any) -> Iterator[Lab]:
    """Looks at its printers as often as any lab, unless told otherwise. `fast`: it prints in seconds."""
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        hosts = [
            VirtualOctoPrint(folder / f"octoprint{number}", free_port(), fast=fast)
            for number in range(printers)
        ]
        for host in hosts:
            stack.enter_context(host)
        yield stack.enter_context(Lab(folder, hosts, [QUICK, SLOW], **{"poll_seconds": 2.0, **settings}))


def events(host: VirtualOctoPrint) -> list[tuple[float, str, str]]:
    """OctoPrint's own record: (seconds since the epoch, what happened, file), oldest first."""
    text = (host.basedir / "logs" / "octoprint.log").read_text(errors="replace")
    return [
        (datetime.fromisoformat(at).astimezone().timestamp() + int(ms) / 1000, what, name)
        for at, ms, what, name in JOB.findall(text)
    ]


def until(condition: Callable[[], Any], what: str, seconds: float = 60.0, every_s: float = 0.02) -> Any:
    """The first true value of `condition`. Raises RuntimeError when it takes too long."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise RuntimeError(f"waited {seconds:g} s in vain: {what}")
        time.sleep(every_s)
    return value

"""The lab beside FDM Monster, on the same real OctoPrint, one after the other: `python -m bench.fdm_monster`.

Both run as one process (`makerlab lab`); what the lab takes as three is measured before. Memory is told at
rest, after the slicing worker has ended, and at most while it was used. Run it where no extra is installed,
as README says: huey takes redis and psycopg along wherever they are.

Both start the same G-code files: small ones that print in a second or two, and one that is broken off. What
each says is read where its people read it: the state of the lab's attempt, the job of FDM Monster's list.
"""

import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Self

import sqlalchemy as sa

from bench import start
from bench.fdm_peer import VERSION, FdmMonster, install
from bench.lab import QUICK, SLOW, events, lab, until
from bench.table import Line, show
from makerlab.catalog.picturing import missing
from makerlab.core.files import FileStore
from makerlab.fleet.models import Bed
from makerlab.production.models import Attempt, Plate
from makerlab.production.states import AttemptState
from printers.virtual import VirtualOctoPrint
from tests.journeys.floor import Floor
from tests.journeys.lab import Lab

STARTS, SHORT = 6, 2
SAYS_AFTER_S = 30.0  # time enough to find out
WHAT = f"beside FDM Monster {VERSION}"
THERMAL = "!!DEBUG:trigger_fatal_error_marlin"


@dataclass
class Found:
    """`killed`, `fault`: what it says then; `counted`: how many of the short prints it has as done."""

    memory: "Memory"
    start_s: float
    counted: int
    killed: str
    fault: str


def main() -> list[Line]:
    """Five lines; one that says why when FDM Monster is not to be had."""
    try:
        install()
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
        return [Line(WHAT, "better in each", f"FDM Monster is not to be had here: {error}")]
    with lab() as here:
        apart = _apart(here)
    with lab(processes=["lab"]) as here, TemporaryDirectory() as folder:
        ours = _ours(here)
        files = {name: _gcode(here, name) for name in (QUICK.name, SLOW.name)}
        for child in here.children.values():
            child.stop()
        with FdmMonster(Path(folder)) as peer:
            theirs = _theirs(peer, here.octoprints[0], files[QUICK.name], files[SLOW.name])
    return _lines(ours, theirs, apart)


def _lines(ours: Found, theirs: Found, apart: "Memory") -> list[Line]:
    mb, seconds = f"{WHAT}: memory", f"{WHAT}: start by a person → OctoPrint prints, median of {STARTS}"
    counted = f"{WHAT}: {SHORT} prints of a second or two"
    return [
        Line(f"{mb} at rest", "less", f"{ours.memory}; serve, work, slice apart {apart}", str(theirs.memory),
             f"{theirs.memory.rest_mb / ours.memory.rest_mb:.2f} times ours",
             ours.memory.rest_mb < theirs.memory.rest_mb),
        Line(seconds, "sooner", f"{ours.start_s:.2f} s", f"{theirs.start_s:.2f} s",
             f"{theirs.start_s / ours.start_s:.2f} times ours", ours.start_s < theirs.start_s),
        Line(counted, "both counted", f"{ours.counted} counted", f"{theirs.counted} counted",
             met=ours.counted == SHORT),
        Line(f"{WHAT}: OctoPrint killed in mid print", "a person looks", ours.killed, theirs.killed,
             met=ours.killed.startswith(AttemptState.UNKNOWN)),
        Line(f"{WHAT}: thermal fault", "failed, and why", ours.fault, theirs.fault,
             met=ours.fault.startswith(AttemptState.FAILED) and "Thermal" in ours.fault),
    ]  # fmt: skip


def _apart(here: Lab) -> "Memory":
    memory = Memory(_groups(here))
    start.latencies(here, STARTS)
    return memory.measured(_at_rest(here))


def _ours(here: Lab) -> Found:
    floor, host = Floor(here), here.octoprints[0]
    memory = Memory(_groups(here))
    took = start.latencies(here, STARTS)
    done = sa.select(sa.func.count(Attempt.id)).where(Attempt.good > 0)
    before = here.ask(lambda session: session.scalar(done))
    for _ in range(SHORT):
        floor.finish(floor.order(QUICK.name, 1))
    counted = here.ask(lambda session: session.scalar(done)) - before
    order_id = floor.order(SLOW.name, 1)  # its piece is wanted again after each trouble
    killed = _said(here, floor, order_id, lambda: _kill(host))
    fault = _said(here, floor, order_id, lambda: host.gcode(THERMAL))
    return Found(memory.measured(_at_rest(here)), median(took), counted, killed, fault)


def _groups(here: Lab) -> list[int]:
    return [child.process.pid for child in here.children.values() if child.process]


def _at_rest(here: Lab) -> Callable[[], bool]:
    """No slicing worker any more, and every picture is drawn."""

    def calm() -> bool:
        return len(_processes(_groups(here))) == len(here.children) and not here.ask(
            lambda session: missing(session, most=1)
        )

    return calm


def _said(here: Lab, floor: Floor, order_id: int, trouble: Callable[[], None]) -> str:
    """What the lab says some time after trouble with a long print: state, why, bed."""
    attempt_id = until(lambda: floor.start(order_id), "started", every_s=0.2)
    until(lambda: here.attempt_state(attempt_id) == "printing", "prints")
    trouble()
    time.sleep(SAYS_AFTER_S)
    attempt = here.ask(lambda session: session.get_one(Attempt, attempt_id))
    bed = "bed occupied" if here.printer().bed is Bed.OCCUPIED else "bed clear"
    floor.collect(attempt_id)
    return f"{attempt.state.value}: {attempt.detail[:60] or attempt.reason}, {bed}"


def _theirs(peer: FdmMonster, host: VirtualOctoPrint, quick: Path, slow: Path) -> Found:
    if host.printer_state() != "Operational":
        host.connect_printer()
        host.wait_ready()
    printer = peer.add_printer(host)
    memory = Memory([peer.pid])
    time.sleep(5)  # its connection to OctoPrint
    first = peer.job_of(printer, quick)
    took = [_started(peer, host, printer, first) for _ in range(STARTS)]
    before = _completed(peer)
    for _ in range(SHORT):
        _started(peer, host, printer, first)
    counted = _completed(peer) - before
    long = peer.job_of(printer, slow)
    killed = _they_say(peer, host, printer, long, lambda: _kill(host))
    fault = _they_say(peer, host, printer, long, lambda: host.gcode(THERMAL))
    return Found(memory.measured(lambda: True), median(took), counted, killed, fault)


def _started(peer: FdmMonster, host: VirtualOctoPrint, printer: int, job_id: int) -> float:
    """Seconds from the order to the start; returns when the print has ended."""
    again, before = peer.queued_again(printer, job_id), len(events(host))
    began = time.time()
    peer.submit(printer, again)
    until(lambda: len(events(host)) >= before + 2, "printed")
    time.sleep(3)  # what it hears of the end
    return events(host)[before][0] - began


def _completed(peer: FdmMonster) -> int:
    return sum(job["status"] == "COMPLETED" for job in peer.jobs())


def _they_say(
    peer: FdmMonster, host: VirtualOctoPrint, printer: int, job_id: int, trouble: Callable[[], None]
) -> str:
    again = peer.queued_again(printer, job_id)
    before = len(events(host))
    peer.submit(printer, again)
    until(lambda: events(host)[before:], "started")
    time.sleep(2)
    trouble()
    time.sleep(SAYS_AFTER_S)
    job = peer.job(again)
    return f"{job['status']}: {(job['statusReason'] or 'no reason')[:60]}, {job['progress'] or 0:.0f} %"


def _kill(host: VirtualOctoPrint) -> None:
    host.kill()
    host.start()
    host.wait_ready()


def _gcode(here: Lab, name: str) -> Path:
    """The G-code of one piece of the design, under a name of its own."""
    query = sa.select(Plate).where(Plate.pieces == 1)
    plates = here.ask(
        lambda session: [
            (one.order.revision.design.name, one.slice.gcode_sha256) for one in session.scalars(query)
        ]
    )
    path = here.settings.data_dir / f"{name.replace(' ', '_')}.gcode"
    path.write_bytes(FileStore(here.settings.files_dir).path(dict(plates)[name]).read_bytes())
    return path


class Memory:
    """Proportional memory of all processes of these groups, MB: what they share is counted once."""

    def __init__(self, leaders: list[int]) -> None:
        self.leaders, self.rest_mb, self.most_mb = leaders, 0.0, 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def __str__(self) -> str:
        return f"{self.rest_mb:.0f} MB (at most {self.most_mb:.0f})"

    def measured(self, at_rest: Callable[[], bool]) -> Self:
        """When they rest; what they took at most was watched until then."""
        until(at_rest, "they rest", seconds=300, every_s=1)
        time.sleep(5)
        self._over.set()
        self._thread.join()
        self.rest_mb = _memory_mb(self.leaders)
        return self

    def _watch(self) -> None:
        while not self._over.wait(1):
            self.most_mb = max(self.most_mb, _memory_mb(self.leaders))


def _memory_mb(leaders: list[int]) -> float:
    found = 0
    for process in _processes(leaders):
        try:
            rollup = (process / "smaps_rollup").read_text()
            found += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue  # it ended while we looked
    return found / 1000


def _processes(leaders: list[int]) -> list[Path]:
    """Their places in /proc. What runs with limits has a group of its own: its parent is looked at too."""
    group, parent = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            row = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        pid = int(stat.parent.name)
        parent[pid], group[pid] = int(row[1]), int(row[2])

    def ours(pid: int) -> bool:
        return pid in leaders or group.get(pid) in leaders or (pid in parent and ours(parent[pid]))

    return [Path(f"/proc/{pid}") for pid in parent if ours(pid)]


if __name__ == "__main__":
    show(main())

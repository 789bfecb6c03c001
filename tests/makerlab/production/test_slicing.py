"""A plate is sliced once, by whoever holds its lease; a worker that dies or freezes does no harm."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh

from designs.mesh import Mesh
from designs.profiles import load
from designs.slicer import FakeSlicer, Sliced
from makerlab.core.files import FileStore
from makerlab.production import slicing
from makerlab.production.models import Slice, SliceState
from makerlab.production.plates import waiting_slices
from makerlab.production.queue import make_queue, slice_task
from makerlab.production.slicing import MOST_TRIES, STILL_SECONDS, Reaper, slice_one
from printers.tether import tethered
from tests.journeys.pieces import cuboid
from tests.makerlab.production.conftest import Workshop

KEY = "a" * 64
PATIENCE_S = 60.0


class Killed(BaseException):
    """kill -9: nothing after it runs."""


@dataclass
class Counting:
    """A slicer that counts, and lets the test do something in mid-slice."""

    meanwhile: Callable[[Callable[[float], None], Callable[[], bool]], None] = lambda _tell, _cancelled: None
    slices: int = 0
    version: str = "FakeSlicer 1"
    lock: threading.Lock = field(default_factory=threading.Lock)

    def slice(self, job: Any, out: Path, *, on_progress: Any, cancelled: Any) -> Sliced:
        with self.lock:
            self.slices += 1
        self.meanwhile(on_progress, cancelled)
        return FakeSlicer().slice(job, out, on_progress=on_progress, cancelled=cancelled)


class Bench:
    """A row to slice, workers to slice it, and the reaper with a watch of its own."""

    def __init__(self, workshop: Workshop, mesh: Mesh, placements: list[list[float]]) -> None:
        self.workshop, self.seconds = workshop, 0.0
        path = workshop.files.root.parent / "mesh.stl"
        mesh.write_stl(path)
        workshop.session.add(Slice(key=KEY, queued_at=workshop.clock.now, inputs={
            "mesh_sha256": workshop.files.put(path), "machine": "prusa-mk3s", "process": "0.20",
            "material": "pla", "supports": False, "placements": placements,
        }))  # fmt: skip
        workshop.session.commit()
        self.reaper = Reaper(lambda: self.seconds)

    def work(self, slicer: Counting) -> bool:
        """One worker takes the key; True when it wrote the end."""
        profiles, files = load(None), FileStore(self.workshop.settings.files_dir)
        return slice_one(self.workshop.factory, KEY, slicer=slicer, files=files, profiles=profiles)

    def die(self) -> None:
        """A worker is killed in mid-slice."""

        def killed(*_: object) -> None:
            raise Killed

        with pytest.raises(Killed):
            self.work(Counting(killed))

    def reap(self, after_s: float = 0.0) -> list[str]:
        self.seconds += after_s
        with self.workshop.factory.begin() as session:
            return self.reaper.reap(session)

    def row(self) -> Slice:
        with self.workshop.factory.begin() as session:
            return session.get_one(Slice, KEY)


@pytest.fixture
def bench(workshop: Workshop) -> Bench:
    return Bench(workshop, Mesh(np.asarray(cuboid(20, 20, 2))), [[100.0, 100.0, 0.0]])


def test_two_workers_at_once_slice_once(bench: Bench) -> None:
    slicer = Counting()
    with ThreadPoolExecutor(2) as pool:
        ends = sorted(future.result() for future in [pool.submit(bench.work, slicer) for _ in range(2)])
    assert (ends, slicer.slices) == ([False, True], 1)
    assert bench.row().state is SliceState.DONE


def test_a_sliced_plate_is_never_sliced_again(bench: Bench) -> None:
    slicer = Counting()
    assert bench.work(slicer)
    assert not bench.work(slicer)
    assert slicer.slices == 1


def test_the_result_lies_in_the_store_under_its_hashes(bench: Bench) -> None:
    bench.work(Counting())
    row = bench.row()
    path = bench.workshop.files.path(row.gcode_sha256 or "")
    assert (row.gcode_bytes, row.progress, row.owner) == (path.stat().st_size, 1.0, None)
    assert row.filament_g


def test_a_killed_workers_row_is_returned_and_sliced_by_another(bench: Bench) -> None:
    bench.die()
    assert bench.row().state is SliceState.RUNNING
    assert bench.reap() == []
    assert bench.reap(STILL_SECONDS - 1) == []
    assert bench.reap(1) == [KEY]
    assert bench.work(Counting())
    assert (bench.row().state, bench.row().tries) == (SliceState.DONE, 2)


def test_a_worker_that_beats_keeps_its_row(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slicing, "BEAT_SECONDS", 0.005)

    def watched(*_: object) -> None:
        bench.reap()
        for _beat in range(3):
            before = bench.row().beat
            wait(lambda before=before: bench.row().beat > before)
            assert bench.reap(STILL_SECONDS + 1) == []

    slicer = Counting(watched)
    assert bench.work(slicer)
    assert slicer.slices == 1


def test_the_progress_is_seen_while_it_works(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slicing, "BEAT_SECONDS", 0.005)
    seen: list[float] = []

    def halfway(tell: Callable[[float], None], _cancelled: object) -> None:
        tell(0.5)
        wait(lambda: bench.row().progress == 0.5)
        seen.append(bench.row().progress)

    bench.work(Counting(halfway))
    assert seen == [0.5]


def test_a_frozen_worker_that_ends_too_late_changes_nothing(bench: Bench) -> None:
    def frozen(*_: object) -> None:
        bench.reap()
        assert bench.reap(STILL_SECONDS) == [KEY]
        assert bench.work(Counting())

    before: list[Slice] = []
    late = Counting(lambda *_: (frozen(), before.append(bench.row()))[0])
    assert not bench.work(late)
    after = bench.row()
    assert (after.state, after.tries, after.ended_at) == (SliceState.DONE, 2, before[0].ended_at)


def test_a_worker_whose_row_was_taken_away_stops_its_slicer(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slicing, "BEAT_SECONDS", 0.005)

    def taken_away(_tell: object, cancelled: Callable[[], bool]) -> None:
        bench.reap()
        with bench.workshop.factory.begin() as session:
            session.get_one(Slice, KEY).owner = "another"
        wait(cancelled)

    assert not bench.work(Counting(taken_away))
    assert (bench.row().state, bench.row().owner) == (SliceState.RUNNING, "another")


def test_a_plate_that_kills_three_workers_is_given_up(bench: Bench) -> None:
    for _ in range(MOST_TRIES):
        bench.die()
        bench.reap()
        bench.reap(STILL_SECONDS)
    row = bench.row()
    assert (row.state, row.error, row.tries) == (SliceState.FAILED, "slicer_died", MOST_TRIES)
    assert not bench.work(Counting())
    with bench.workshop.factory.begin() as session:
        assert waiting_slices(session) == []


def test_what_the_slicer_refuses_failed_with_its_code(workshop: Workshop) -> None:
    bench = Bench(workshop, Mesh(np.asarray(cuboid(20, 20, 2))), [[-50.0, 100.0, 0.0]])
    bench.work(Counting())
    assert (bench.row().state, bench.row().error) == (SliceState.FAILED, "off_bed")


def wait(condition: Callable[[], object]) -> None:
    """Poll; what is waited for happens in another thread or process."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


# a real slicing process


def start_worker(workshop: Workshop) -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ, "MAKERLAB_DATA_DIR": str(workshop.settings.data_dir),
        "MAKERLAB_DATABASE_URL": workshop.settings.database_url,
    }  # fmt: skip
    log = (workshop.settings.data_dir / "slice.log").open("ab")
    command = tethered([sys.executable, "-m", "makerlab", "slice"])
    with log:
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)


def slicers_of(worker: int) -> list[int]:
    """Process ids of the real slicers that this worker, or a child of it, started."""
    parents, slicers = {}, []
    for status in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(status.name)] = int((status / "stat").read_text().rpartition(")")[2].split()[1])
            words = (status / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"--export-gcode" in words and b"launcher" not in b" ".join(words):
            slicers.append(int(status.name))
    return [pid for pid in slicers if worker in ancestors(pid, parents)]


def ancestors(pid: int, parents: dict[int, int]) -> Iterator[int]:
    while pid in parents:
        pid = parents[pid]
        yield pid


def alive(pid: int) -> bool:
    """Whether it runs; a zombie that nobody waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_slicing_process_killed_in_mid_slice_takes_its_slicer_along_and_another_ends_it(
    workshop: Workshop,
) -> None:
    ball = trimesh.creation.icosphere(subdivisions=6, radius=30.0)  # 82 k triangles: seconds of slicing
    bench = Bench(workshop, Mesh(ball.triangles.astype(np.float32)), [[100.0, 100.0, 0.0]])
    hint = slice_task(make_queue(workshop.settings), lambda _key: None)
    workshop.forget()
    first = start_worker(workshop)
    hint(KEY)
    wait(lambda: slicers_of(first.pid))
    slicer = slicers_of(first.pid)[0]
    first.kill()
    first.wait()
    wait(lambda: not alive(slicer))
    assert bench.row().state is SliceState.RUNNING
    bench.reap()
    assert bench.reap(STILL_SECONDS) == [KEY]
    second = start_worker(workshop)
    try:
        hint(KEY)
        wait(lambda: bench.row().state is SliceState.DONE)
    finally:
        second.kill()
        second.wait()
    assert bench.row().tries == 2

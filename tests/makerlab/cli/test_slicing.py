"""`makerlab slice` waits lightly, and starts a worker when a plate is to be sliced."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from makerlab.cli import slicing
from makerlab.cli.database import migrate
from makerlab.core.clock import utcnow
from makerlab.core.database import make_engine, make_session_factory, reading
from makerlab.core.health import alive
from makerlab.core.settings import Settings
from makerlab.production.queue import make_queue, slice_task

TAKES_ONE = """
import os, sys
from makerlab.core.settings import Settings
from makerlab.production.queue import make_queue, slice_task
queue = make_queue(Settings(data_dir=sys.argv[1]))
slice_task(queue, print)
queue.dequeue()
open(sys.argv[1] + "/worker", "a").write(f"{os.getpid()}\\n")
"""
TAKES_ONE_AND_STAYS = TAKES_ONE + "import time; time.sleep(600)"


@pytest.fixture
def lab(tmp_path: Path) -> Settings:
    settings = Settings(data_dir=tmp_path / "lab")
    migrate(settings)
    return settings


@pytest.fixture
def worker(lab: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def set_(code: str) -> None:
        monkeypatch.setattr(slicing, "WORKER", [sys.executable, "-c", code, str(lab.data_dir)])

    set_(TAKES_ONE)
    return set_


@contextmanager
def watching(lab: Settings) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=slicing.watch_the_queue, args=(lab, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def until(condition: Callable[[], object]) -> None:
    for _ in range(600):
        if condition():
            return
        threading.Event().wait(0.05)
    raise AssertionError("waited in vain")


def started(lab: Settings) -> list[int]:
    """The process ids of all workers so far."""
    place = lab.data_dir / "worker"
    return [int(line) for line in place.read_text().split()] if place.exists() else []


def says_alive(lab: Settings) -> bool:
    with reading(), make_session_factory(make_engine(lab))() as session:
        return alive(session, "slice", now=utcnow())


@pytest.mark.usefixtures("worker")
def test_while_nothing_waits_it_says_that_it_lives_and_starts_nothing(lab: Settings) -> None:
    with watching(lab):
        until(lambda: says_alive(lab))
    assert started(lab) == []


@pytest.mark.usefixtures("worker")
def test_each_hint_is_met_by_a_worker(lab: Settings) -> None:
    hint = slice_task(make_queue(lab), lambda _key: None)
    with watching(lab):
        hint("a" * 64)
        until(lambda: len(started(lab)) == 1)
        hint("b" * 64)
        until(lambda: len(started(lab)) == 2)
    assert make_queue(lab).pending_count() == 0


def test_the_worker_ends_with_the_one_who_started_it(lab: Settings, worker: Callable[[str], None]) -> None:
    worker(TAKES_ONE_AND_STAYS)
    hint = slice_task(make_queue(lab), lambda _key: None)
    with watching(lab):
        hint("a" * 64)
        until(lambda: started(lab))
        (pid,) = started(lab)
    assert not Path(f"/proc/{pid}").exists()


def test_a_database_that_is_not_to_be_had_stops_no_worker(
    lab: Settings, worker: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise sa.exc.OperationalError("UPDATE", {}, Exception("database is locked"))

    monkeypatch.setattr("makerlab.core.beats.say_alive", busy)
    slice_task(make_queue(lab), lambda _key: None)("a" * 64)
    with watching(lab):
        until(lambda: started(lab))

"""A hint to slice reaches a worker, through a SQLite file and through a real Redis."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from makerlab.core.settings import Settings
from makerlab.production.queue import make_queue, slice_task
from printers.tether import tethered
from printers.virtual import free_port


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    program, port = shutil.which("redis-server"), free_port()
    assert program, "redis-server is missing: run make test, which installs it"
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(tethered(command), stdout=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"
    deadline = time.monotonic() + 20
    while not _answers(url):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield url
    process.terminate()
    process.wait()


def _answers(url: str) -> bool:
    try:
        return bool(redis.Redis.from_url(url).ping())
    except redis.ConnectionError:
        return False


@pytest.fixture(params=["sqlite", "redis"])
def lab(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    return Settings(data_dir=tmp_path, redis_url=url)


def test_a_hint_from_one_process_is_carried_out_by_another(lab: Settings) -> None:
    sliced: list[str] = []
    slice_task(make_queue(lab), lambda _key: None)("k" * 64)
    worker = make_queue(lab)
    slice_task(worker, sliced.append)
    task = worker.dequeue()
    assert task is not None
    worker.execute(task)
    assert sliced == ["k" * 64]
    assert worker.dequeue() is None

"""`makerlab slice --what-waits`: slices what is queued, and ends when nothing came for a while."""

import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

from huey import Huey

from designs.errors import DesignError
from designs.profiles import load
from designs.slicer import find_slicer
from makerlab import models  # noqa: F401  all tables, for their foreign keys
from makerlab.core.database import make_engine, make_session_factory
from makerlab.core.files import FileStore
from makerlab.core.logs import init_logs, log
from makerlab.core.settings import Settings
from makerlab.production.queue import make_queue, slice_task
from makerlab.production.slicing import slice_one

IDLE_S = 60.0  # a series is often ordered piece by piece, and a start takes two seconds
LOOK_S = 0.1


def slice_what_waits(settings: Settings) -> None:
    """Threads suffice: each slicer is a child process."""
    init_logs("slice")
    factory = make_session_factory(make_engine(settings))
    files = FileStore(settings.files_dir)
    queue = make_queue(settings)

    def one(key: str) -> None:
        try:
            slicer = find_slicer(settings.slicer or None)
        except DesignError as error:
            log.error("no slicer", code=error.code)
            return
        slice_one(factory, key, slicer=slicer, files=files, profiles=load(settings.profiles_dir))

    slice_task(queue, one)
    with ThreadPoolExecutor(settings.slicing_workers + 1) as threads:
        threads.submit(import_module, "designs.gcode.load")  # the compiler, while the slicer is at work
        workers = [threads.submit(_until_idle, queue) for _ in range(settings.slicing_workers)]
    for worker in workers:
        worker.result()


def _until_idle(queue: Huey) -> None:
    until = time.monotonic() + IDLE_S
    while time.monotonic() < until:
        task = queue.dequeue()
        if task is None:
            time.sleep(LOOK_S)
        else:
            queue.execute(task)
            until = time.monotonic() + IDLE_S

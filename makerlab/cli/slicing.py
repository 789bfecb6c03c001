"""`makerlab slice`: the slicing workers."""

from designs.errors import DesignError
from designs.profiles import load
from designs.slicer import find_slicer
from makerlab import models  # noqa: F401  all tables, for their foreign keys
from makerlab.core.database import make_engine, make_session_factory
from makerlab.core.files import FileStore
from makerlab.core.health import say_alive
from makerlab.core.logs import init_logs, log
from makerlab.core.settings import Settings
from makerlab.production.queue import make_queue, slice_task
from makerlab.production.slicing import slice_one
from makerlab.production.work import Rounds


def slice_plates(settings: Settings) -> None:
    """Take keys from the queue until told to stop. Threads suffice: each slicer is a child process."""
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
    Rounds("beat", 5.0, lambda: say_alive(factory, "slice")).start()
    queue.create_consumer(
        workers=settings.slicing_workers,
        worker_type="thread",
        periodic=False,
        initial_delay=0.05,
        max_delay=0.5,
    ).run()

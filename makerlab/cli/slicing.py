"""`makerlab slice`: waits for plates to be sliced, and starts the slicing worker while there are any.

Waiting takes a fifth of the memory that the worker takes, and most of a lab's day nothing is to be sliced.
"""

import signal
import subprocess
import sys
import threading

from sqlalchemy.exc import OperationalError

from makerlab.core.beats import Beat
from makerlab.core.engines import make_engine
from makerlab.core.logs import init_logs, log
from makerlab.core.settings import Settings
from makerlab.production.queue import make_queue
from printers.tether import tethered

LOOK_S = 0.1
CALM_S = 2.0  # after a worker that did not end by itself
STOP_S = 10.0
WORKER = [sys.executable, "-m", "makerlab", "slice", "--what-waits"]


def slice_plates(settings: Settings) -> None:
    """Until told to stop."""
    init_logs("slice")
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    watch_the_queue(settings, stop)


def watch_the_queue(settings: Settings, stop: threading.Event) -> None:
    """The worker dies with the thread that calls this: it should live as long as the process."""
    queue, beat = make_queue(settings), Beat(make_engine(settings), "slice")
    worker: subprocess.Popen[bytes] | None = None
    while not stop.wait(LOOK_S):
        try:
            beat()
        except OperationalError as error:
            log.warning("database not to be had", words=str(error)[:300])
        if (worker is None or worker.poll() is not None) and queue.pending_count():
            if worker is not None and worker.returncode:
                stop.wait(CALM_S)
            worker = subprocess.Popen(tethered(WORKER), stdin=subprocess.DEVNULL)
    if worker is not None:
        _end(worker)


def _end(worker: "subprocess.Popen[bytes]") -> None:
    worker.terminate()
    try:
        worker.wait(STOP_S)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()

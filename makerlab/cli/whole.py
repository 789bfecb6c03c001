"""`makerlab lab`: web server, worker and the wait for plates as threads of one process, for a small lab.

What is shared by all three is in memory once. They know nothing of each other here either, so that a lab that
grows goes on with three processes, or on three machines, by other commands alone.
"""

import os
import signal
import threading
from collections.abc import Callable

from makerlab.cli.serve import answer
from makerlab.cli.slicing import watch_the_queue
from makerlab.cli.work import lead
from makerlab.core.logs import init_logs, log
from makerlab.core.settings import Settings

END_S = 20.0


def whole_lab(settings: Settings) -> None:
    """Until told to stop."""
    init_logs("lab")
    stop = threading.Event()
    threads = [_thread(lead, settings, stop), _thread(watch_the_queue, settings, stop)]
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, _end)
    try:
        answer(settings)
    finally:
        stop.set()
        for thread in threads:
            thread.join(END_S)


def _end(*_: object) -> None:
    raise SystemExit


def _thread(
    work: Callable[[Settings, threading.Event], None], settings: Settings, stop: threading.Event
) -> threading.Thread:
    """One that takes the process along when it breaks: whoever keeps the lab going starts all anew."""

    def run() -> None:
        try:
            work(settings, stop)
        except BaseException as error:  # noqa: BLE001 (a part that is missing must not go unseen)
            log.error("a part of the lab broke", part=work.__name__, exc_info=error)
            os._exit(1)

    thread = threading.Thread(target=run, name=work.__name__, daemon=True)
    thread.start()
    return thread

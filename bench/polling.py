"""What watching 200 hosts costs: `python -m bench.polling`.

The hosts are stand-ins in a process of their own, which answer like OctoPrint after 30 ms; half of the live
ones print, some are dead in three ways (`bench.standins`). The lab's watch runs in another process, and after
it, at the same pace, octorest as its documentation shows it: the same two questions, nothing checked, nothing
written down.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.table import Line, show

HOSTS, DEAD, DELAY_MS, EVERY_S = 200, 10, 30, 2.0
SETTLE_S, MEASURE_S = 8.0, 20.0
MOST_CPU, LONGEST_GAP_S, MOST_MB = 30.0, 3.0, 1.5


def main() -> list[Line]:
    """CPU of one core, longest gap between two looks at a live host, the whole process's memory by hosts."""
    ours, theirs = _measured("ours"), _measured("octorest")
    what = f"{HOSTS} hosts every {EVERY_S:g} s, {DEAD} of them dead"
    peer = f"octorest alone, {theirs['cpu']:.0f} %"
    ratio = f"{theirs['cpu'] / ours['cpu']:.2f} times ours"
    return [
        Line(f"{what}: CPU", f"≤ {MOST_CPU:g} % of a core", f"{ours['cpu']:.1f} %", peer, ratio,
             ours["cpu"] <= MOST_CPU),
        Line(f"{what}: longest gap of a live one", f"≤ {LONGEST_GAP_S:g} s", f"{ours['gap']:.2f} s",
             f"{theirs['gap']:.2f} s", met=ours["gap"] <= LONGEST_GAP_S),
        Line(f"{what}: memory a host", f"≤ {MOST_MB} MB", f"{ours['mb']:.2f} MB", f"{theirs['mb']:.2f} MB",
             met=ours["mb"] <= MOST_MB),
    ]  # fmt: skip


def _measured(who: str) -> dict[str, float]:
    """`cpu` in per cent of a core, `gap` in s, `mb` a host."""
    answering = [sys.executable, "-m", "bench.standins", str(HOSTS - DEAD), str(DEAD), str(DELAY_MS)]
    with (
        subprocess.Popen(answering, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as hosts,
        TemporaryDirectory() as folder,
    ):
        assert hosts.stdin
        assert hosts.stdout
        ports = hosts.stdout.readline()
        asking = [sys.executable, "-m", "bench.polling", who, folder]
        done = subprocess.run(asking, input=ports, stdout=subprocess.PIPE, text=True, check=True)
        hosts.stdin.close()
        gaps = json.loads(hosts.stdout.readline())["gaps"]
    return {**json.loads(done.stdout.splitlines()[-1]), "gap": max(gaps)}


def _watch(folder: Path, ports: dict[str, list[int]]) -> None:
    """The lab's own watch, as `makerlab work` runs it."""
    from bench.polled_lab import fill
    from makerlab.cli.database import migrate
    from makerlab.core.clock import utcnow
    from makerlab.core.database import make_engine, make_session_factory
    from makerlab.core.settings import Settings
    from makerlab.fleet.hosts import Hosts
    from makerlab.production.watch import Watch
    from makerlab.production.work import Rounds

    settings = Settings(data_dir=folder)
    migrate(settings)
    factory = make_session_factory(make_engine(settings))
    live = ports["live"]
    with factory.begin() as session:
        fill(session, settings, live + ports["dead"], range(0, len(live), 2))
    watch = Watch(factory, Hosts(settings), every_s=EVERY_S, silent_s=60, clock=utcnow)
    _report(Rounds("watch", 0.1, watch.tick).start)


def _octorest(_: Path, ports: dict[str, list[int]]) -> None:
    """The client as documented, a thread for each host."""
    import requests
    from octorest import OctoRest

    def ask(port: int) -> None:
        client = OctoRest(url=f"http://127.0.0.1:{port}", session=requests.Session())
        while True:
            due = time.monotonic() + EVERY_S
            try:
                client.job_info()
                client.printer(exclude=["sd", "state"])
            except (RuntimeError, requests.RequestException):
                pass
            time.sleep(max(0.0, due - time.monotonic()))

    pool = ThreadPoolExecutor(HOSTS)
    _report(lambda: [pool.submit(ask, port) for port in ports["live"] + ports["dead"]])


def _report(start: Callable[[], Any]) -> None:
    """Print CPU and memory of what `start` sets going, then end the process with all its threads."""
    start()
    time.sleep(SETTLE_S)
    cpu, wall = time.process_time(), time.monotonic()
    time.sleep(MEASURE_S)
    share = 100 * (time.process_time() - cpu) / (time.monotonic() - wall)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(json.dumps({"cpu": share, "mb": peak_mb / HOSTS}), flush=True)
    os._exit(0)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        {"ours": _watch, "octorest": _octorest}[sys.argv[1]](Path(sys.argv[2]), json.loads(sys.stdin.read()))
    else:
        show(main())

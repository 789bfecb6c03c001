"""`makerlab demo`: starts every process of a lab, keeps them going, and ends all of them on Ctrl-C."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from makerlab.cli.database import migrate
from makerlab.core.settings import Settings
from makerlab.demo.objects import OBJECTS
from makerlab.demo.seed import Seeded, seed
from printers.octoprint_home import default_home, install
from printers.tether import tethered
from printers.virtual import VirtualOctoPrint, free_port

MARK = "demo.json"  # says that a data directory is a demo's, and keeps what the printed page needs
PRINTERS = 2
STOP_SECONDS = 10.0
READY_SECONDS = 60.0
LOOK_SECONDS = 0.5
CALM_SECONDS = 2.0  # between two starts of a child that keeps dying


@dataclass
class Child:
    """One process of ours, tied to us: it dies with us even by kill -9."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                tethered(self.command),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def run(settings: Settings, *, reset: bool, fast: bool, objects: int | None = None) -> None:
    """Set up what is missing, start everything, print the sign-ins, wait for Ctrl-C.

    `objects`: how many of the catalogue's are made at the first start; all when None.
    """
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, lambda *_: stop.set())
    _own_directory(settings, reset)
    say = _say
    say("Preparing OctoPrint …")
    install(default_home())
    migrate(settings)
    ports = _ports(settings)
    hosts = [_octoprint(settings, number, port, fast) for number, port in enumerate(ports, 1)]
    with _ended(hosts) as children:
        for host in hosts:
            host.start()
        seeded = _seeded(settings, hosts, objects, say)
        children.extend(children_of(settings))
        for child in children:
            child.start()
        for host in hosts:
            host.wait_ready()
        _wait_for_web(settings, children, stop)
        say(_welcome(settings, seeded, hosts))
        _keep_going(hosts, children, stop, say)


def _own_directory(settings: Settings, reset: bool) -> None:
    """A demo never touches a real lab: its directory carries a mark, and only such a one is emptied."""
    mark = settings.data_dir / MARK
    if settings.data_dir.exists() and any(settings.data_dir.iterdir()) and not mark.exists():
        raise SystemExit(f"{settings.data_dir} holds a real lab: set MAKERLAB_DATA_DIR to another directory.")
    if reset and mark.exists():
        shutil.rmtree(settings.data_dir)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if not mark.exists():
        mark.write_text("{}")


def _ports(settings: Settings) -> list[int]:
    """The printers' ports, chosen once: their addresses stand in the database."""
    mark = settings.data_dir / MARK
    kept = json.loads(mark.read_text())
    if "ports" not in kept:
        kept["ports"] = _distinct_ports(PRINTERS)
        mark.write_text(json.dumps(kept))
    ports: list[int] = kept["ports"]
    return ports


def _distinct_ports(number: int) -> list[int]:
    ports: set[int] = set()
    while len(ports) < number:
        ports.add(free_port())
    return sorted(ports)


def _octoprint(settings: Settings, number: int, port: int, fast: bool) -> VirtualOctoPrint:
    return VirtualOctoPrint((settings.data_dir / f"octoprint-{number}").resolve(), port, fast=fast)


def _seeded(
    settings: Settings, hosts: list[VirtualOctoPrint], objects: int | None, say: Callable[[str], None]
) -> Seeded:
    """Seed once; afterwards read back what the welcome needs."""
    mark = settings.data_dir / MARK
    kept = json.loads(mark.read_text())
    if "seeded" not in kept:
        say("Making the objects of the catalogue (about a minute, once) …")
        addresses = [(host.url, host.api_key) for host in hosts]
        seeded = seed(settings, addresses, say, OBJECTS[-objects:] if objects else OBJECTS, past=True)
        kept["seeded"] = seeded.as_json()
        mark.write_text(json.dumps(kept))
    return Seeded.from_json(kept["seeded"])


def children_of(settings: Settings, commands: Sequence[str] = ("serve", "work", "slice")) -> list[Child]:
    """The processes of a lab with just these settings, not started yet."""
    logs = settings.data_dir / "logs"
    logs.mkdir(exist_ok=True)
    environment = {f"MAKERLAB_{name.upper()}": str(value) for name, value in settings if value is not None}
    return [
        Child(name, [sys.executable, "-m", "makerlab", name], logs / f"{name}.log", environment)
        for name in commands
    ]


def _wait_for_web(settings: Settings, children: list[Child], stop: threading.Event) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not stop.wait(0.1):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{settings.port}/anmelden", timeout=5).close()
            return
        web = children[0]
        if not web.alive or time.monotonic() > deadline:
            raise SystemExit(f"The web server does not answer; see {web.log}:\n{web.log.read_text()[-2000:]}")


def _keep_going(
    hosts: list[VirtualOctoPrint], children: list[Child], stop: threading.Event, say: Callable[[str], None]
) -> None:
    """Start again what died: that nothing is lost by it is part of what the demo shows."""
    while not stop.wait(LOOK_SECONDS):
        for child in children:
            if not child.alive:
                say(f"“{child.name}” ended; starting it again.")
                stop.wait(CALM_SECONDS)
                child.start()
        for host in hosts:
            if not host.alive:
                say(f"OctoPrint at {host.url} ended; starting it again.")
                stop.wait(CALM_SECONDS)
                host.kill()  # what is left of its group
                host.start()


@contextlib.contextmanager
def _ended(hosts: list[VirtualOctoPrint]) -> Iterator[list[Child]]:
    """A list for the processes to be started; at the end all of them and all hosts are stopped."""
    children: list[Child] = []
    try:
        yield children
    finally:
        for child in children:
            child.stop()
        for host in hosts:
            host.stop()


def _welcome(settings: Settings, seeded: Seeded, hosts: list[VirtualOctoPrint]) -> str:
    lines = [
        "",
        "makerlab is running.",
        f"  Desk     {settings.address}/          sign in by e-mail and password",
        f"  Kiosk    {settings.address}/kiosk     sign in by number and PIN, or type the card's code quickly",
        f"  Phone    {settings.address}/verkauf",
        f"  Wall     {settings.address}/drucker/wand",
        "",
        *(f"  {person}" for person in seeded.people),
        "",
        *(f"  Printer “{name}”: {settings.address}/kiosk/drucker/{code}" for name, code in seeded.printers),
        *(f"  OctoPrint {host.url}" for host in hosts),
        "",
        "Ctrl-C ends everything. The data is kept; `make demo RESET=1` begins anew.",
    ]
    return "\n".join(lines)


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201

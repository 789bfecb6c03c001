"""A whole lab for the journeys: real processes, a real OctoPrint, the real slicer, a database of its own."""

import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.cli.database import migrate
from makerlab.core.database import make_engine, make_session_factory, reading
from makerlab.core.settings import Settings
from makerlab.demo.lab import Child, children_of
from makerlab.demo.objects import OBJECTS, DemoObject
from makerlab.demo.seed import Seeded, seed
from makerlab.fleet.models import Printer
from makerlab.people.models import Account
from makerlab.production.models import Attempt
from printers.virtual import VirtualOctoPrint, free_port

PATIENCE_S = 90.0
QUICK = ("schluessel-blatt", "stern-falte")  # print in seconds on a virtual printer


def quick_objects() -> list[DemoObject]:
    """Those of the demo's catalogue that a virtual printer makes in seconds."""
    return [thing for thing in OBJECTS if thing.key in QUICK]


class Lab:
    """Started by `with Lab(folder, octoprints) as lab`; ends what it started: not the OctoPrints.

    `addresses`: where the lab reaches its printers, if not directly (a proxy that breaks connections).
    `processes`: the commands of makerlab that run.
    """

    def __init__(
        self, folder: Path, octoprints: list[VirtualOctoPrint], things: Sequence[DemoObject] = (),
        addresses: Sequence[str] = (), processes: Sequence[str] = ("serve", "work", "slice"), **settings: Any,
    ) -> None:  # fmt: skip
        self.octoprints = octoprints
        self.things = things or quick_objects()
        self.addresses = addresses or [host.url for host in octoprints]
        self.processes = processes
        port = free_port()
        self.settings = Settings(
            data_dir=folder / "data", port=port, public_url=f"http://127.0.0.1:{port}",
            **{"poll_seconds": 0.5, **settings},
        )  # fmt: skip
        self.children: dict[str, Child] = {}
        self.seeded: Seeded

    def __enter__(self) -> Self:
        migrate(self.settings)
        hosts = [(url, host.api_key) for url, host in zip(self.addresses, self.octoprints, strict=True)]
        with ThreadPoolExecutor(1) as apart:  # Flask refuses a thread in which Playwright's event loop runs
            self.seeded = apart.submit(seed, self.settings, hosts, lambda _: None, self.things).result()
        self.factory = make_session_factory(make_engine(self.settings))
        self.children = {child.name: child for child in children_of(self.settings, self.processes)}
        try:
            for child in self.children.values():
                child.start()
            self.wait(self._answers, "the web server answers")
        except BaseException:  # nobody else would end them now
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for child in self.children.values():
            if child.process is not None:
                child.process.terminate()  # all at once: they end side by side
        for child in self.children.values():
            child.stop()

    @property
    def address(self) -> str:
        return self.settings.address

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.address}/anmelden", timeout=5).close()
        except OSError:
            return False
        return True

    def kill(self, name: str) -> None:
        """kill -9 of one process: serve, work, slice or octoprint (the first)."""
        if name == "octoprint":
            self.octoprints[0].kill()
            return
        process = self.children[name].process
        assert process is not None
        process.kill()
        process.wait()

    def restart(self, name: str) -> None:
        """Start it again; the web server and OctoPrint are waited for."""
        if name == "octoprint":
            self.octoprints[0].start()
            self.octoprints[0].wait_ready()
            return
        self.children[name].start()
        if name == "serve":
            self.wait(self._answers, "the web server answers again")

    def ask(self, question: Callable[[Session], Any]) -> Any:
        """Read from the lab's database."""
        with reading(), self.factory() as session:
            return question(session)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A writing transaction, committed at its end."""
        with self.factory.begin() as session:
            yield session

    def wait(self, condition: Callable[[], Any], what: str) -> Any:
        """Poll until `condition` holds; its value. What the processes said last is part of the failure."""
        deadline = time.monotonic() + PATIENCE_S
        while not (value := condition()):
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain: {what}\n{self.last_words()}")
            time.sleep(0.05)
        return value

    def last_words(self) -> str:
        """The ends of all logs."""
        logs = [(child.name, child.log) for child in self.children.values() if child.log.exists()]
        return "\n".join(f"--- {name}\n{log.read_text(errors='replace')[-1500:]}" for name, log in logs)

    def attempt_state(self, attempt_id: int) -> str:
        return str(self.ask(lambda session: session.get_one(Attempt, attempt_id).state.value))

    def person(self, first_name: str) -> Account:
        named = sa.select(Account).where(Account.name.startswith(first_name))
        return self.ask(lambda session: session.scalars(named).one())

    def printer(self, number: int = 0) -> Printer:
        query = sa.select(Printer).order_by(Printer.id)
        return self.ask(lambda session: session.scalars(query).all()[number])

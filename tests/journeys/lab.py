"""A whole lab for the journeys: real processes, a real OctoPrint, the real slicer, a database of its own."""

import time
import urllib.request
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.cli.database import migrate
from makerlab.core.database import make_engine, make_session_factory, reading
from makerlab.core.settings import Settings
from makerlab.demo.lab import Child, children_of
from makerlab.demo.objects import OBJECTS
from makerlab.demo.seed import Seeded, seed
from makerlab.fleet.models import Printer
from makerlab.people.models import Account
from makerlab.production.models import Attempt
from printers.virtual import VirtualOctoPrint, free_port

PATIENCE_S = 90.0
QUICK = ("schluesselblatt", "stern-falte")  # print in seconds on a virtual printer


class Lab:
    """Started by `with Lab(folder, octoprints) as lab`; ends all it started."""

    def __init__(self, folder: Path, octoprints: list[VirtualOctoPrint], objects: tuple[str, ...] = QUICK) -> None:
        self.octoprints = octoprints
        self.objects = objects
        port = free_port()
        self.settings = Settings(
            data_dir=folder / "data", port=port, poll_seconds=0.5, public_url=f"http://127.0.0.1:{port}"
        )
        self.children: dict[str, Child] = {}
        self.seeded: Seeded

    def __enter__(self) -> Self:
        migrate(self.settings)
        things = [thing for thing in OBJECTS if thing.key in self.objects]
        hosts = [(host.url, host.api_key) for host in self.octoprints]
        self.seeded = seed(self.settings, hosts, lambda _: None, things)
        self.factory = make_session_factory(make_engine(self.settings))
        self.children = {child.name: child for child in children_of(self.settings)}
        for child in self.children.values():
            child.start()
        self.wait(self._answers, "the web server answers")
        return self

    def __exit__(self, *_: object) -> None:
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
        """kill -9 of one process: serve, work or slice."""
        process = self.children[name].process
        assert process is not None
        process.kill()
        process.wait()

    def restart(self, name: str) -> None:
        self.children[name].start()
        if name == "serve":
            self.wait(self._answers, "the web server answers again")

    def ask(self, question: Callable[[Session], Any]) -> Any:
        """Read from the lab's database."""
        with reading(), self.factory() as session:
            return question(session)

    @contextmanager
    def write(self) -> Any:
        with self.factory.begin() as session:
            yield session

    def wait(self, condition: Callable[[], Any], what: str) -> Any:
        """Poll until `condition` holds; its value."""
        deadline = time.monotonic() + PATIENCE_S
        while not (value := condition()):
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain: {what}")
            time.sleep(0.05)
        return value

    def attempt_state(self, attempt_id: int) -> str:
        return str(self.ask(lambda session: session.get_one(Attempt, attempt_id).state.value))

    def person(self, first_name: str) -> Account:
        named = sa.select(Account).where(Account.name.startswith(first_name))
        return self.ask(lambda session: session.scalars(named).one())

    def printer(self, number: int = 0) -> Printer:
        return self.ask(lambda session: session.scalars(sa.select(Printer).order_by(Printer.id)).all()[number])

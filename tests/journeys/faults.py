"""A lab whose OctoPrint stands behind a proxy: what can be made to go wrong there, and what is seen then."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from makerlab.core.clock import utcnow
from makerlab.core.files import FileStore
from makerlab.fleet.hosts import Hosts
from makerlab.production.dispatch import Dispatch, unfinished
from makerlab.production.models import Attempt, AttemptEvent
from makerlab.production.states import AttemptState
from printers.errors import Refused
from printers.octoprint import OctoPrintHost
from printers.proxy import FaultProxy
from printers.virtual import VirtualOctoPrint
from tests.journeys.floor import Floor
from tests.journeys.lab import Lab

QUICK, SLOW = "Klotz 10 mal 3", "Klotz 60 mal 12"


class Faulty(Floor):
    """A floor whose one OctoPrint stands behind a proxy that breaks connections."""

    def __init__(self, lab: Lab, proxy: FaultProxy) -> None:
        super().__init__(lab)
        self.host, self.proxy = lab.octoprints[0], proxy
        self.by_hand = OctoPrintHost(self.host.url, self.host.api_key)  # somebody at the printer itself

    def started(self, name: str = QUICK) -> int:
        """A new order of one piece, started by a person; the attempt's id."""
        order_id = self.order(name, 1)
        return int(self.lab.wait(lambda: self.start(order_id), "started by a person"))

    def reaches(self, attempt_id: int, *states: AttemptState) -> Attempt:
        self.lab.wait(lambda: self.attempt(attempt_id).state in states, f"one of {states}")
        return self.attempt(attempt_id)

    def attempt(self, attempt_id: int) -> Attempt:
        found: Attempt = self.lab.ask(lambda session: session.get_one(Attempt, attempt_id))
        return found

    def went_through(self, attempt_id: int) -> list[AttemptState]:
        query = sa.select(AttemptEvent.to_state).where(AttemptEvent.attempt_id == attempt_id)
        return self.lab.ask(lambda session: list(session.scalars(query.order_by(AttemptEvent.id))))

    def starts(self, attempt_id: int) -> int:
        return self.jobs().get(self.attempt(attempt_id).remote_name, {}).get("started", 0)

    def ends(self, attempt_id: int) -> None:
        """Collected, printed again where needed, until the order is done."""
        self.finish(self.lab.ask(lambda session: session.get_one(Attempt, attempt_id).plate.order_id))

    def starts_by_hand(self, name: str) -> bool:
        """Somebody at the printer starts a file; False while OctoPrint is still busy with the last moment."""
        try:
            self.by_hand.start(name)
        except Refused:
            return False
        return True

    def watched(self) -> None:
        """The worker is up and looks at the printer again."""
        before = self.lab.printer().sight.answered_at
        self.lab.wait(lambda: self.lab.printer().sight.answered_at != before, "a new look")

    def repaired(self, attempt_id: int) -> None:
        """Somebody connects the printer again, clears the bed, and the piece is made after all."""
        self.host.connect_printer()
        self.lab.wait(lambda: self.lab.printer().sight.state == "operational", "connected again")
        self.ends(attempt_id)


@contextmanager
def no_room(host: VirtualOctoPrint) -> Iterator[None]:
    """Files of OctoPrint cannot grow beyond its log: the write of a larger one breaks off in the middle."""
    most = 4096 + max(file.stat().st_size for file in host.basedir.rglob("*.log"))
    was = resource.prlimit(host.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(host.pid, resource.RLIMIT_FSIZE, (most, was[1]))
    try:
        yield
    finally:
        resource.prlimit(host.pid, resource.RLIMIT_FSIZE, was)


def dispatch_of(lab: Lab) -> Dispatch:
    return Dispatch(lab.factory, Hosts(lab.settings), FileStore(lab.settings.files_dir), utcnow)


def dispatch_all(lab: Lab, dispatch: Dispatch) -> None:
    """As a worker does, for as long as anything waits to be started."""
    while ids := lab.ask(unfinished):
        for attempt_id in ids:
            dispatch.run(attempt_id)

"""Kill one process at one step of an order, start it again, and go on to the end."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from time import sleep

import sqlalchemy as sa

from makerlab.materials.models import FilamentMovement
from makerlab.production.models import Attempt, Copy, Plate, Slice, SliceState
from makerlab.production.states import AttemptState
from makerlab.stock.models import StockMovement
from tests.journeys.floor import Desk, Floor
from tests.journeys.lab import Lab

PROCESSES = ("serve", "work", "slice", "octoprint")
STEPS = ("ordered", "slicing", "claimed", "printing", "done")
THING = "Klotz 10 mal 3"


@dataclass
class Cycle:
    """One order, one death. `number` is how many pieces are asked for: a number not seen before is sliced."""

    lab: Lab
    floor: Floor
    desk: Desk
    process: str
    step: str
    pieces: int
    random: Random

    def run(self) -> None:
        order_id = self.floor.order(THING, self.pieces)
        self._reach(order_id)
        sleep(self.random.uniform(0, 0.3))  # a random moment of the step
        self.lab.kill(self.process)
        before = [(attempt.id, attempt.state) for attempt in self.floor.attempts(order_id)]
        self.lab.restart(self.process)
        self._as_promised(before)
        self.floor.finish(order_id)
        self._nothing_lost(order_id)
        self._printed_once(order_id)
        self._page_says(order_id)

    def _reach(self, order_id: int) -> None:
        """Go on to the step; each includes those before it."""
        wanted = STEPS.index(self.step)
        if wanted >= 1:
            self._wait(lambda: self._sliced(order_id, SliceState.RUNNING, SliceState.DONE), "being sliced")
        if wanted >= 2:
            attempt_id = self._wait(lambda: self.floor.start(order_id), "started by a person")
        if wanted >= 3:
            states = {"printing", "reported_done"} if self.step == "printing" else {"reported_done"}
            self._wait(lambda: self.lab.attempt_state(attempt_id) in states, self.step)

    def _wait(self, condition: Callable[[], object], what: str) -> object:
        return self.lab.wait(condition, f"{what} ({self.process} is to be killed)")

    def _sliced(self, order_id: int, *states: SliceState) -> bool:
        ours = sa.and_(Plate.slice_key == Slice.key, Plate.order_id == order_id)
        query = sa.select(Slice.state).join(Plate, ours)
        return self.lab.ask(lambda session: session.scalar(query)) in states

    def _as_promised(self, before: list[tuple[int, AttemptState]]) -> None:
        """OctoPrint forgot a print it did not finish: unknown, the bed is occupied, a person decides."""
        if self.process != "octoprint" or not before or before[-1][1] is not AttemptState.PRINTING:
            return
        attempt = self.lab.ask(lambda session: session.get_one(Attempt, before[-1][0]))
        if self.floor.jobs()[attempt.remote_name]["done"]:
            return  # it was done before it was killed
        self._wait(lambda: self.lab.attempt_state(attempt.id) == "unknown", "unknown")
        assert self.lab.printer().bed.value == "occupied"
        assert self.lab.attempt_state(attempt.id) == "unknown", "only a person leaves it"

    def _nothing_lost(self, order_id: int) -> None:
        pieces = self.floor.pieces(order_id)
        assert (pieces.ordered, pieces.good, pieces.adds_up()) == (self.pieces, self.pieces, True)
        made = [attempt for attempt in self.floor.attempts(order_id) if attempt.good]
        assert sum(attempt.good or 0 for attempt in made) == self.pieces
        for attempt in self.floor.attempts(order_id):
            assert self._count(StockMovement, attempt) == (1 if attempt.good else 0), "one stock movement"
            assert self._count(FilamentMovement, attempt) <= 1, "one filament movement"
            assert self._count(FilamentMovement, attempt) == 1 or not attempt.good
        assert self._free(order_id)

    def _count(self, ledger: type[StockMovement] | type[FilamentMovement], attempt: Attempt) -> int:
        query = sa.select(sa.func.count()).select_from(ledger).where(ledger.attempt_id == attempt.id)
        return int(self.lab.ask(lambda session: session.scalar(query)))

    def _free(self, order_id: int) -> bool:
        query = sa.select(Copy.state).where(Copy.order_id == order_id).distinct()
        return self.lab.ask(lambda session: [state.value for state in session.scalars(query)]) == ["good"]

    def _printed_once(self, order_id: int) -> None:
        """By OctoPrint's own record: no file started twice, what is called good was printed to its end."""
        jobs, attempts = self.floor.jobs(), self.floor.attempts(order_id)
        for attempt in attempts:
            assert jobs.get(attempt.remote_name, {}).get("started", 0) <= 1, attempt.remote_name
        for attempt in attempts:
            assert not attempt.good or jobs[attempt.remote_name]["done"] == 1
        if self.process != "octoprint":
            # Killed elsewhere the printer goes on: what it was given is what comes of it.
            assert sum(bool(jobs.get(attempt.remote_name)) for attempt in attempts) == 1

    def _page_says(self, order_id: int) -> None:
        assert THING in self.desk.order_page(order_id)
        for attempt in self.floor.attempts(order_id):
            page = self.desk.attempt_page(attempt.id)
            assert THING in page

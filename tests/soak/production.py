"""A lab in production on several real OctoPrints, whose processes die at random moments."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random

import sqlalchemy as sa

from makerlab.catalog.queries import approved
from makerlab.fleet.models import Printer
from makerlab.materials.models import FilamentMovement
from makerlab.production.models import Attempt, AttemptEvent, Copy, CopyState, Order, Plate
from makerlab.production.states import ENDED, AttemptState
from tests.journeys.floor import Floor
from tests.journeys.kiosk_by_http import AWAY, Kiosk
from tests.journeys.lab import Lab

DEATHS = (("work",), ("work",), ("serve",), ("serve",), ("work", "serve"), ("slice",))
UP = {"work": '"leading"', "serve": '"serving"'}  # said in the log
DEATHS_IN_START = 0.2  # this share of the deaths comes while the one before is still being got over
WAITING = 5  # orders that are not done: enough for every printer
STUCK_S = 120.0  # nothing at all happened for so long: something is stuck
UNCLEAR_S = 20.0  # a person decides when the lab did not find out by itself


@dataclass
class Shift:
    """People who order, start and collect until told that it is the last round.

    `counts`: what they did; `met`: the states of the prints that the deaths came upon.
    """

    lab: Lab
    random: Random
    counts: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    trouble: list[BaseException] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.floor = Floor(self.lab)
        self.codes = [printer.code for printer in self._printers()]
        for number in range(1, len(self.codes)):
            self.colour_id = self.floor.load(number, f"26-9{number}")
        boris = self.lab.person("Boris")
        self.revisions = self.lab.ask(lambda session: [one.id for one in approved(session)])
        self.kiosk = Kiosk(self.lab.address, boris.number, self._patience)
        self._happened = (0, time.monotonic())
        self._unclear: dict[str, float] = {}
        self._thread = threading.Thread(target=self._run, name="people")
        self._thread.start()

    def kill(self) -> tuple[str, ...]:
        """One death while something is printed and the start after it; the next may come before it is up."""
        while not self.trouble and not self._producing():
            time.sleep(0.1)
        time.sleep(self.random.uniform(0.0, 3.0))
        names, up = self.random.choice(DEATHS), [self._ups(name) for name in UP]
        for name in names:
            self.lab.kill(name)
        self.met.update(self._producing() or ["between two prints"])
        for name in names:
            self.lab.children[name].start()
        if self.random.random() > DEATHS_IN_START:
            self.lab.wait(lambda: self._all_up(names, up), f"{names} are up again")
        self._told()
        return names

    def _producing(self) -> list[str]:
        """The states of the prints that are under way."""
        active = sa.select(Attempt.state).where(Attempt.state.not_in(ENDED))
        return self.lab.ask(lambda session: [state.value for state in session.scalars(active)])

    def _all_up(self, names: tuple[str, ...], before: list[int]) -> bool:
        pairs = zip(UP, before, strict=True)
        return bool(self.trouble) or all(name not in names or self._ups(name) > was for name, was in pairs)

    def _ups(self, name: str) -> int:
        """How often this process said that it is up."""
        log = self.lab.children[name].log
        return log.read_text(errors="replace").count(UP[name]) if log.exists() else 0

    def end(self) -> None:
        """No new orders; those there are come to their end."""
        self.closing.set()
        self._thread.join()
        self._told()

    def _told(self) -> None:
        if self.trouble:
            raise AssertionError(f"stuck or broken\n{self.lab.last_words()}") from self.trouble[0]

    def _run(self) -> None:
        try:
            while not self.closing.is_set() or self.open_orders():
                self._round()
                self._patience()
        except BaseException as error:  # noqa: BLE001 (raised again by the one who waits)
            self.trouble.append(error)

    def _round(self) -> None:
        try:
            if not self.closing.is_set() and self.open_orders() < WAITING:
                self.counts["orders"] += 1
                self.kiosk.order(
                    self.random.choice(self.revisions), self.colour_id, self.random.randint(1, 4)
                )
            for code in self.codes:
                self._serve(code)
        except AWAY:
            self.counts["web was away"] += 1

    def _serve(self, code: str) -> None:
        did = self.kiosk.serve(code)
        self.counts.update([did] if did else [])
        if did != "unclear":
            self._unclear.pop(code, None)
        elif time.monotonic() - self._unclear.setdefault(code, time.monotonic()) > UNCLEAR_S:
            self._decide(code)

    def _decide(self, code: str) -> None:
        """The instructor looks at the bed: here, OctoPrint's own record tells what lies there."""
        attempt = self.lab.ask(lambda session: session.scalars(_under_way(code)).one())
        did, page = self.floor.jobs().get(attempt.remote_name, {}), self.kiosk.page(f"/kiosk/drucker/{code}")
        nothing, link = page.form("/nichts"), page.link("/abholen?attempt=")
        if did and link:
            self.kiosk.collect(link)
        elif nothing:
            self.kiosk.send(nothing)
        self.counts["a person decided"] += 1

    def _patience(self) -> None:
        """A moment; raises when nothing happened for long, though somebody tries all the time."""
        time.sleep(0.1)
        events = self.lab.ask(lambda session: session.scalar(sa.select(sa.func.count(AttemptEvent.id))))
        known, since = self._happened
        if events != known:
            self._happened = (events, time.monotonic())
        elif time.monotonic() - since > STUCK_S:
            raise AssertionError(f"nothing happened for {STUCK_S:g} s: {self.states()}")

    def open_orders(self) -> int:
        open_ = sa.select(Copy.order_id).where(Copy.state.in_((CopyState.OPEN, CopyState.ACTIVE))).distinct()
        return int(self.lab.ask(lambda session: len(session.scalars(open_).all())))

    def states(self) -> Counter[str]:
        found = sa.select(Attempt.state)
        return self.lab.ask(lambda session: Counter(state.value for state in session.scalars(found)))

    def _printers(self) -> list[Printer]:
        return self.lab.ask(lambda session: list(session.scalars(sa.select(Printer).order_by(Printer.id))))


def _under_way(code: str) -> sa.Select[tuple[Attempt]]:
    here = sa.and_(Attempt.printer.has(code=code), Attempt.state.not_in(ENDED))
    return sa.select(Attempt).where(here)


def check(shift: Shift) -> dict[str, object]:
    """Not one copy lost, doubled or stuck: by the printers' own record, by the ledgers, by the states.

    The figures of the round, for the one who reads along.
    """
    lab, jobs = shift.lab, shift.floor.jobs()
    attempts = lab.ask(lambda session: list(session.scalars(sa.select(Attempt))))
    orders = lab.ask(lambda session: list(session.scalars(sa.select(Order))))
    plates = lab.ask(lambda session: session.scalar(sa.select(sa.func.count(Plate.id))))
    assert len(orders) == shift.counts["orders"], "an order sent again is the same order"
    _no_piece_is_missing(shift, orders)
    assert {one.state for one in attempts} <= ENDED, "nothing is stuck"
    known = {one.remote_name: one for one in attempts}
    assert set(jobs) <= set(known), "nothing printed that nobody started"
    for name, job in jobs.items():
        assert job["started"] == 1, (name, job, known[name].state)
        assert job["failed"] + job["cancelled"] == 0, (name, job)
        assert known[name].good, (name, job, known[name].state, "printed and not counted")
    for attempt in attempts:
        assert not attempt.good or jobs[attempt.remote_name]["done"] == 1, attempt.remote_name
    assert len(jobs) == plates, "each plate was printed once"
    _one_line_each(shift, attempts)
    return {
        "orders": len(orders), "pieces": sum(one.pieces for one in orders), "prints": len(jobs),
        "released": sum(one.state is AttemptState.RELEASED for one in attempts),
        "decided by a person": shift.counts["a person decided"], "deaths met": dict(shift.met),
    }  # fmt: skip


def _no_piece_is_missing(shift: Shift, orders: list[Order]) -> None:
    for order in orders:
        pieces = shift.floor.pieces(order.id)
        assert (pieces.good, pieces.adds_up()) == (order.pieces, True), (order.id, pieces)


def _one_line_each(shift: Shift, attempts: list[Attempt]) -> None:
    """One movement of stock and one of filament for each print that was collected, none for any other."""
    good = sorted((one.id, one.good) for one in attempts if one.good)
    used = sa.select(FilamentMovement.attempt_id).where(FilamentMovement.attempt_id.is_not(None))
    assert shift.floor.stocked() == good
    booked = shift.lab.ask(lambda session: sorted(session.scalars(used)))
    assert booked == [number for number, _ in good]

"""The invariants of dispatch and of series, whatever people, printers, networks, clocks and workers do.

1 a token starts at most once · 2 no new attempt for a copy while one is unresolved · 3 no start unless a
person cleared the bed after the last start of any origin · 4 one active attempt per printer and copy · 5 one
stock and one filament movement per attempt · 6 no copy vanishes · 7 unknown is left by a person or positive
evidence only · 8 late, doubled and reordered looks change nothing. And of series: 9 no plate of a held order
starts, nor on a held printer · 10 nothing but the first piece starts before its release · 11 the lot of an
order is bound by a start, and changed by an instructor with a reason only.
"""

import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from makerlab.core.audit import AuditLine
from makerlab.core.database import db
from makerlab.core.errors import MakerlabError
from makerlab.core.settings import Settings
from makerlab.fleet.actions import declare_bed
from makerlab.fleet.models import Bed, Printer
from makerlab.materials.models import FilamentMovement, Spool
from makerlab.production.actions import ask, start
from makerlab.production.collecting import COLLECTABLE, collect
from makerlab.production.dispatch import unfinished
from makerlab.production.first_piece import reject_first, release_first
from makerlab.production.holding import hold, lift, resume
from makerlab.production.lots import change_lot
from makerlab.production.models import (
    Attempt,
    AttemptCopy,
    AttemptEvent,
    Copy,
    CopyState,
    FirstPiece,
    Order,
)
from makerlab.production.ordering import cancel_order
from makerlab.production.queries import pieces_of, waiting_plates
from makerlab.production.replanning import replan
from makerlab.production.states import BEFORE_START, ENDED, AttemptState, Wish
from makerlab.stock.models import StockMovement
from printers.fake import Fault
from printers.host import HostState
from tests.makerlab.databases import Databases
from tests.makerlab.production.conftest import Workshop
from tests.makerlab.production.shop import Plan, Shop

S = AttemptState
NUMBERS = st.integers(0, 1)
PROOF = {S.PRINTING, S.PAUSED, S.REPORTED_DONE, S.FAILED, S.CANCELLED}
USUAL = ["start", "start", "work", "work", "print", "collect", "collect", "plan"]
DAYS = st.lists(st.sampled_from(USUAL), min_size=2, max_size=5)
ACCIDENTS = ["power", "frost", "network", "runaway", "silence", "nothing starts"]
VERBS = st.sampled_from(["status", "upload", "file", "start", "command", "delete"])
PLANS = st.none() | st.builds(Plan, st.integers(0, 12), st.booleans())


class Lab(RuleBasedStateMachine):
    """People, workers, printers and accidents, in any order."""

    databases: Databases
    template: Settings  # of a workshop's database, copied for each example

    def __init__(self) -> None:
        super().__init__()
        self.gone = ExitStack()
        folder = Path(self.gone.enter_context(tempfile.TemporaryDirectory()))
        self.shop = Shop(self.gone.enter_context(self.databases.copy(self.template, folder)))
        self.states: set[AttemptState] = set()  # of attempts that are not ended, for the preconditions
        self.kept: list[Any] = []  # looks that were not written down, or may be again

    def teardown(self) -> None:
        try:
            self._everything_ends_well()
        finally:
            self.shop.session.close()
            self.shop.session.get_bind().dispose()  # type: ignore[union-attr]
            self.gone.close()

    # people

    @initialize(pieces=st.lists(st.integers(1, 3), min_size=2, max_size=4))
    def orders(self, pieces: list[int]) -> None:
        for number in pieces:
            self.shop.order(number)
        self.start(0, 0)

    @rule(whats=DAYS, number=NUMBERS, which=st.integers(0, 3))
    def as_usual(self, whats: list[str], number: int, which: int) -> None:
        """The ordinary course of things, in one rule: hypothesis leaves out whole rules at random."""
        usual = {
            "start": lambda: self.start(number, which),
            "work": self._work,
            "print": lambda: self.time_passes(1.2),
            "collect": lambda: self.collect(which, which, False),
            "plan": self._plan,
        }
        for what in whats:
            usual[what]()

    @rule(number=NUMBERS, which=st.integers(0, 3))
    def a_whole_print(self, number: int, which: int) -> None:
        """From the start to the shelf, if nothing is in the way."""
        self.as_usual(["start", "work", "print", "work", "collect"], number, which)

    def _work(self) -> None:
        self.dispatch(None)
        self.look(None)

    def start(self, number: int, which: int) -> None:
        """A person sees that the bed is clear, says so, and starts: in one transaction."""
        shop, printer = self.shop, self.shop.printers[number]
        plates = waiting_plates(shop.session)
        if not plates or self._busy(printer):
            return
        try:
            now = shop.clock.now
            declare_bed(shop.session, printer, Bed.CLEAR, reason="looked", by_id=shop.amira.id, now=now)
            attempt = start(shop.session, plates[which % len(plates)], printer, by=shop.amira, now=now)
            shop.session.commit()
            self._was_allowed(attempt)
            shop.truth[printer.id].events.append("clear")
        except MakerlabError:
            shop.forget()

    def _was_allowed(self, attempt: Attempt) -> None:
        """Invariants 9 to 11, at the moment of a claim."""
        self.shop.session.expire_all()
        order, printer = attempt.plate.order, attempt.printer
        assert not order.held
        assert not printer.held
        waits = order.first_piece in (FirstPiece.WANTED, FirstPiece.TO_RELEASE)
        assert attempt.plate.first or not waits, "the rest before its first piece"
        assert order.lot == printer.spool.lot, "another lot than the series"

    @precondition(lambda self: self.states - COLLECTABLE)
    @rule(which=st.integers(0, 1), wish=st.sampled_from(Wish), then=DAYS)
    def steer(self, which: int, wish: Wish, then: list[str]) -> None:
        self._with_attempt(which, lambda session, one: ask(
            session, one, wish, by=self.shop.amira, reason="other", now=self.shop.clock.now
        ))  # fmt: skip
        self.as_usual(then, 0, 0)

    @precondition(lambda self: self.states & COLLECTABLE)
    @rule(which=st.integers(0, 1), good=st.integers(0, 3), nothing=st.booleans())
    def collect(self, which: int, good: int, nothing: bool) -> None:
        """A person at a printer that does not move says what is on the bed, and clears it."""

        def take(session: Any, one: Attempt) -> None:
            if self._busy(one.printer):
                return
            unclear = nothing and one.state is S.UNKNOWN
            collect(
                session, one, good=0 if unclear else min(good, one.plate.pieces), scrap_reason="warped",
                by=self.shop.amira, now=self.shop.clock.now, nothing_printed=unclear,
            )  # fmt: skip
            if one.printer.bed is Bed.CLEAR:
                self.shop.truth[one.printer_id].events.append("clear")

        self._with_attempt(which, take)

    @rule(number=NUMBERS, which=st.integers(0, 3), foreign=st.booleans(), then=DAYS)
    def print_by_hand(self, number: int, which: int, foreign: bool, then: list[str]) -> None:
        """A file of somebody's own, or one of ours that lies at the host."""
        names = [name for name in self.shop.host(number).machine.files if name.startswith("makerlab/")]
        if foreign or names:
            self._by_hand(number, "vase.gcode" if foreign else names[which % len(names)])
        self.as_usual(then, number, which)

    @rule(what=st.sampled_from(["hold", "lift", "release", "reject", "lot", "replan", "spool"]),
          which=st.integers(0, 3), by_trainee=st.booleans(), then=DAYS)  # fmt: skip
    def decide(self, what: str, which: int, by_trainee: bool, then: list[str]) -> None:
        """What an instructor decides about an order or a printer; a trainee who tries is refused."""
        shop = self.shop
        shop.forget()
        orders = shop.session.scalars(sa.select(Order).order_by(Order.id)).all()
        order, printer = orders[which % len(orders)], shop.printers[which % 2]
        more = {"by": shop.amira if by_trainee else shop.boris, "now": shop.clock.now}
        deeds = {
            "hold": lambda: hold(shop.session, order, reason="other", **more),
            "lift": lambda: (resume(shop.session, order, **more), lift(shop.session, printer, **more)),
            "release": lambda: release_first(shop.session, order, **more),
            "reject": lambda: reject_first(shop.session, order, reason="other", give_up=which == 0, **more),
            "lot": lambda: change_lot(shop.session, order, f"L{1 + which % 2}", reason="other", **more),
            "replan": lambda: replan(shop.session, order, **more),
        }
        try:
            if what == "spool":
                shop.session.get_one(Spool, printer.spool_id).lot = f"L{1 + which % 2}"
            else:
                deeds[what]()
                assert not by_trainee, f"a trainee may not {what}"
            shop.session.commit()
        except MakerlabError:
            pass
        shop.forget()
        self.as_usual(then, which % 2, which)

    @rule(what=st.sampled_from(["order", "large order", "cancel", "jump"]), which=st.integers(0, 3))
    def seldom(self, what: str, which: int) -> None:
        if what == "order":
            self.shop.order(1 + which % 3)
        elif what == "large order":
            self.shop.large_order(2 + which)
        elif what == "cancel":
            self._cancel_order(which)
        else:
            self.shop.clock.jump(days=which % 2 * 2 - 1)

    def _cancel_order(self, which: int) -> None:
        orders = self.shop.session.scalars(sa.select(Order).order_by(Order.id)).all()
        cancel_order(
            self.shop.session, orders[which % len(orders)], by=self.shop.amira, reason="other",
            now=self.shop.clock.now,
        )  # fmt: skip
        self.shop.session.commit()
        self.shop.forget()

    # workers

    def _plan(self) -> None:
        """Copies that were scrapped get a plate of their own."""
        for order in self.shop.session.scalars(sa.select(Order)):
            loose = [copy for copy in order.copies if copy.plate_id is None and copy.state is CopyState.OPEN]
            if loose:
                self.shop.plates_for(order)
        self.shop.session.commit()
        self.shop.forget()

    @precondition(lambda self: self.states & BEFORE_START)
    @rule(plan=PLANS)
    def dispatch(self, plan: Plan | None) -> None:
        self.shop.alive(plan, self.shop.dispatch_all)

    @precondition(lambda self: self.states & BEFORE_START)
    @rule(calls=st.integers(0, 8), after=st.booleans())
    def two_workers_at_once(self, calls: int, after: bool) -> None:
        """The second one does all of its work at some moment of the first one's."""
        second = Shop.restart

        def overtake() -> None:
            first = self.shop.dispatch
            second(self.shop)
            self.shop.dispatch_all()
            self.shop.dispatch = first

        self.shop.alive(Plan(calls, after, overtake), self.shop.dispatch_all)

    @rule(plan=PLANS)
    def look(self, plan: Plan | None) -> None:
        self.shop.alive(plan, self.shop.look)
        for number, printer in enumerate(self.shop.printers):
            seen = self.shop.session.get_one(Printer, printer.id).sight
            if plan is None and seen.answered_at == self.shop.clock.now and self._busy(printer):
                assert printer.bed is Bed.OCCUPIED, f"printer {number} prints"
        self.shop.forget()

    @rule(number=NUMBERS)
    def look_and_be_slow(self, number: int) -> None:
        """A look whose writing down is left for later, or for ever."""
        self.kept.append(self.shop.a_look(self.shop.printers[number]))

    @precondition(lambda self: self.kept)
    @rule(which=st.integers(0, 9))
    def write_down_late(self, which: int) -> None:
        """Any look that was ever kept, in any order, also again: invariant 8."""
        seen = self.kept[which % len(self.kept)]
        sight = self.shop.session.get_one(Printer, seen.errand.printer_id).sight
        late = sight.answered_at != seen.errand.answered_at
        self.shop.forget()
        before = self.shop.rows()
        self.shop.write_down(seen)
        assert not late or self.shop.rows() == before, "a late look changed something"
        if seen.status is not None:
            once = self.shop.rows()
            self.shop.write_down(seen)
            assert self.shop.rows() == once, "a doubled look changed something"

    # accidents

    @rule(number=NUMBERS, verb=VERBS, fault=st.sampled_from(Fault), then=DAYS)
    def fault(self, number: int, verb: str, fault: Fault, then: list[str]) -> None:
        self.shop.host(number).fail(verb, fault)
        self.as_usual(then, number, 0)

    @rule(number=NUMBERS, what=st.sampled_from(ACCIDENTS), then=DAYS)
    def accident(self, number: int, what: str, then: list[str]) -> None:
        host = self.shop.host(number)
        if what == "power" and not host._frozen:
            host.die()
        elif what == "frost" and host._alive:
            host.freeze()
        elif what == "network":
            host.unplug()
        elif what == "runaway":
            host.printer_error("Thermal Runaway")
        elif what == "silence":
            host.go_silent()
        else:
            host.machine.ignored_starts = 1
        self.as_usual(then, number, 0)

    @rule(number=NUMBERS, then=DAYS)
    def repaired(self, number: int, then: list[str]) -> None:
        self.repair(number)
        self.as_usual(then, number, 0)

    def repair(self, number: int) -> None:
        """What somebody does who finds a printer like that."""
        host = self.shop.host(number)
        if host._frozen:
            host.thaw()
        if not host._alive:
            host.come_back()
        host.plug()
        host.machine.silent = False
        if host.machine.state is HostState.ERROR:
            host.reconnect()

    @rule(seconds=st.sampled_from([0.05, 0.5, 2.0, 2.0, 30.0, 400.0]))
    def time_passes(self, seconds: float) -> None:
        self.shop.clock.pass_(seconds)
        for host in self.shop.hosts.values():
            host.advance(seconds)

    # what always holds

    @invariant()
    def one_start_on_a_cleared_bed(self) -> None:
        for truth in self.shop.truth.values():
            truth.check()

    @invariant()
    def the_books_are_right(self) -> None:
        self.shop.forget()
        session = self.shop.session
        attempts = {one.id: one for one in self.shop.attempts()}
        self.states = {one.state for one in attempts.values() if one.state not in ENDED}
        active = Counter(one.printer_id for one in attempts.values() if one.state not in ENDED)
        assert all(number == 1 for number in active.values()), "one active attempt per printer"
        self._copies_are_right(session, attempts)
        self._ledgers_are_right(session, attempts)
        self._unknown_was_left_rightly(session, attempts)
        assert self.shop.sent_although_held == []
        self._lots_are_held(session)
        self.shop.forget()

    def _copies_are_right(self, session: Any, attempts: dict[int, Attempt]) -> None:
        rows = session.scalars(sa.select(AttemptCopy)).all()
        under_way = Counter(row.copy_id for row in rows if attempts[row.attempt_id].state not in ENDED)
        assert all(number == 1 for number in under_way.values()), "one active attempt per copy"
        assert {row.copy_id for row in rows if row.active} == set(under_way)
        states = dict(session.execute(sa.select(Copy.id, Copy.state)).all())
        assert {id_ for id_, state in states.items() if state is CopyState.ACTIVE} == set(under_way)
        ordered = dict(session.execute(sa.select(Order.id, Order.pieces)).all())
        for id_, pieces in pieces_of(session, list(ordered)).items():
            assert pieces.adds_up()
            assert pieces.ordered == ordered[id_], "no copy vanishes"

    def _ledgers_are_right(self, session: Any, attempts: dict[int, Attempt]) -> None:
        stock = session.execute(sa.select(StockMovement.attempt_id, StockMovement.pieces)).all()
        back = set(session.scalars(sa.select(StockMovement.reverses_id)))
        taken_back = sa.select(StockMovement.attempt_id).where(StockMovement.id.in_(back - {None}))
        rejected = set(session.scalars(taken_back))
        assert sorted(id_ for id_, _ in stock if id_) == sorted(
            id_ for id_, one in attempts.items() if one.good or id_ in rejected
        ), "one stock movement per attempt"
        assert sum(pieces for _, pieces in stock) == sum(one.good or 0 for one in attempts.values())
        used = Counter(session.scalars(
            sa.select(FilamentMovement.attempt_id).where(FilamentMovement.attempt_id.is_not(None))
        ))  # fmt: skip
        assert all(number == 1 for number in used.values()), "one filament movement per attempt"
        assert all(attempts[id_].state is S.RESOLVED for id_ in used)
        good = session.scalar(sa.select(sa.func.count()).where(Copy.state == CopyState.GOOD))
        assert good == sum(one.good or 0 for one in attempts.values())

    def _unknown_was_left_rightly(self, session: Any, attempts: dict[int, Attempt]) -> None:
        for event in session.scalars(sa.select(AttemptEvent)):
            attempt = attempts[event.attempt_id]
            begun = attempt.remote_name in self.shop.hosts[attempt.printer_id].machine.starts
            if event.to_state in PROOF:
                assert begun, f"{event.to_state} without a print"
            if event.to_state is S.RESOLVED:
                assert event.actor_id is not None, "only a person resolves"

    def _lots_are_held(self, session: Any) -> None:
        """Invariant 11: each change of a lot has its line, by whoever started or by an instructor."""
        lines = session.scalars(
            sa.select(AuditLine).where(AuditLine.action == "order.lot").order_by(AuditLine.id)
        ).all()
        now: dict[str, str] = {}
        for line in lines:
            assert line.details["before"] == now.get(line.subject, "")
            assert line.details["before"] == "" or line.actor_id == self.shop.boris.id
            now[line.subject] = line.details["after"]
        for id_, lot in session.execute(sa.select(Order.id, Order.lot)):
            assert lot == now.get(f"order:{id_}", ""), "a lot that nobody chose"

    # helpers

    def _busy(self, printer: Printer) -> bool:
        return self.shop.hosts[printer.id].machine.state.busy

    def _by_hand(self, number: int, name: str) -> None:
        host = self.shop.host(number)
        if host._alive and not host._frozen and host.machine.state is HostState.OPERATIONAL:
            self.shop.truth[self.shop.printers[number].id].hand(name)

    def _with_attempt(self, which: int, act: Any) -> None:
        """Something that a person does with an attempt that is not ended; a refusal is an answer."""
        self.shop.forget()
        attempts = [one for one in self.shop.attempts() if one.state not in ENDED]
        try:
            if attempts:
                act(self.shop.session, attempts[-1 - which % len(attempts)])
            self.shop.session.commit()
        except MakerlabError:
            pass
        self.shop.forget()

    def _everything_ends_well(self) -> None:
        """Repaired, released, looked at and started again, every piece that is still wanted gets made."""
        for number, host in enumerate(self.shop.hosts.values()):
            self.repair(number)
            host._faults, host.machine.ignored_starts = {}, 0
        for _ in range(300):  # good minutes: several large orders take their time
            self._a_good_minute()
            self.one_start_on_a_cleared_bed()
            if not self._wanted():
                break
        assert not self._wanted(), "pieces that nobody can make any more"
        self.the_books_are_right()

    def _a_good_minute(self) -> None:
        self._decided_well()
        self._plan()
        for number in (0, 1):
            self.start(number, 0)
        self.shop.dispatch_all()
        self.time_passes(400.0)
        self.shop.look(4)
        for attempt in self.shop.attempts():
            if attempt.state in COLLECTABLE:
                self._take(attempt)
            elif attempt.state is S.PAUSED:
                now = self.shop.clock.now
                ask(self.shop.session, attempt, Wish.RESUME, by=self.shop.amira, reason="", now=now)
        self.shop.session.commit()
        self.shop.forget()

    def _decided_well(self) -> None:
        """An instructor lets everything go on."""
        session, more = self.shop.session, {"by": self.shop.boris, "now": self.shop.clock.now}
        for printer in self.shop.printers:
            lift(session, session.get_one(Printer, printer.id), **more)
        for order in session.scalars(sa.select(Order)).all():
            resume(session, order, **more)
            change_lot(session, order, "", reason="other", **more)
            if order.first_piece is FirstPiece.TO_RELEASE:
                release_first(session, order, **more)
        session.commit()
        self.shop.forget()

    def _take(self, one: Attempt) -> None:
        done = one.state is S.REPORTED_DONE
        collect(
            self.shop.session, one, good=one.plate.pieces if done else 0,
            scrap_reason="" if done else "unfinished", by=self.shop.amira, now=self.shop.clock.now,
        )  # fmt: skip
        if one.printer.bed is Bed.CLEAR:
            self.shop.truth[one.printer_id].events.append("clear")

    def _wanted(self) -> int:
        self.shop.forget()
        wanted = sa.select(sa.func.count()).where(Copy.state.in_([CopyState.OPEN, CopyState.ACTIVE]))
        number = self.shop.session.scalar(wanted)
        self.shop.forget()
        return int(number or 0) + len(unfinished(self.shop.session))


@pytest.fixture
def template(workshop: Workshop) -> Settings:
    """A workshop's database, to be copied for each example."""
    workshop.session.commit()
    workshop.session.close()
    db.engine.dispose()  # the last connection brings everything into SQLite's one file; PostgreSQL wants none
    return workshop.settings


def run(template: Settings, databases: Databases, *, examples: int, steps: int, same: bool = False) -> None:
    """`same`: the same examples each time; `make soak` looks for new ones."""
    Lab.template, Lab.databases = template, databases
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Lab,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, database=None,
            derandomize=same, suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        ),
    )  # fmt: skip


def test_the_invariants_hold_whatever_happens(template: Settings, databases: Databases) -> None:
    run(template, databases, examples=20, steps=30, same=True)


@pytest.mark.soak
def test_the_invariants_hold_for_long(template: Settings, databases: Databases) -> None:
    run(template, databases, examples=2000, steps=60)

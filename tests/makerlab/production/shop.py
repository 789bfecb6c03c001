"""A workshop for the invariants: what really happened at the printers, dying workers, late looks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from makerlab.catalog.models import Revision
from makerlab.core.database import make_engine, reading
from makerlab.core.files import FileStore
from makerlab.core.settings import Settings
from makerlab.fleet.models import Printer
from makerlab.materials.models import Colour
from makerlab.people.models import Account
from makerlab.production.evidence import apply
from makerlab.production.models import Attempt, CopyState, FirstPiece, Order
from makerlab.production.watch import Seen, errands_for, look
from printers.fake import FakeHost
from tests.makerlab.conftest import NOW
from tests.makerlab.production.conftest import Clock, Workshop

UNMADE = (CopyState.OPEN, CopyState.ACTIVE)


class Killed(BaseException):
    """kill -9: nothing after it runs."""


@dataclass
class Truth:
    """What happened at one printer, in order: `clear` by a person, `ours:NAME` and `hand:NAME` for starts."""

    host: FakeHost
    events: list[str] = field(default_factory=list)
    by_hand: bool = False

    def __post_init__(self) -> None:
        machine, begin = self.host.machine, self.host.machine.start

        def start(name: str) -> None:
            before = len(machine.starts)
            begin(name)
            if len(machine.starts) > before:
                self.events.append(f"{'hand' if self.by_hand else 'ours'}:{name}")

        machine.start = start  # type: ignore[method-assign]

    def hand(self, name: str) -> None:
        """Somebody starts a print at the printer itself: ten minutes, or the file that is there."""
        self.by_hand = True
        self.host.print_by_hand(name, b"G4 S600\n")
        self.by_hand = False

    def check(self) -> None:
        """Invariants 1 and 3: of every start that the lab made."""
        started: set[str] = set()
        cleared = False
        for event in self.events:
            if event == "clear":
                cleared = True
                continue
            origin, name = event.split(":")
            if origin == "ours":
                assert name not in started, f"{name} started twice"
                assert cleared, f"{name} started on a bed that nobody cleared"
            started.add(name)
            cleared = False


class Mortal:
    """A print host seen by a worker that dies at its `calls`-th word, before it is said or after it is heard.

    `meanwhile` runs there instead, where it is given: another worker, a person.
    """

    def __init__(self, shop: "Shop", host: FakeHost) -> None:
        self.shop, self.host = shop, host

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        method = getattr(self.host, verb)

        def said(*arguments: Any) -> Any:
            plan = self.shop.plan
            now = plan is not None and plan.due()
            if now and plan and not plan.after:
                plan.happen()
            try:
                return method(*arguments)
            finally:
                if now and plan and plan.after:
                    plan.happen()

        return said


@dataclass
class Plan:
    """What shall happen at a worker's `calls`-th word to a printer."""

    calls: int
    after: bool
    meanwhile: Callable[[], None] | None = None

    def due(self) -> bool:
        self.calls -= 1
        return self.calls == -1

    def happen(self) -> None:
        if self.meanwhile is None:
            raise Killed
        self.meanwhile()


class Shop(Workshop):
    """Two printers, one approved coaster, in a lab of its own."""

    def __init__(self, settings: Settings) -> None:
        engine = make_engine(settings)
        if settings.on_sqlite:
            sa.event.listen(engine, "connect", _careless)
        factory = sessionmaker(engine, expire_on_commit=False)
        session = factory()
        printers = list(session.scalars(sa.select(Printer).order_by(Printer.id)))
        self.plan: Plan | None = None
        self.sent_although_held: list[str] = []
        super().__init__(
            session, settings, FileStore(settings.files_dir), Clock(NOW), _account(session, "Amira"),
            _account(session, "Boris"), session.scalars(sa.select(Revision)).one(),
            session.scalars(sa.select(Colour)).one(), printers,
            {printer.id: FakeHost() for printer in printers}, factory,
        )  # fmt: skip
        self.truth = {printer.id: Truth(self.hosts[printer.id]) for printer in printers}

    def restart(self) -> None:
        """A new worker; what it is about to start must not be held at that moment."""
        super().restart()
        send = self.dispatch._send_start

        def checked(attempt: Attempt, host: Any) -> Attempt:
            with reading(), self.factory() as session:
                fresh = session.get_one(Attempt, attempt.id)
                if fresh.plate.order.held or fresh.printer.held:
                    self.sent_although_held.append(fresh.remote_name)
            return send(attempt, host)

        self.dispatch._send_start = checked  # type: ignore[method-assign]

    def large_order(self, pieces: int) -> Order:
        """An order whose first piece is checked before the rest."""
        order = self.order(pieces)
        order.first_piece = FirstPiece.WANTED
        for copy in order.copies:
            copy.plate_id = None
        self.session.flush()
        self.session.delete(order.plates[0])
        self.session.flush()
        self.session.expire(order)
        self.plates_for(order)
        self.session.commit()
        return order

    def plates_for(self, order: Order) -> None:
        """As the planner would: the first piece by itself, then the rest."""
        made = [plate for plate in order.plates if plate.first]
        under_way = any(copy.state in UNMADE for plate in made for copy in plate.copies)
        if order.first_piece is FirstPiece.WANTED and not under_way:
            self.plate(order, 1, first=True)
        if any(copy.plate_id is None and copy.state is CopyState.OPEN for copy in order.copies):
            self.plate(order)

    def host_of(self, printer: Printer) -> Any:
        return Mortal(self, self.hosts[printer.id])

    def alive(self, plan: Plan | None, work: Callable[[], object]) -> None:
        """A worker works; when it is killed, another one starts with nothing but the database."""
        self.forget()
        self.plan = plan
        try:
            work()
        except Killed:
            self.restart()
        finally:
            self.plan = None
            self.forget()

    def a_look(self, printer: Printer) -> Seen:
        """One look, remembered as watch does, not written down yet."""
        self.forget()
        with reading(), self.factory() as session:
            errand = errands_for(session, [printer.id], self.host_of, self.clock.now)[0]
        self.watch._answered.setdefault(printer.id, self.clock.monotonic())  # as when watch itself asks
        return self.watch._remember(look(errand))

    def write_down(self, seen: Seen) -> None:
        self.forget()
        self.clock.pass_(0.01)
        with self.factory.begin() as session:
            apply(session, [seen], now=self.clock.now, alarm_after_s=60)
        self.forget()

    def rows(self) -> list[Any]:
        """All that a look may change."""
        tables = ("attempt", "attempt_event", "attempt_copy", "copy", "sight", "bed_declaration")
        with reading(), self.factory() as session:
            beds = session.execute(sa.text("SELECT id, bed FROM printer ORDER BY id")).all()
            return [beds, *(session.execute(sa.text(f"SELECT * FROM {name}")).all() for name in tables)]  # noqa: S608

    def attempts(self) -> list[Attempt]:
        return list(self.session.scalars(sa.select(Attempt).order_by(Attempt.id)))


def _account(session: Session, name: str) -> Account:
    return session.scalars(sa.select(Account).where(Account.name == name)).one()


def _careless(connection: Any, _record: Any) -> None:
    """No test of ours pulls the plug: not to wait for the disk is ten times as many examples."""
    connection.cursor().execute("PRAGMA synchronous = OFF")

"""Watches all printers: what each look proves is written down, what people asked is passed on.

A look talks to one host in a thread of its own and touches no database; what came of all looks is applied in
one transaction. A dead printer delays no other: its look takes its time-outs in its own thread.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.database import SessionFactory, reading
from makerlab.core.logs import log
from makerlab.fleet.hosts import NO_HOST, HostOf
from makerlab.fleet.models import Printer
from makerlab.fleet.samples import Moment, keep, slots_at
from makerlab.production.closing import Closed, close
from makerlab.production.evidence import ALONE, apply, last_events
from makerlab.production.heating import Heat, about_to_print, may_be_told, orders
from makerlab.production.models import Attempt
from makerlab.production.states import AT_PRINTER, ENDED, OVER, AttemptState, Wish
from printers.errors import HostError, Untrusted
from printers.host import Command, HostState, HostStatus, PrintHost, RemoteFile

MOVING = frozenset({HostState.STARTING, HostState.PRINTING})  # the file should be read on
LOOKS_AT_ONCE = 64  # a dead host holds a thread for its time-outs: 3 s to connect, 10 s to answer


@dataclass(frozen=True, slots=True)
class Errand:
    """What to ask one host: `name` of the attempt under way, a wish to pass on, files to delete."""

    printer_id: int
    host: PrintHost
    attempt_id: int | None = None
    name: str | None = None
    state: AttemptState | None = None
    wish: Wish | None = None
    to_close: tuple[tuple[int, str], ...] = ()
    last_event: int = 0  # of the attempt: after any other event this look is late
    answered_at: datetime | None = None  # of the printer: after any other answer this look is late
    heat: Heat | None = None

    @property
    def knows(self) -> tuple[int | None, int]:
        """The attempt and its last event, as they were when this errand was sent."""
        return self.attempt_id, self.last_event


@dataclass(slots=True)
class Seen:
    """What came of an errand. `status` None: no answer."""

    errand: Errand
    status: HostStatus | None = None
    remote: RemoteFile | None = None
    asked_remote: bool = False
    closed: dict[int, Closed] = field(default_factory=dict)  # attempt → what came of closing its file
    wish_done: bool = False
    heated: bool = False
    trouble: str = ""
    stranger: bool = False  # who answers has another certificate than the trusted one
    silent_s: float = 0.0  # since the last answer, by our own monotonic clock
    blank_looks: int = 0
    still_s: float = 0.0  # "printing" without progress in the file


def look(errand: Errand) -> Seen:
    """Ask one host. Every error is part of what was seen."""
    seen = Seen(errand)
    try:
        seen.status = errand.host.status()
        _ask_for_evidence(seen, seen.status)
        for attempt_id, name in errand.to_close:
            seen.closed[attempt_id] = close(errand.host, name)
        if errand.heat and may_be_told(seen.status):
            errand.host.heat(errand.heat.tool, errand.heat.bed)
            seen.heated = True
    except Untrusted as error:
        seen.trouble, seen.stranger = str(error), True
    except HostError as error:
        seen.trouble = str(error)
    return seen


def _ask_for_evidence(seen: Seen, status: HostStatus) -> None:
    errand = seen.errand
    if errand.name is None:
        return
    ours = status.prints(errand.name)
    if ours and errand.wish:
        _pass_on(seen, errand.wish, status)
    # Asked also while it prints: a count beside a running print tells that it was started again by hand.
    seen.remote = errand.host.file(errand.name)
    seen.asked_remote = True
    if ours and seen.remote and seen.remote.successes + seen.remote.failures:
        seen.status = errand.host.status()  # it may have ended between the two questions


def _pass_on(seen: Seen, wish: Wish, status: HostStatus) -> None:
    """Pause, resume, cancel: only while this very file prints, and each may be repeated without harm."""
    paused = status.state in (HostState.PAUSED, HostState.PAUSING)
    if (wish is Wish.PAUSE and paused) or (wish is Wish.RESUME and not paused):
        seen.wish_done = True
        return
    try:
        seen.errand.host.command(Command(wish.value))
    except HostError as error:
        log.info("wish not passed on", attempt=seen.errand.attempt_id, wish=wish.value, words=str(error))


class Watch:
    """Looks at every printer every `every_s` seconds. `tick` is called often and waits for no printer."""

    def __init__(
        self,
        factory: SessionFactory,
        host_of: HostOf,
        *,
        every_s: float,
        silent_s: float,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        pool: Executor | None = None,
    ) -> None:
        self.factory, self.host_of, self.every_s, self.silent_s = factory, host_of, every_s, silent_s
        self.clock, self.monotonic = clock, monotonic
        self.pool = pool or ThreadPoolExecutor(LOOKS_AT_ONCE, thread_name_prefix="watch")
        self._due: dict[int, float] = {}
        self._under_way: dict[int, tuple[Errand, Future[Seen]]] = {}
        self._answered: dict[int, float] = {}
        self._told: dict[int, Errand] = {}  # by printer: the look that was told to be overdue
        self._moved: dict[int, tuple[int | None, int, float]] = {}
        self._blank: dict[int, int] = {}
        self._sampled: dict[int, datetime] = {}

    def tick(self) -> int:
        """Apply what came back, send out who is due; return how many looks were applied."""
        seen = [self._remember(one) for one in (*self._come_back(), *self._overdue())]
        if seen:
            self._write_down(seen)
        self._send_out()
        return len(seen)

    def _come_back(self) -> list[Seen]:
        """Looks that ended. One that broke is logged: it must not take the others with it."""
        done = [printer_id for printer_id, (_, future) in self._under_way.items() if future.done()]
        futures = [(printer_id, self._under_way.pop(printer_id)[1]) for printer_id in done]
        for printer_id, future in futures:
            if error := future.exception():
                log.error("look failed", printer=printer_id, exc_info=error)
        return [future.result() for _, future in futures if future.exception() is None]

    def _overdue(self) -> list[Seen]:
        """Looks that are still waiting when the alarm is due: a black hole keeps each for 10 s and more."""
        latest = self.monotonic() - self.silent_s
        late = [
            (printer_id, errand)
            for printer_id, (errand, _) in self._under_way.items()
            if self._answered[printer_id] <= latest and self._told.get(printer_id) is not errand
        ]
        self._told.update(late)
        return [Seen(errand, trouble="the print host did not answer in time") for _, errand in late]

    def _write_down(self, seen: list[Seen]) -> None:
        """All in one transaction; where that breaks, each in its own: no printer delays another."""
        try:
            self._apply(seen)
        except sa.exc.OperationalError:
            raise  # the database is not to be had: for nobody
        except Exception:  # noqa: BLE001 (told below, with the printer that it is about)
            for one in seen:
                self._write_down_alone(one)

    def _write_down_alone(self, seen: Seen) -> None:
        try:
            self._apply([seen])
        except sa.exc.OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 (the lab goes on; the log says what broke)
            log.error("look not written down", printer=seen.errand.printer_id, exc_info=error)

    def _apply(self, seen: list[Seen]) -> None:
        with self.factory.begin() as session:
            apply(session, seen, now=self.clock(), alarm_after_s=self.silent_s)
            keep(session, self._moments(seen))

    def _moments(self, seen: list[Seen]) -> Iterator[Moment]:
        """The samples that are due, of those who answered."""
        now = self.clock()
        for one in seen:
            printer_id = one.errand.printer_id
            slots = slots_at(now, self._sampled.get(printer_id))
            if one.status is not None and slots:
                self._sampled[printer_id] = now
                yield Moment(printer_id, slots, now, one.status)

    def close(self) -> None:
        self.pool.shutdown(wait=False, cancel_futures=True)

    def _send_out(self) -> None:
        now = self.monotonic()
        with reading(), self.factory() as session:
            ids = session.scalars(sa.select(Printer.id).where(Printer.retired_at.is_(None))).all()
            due = [id_ for id_ in ids if self._due.get(id_, now) <= now and id_ not in self._under_way]
            errands = errands_for(session, due, self.host_of, self.clock()) if due else []
        for errand in errands:
            self._due[errand.printer_id] = now + self.every_s
            self._answered.setdefault(errand.printer_id, now)  # silence counts from our first question on
            self._under_way[errand.printer_id] = errand, self.pool.submit(look, errand)

    def _remember(self, seen: Seen) -> Seen:
        """Add what only a series of looks can tell, measured on our own clock."""
        now, printer_id = self.monotonic(), seen.errand.printer_id
        if seen.status is not None:
            self._answered[printer_id] = now
        seen.silent_s = now - self._answered[printer_id]
        seen.still_s = self._standing_still(seen, now)
        if (attempt_id := seen.errand.attempt_id) is not None:
            blank = seen.asked_remote and not _proves(seen)
            self._blank[attempt_id] = self._blank.get(attempt_id, 0) + 1 if blank else 0
            seen.blank_looks = self._blank[attempt_id]
        return seen

    def _standing_still(self, seen: Seen, now: float) -> float:
        """Seconds without a byte of the file being read; a printer that heats gets its time."""
        status, printer_id = seen.status, seen.errand.printer_id
        if status is None or status.state not in MOVING or _heating(status):
            self._moved.pop(printer_id, None)
            return 0.0
        key = (seen.errand.attempt_id, status.file_pos or 0)
        known = self._moved.get(printer_id)
        if known is None or known[:2] != key:
            self._moved[printer_id] = (*key, now)
            return 0.0
        return now - known[2]


def _proves(seen: Seen) -> bool:
    status, remote, name = seen.status, seen.remote, seen.errand.name
    running = status is not None and name is not None and status.prints(name)
    return running or (remote is not None and bool(remote.successes or remote.failures))


def _heating(status: HostStatus) -> bool:
    """Some heater is more than 5 °C below its target."""
    pairs = status.temperatures.values()
    return any(target and actual is not None and actual < target - 5 for actual, target in pairs)


def errands_for(session: Session, printer_ids: list[int], host_of: HostOf, now: datetime) -> list[Errand]:
    """One errand for each of these printers: four queries, however many there are."""
    query = sa.select(Printer).where(Printer.id.in_(printer_ids)).options(*ALONE)
    attempts, last_event = _open_attempts(session, printer_ids)
    heats = orders(session, printer_ids, about_to_print(attempts), now=now)
    found = []
    for printer in session.scalars(query):
        try:
            errand = _errand(printer, attempts.get(printer.id, []), last_event, host_of(printer))
            found.append(replace(errand, heat=heats.get(printer.id)))
        except NO_HOST as error:
            log.error("no host for printer", printer=printer.id, words=str(error) or "its key cannot be read")
    return found


def _open_attempts(
    session: Session, printer_ids: list[int]
) -> tuple[dict[int, list[Attempt]], dict[int, int]]:
    """By printer: attempts under way, and those whose file may still start. And each one's last event."""
    open_ends = sa.or_(Attempt.state.not_in(ENDED), Attempt.remote_gone.is_(False))
    rows = session.scalars(sa.select(Attempt).where(Attempt.printer_id.in_(printer_ids), open_ends)).all()
    attempts: dict[int, list[Attempt]] = {}
    for attempt in rows:
        attempts.setdefault(attempt.printer_id, []).append(attempt)
    return attempts, last_events(session, [attempt.id for attempt in rows if attempt.state in AT_PRINTER])


def _errand(printer: Printer, attempts: list[Attempt], last_event: dict[int, int], host: PrintHost) -> Errand:
    watched = next((attempt for attempt in attempts if attempt.state in AT_PRINTER), None)
    over = tuple(
        (attempt.id, attempt.remote_name)
        for attempt in attempts
        if attempt.state in (OVER | ENDED) and not attempt.remote_gone
    )
    answered_at = printer.sight.answered_at if printer.sight else None
    if watched is None:
        return Errand(printer.id, host, to_close=over, answered_at=answered_at)
    wish, last = Wish(watched.wish) if watched.wish else None, last_event[watched.id]
    return Errand(
        printer.id, host, watched.id, watched.remote_name, watched.state, wish, over, last, answered_at
    )

"""What the demo's printers did in the weeks before: prints, hours, upkeep and the curves of the last day."""

import math
import random
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.models import Revision
from makerlab.catalog.queries import approved, in_one_part
from makerlab.core.files import FileStore
from makerlab.core.settings import Settings
from makerlab.fleet import upkeep
from makerlab.fleet.models import Printed, Printer, Sample
from makerlab.fleet.samples import COARSE_S, FINE_SLOTS, slots_at
from makerlab.materials.actions import book_filament
from makerlab.materials.models import FilamentReason
from makerlab.people.models import Account
from makerlab.production.models import (
    Attempt,
    AttemptEvent,
    AttemptStep,
    Copy,
    CopyState,
    Order,
    Plate,
    Slice,
    SliceState,
    Step,
)
from makerlab.production.states import AttemptState
from makerlab.stock.actions import product_of

DAYS, PRINTS = 12, 9  # of each printer
ROOM, NOZZLE, BED = 22.0, 215.0, 60.0  # °C
GCODE = (
    b"M83\n;LAYER_CHANGE\n;Z:0.2\n;HEIGHT:0.2\nG1 Z0.2 F720\nG1 X90 Y90 F9000\nG1 X110 Y90 E1 F1800\nM84\n"
)
WAY = (
    AttemptState.UPLOADING,
    AttemptState.VERIFIED,
    AttemptState.START_SENT,
    AttemptState.PRINTING,
)
PLAN = (  # what, every hours, every days, blocks
    ("Achsen reinigen und ölen", 200, None, True),
    ("Düse prüfen", 100, None, False),
    ("Riemen nachspannen", None, 90, False),
)


@dataclass(frozen=True, slots=True)
class _Run:
    """One print of the past. `good` of `pieces`; seconds planned and measured."""

    begin: datetime
    planned_s: float
    measured_s: float
    pieces: int
    good: int

    @property
    def end(self) -> datetime:
        return self.begin + timedelta(seconds=self.measured_s)


class Past:
    """Rows as the lab's own verbs would have left them; those verbs refuse to act in the past."""

    def __init__(self, session: Session, settings: Settings, now: datetime) -> None:
        self.session, self.now = session, now
        self.gcode_sha256 = FileStore(settings.files_dir).put_bytes(GCODE)
        self.chance = random.Random(26)  # noqa: S311  the same past in every demo
        self.amira, self.boris = (self._person(name) for name in ("Amira", "Boris"))
        self.revisions = [one for one in approved(session) if in_one_part(one)]

    def fill(self) -> None:
        printers = list(self.session.scalars(sa.select(Printer).order_by(Printer.id)).unique())
        for number, printer in enumerate(printers):
            runs = list(self._runs(number))
            if printer.spool is not None:
                for run in runs:
                    self._print(printer, run, self.revisions[number % len(self.revisions)])
            self._hours(printer, runs, before_h=150 + 31 * number)
            self._curves(printer, runs)
        for machine in {printer.machine for printer in printers}:
            self._plan(machine)
        self._care(printers)
        self.session.flush()

    def _person(self, name: str) -> Account:
        return self.session.scalars(sa.select(Account).where(Account.name.startswith(name))).one()

    def _runs(self, number: int) -> Iterator[_Run]:
        """The newest ended this morning."""
        begin = self.now - timedelta(days=DAYS) + timedelta(hours=26)
        step = timedelta(days=DAYS) / PRINTS
        for print_ in range(PRINTS):
            planned = 60.0 * self.chance.randint(70, 160)
            pieces = self.chance.randint(2, 6)
            good = 0 if print_ == 3 + number else pieces - (print_ == 6)
            measured = planned * self.chance.uniform(1.01, 1.06) * (0.4 if not good else 1.0)
            yield _Run(
                begin + print_ * step + timedelta(minutes=37 * number), planned, measured, pieces, good
            )

    def _print(self, printer: Printer, run: _Run, revision: Revision) -> None:
        spool = printer.spool
        assert spool is not None  # noqa: S101  the caller looked
        order, plate = self._order(printer, run, revision)
        token = secrets.token_hex(4)
        grams = 7.5 * run.pieces * (1.0 if run.good else 0.4)
        attempt = Attempt(
            plate=plate, printer=printer, spool_id=spool.id, token=token, state=AttemptState.RESOLVED,
            remote_name=f"makerlab/o{order.id}-p1-a1-{token}.gcode", claimed_at=run.begin,
            started_at=run.begin, ended_at=run.end, progress=1.0 if run.good else 0.4, remote_gone=True,
            good=run.good, scrap=run.pieces - run.good, reason="" if run.good else "stopped_at_printer",
            scrap_reason="" if run.good == run.pieces else "warped",
        )  # fmt: skip
        self.session.add(attempt)
        self.session.flush()
        self._events(attempt, run)
        book_filament(
            self.session, spool, -round(1000 * grams), FilamentReason.PRINTED, actor_id=self.boris.id,
            now=run.end, attempt_id=attempt.id,
        )  # fmt: skip

    def _order(self, printer: Printer, run: _Run, revision: Revision) -> tuple[Order, Plate]:
        assert printer.spool is not None  # noqa: S101
        copies = [
            Copy(number=number, state=CopyState.GOOD if number <= run.good else CopyState.GIVEN_UP)
            for number in range(1, run.pieces + 1)
        ]
        order = Order(
            revision=revision, product=product_of(self.session, revision.design, printer.spool.colour),
            pieces=run.pieces, placed_by_id=self.amira.id, placed_at=run.begin - timedelta(hours=2),
            form_token=secrets.token_hex(16), copies=copies,
        )  # fmt: skip
        key = secrets.token_hex(32)
        sliced = Slice(
            key=key, state=SliceState.DONE, inputs={}, queued_at=order.placed_at, ended_at=order.placed_at,
            gcode_sha256=self.gcode_sha256, gcode_bytes=len(GCODE), gcode_sha1="0" * 40,
            time_s=run.planned_s, filament_mm=2500.0 * run.pieces, filament_g=7.5 * run.pieces,
        )  # fmt: skip
        plate = Plate(
            order=order,
            number=1,
            machine=printer.machine,
            pieces=run.pieces,
            slice_key=key,
            made_at=run.begin,
        )
        self.session.add_all([order, sliced, plate])
        self.session.flush()
        for copy in copies:
            copy.plate_id = plate.id
        return order, plate

    def _events(self, attempt: Attempt, run: _Run) -> None:
        end = AttemptState.REPORTED_DONE if run.good else AttemptState.FAILED
        ways = [(AttemptState.CLAIMED, run.begin), *((state, run.begin) for state in WAY)]
        ways += [(end, run.end), (AttemptState.RESOLVED, run.end + timedelta(minutes=12))]
        before: AttemptState | None = None
        for state, at in ways:
            self.session.add(AttemptEvent(attempt_id=attempt.id, from_state=before, to_state=state, at=at))
            self.session.flush()  # their ids say the order
            before = state
        for step, who in ((Step.STARTED, self.amira), (Step.REMOVED, self.amira), (Step.CHECKED, self.boris)):
            at = run.begin if step is Step.STARTED else run.end + timedelta(minutes=12)
            self.session.add(AttemptStep(attempt_id=attempt.id, step=step, account_id=who.id, at=at))

    def _hours(self, printer: Printer, runs: list[_Run], *, before_h: int) -> None:
        """Also those before the lab kept books."""
        lines = [(run.end, run.measured_s) for run in runs]
        lines.append((self.now - timedelta(days=DAYS + 1), 3600.0 * before_h))
        for at, seconds in lines:
            self.session.add(Printed(printer_id=printer.id, at=at, seconds=seconds))
        printer.sight.printed_s = sum(seconds for _, seconds in lines)

    def _plan(self, machine: str) -> None:
        for name, hours, days, blocks in PLAN:
            upkeep.add_task(
                self.session, name=name, machine=machine, every_hours=hours, every_days=days, blocks=blocks,
                by_id=self.boris.id, now=self.now - timedelta(days=60),
            )  # fmt: skip

    def _care(self, printers: list[Printer]) -> None:
        """What was done to them, in turn, so that one task is due somewhere and another one soon."""
        tasks = self.session.scalars(sa.select(upkeep.UpkeepTask).order_by(upkeep.UpkeepTask.id)).all()
        for number, printer in enumerate(printers):
            for place, task in enumerate(tasks):
                done = upkeep.note_done(
                    self.session, printer, task, by_id=self.boris.id, note="",
                    now=self.now - timedelta(days=20 + 15 * place),
                )  # fmt: skip
                since_h = (95, 104, 0)[place] + (12 if number else 0)
                done.printed_s = max(printer.sight.printed_s - 3600.0 * since_h, 0.0)

    def _curves(self, printer: Printer, runs: list[_Run]) -> None:
        """The last day in the coarse ring: warm while it printed, cooling down afterwards."""
        for step in range(86_400 // COARSE_S - 1):
            at = self.now - timedelta(seconds=COARSE_S * step)
            slot = next(slot for slot in slots_at(at, None) if slot >= FINE_SLOTS)
            run = next((one for one in runs if one.begin <= at <= one.end), None)
            last = max((one.end for one in runs if one.end < at), default=None)
            self.session.add(self._sample(printer.id, slot, at, run, last))

    def _sample(
        self, printer_id: int, slot: int, at: datetime, run: _Run | None, last: datetime | None
    ) -> Sample:
        if run is not None:
            warm = min((at - run.begin).total_seconds() / 180, 1.0)
            tool, bed = ROOM + warm * (NOZZLE - ROOM), ROOM + warm * (BED - ROOM)
            noise = self.chance.uniform(-0.8, 0.8)
            done = (at - run.begin).total_seconds() / run.measured_s
            return Sample(
                printer_id=printer_id, slot=slot, at=at, tool=tool + noise, tool_target=NOZZLE,
                bed=bed + noise / 3, bed_target=BED, progress=done,
            )  # fmt: skip
        cold = math.exp(-(at - last).total_seconds() / 900) if last else 0.0
        return Sample(
            printer_id=printer_id, slot=slot, at=at, tool=ROOM + cold * (NOZZLE - ROOM), tool_target=0.0,
            bed=ROOM + cold * (BED - ROOM), bed_target=0.0, progress=None,
        )  # fmt: skip


def remember(session: Session, settings: Settings, now: datetime) -> None:
    """Give a freshly seeded lab a past."""
    Past(session, settings, now).fill()

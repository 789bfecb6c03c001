"""A lab of any size on a SQLite file of its own: printers in every state, plates that wait in all colours."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab import models
from makerlab.catalog.models import Design, Picture, Review, Revision
from makerlab.catalog.states import Verdict
from makerlab.core.access import Role
from makerlab.core.database import make_engine, make_session_factory
from makerlab.core.settings import Settings
from makerlab.fleet.models import Bed, Printer, Sight
from makerlab.materials.actions import receive_spool
from makerlab.materials.models import Colour
from makerlab.people.actions import create_account
from makerlab.people.models import Account, RoleRow, Site
from makerlab.production.models import (
    Attempt,
    AttemptCopy,
    AttemptStep,
    Copy,
    CopyState,
    Order,
    Plate,
    Priority,
    Slice,
    SliceState,
    Step,
)
from makerlab.production.states import AttemptState
from makerlab.stock.actions import product_of
from makerlab.training.actions import instruct

MACHINES = ("prusa-mk3s", "prusa-mk4", "prusa-mini")
COLOURS = (
    ("Rot", "#c0392b"), ("Moosgrün", "#2f6f4f"), ("Nachtblau", "#22314f"), ("Sonnengelb", "#e2b33c"),
    ("Weiß", "#f2f0ea"), ("Schwarz", "#1d1d1f"), ("Koralle", "#e8735a"), ("Sand", "#cbb592"),
)  # fmt: skip
DESIGNS = (
    "Vase Welle", "Schale Düne", "Untersetzer", "Lampenschirm Falte", "Kerzenhalter", "Stiftebecher",
    "Haken Tor", "Uhr Zenit",
)  # fmt: skip
# What printers do, over and over: the state of an attempt, none for one that is free.
STATES = (
    AttemptState.PRINTING, AttemptState.PRINTING, None, AttemptState.PRINTING, AttemptState.REPORTED_DONE,
    None, AttemptState.PRINTING, AttemptState.PAUSED, None, AttemptState.PRINTING,
)  # fmt: skip


def fill(settings: Settings, *, printers: int, plates: int, now: datetime | None = None) -> None:
    """Tables and rows; `Boris` is an instructor and `Amira` a trainee, both instructed on all machines."""
    engine = make_engine(settings)
    models.metadata.create_all(engine)
    with make_session_factory(engine).begin() as session:
        Filling(session, now or datetime.now(UTC)).all(printers, plates)
    engine.dispose()


class Filling:
    """Writes rows as people and watch would have."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        session.add_all(RoleRow(name=role.value) for role in Role)
        self.site = Site(name="Werkstatt Nord")
        session.add(self.site)
        session.flush()
        self.boris = self._person("Boris Kaya", Role.INSTRUCTOR, "boris@makerlab.example")
        self.carla = self._person("Carla Jansen", Role.INSTRUCTOR, "carla@makerlab.example")
        self.amira = self._person("Amira Haddad", Role.TRAINEE, None)
        self.colours = [Colour(name=name, hex=hex_) for name, hex_ in COLOURS]
        session.add_all(self.colours)
        session.flush()
        self.revisions = [self._revision(number, name) for number, name in enumerate(DESIGNS)]

    def all(self, printers: int, plates: int) -> None:
        for who in (self.boris, self.amira):
            for machine in MACHINES:
                instruct(self.session, who, machine, by=self.carla, now=self.now, months=12)
        for number in range(printers):
            self._printer(number)
        for number in range(plates):
            self._order(number, urgent=number % 25 == 0)
        for number in range(max(2, printers // 8)):
            self._spool(number)

    def _person(self, name: str, role: Role, email: str | None) -> Account:
        return create_account(self.session, name=name, roles=[role], email=email, now=self.now)

    def _revision(self, number: int, name: str) -> Revision:
        digest = _digest(f"revision {number}")
        design = Design(name=name, created_by_id=self.boris.id, created_at=self.now)
        revision = Revision(
            design=design, number=1, file_name="piece.stl", file_sha256=digest, mesh_sha256=digest,
            picture_sha256=digest, preview_sha256=digest, process="0.20", material="pla", fingerprint=digest,
            width_mm=80, depth_mm=80, height_mm=120, volume_mm3=30_000, report={},
            submitted_by_id=self.amira.id, submitted_at=self.now,
        )  # fmt: skip
        review = Review(
            revision=revision,
            reviewer_id=self.boris.id,
            verdict=Verdict.APPROVED,
            fingerprint=digest,
            at=self.now,
        )
        self.session.add_all([revision, review])
        self.session.flush()
        for colour in self.colours:
            sha256 = _digest(f"picture {number} {colour.id}")
            self.session.add(Picture(revision_id=revision.id, colour_id=colour.id, sha256=sha256))
        return revision

    def _spool(self, number: int) -> Any:
        return receive_spool(
            self.session, material="pla", colour=self.colours[number % len(COLOURS)], lot=f"L{number % 3}",
            maker="Filamentwerk", tare_g=200, net_g=1000, by_id=self.boris.id, now=self.now,
        )  # fmt: skip

    def _printer(self, number: int) -> None:
        state = STATES[number % len(STATES)]
        printer = Printer(
            code=f"P{number}", name=f"Drucker {number + 1:03d}", machine=MACHINES[number % len(MACHINES)],
            site_id=self.site.id, url="http://127.0.0.1:9", key_encrypted="", spool_id=self._spool(number).id,
            bed=Bed.OCCUPIED if state else Bed.CLEAR,
            out_of_service="Die Düse ist verstopft." if number % 37 == 36 else "",
        )  # fmt: skip
        printer.sight = Sight(state=_sight(state, number), progress=0.4 if state else None)
        self.session.add(printer)
        self.session.flush()
        if state is not None:
            self._attempt(printer, number, state)

    def _attempt(self, printer: Printer, number: int, state: AttemptState) -> None:
        plate = self._order(number, machine=printer.machine)
        attempt = Attempt(
            plate_id=plate.id, printer_id=printer.id, spool_id=printer.spool_id, token=secrets.token_hex(4),
            remote_name=f"makerlab/{number}.gcode", state=state, claimed_at=self.now, started_at=self.now,
            progress=1.0 if state is AttemptState.REPORTED_DONE else (number * 7 % 90) / 100,
        )  # fmt: skip
        self.session.add(attempt)
        self.session.flush()
        ids = self.session.scalars(sa.select(Copy.id).where(Copy.plate_id == plate.id)).all()
        self.session.add_all(AttemptCopy(attempt_id=attempt.id, copy_id=id_) for id_ in ids)
        self.session.execute(sa.update(Copy).where(Copy.id.in_(ids)).values(state=CopyState.ACTIVE))
        step = AttemptStep(attempt_id=attempt.id, step=Step.STARTED, account_id=self.amira.id, at=self.now)
        self.session.add(step)

    def _order(self, number: int, *, machine: str = "", urgent: bool = False) -> Plate:
        revision = self.revisions[number % len(DESIGNS)]
        product = product_of(self.session, revision.design, self.colours[number * 5 % len(COLOURS)])
        order = Order(
            revision_id=revision.id, product_id=product.id, pieces=2, placed_by_id=self.amira.id,
            placed_at=self.now, form_token=secrets.token_hex(16),
            due_on=(self.now + timedelta(days=number % 30)).date(),
            priority=Priority.URGENT if urgent else Priority.NORMAL,
        )  # fmt: skip
        order.copies = [Copy(number=1), Copy(number=2)]
        self.session.add(order)
        self.session.flush()
        return self._plate(order, machine or MACHINES[number % len(MACHINES)], number)

    def _plate(self, order: Order, machine: str, number: int) -> Plate:
        slice_ = Slice(
            key=secrets.token_hex(32), state=SliceState.DONE, inputs={}, queued_at=self.now, gcode_bytes=1,
            time_s=3600.0 + 700 * (number % 11), filament_mm=9000.0, filament_g=20.0 + number % 60,
        )  # fmt: skip
        self.session.add(slice_)
        self.session.flush()
        plate = Plate(
            order_id=order.id, number=1, machine=machine, pieces=2, slice_key=slice_.key, made_at=self.now
        )
        self.session.add(plate)
        self.session.flush()
        for copy in order.copies:
            copy.plate_id = plate.id
        self.session.flush()
        return plate


def _sight(state: AttemptState | None, number: int) -> str:
    if number % 29 == 28:
        return "unreachable"
    return {AttemptState.PRINTING: "printing", AttemptState.PAUSED: "paused"}.get(state, "operational")  # type: ignore[arg-type]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

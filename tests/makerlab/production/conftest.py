"""A small workshop: one approved coaster in red, two printers behind fake hosts, two spools of red."""

import hashlib
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from designs.mesh import Mesh
from makerlab.catalog.models import Design, Part, Review, Revision
from makerlab.catalog.states import Verdict
from makerlab.core.database import db
from makerlab.core.files import FileStore
from makerlab.core.settings import Settings
from makerlab.fleet.actions import declare_bed
from makerlab.fleet.models import Bed, Printer, Sight
from makerlab.materials.actions import receive_spool
from makerlab.materials.models import Colour
from makerlab.people.models import Account, Site
from makerlab.production.actions import start
from makerlab.production.dispatch import Dispatch, unfinished
from makerlab.production.models import Attempt, Copy, CopyState, Order, Plate, Slice, SliceState
from makerlab.production.ordering import place_order
from makerlab.production.watch import Watch
from makerlab.stock.actions import product_of
from makerlab.training.actions import instruct
from printers.fake import FakeHost
from tests.journeys.pieces import cuboid
from tests.makerlab.conftest import Cast

GCODE = b"M83\n" + b"".join(b"G1 X%d Y%d E2\n" % (i % 200, i % 180) for i in range(2000)) + b"M84\n"


class Inline(Executor):
    """Runs at once, in the caller: looks of a test happen when the test says so."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001
            future.set_exception(error)
        return future


@dataclass
class Clock:
    """Wall clock and monotonic clock of a test; `pass_` moves both, `jump` only the wall clock."""

    now: datetime
    seconds: float = 1000.0

    def wall(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.seconds

    def pass_(self, seconds: float) -> None:
        self.seconds += seconds
        self.now += timedelta(seconds=seconds)

    def jump(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@dataclass
class Workshop:
    session: Session
    settings: Settings
    files: FileStore
    clock: Clock
    amira: Account
    boris: Account
    revision: Revision
    colour: Colour
    printers: list[Printer]
    hosts: dict[int, FakeHost]
    factory: Any
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new worker process: nothing remembered but the database."""
        self.dispatch = Dispatch(self.factory, self.host_of, self.files, self.clock.wall)
        self.watch = Watch(
            self.factory,
            self.host_of,
            every_s=2,
            silent_s=60,
            clock=self.clock.wall,
            monotonic=self.clock.monotonic,
            pool=Inline(),
        )

    def host_of(self, printer: Printer) -> FakeHost:
        return self.hosts[printer.id]

    def host(self, number: int = 0) -> FakeHost:
        return list(self.hosts.values())[number]

    def order(self, pieces: int = 2, by: Account | None = None) -> Order:
        """An order with one sliced plate for all its pieces."""
        product = product_of(self.session, self.revision.design, self.colour)
        order = place_order(
            self.session,
            revision=self.revision,
            product=product,
            pieces=pieces,
            by=by or self.amira,
            form_token=f"form-{self.clock.seconds}-{pieces}-{self.session.query(Order).count()}",
            now=self.clock.now,
        )
        self.plate(order)
        self.session.commit()
        return order

    def plate(self, order: Order, pieces: int | None = None, *, first: bool = False) -> Plate:
        """A sliced plate for so many of the copies that have none yet, or for all of them."""
        sha256 = self.files.put_bytes(GCODE)
        if self.session.get(Slice, "k" * 64) is None:
            self.session.add(
                Slice(
                    key="k" * 64,
                    state=SliceState.DONE,
                    inputs={},
                    queued_at=self.clock.now,
                    gcode_sha256=sha256,
                    gcode_bytes=len(GCODE),
                    gcode_sha1=hashlib.sha1(GCODE, usedforsecurity=False).hexdigest(),
                    time_s=600.0,
                    filament_mm=1000.0,
                    filament_g=12.5,
                )
            )
        loose = [copy for copy in order.copies if copy.plate_id is None and copy.state is CopyState.OPEN]
        copies = loose[:pieces]
        plate = Plate(
            order=order,
            number=max((plate.number for plate in order.plates), default=0) + 1,
            machine="prusa-mk3s",
            pieces=len(copies),
            slice_key="k" * 64,
            made_at=self.clock.now,
            first=first,
        )
        self.session.add(plate)
        self.session.flush()
        for copy in copies:
            copy.plate_id = plate.id
        self.session.flush()
        return plate

    def start(self, order: Order, number: int = 0, by: Account | None = None) -> Attempt:
        """A person looks at the bed, declares it clear and starts the newest plate."""
        return self.start_plate(order.plates[-1], number, by)

    def start_plate(self, plate: Plate, number: int = 0, by: Account | None = None) -> Attempt:
        printer, by = self.printers[number], by or self.amira
        declare_bed(self.session, printer, Bed.CLEAR, reason="looked", by_id=by.id, now=self.clock.now)
        attempt = start(self.session, plate, printer, by=by, now=self.clock.now)
        self.session.commit()
        return attempt

    def dispatch_all(self) -> None:
        ids = unfinished(self.session)
        self.forget()
        for attempt_id in ids:
            self.dispatch.run(attempt_id)
        self.forget()

    def look(self, times: int = 1) -> None:
        """Full rounds of watch: everybody is asked, everything is applied."""
        self.forget()
        for _ in range(times):
            self.clock.pass_(2.0)
            self.watch.tick()
            self.watch.tick()
        self.forget()

    def forget(self) -> None:
        """See what other transactions wrote, and hold no lock while they write."""
        self.session.rollback()
        self.session.expire_all()

    def copies(self, order: Order) -> list[Copy]:
        return order.copies


@pytest.fixture
def workshop(app: Flask, session: Session, cast: Cast, settings: Settings, now: datetime) -> Workshop:
    colour = Colour(name="Rot", hex="#c0392b")
    design = Design(name="Untersetzer", created_by_id=cast.boris.id, created_at=now)
    revision = Revision(
        design=design,
        number=1,
        file_name="coaster.stl",
        file_sha256="a" * 64,
        mesh_sha256="b" * 64,
        picture_sha256="c" * 64,
        preview_sha256="d" * 64,
        process="0.20",
        material="pla",
        fingerprint="f" * 64,
        width_mm=90,
        depth_mm=90,
        height_mm=4,
        volume_mm3=20000,
        report={},
        submitted_by_id=cast.boris.id,
        submitted_at=now,
    )
    session.add_all([colour, revision])
    session.flush()
    review = Review(
        revision=revision, reviewer_id=cast.carla.id, verdict=Verdict.APPROVED, fingerprint="f" * 64, at=now
    )
    session.add(review)
    printers = [_printer(session, number, colour, cast, now) for number in (1, 2)]
    instruct(session, cast.amira, "prusa-mk3s", by=cast.boris, now=now, months=12)
    instruct(session, cast.boris, "prusa-mk3s", by=cast.carla, now=now, months=12)
    session.commit()
    return Workshop(
        session,
        settings,
        FileStore(settings.files_dir),
        Clock(now),
        cast.amira,
        cast.boris,
        revision,
        colour,
        printers,
        {printer.id: FakeHost() for printer in printers},
        sessionmaker(db.engine, expire_on_commit=False),
    )


def _printer(session: Session, number: int, colour: Colour, cast: Cast, now: datetime) -> Printer:
    spool = receive_spool(
        session,
        material="pla",
        colour=colour,
        lot="L1",  # of one delivery: an order may go on on both
        maker="Filamentwerk",
        tare_g=200,
        net_g=1000,
        by_id=cast.boris.id,
        now=now,
    )
    printer = Printer(
        code=f"P{number}",
        name=f"Drucker {number}",
        machine="prusa-mk3s",
        site_id=session.query(Site).one().id,
        url="http://127.0.0.1:1",
        key_encrypted="",
        spool_id=spool.id,
    )
    printer.sight = Sight(state="operational")
    session.add(printer)
    session.flush()
    return printer


FIGURES = {
    "time_s": 600.0, "time_low_s": 540.0, "time_high_s": 660.0, "filament_mm": 900.0, "filament_g": 3.0,
    "cost_cents": 9, "settings_sha256": "",
}  # fmt: skip


@pytest.fixture
def lamp(workshop: Workshop, tmp_path: Path) -> Part:
    """The workshop's object is now a shade of 90 mm and four feet of 20 mm; the part is the foot."""
    hashes = []
    for name, size in (("shade", 90), ("foot", 20)):
        path = tmp_path / f"{name}.stl"
        Mesh(np.asarray(cuboid(size, size, 4))).write_stl(path)
        hashes.append(workshop.files.put(path))
    revision = workshop.revision
    revision.part_name, revision.mesh_sha256 = "Schirm", hashes[0]
    foot = Part(
        position=1, name="Fuß", count=4, file_name="foot.stl", file_sha256="1" * 64, mesh_sha256=hashes[1],
        picture_sha256="2" * 64, preview_sha256="3" * 64, process="0.20", material="pla", width_mm=20,
        depth_mm=20, height_mm=4, volume_mm3=1600, report={}, estimates={"prusa-mk3s": FIGURES},
    )  # fmt: skip
    revision.parts.append(foot)
    workshop.session.commit()
    return foot

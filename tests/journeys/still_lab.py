"""A lab that stands still: one printer in each state that a screen can show, and only the web server runs."""

import io
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.exchange.models import ImportJob
from makerlab.catalog.exchange.receiving import receive
from makerlab.catalog.exchange.writing import chosen, manifest_of, write_zip
from makerlab.catalog.models import Contact, Partner
from makerlab.catalog.queries import approved
from makerlab.core.files import FileStore
from makerlab.fleet.actions import add_printer, declare_bed, load_spool
from makerlab.fleet.models import Bed, Printer, Sample
from makerlab.fleet.upkeep import add_task
from makerlab.kiosk.actions import call_help
from makerlab.materials.models import Spool
from makerlab.notices.actions import save_channel, tell
from makerlab.notices.models import Kind
from makerlab.people.models import Account, SignInFailure
from makerlab.production.actions import start
from makerlab.production.attempts import change
from makerlab.production.models import Attempt, Copy, Order, Plate, Slice, SliceState
from makerlab.production.ordering import place_order
from makerlab.production.outcome import ForeignPrint
from makerlab.production.states import AttemptState
from makerlab.stock.actions import product_of
from tests.journeys.floor import now
from tests.journeys.lab import Lab
from tests.journeys.screen import shown_objects
from tests.journeys.still_stock import fill_stock

MACHINE = "prusa-mk3s"
WAY = (AttemptState.UPLOADING, AttemptState.VERIFIED, AttemptState.START_SENT, AttemptState.PRINTING)

States = tuple[AttemptState, ...] | None

# What each printer shows: its name and the states its attempt goes through after it was claimed.
SHOWN: dict[str, States] = {
    "Anton": None,  # a plate may start here
    "Berta": WAY,
    "Cäsar": (*WAY, AttemptState.PAUSED),
    "Dora": (*WAY, AttemptState.REPORTED_DONE),
    "Emil": (*WAY[:3], AttemptState.UNKNOWN),
    "Frieda": (*WAY, AttemptState.FAILED),
    "Gustav": (),
}
OUT = "Heidi"  # out of service: something else is in the way


@dataclass(frozen=True)
class Nobody:
    """A print host that nobody answers for."""

    url: str = "http://127.0.0.1:9"
    api_key: str = "0" * 32


@contextmanager
def still_lab(folder: Path, database_url: str = "") -> Iterator[Lab]:
    """The lab with all its states; its clocks for people at the kiosk are long."""
    hosts = [Nobody() for _ in range(4)]
    with Lab(
        folder, hosts, shown_objects(), kiosk_idle_seconds=600, undo_seconds=3600,  # type: ignore[arg-type]
        database_url=database_url,
    ) as lab:  # fmt: skip
        for name in ("work", "slice"):
            lab.children.pop(name).stop()
        with lab.write() as session:
            _fill(session, lab)
        yield lab


def _fill(session: Session, lab: Lab) -> None:
    amira, boris = _person(session, "Amira"), _person(session, "Boris")
    _more_printers(session, lab, boris)
    for printer in session.scalars(sa.select(Printer).order_by(Printer.id)).unique():
        printer.sight.state, printer.sight.alarm = "operational", ""
        if printer.name == OUT:
            printer.out_of_service = "Die Düse ist verstopft."
        else:
            _show(session, lab, printer, SHOWN[printer.name])
    _care(session, boris)
    partner_id = session.scalars(sa.select(sa.func.min(Partner.id))).one()
    session.add(Contact(partner_id=partner_id, name="Ida Beck", email="ida@studio.example"))
    _plan(session, _order(session, amira, _first_printer(session), pieces=3), lab)
    locked = f"number:{_person(session, 'Oleksandr').number}"
    session.add_all(SignInFailure(subject=locked, at=now()) for _ in range(10))
    _notices(session, lab)
    _by_hand(session)
    fill_stock(session, _person(session, "Dilek"), attempt_on(session, "Frieda").id)
    call_help(session, account_id=amira.id, page="/kiosk/start", now=now())
    _brought(session, lab, boris)


def _brought(session: Session, lab: Lab, by: Account) -> None:
    """A ZIP of two designs that somebody uploaded, and nobody has said yes to."""
    packed = io.BytesIO()
    write_zip(manifest_of(session, chosen(session)[:2], now=now()), FileStore(lab.settings.files_dir), packed)
    packed.seek(0)
    sha256 = receive(packed, lab.settings).sha256
    session.add(ImportJob(sha256=sha256, file_name="katalog.zip", by_id=by.id, created_at=now()))


def _by_hand(session: Session) -> None:
    """Somebody printed something that is not of the lab's orders."""
    printer = _first_printer(session)
    session.add(
        ForeignPrint(
            printer_id=printer.id, spool_id=printer.spool_id, file="halter_v3.gcode", progress=1.0,
            elapsed_s=3600.0, seen_at=now(), ended_at=now(),
        )
    )  # fmt: skip


def _notices(session: Session, lab: Lab) -> None:
    """A channel, and what it would be told."""
    save_channel(
        session, None, name="Werkstatt-Telefon", url="ntfy://ntfy.example/werkstatt", account=None,
        kinds=list(Kind), language="de", quiet=(22 * 60, 6 * 60), urgent_always=True,
        key=lab.settings.channel_key, by_id=_person(session, "Boris").id, now=now(),
    )  # fmt: skip
    params = {"printer": "Gustav", "text": "Thermal Runaway", "path": "/drucker"}
    tell(session, Kind.PRINTER_SILENT, "printer:7", params, now=now())
    tell(session, Kind.PRINTER_ERROR, "printer:6", params, now=now())


def _care(session: Session, boris: Account) -> None:
    """A plan of upkeep, and an hour of curves for the printer whose page is looked at."""
    add_task(
        session, name="Achsen ölen", machine=MACHINE, every_hours=200, every_days=30, blocks=True,
        by_id=boris.id, now=now(),
    )  # fmt: skip
    berta = session.scalars(sa.select(Printer).where(Printer.name == "Berta")).unique().one()
    for slot in range(60):
        session.add(
            Sample(
                printer_id=berta.id, slot=slot, at=now() - timedelta(minutes=slot), tool=215 - slot,
                tool_target=215, bed=60, bed_target=60, progress=0.4 - slot / 200,
            )
        )  # fmt: skip


def _more_printers(session: Session, lab: Lab, boris: Account) -> None:
    """Those beyond the seeded four, each with a spool of its own where there is one left."""
    first = _first_printer(session)
    loaded = sa.select(Printer.spool_id).where(Printer.spool_id.is_not(None))
    spools = list(session.scalars(sa.select(Spool).where(Spool.id.not_in(loaded))).unique())
    for name in [*SHOWN, OUT][4:]:
        printer = add_printer(
            session, name=name, machine=MACHINE, site_id=first.site_id, url=Nobody.url,
            api_key=Nobody.api_key, settings=lab.settings, by_id=boris.id, now=now(),
        )  # fmt: skip
        if spools:
            load_spool(session, printer, spools.pop(), by_id=boris.id, now=now())


def _show(session: Session, lab: Lab, printer: Printer, states: States) -> None:
    amira = _person(session, "Amira")
    plate = _plan(session, _order(session, amira, printer), lab)
    if states is None:
        return
    declare_bed(session, printer, Bed.CLEAR, reason="looked", by_id=amira.id, now=now())
    attempt = start(session, plate, printer, by=amira, now=now())
    for state in states:
        change(session, attempt, state, now=now(), reason=_reason(state))
        session.refresh(attempt)
    attempt.progress = 0.4 if states else 0.0


def _reason(state: AttemptState) -> str:
    reasons = {AttemptState.UNKNOWN: "no_answer_to_start", AttemptState.FAILED: "stopped_at_printer"}
    return reasons.get(state, "")


def _order(session: Session, by: Account, printer: Printer, pieces: int = 2) -> Order:
    """Of the first object, in the colour that the printer has loaded."""
    revision = approved(session)[0]
    assert printer.spool is not None
    product = product_of(session, revision.design, printer.spool.colour)
    return place_order(
        session, revision=revision, product=product, pieces=pieces, by=by, form_token=secrets.token_hex(8),
        now=now(),
    )  # fmt: skip


LAYER = """;LAYER_CHANGE
;Z:{z:.1f}
;HEIGHT:0.2
G1 Z{z:.1f} F720
G1 X90 Y90 F9000
;TYPE:External perimeter
G1 X110 Y90 E1 F1800
G1 X110 Y110 E1
G1 X90 Y110 E1
G1 X90 Y90 E1
"""
GCODE = "M83\n" + "".join(LAYER.format(z=0.2 * number) for number in range(1, 6)) + "M84\n"


def _plan(session: Session, order: Order, lab: Lab) -> Plate:
    """All pieces on one plate that is sliced."""
    key, sha256 = secrets.token_hex(32), FileStore(lab.settings.files_dir).put_bytes(GCODE.encode())
    session.add(
        Slice(
            key=key, state=SliceState.DONE, inputs={}, queued_at=now(), gcode_sha256=sha256,
            gcode_bytes=len(GCODE), gcode_sha1="0" * 40, time_s=900.0, filament_mm=1000.0, filament_g=3.0,
        )
    )  # fmt: skip
    plate = Plate(order=order, number=1, machine=MACHINE, pieces=order.pieces, slice_key=key, made_at=now())
    session.add(plate)
    session.flush()
    session.execute(sa.update(Copy).where(Copy.order_id == order.id).values(plate_id=plate.id))
    session.expire_all()
    return plate


def _person(session: Session, name: str) -> Account:
    return session.scalars(sa.select(Account).where(Account.name.startswith(name))).one()


def _first_printer(session: Session) -> Printer:
    return session.scalars(sa.select(Printer).order_by(Printer.id).limit(1)).unique().one()


def attempt_on(session: Session, printer_name: str) -> Attempt:
    """What is on this printer."""
    on = Attempt.printer.has(name=printer_name)
    return session.scalars(sa.select(Attempt).where(on).order_by(Attempt.id.desc()).limit(1)).unique().one()

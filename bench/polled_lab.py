"""A database of a lab with many printers, half of which print: for the benchmarks of watching."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bench.standins import PRINTING_NAME
from makerlab.catalog.models import Design, Revision
from makerlab.core.crypto import encrypt
from makerlab.core.settings import Settings
from makerlab.fleet.models import Bed, Printer, Sight
from makerlab.materials.models import Colour
from makerlab.people.actions import create_account
from makerlab.people.models import Account, Site
from makerlab.production.models import Attempt, AttemptEvent, Order, Plate, Slice, SliceState
from makerlab.production.states import AttemptState
from makerlab.stock.actions import product_of

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WENT = (AttemptState.CLAIMED, AttemptState.UPLOADING, AttemptState.VERIFIED, AttemptState.START_SENT)


def fill(session: Session, settings: Settings, ports: Sequence[int], printing: Sequence[int]) -> None:
    """A printer for each port; those whose number is in `printing` have an attempt under way."""
    site = session.query(Site).first() or Site(name="Werkstatt")
    session.add(site)
    session.flush()
    plate = _plate(session)
    key = encrypt("k" * 32, settings.printer_key)
    for number, port in enumerate(ports):
        printer = Printer(
            code=f"D{number}", name=f"Drucker {number}", machine="prusa-mk3s", site_id=site.id,
            url=f"http://127.0.0.1:{port}", key_encrypted=key, bed=Bed.OCCUPIED, sight=Sight(),
        )  # fmt: skip
        session.add(printer)
        session.flush()
        if number in printing:
            session.add(_attempt(number, plate, printer))


def _attempt(number: int, plate: Plate, printer: Printer) -> Attempt:
    events = [AttemptEvent(to_state=state, at=BEGAN) for state in (*WENT, AttemptState.PRINTING)]
    return Attempt(
        plate=plate, printer=printer, token=f"{number:08x}", remote_name=PRINTING_NAME.format(n=number),
        state=AttemptState.PRINTING, claimed_at=BEGAN, started_at=BEGAN, events=events,
    )  # fmt: skip


def _plate(session: Session) -> Plate:
    person = create_account(session, name="Boris", roles=[], now=BEGAN)
    revision = _revision(session, person)
    product = product_of(session, revision.design, _colour(session))
    order = Order(
        revision=revision, product=product, pieces=1, placed_by=person, placed_at=BEGAN, form_token="b" * 32
    )
    slice_ = Slice(key="k" * 64, state=SliceState.DONE, inputs={}, queued_at=BEGAN)
    plate = Plate(order=order, number=1, machine="prusa-mk3s", pieces=1, slice=slice_, made_at=BEGAN)
    session.add(plate)
    session.flush()
    return plate


def _colour(session: Session) -> Colour:
    colour = Colour(name="Rot", hex="#c0392b")
    session.add(colour)
    session.flush()
    return colour


def _revision(session: Session, person: Account) -> Revision:
    design = Design(name="Untersetzer", created_by_id=person.id, created_at=BEGAN)
    revision = Revision(
        design=design, number=1, file_name="coaster.stl", file_sha256="a" * 64, mesh_sha256="b" * 64,
        picture_sha256="c" * 64, preview_sha256="d" * 64, process="0.20", material="pla",
        fingerprint="f" * 64, width_mm=90, depth_mm=90, height_mm=4, volume_mm3=20000, report={},
        submitted_by_id=person.id, submitted_at=BEGAN,
    )  # fmt: skip
    session.add(revision)
    session.flush()
    return revision

"""Verbs of the fleet."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from designs.profiles import load
from makerlab.core.audit import record
from makerlab.core.crypto import encrypt
from makerlab.core.errors import Conflict, Invalid
from makerlab.core.language import _
from makerlab.core.settings import Settings
from makerlab.fleet import rules, words
from makerlab.fleet.models import Bed, BedDeclaration, Printer, Sight
from makerlab.fleet.upkeep import begin_counting
from makerlab.materials.codes import label_code
from makerlab.materials.models import Spool
from makerlab.people.models import Site
from printers.camera import checked_camera
from printers.errors import NotAllowed
from printers.network import checked_url, networks

_SHA256 = re.compile(r"[0-9a-f]{64}")
MOVING = ("starting", "printing", "resuming", "cancelling", "finishing")  # nobody changes filament now


def declare_bed(
    session: Session, printer: Printer, bed: Bed, *, reason: str, by_id: int | None, now: datetime
) -> bool:
    """Say that the bed is clear or occupied. False when it was so already: nobody's word is needed twice.

    A conditional update: a start that occupies the bed finds it clear, or does not happen.
    """
    other = sa.and_(Printer.id == printer.id, Printer.bed != bed)
    changed = session.execute(sa.update(Printer).where(other).values(bed=bed)).rowcount == 1  # type: ignore[attr-defined]
    if changed:
        session.add(BedDeclaration(printer_id=printer.id, bed=bed, reason=reason, account_id=by_id, at=now))
        session.flush()
    return changed


def add_printer(
    session: Session, *, name: str, machine: str, site_id: int, url: str, api_key: str, settings: Settings,
    by_id: int | None, now: datetime, certificate: str = "", camera_url: str = "",
    firmware: dict[str, Any] | None = None,
) -> Printer:  # fmt: skip
    """A new printer, its bed not declared clear. `machine` is a key of `designs.profiles`.

    `certificate`: see `Printer`; `firmware`: limits as `printers.firmware.FirmwareLimits` has them.

    Nothing is asked of the address. Raises Invalid, Conflict when the name is taken.
    """
    if not api_key.strip():
        raise Invalid(_("Der Schlüssel von OctoPrint fehlt."))
    printer = Printer(
        code=label_code("D"), key_encrypted=encrypt(api_key.strip(), settings.printer_key),
        certificate=certificate, firmware=firmware, firmware_at=now if firmware else None,
    )  # fmt: skip
    with _free_name(session):
        _describe(
            session, printer, settings, name=name, machine=machine, site_id=site_id, url=url,
            camera_url=camera_url,
        )  # fmt: skip
        printer.sight = Sight()
        session.add(printer)
    begin_counting(session, now=now)
    record(session, "printer.added", f"printer:{printer.id}", actor_id=by_id, now=now, machine=machine)
    return printer


def edit_printer(
    session: Session, printer: Printer, *, name: str, machine: str, site_id: int, url: str, api_key: str,
    settings: Settings, by_id: int | None, now: datetime, camera_url: str = "",
) -> None:  # fmt: skip
    """Change a printer; an empty `api_key` keeps the one there is. Raises Invalid, Conflict.

    A key is never sent to another host than the one it was typed for; a certificate is trusted there only.
    """
    was = printer.url
    with _free_name(session):
        _describe(
            session, printer, settings, name=name, machine=machine, site_id=site_id, url=url,
            camera_url=camera_url,
        )  # fmt: skip
    begin_counting(session, now=now)
    moved = not rules.same_origin(was, printer.url)
    if moved:
        printer.certificate = ""
    if api_key.strip():
        printer.key_encrypted = encrypt(api_key.strip(), settings.printer_key)
    elif moved:
        raise Invalid(
            _("Die Adresse ist neu."), way_out=_("Geben Sie auch den Schlüssel dieses OctoPrint ein.")
        )
    session.flush()
    changed = {"machine": machine, "new_key": bool(api_key.strip())}
    record(session, "printer.changed", f"printer:{printer.id}", actor_id=by_id, now=now, **changed)


def _describe(
    session: Session, printer: Printer, settings: Settings, *, name: str, machine: str, site_id: int,
    url: str, camera_url: str,
) -> None:  # fmt: skip
    name, url = rules.tidy(name), rules.tidy_address(url)
    if not 0 < len(name) <= rules.LONGEST_NAME:
        raise Invalid(_("Der Name hat 1 bis %(most)s Zeichen.", most=rules.LONGEST_NAME))
    if machine not in load(settings.profiles_dir).machines:
        raise Invalid(
            _("Dieses Druckermodell kennen wir nicht."), way_out=_("Wählen Sie ein Modell aus der Liste.")
        )
    if session.get(Site, site_id) is None:
        raise Invalid(_("Diesen Ort gibt es nicht."), way_out=_("Wählen Sie einen Ort aus der Liste."))
    check_address(url, settings)
    printer.camera_url = _checked_camera(rules.tidy(camera_url), settings)
    printer.name, printer.machine, printer.site_id, printer.url = name, machine, site_id, url


def check_address(url: str, settings: Settings) -> None:
    """Raises Invalid, with the sentence to show, for an address that we may not speak to. Asks no network."""
    if len(url) > rules.LONGEST_ADDRESS:
        raise Invalid(_("Die Adresse ist zu lang."))
    try:
        checked_url(url, networks(settings.printer_networks.split(",")))
    except NotAllowed as error:
        raise Invalid(words.trouble(error)) from error


def _checked_camera(url: str, settings: Settings) -> str:
    if not url:
        return ""
    try:
        checked_camera(url, networks(settings.printer_networks.split(",")))
    except NotAllowed as error:
        raise Invalid(_("Die Adresse der Kamera gehört nicht zum Netz der Drucker.")) from error
    return url[: rules.LONGEST_ADDRESS]


def trust_certificate(session: Session, printer: Printer, sha256: str, *, by_id: int, now: datetime) -> None:
    """A person compared the fingerprint: from now on exactly this certificate. Raises Invalid."""
    if not _SHA256.fullmatch(sha256):
        raise Invalid(_("Dieses Zertifikat hat niemand angesehen."), way_out=_("Testen Sie noch einmal."))
    printer.certificate = sha256
    session.flush()
    record(session, "printer.certificate", f"printer:{printer.id}", actor_id=by_id, now=now, sha256=sha256)


def keep_limits(session: Session, printer: Printer, limits: dict[str, Any], *, now: datetime) -> None:
    """What its firmware allows, as it was read."""
    printer.firmware, printer.firmware_at = limits, now
    session.flush()


@contextmanager
def _free_name(session: Session) -> Iterator[None]:
    """In a savepoint, so that the transaction lives on to find the words of the refusal."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError as error:
        raise Conflict(
            _("Einen Drucker mit diesem Namen gibt es schon."), way_out=_("Wählen Sie einen anderen Namen.")
        ) from error


def load_spool(session: Session, printer: Printer, spool: Spool, *, by_id: int, now: datetime) -> None:
    """Put a spool into a printer; the one that was there comes out. Raises Conflict.

    A spool is in one printer only: whoever holds it in the hand took it out of the other.
    """
    if printer.spool_id == spool.id:
        return
    _not_moving(printer)
    if spool.emptied_at is not None:
        raise Conflict(_("Diese Spule ist leer gemeldet."), way_out=_("Nehmen Sie eine andere Spule."))
    elsewhere = session.scalar(sa.select(Printer).where(Printer.spool_id == spool.id))
    if elsewhere is not None:
        raise Conflict(
            _("Diese Spule ist in %(printer)s.", printer=elsewhere.name),
            way_out=_("Nehmen Sie sie dort zuerst heraus."),
        )
    try:
        with session.begin_nested():
            printer.spool_id = spool.id
    except IntegrityError as error:  # somebody loaded it elsewhere meanwhile
        raise Conflict(_("Jemand war schneller."), way_out=_("Laden Sie die Seite neu.")) from error
    session.expire(printer, ["spool"])
    record(session, "spool.loaded", f"printer:{printer.id}", actor_id=by_id, now=now, spool=spool.id)


def unload_spool(session: Session, printer: Printer, *, by_id: int, now: datetime) -> None:
    """Take the spool out; nothing happens where none is. Raises Conflict while the printer moves."""
    if printer.spool_id is None:
        return
    _not_moving(printer)
    spool_id, printer.spool_id = printer.spool_id, None
    session.flush()
    session.expire(printer, ["spool"])
    record(session, "spool.unloaded", f"printer:{printer.id}", actor_id=by_id, now=now, spool=spool_id)


def _not_moving(printer: Printer) -> None:
    if printer.sight is not None and printer.sight.state in MOVING:
        raise Conflict(_("Der Drucker druckt gerade."), way_out=_("Machen Sie zuerst eine Pause."))


def take_out_of_service(
    session: Session, printer: Printer, reason: str, *, by_id: int, now: datetime
) -> None:
    """No new print starts there; one that runs goes on. Raises Invalid without a reason."""
    reason = rules.tidy(reason)
    if not 0 < len(reason) <= rules.LONGEST_REASON:
        raise Invalid(
            _("Schreiben Sie einen Grund mit höchstens %(most)s Zeichen.", most=rules.LONGEST_REASON)
        )
    printer.out_of_service = reason
    session.flush()
    record(session, "printer.out_of_service", f"printer:{printer.id}", actor_id=by_id, now=now)


def put_into_service(session: Session, printer: Printer, *, by_id: int, now: datetime) -> None:
    """Prints may start there again; nothing happens where they may already."""
    if not printer.out_of_service:
        return
    printer.out_of_service = ""
    session.flush()
    record(session, "printer.in_service", f"printer:{printer.id}", actor_id=by_id, now=now)

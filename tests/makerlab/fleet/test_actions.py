"""Printers are added, loaded and taken out of service by verbs that refuse what would do harm."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.audit import AuditLine
from makerlab.core.crypto import decrypt
from makerlab.core.errors import Conflict, Invalid
from makerlab.core.settings import Settings
from makerlab.fleet import actions
from makerlab.fleet.models import Bed, Printer
from makerlab.materials.actions import empty_spool, receive_spool
from makerlab.materials.models import Colour, Spool
from makerlab.people.models import Site
from tests.makerlab.conftest import NOW, Cast

KEY = "0123456789ABCDEF0123456789ABCDEF"


def make(session: Session, settings: Settings, cast: Cast, **other: Any) -> Printer:
    values: dict[str, Any] = {
        "name": "Ada",
        "machine": "prusa-mk3s",
        "site_id": session.scalars(sa.select(Site.id)).first(),
        "url": "http://127.0.0.1:5000",
        "api_key": KEY,
    }
    return actions.add_printer(session, **{**values, **other}, settings=settings, by_id=cast.emil.id, now=NOW)


def make_spool(session: Session, cast: Cast) -> Spool:
    colour = session.scalar(sa.select(Colour)) or Colour(name="Rot", hex="#c0392b")
    session.add(colour)
    session.flush()
    return receive_spool(
        session, material="pla", colour=colour, lot="L1", maker="Werk", tare_g=200, net_g=1000,
        by_id=cast.boris.id, now=NOW,
    )  # fmt: skip


def test_a_new_printer_has_its_key_encrypted_and_its_bed_not_clear(
    session: Session, settings: Settings, cast: Cast
) -> None:
    printer = make(session, settings, cast)
    assert KEY not in printer.key_encrypted
    assert decrypt(printer.key_encrypted, settings.printer_key) == KEY
    assert printer.bed is Bed.OCCUPIED
    assert printer.sight.state == "unseen"
    line = session.scalars(sa.select(AuditLine).where(AuditLine.action == "printer.added")).one()
    assert KEY not in str(line.details)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://8.8.8.8",
        "http://169.254.169.254/latest/meta-data",
        "http://user:pw@127.0.0.1",
        "http://127.0.0.1/?x=1",
        "javascript:alert(1)",
        "http://[::ffff:8.8.8.8]/",
        "http://",
        "http://[1",
        "",
    ],
)
def test_addresses_outside_the_printers_networks_are_refused(
    session: Session, settings: Settings, cast: Cast, url: str
) -> None:
    with pytest.raises(Invalid, match="Netz der Drucker"):
        make(session, settings, cast, url=url)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "\x00\n"},
        {"name": "x" * 61},
        {"machine": "no-such"},
        {"site_id": 99},
        {"api_key": " "},
    ],
)
def test_what_no_printer_can_be_is_refused(
    session: Session, settings: Settings, cast: Cast, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        make(session, settings, cast, **wrong)


def test_two_printers_of_one_name_are_a_conflict(session: Session, settings: Settings, cast: Cast) -> None:
    make(session, settings, cast)
    with pytest.raises(Conflict, match="gibt es schon"):
        make(session, settings, cast)


def test_an_empty_key_keeps_the_old_one_but_not_for_another_host(
    session: Session, settings: Settings, cast: Cast
) -> None:
    printer = make(session, settings, cast)
    values = {"name": "Ada 2", "machine": "prusa-mk4", "site_id": printer.site_id, "settings": settings}
    edit = {**values, "by_id": cast.emil.id, "now": NOW}
    actions.edit_printer(session, printer, url="http://127.0.0.1:5000/octo", api_key="", **edit)
    assert decrypt(printer.key_encrypted, settings.printer_key) == KEY
    with pytest.raises(Invalid, match="Adresse ist neu"):
        actions.edit_printer(session, printer, url="http://127.0.0.1:5001", api_key="", **edit)
    actions.edit_printer(session, printer, url="http://127.0.0.1:5001", api_key="other", **edit)
    assert decrypt(printer.key_encrypted, settings.printer_key) == "other"


def test_a_spool_is_in_one_printer_only(session: Session, settings: Settings, cast: Cast) -> None:
    ada, bertha = make(session, settings, cast), make(session, settings, cast, name="Bertha")
    spool = make_spool(session, cast)
    actions.load_spool(session, ada, spool, by_id=cast.boris.id, now=NOW)
    assert ada.spool is spool
    with pytest.raises(Conflict, match="Ada"):
        actions.load_spool(session, bertha, spool, by_id=cast.boris.id, now=NOW)
    actions.unload_spool(session, ada, by_id=cast.boris.id, now=NOW)
    assert ada.spool is None
    actions.load_spool(session, bertha, spool, by_id=cast.boris.id, now=NOW)
    assert bertha.spool_id == spool.id


def test_an_empty_spool_is_not_loaded(session: Session, settings: Settings, cast: Cast) -> None:
    ada, spool = make(session, settings, cast), make_spool(session, cast)
    empty_spool(session, spool, actor_id=cast.boris.id, now=NOW)
    with pytest.raises(Conflict, match="leer"):
        actions.load_spool(session, ada, spool, by_id=cast.boris.id, now=NOW)


@pytest.mark.parametrize(
    ("state", "refused"), [("printing", True), ("paused", False), ("operational", False)]
)
def test_a_spool_is_changed_only_while_nothing_moves(
    session: Session, settings: Settings, cast: Cast, state: str, refused: bool
) -> None:
    ada, spool = make(session, settings, cast), make_spool(session, cast)
    ada.sight.state = state
    if refused:
        with pytest.raises(Conflict, match="druckt"):
            actions.load_spool(session, ada, spool, by_id=cast.boris.id, now=NOW)
    else:
        actions.load_spool(session, ada, spool, by_id=cast.boris.id, now=NOW)
    assert (ada.spool_id is None) is refused


def test_out_of_service_needs_a_reason(session: Session, settings: Settings, cast: Cast) -> None:
    ada = make(session, settings, cast)
    for nothing in ("", " \t\x00", "x" * 201):
        with pytest.raises(Invalid):
            actions.take_out_of_service(session, ada, nothing, by_id=cast.boris.id, now=NOW)
    actions.take_out_of_service(session, ada, "Düse\nverstopft", by_id=cast.boris.id, now=NOW)
    assert ada.out_of_service == "Düse verstopft"
    actions.put_into_service(session, ada, by_id=cast.boris.id, now=NOW)
    assert ada.out_of_service == ""

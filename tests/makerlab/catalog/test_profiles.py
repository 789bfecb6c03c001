"""Profiles on the desk: copied, changed with a preview, and what that does to approvals and estimates."""

import io
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.profiles import load
from designs.profiles.table import table_of, toml_text
from makerlab.catalog.actions import judge
from makerlab.catalog.models import Revision
from makerlab.catalog.printing import PrintSettings
from makerlab.catalog.profile_files import key_of
from makerlab.catalog.profile_form import texts_of
from makerlab.catalog.queries import is_approved
from makerlab.catalog.renewing import PresentProfiles
from makerlab.catalog.states import Verdict
from makerlab.core.audit import AuditLine
from makerlab.core.database import db
from makerlab.core.settings import Settings
from tests.makerlab.catalog.conftest import Submit
from tests.makerlab.conftest import Cast, SignIn

LIST = "/werkstatt/profile"


def fields(settings: Settings, folder: str, key: str) -> dict[str, str]:
    """What the browser sends when nothing was changed."""
    profile = getattr(load(settings.profiles_dir), folder)[key]
    texts = texts_of(table_of(profile))
    return {name: text for name, text in texts.items() if text != "false"}


@pytest.fixture
def copy(cast: Cast, sign_in: SignIn, settings: Settings) -> str:
    """The address of a process of the lab's own."""
    client = sign_in(cast.emil)
    answer = client.post(f"{LIST}/processes/0.20/kopie", data={"name": "0,20 mm für Vasen"})
    assert answer.status_code == 303
    return str(answer.location)


def test_a_copy_becomes_a_file_that_everything_sees_at_once(
    copy: str, cast: Cast, sign_in: SignIn, settings: Settings, session: Session
) -> None:
    assert copy == f"{LIST}/processes/0-20-mm-fuer-vasen"
    own = load(settings.profiles_dir).processes["0-20-mm-fuer-vasen"]
    assert (own.name, own.speeds) == ("0,20 mm für Vasen", load().process("0.20").speeds)
    assert "0,20 mm für Vasen" in sign_in(cast.fatma).get("/katalog/neu").text
    assert "profile.added" in session.scalars(sa.select(AuditLine.action)).all()


def test_what_comes_with_us_is_read_and_copied_but_never_changed(
    cast: Cast, sign_in: SignIn, settings: Settings
) -> None:
    client = sign_in(cast.emil)
    page = client.get(f"{LIST}/machines/ender-3").text
    assert "Mitgelieferte Profile bleiben" in page
    assert 'name="limits.speed.x"' not in page
    assert client.post(f"{LIST}/machines/ender-3", data={}).status_code == 422
    assert not (settings.data_dir / "profiles" / "machines").exists()


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("speeds.infill", "9000", "Möglich ist 0,01 bis 2000 mm/s."),
        ("layer_mm", "dünn", "Bitte eine Zahl."),
        ("walls", "2.5", "Bitte eine ganze Zahl."),
        ("walls", "nan", "Bitte eine ganze Zahl."),
        ("layer_mm", "nan", "Möglich ist 0,03 bis 1 mm."),
        ("name", "", "Der Name fehlt."),
        ("infill.pattern", "zickzack", "Wählen Sie etwas aus der Liste."),
    ],
)
def test_each_wrong_value_gets_one_sentence_and_nothing_is_stored(
    copy: str, cast: Cast, sign_in: SignIn, settings: Settings, name: str, text: str, sentence: str
) -> None:
    before = load(settings.profiles_dir)
    sent = fields(settings, "processes", "0-20-mm-fuer-vasen") | {name: text, "tun": "speichern"}
    answer = sign_in(cast.emil).post(copy, data=sent)
    assert answer.status_code == 422
    assert sentence in answer.text or (name == "infill.pattern" and "markierten" in answer.text)
    assert load(settings.profiles_dir) is before


def test_a_change_says_first_whose_approval_it_voids_and_how_long_a_piece_takes_then(
    copy: str, cast: Cast, sign_in: SignIn, settings: Settings, session: Session, submit: Submit,
    now: datetime,
) -> None:  # fmt: skip
    revision = _printed_by(submit(), "0-20-mm-fuer-vasen", session, settings)
    _approve(session, revision, cast, now)
    client, sent = sign_in(cast.emil), fields(settings, "processes", "0-20-mm-fuer-vasen")
    sent |= {"infill.density": "0,6", "stand": _stamp(client.get(copy).text)}
    page = client.post(copy, data=sent | {"tun": "speichern"}).text
    assert "1 Objekt braucht danach eine neue Prüfung: Würfel." in page
    assert "→" in page  # the time of the cube before and after
    assert load(settings.profiles_dir).processes["0-20-mm-fuer-vasen"].infill.density == 0.15
    assert is_approved(_again(session, revision))
    answer = client.post(copy, data=sent | {"tun": "speichern", "gesehen": "1"})
    assert answer.status_code == 303
    assert load(settings.profiles_dir).processes["0-20-mm-fuer-vasen"].infill.density == 0.6
    assert not is_approved(_again(session, revision))
    line = session.scalars(sa.select(AuditLine).where(AuditLine.action == "profile.changed")).one()
    assert line.details == {"before": {"infill.density": 0.15}, "revisions": 1}


def test_two_people_do_not_overwrite_each_other(
    copy: str, cast: Cast, sign_in: SignIn, settings: Settings
) -> None:
    emil, boris = sign_in(cast.emil), sign_in(cast.boris)
    sent = fields(settings, "processes", "0-20-mm-fuer-vasen") | {"tun": "speichern"}
    sent["stand"] = _stamp(emil.get(copy).text)
    assert emil.post(copy, data=sent | {"walls": "3"}).status_code == 303
    answer = boris.post(copy, data=sent | {"walls": "4"})
    assert answer.status_code == 409
    assert "gerade geändert" in answer.text
    assert load(settings.profiles_dir).processes["0-20-mm-fuer-vasen"].walls == 3


def test_a_profile_goes_out_as_a_file_and_comes_back_in_another_lab(
    cast: Cast, sign_in: SignIn, settings: Settings
) -> None:
    client = sign_in(cast.emil)
    file = client.get(f"{LIST}/materials/petg/datei")
    assert file.headers["Content-Disposition"].startswith("attachment")
    data = {"file": (io.BytesIO(file.data), "PETG von nebenan.toml")}
    assert client.post(f"{LIST}/einlesen", data=data).location == f"{LIST}/materials/petg-von-nebenan"
    ours, theirs = load().material("petg"), load(settings.profiles_dir).material("petg-von-nebenan")
    assert toml_text(table_of(ours)) == toml_text(table_of(theirs))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\xff\xfe", "Das ist keine TOML-Datei."),
        (b"a = " + b"[" * 5000, "Das ist keine TOML-Datei."),
        (b'name = "X"\nprinter_model = "A\\npost_process = /bin/sh"\nbased_on = "ender-3"', "printer_model"),
        (b'based_on = "ender-3"\nheight_mm = 1e9', "height_mm"),
        (b"x = 1\n" * 40_000, "zu groß"),
    ],
)
def test_a_file_that_is_no_usable_profile_is_one_sentence(
    cast: Cast, sign_in: SignIn, settings: Settings, data: bytes, sentence: str
) -> None:
    sent = {"file": (io.BytesIO(data), "fremd.toml")}
    answer = sign_in(cast.emil).post(f"{LIST}/einlesen", data=sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not (settings.data_dir / "profiles").exists()


def test_only_what_nothing_uses_can_be_deleted(
    copy: str, cast: Cast, sign_in: SignIn, settings: Settings, session: Session, submit: Submit
) -> None:
    client, revision = sign_in(cast.emil), submit()
    _printed_by(revision, "0-20-mm-fuer-vasen", session, settings)
    assert client.post(f"{copy}/loeschen").status_code == 409
    revision = _again(session, revision)
    revision.process = "0.20"
    session.commit()
    assert client.post(f"{copy}/loeschen").status_code == 303
    assert "0-20-mm-fuer-vasen" not in load(settings.profiles_dir).processes


def test_a_file_changed_by_hand_voids_approvals_before_anything_is_planned_with_it(
    session: Session, settings: Settings, cast: Cast, submit: Submit, now: datetime
) -> None:
    revision = submit()
    _approve(session, revision, cast, now)
    present = PresentProfiles(_factory(), lambda: load(_own(settings)), lambda: now)
    present()
    assert is_approved(_again(session, revision))
    session.rollback()
    (_own(settings) / "materials").mkdir(parents=True)
    (_own(settings) / "materials" / "pla.toml").write_text(
        toml_text(table_of(load().material("pla")) | {"nozzle_c": 205})
    )
    assert present().material("pla").nozzle_c == 205
    assert not is_approved(_again(session, revision))


def test_keys_are_plain() -> None:
    assert key_of("Größe L / 0,4 mm") == "groesse-l-0-4-mm"
    assert key_of("../../etc/passwd") == "etc-passwd"
    assert key_of("ﷺ") == ""


def _own(settings: Settings) -> Path:
    return settings.data_dir / "profiles"


def _factory() -> sa.orm.sessionmaker[Session]:
    return sa.orm.sessionmaker(db.engine, expire_on_commit=False)


def _again(session: Session, revision: Revision) -> Revision:
    return session.get_one(Revision, revision.id, populate_existing=True)


def _printed_by(revision: Revision, process: str, session: Session, settings: Settings) -> Revision:
    """The revision as if it had been submitted with this process, its mesh in the store."""
    from makerlab.catalog import rules
    from makerlab.core.files import FileStore
    from tests.makerlab.catalog.conftest import stl

    mesh = FileStore(settings.files_dir).put_bytes(stl(20))
    revision.process, revision.mesh_sha256 = process, mesh
    chosen = PrintSettings(process, revision.material, revision.supports)
    revision.fingerprint = rules.fingerprint(mesh, chosen.values(load(settings.profiles_dir)))
    session.commit()
    return revision


def _approve(session: Session, revision: Revision, cast: Cast, now: datetime) -> None:
    judge(
        session, revision, reviewer=cast.carla, verdict=Verdict.APPROVED,
        seen_fingerprint=revision.fingerprint, now=now,
    )  # fmt: skip
    session.commit()


def _stamp(page: str) -> str:
    return page.partition('name="stand" value="')[2].partition('"')[0]

"""What a person takes along: every row that names them, their photos, and nothing that opens a door."""

import io
import json
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from makerlab.catalog.around.photographing import add_photo
from makerlab.core.audit import AuditLine
from makerlab.core.database import Base
from makerlab.core.settings import Settings
from makerlab.notices.actions import save_channel
from makerlab.notices.models import Kind
from makerlab.people.actions import issue_card, set_password, set_pin
from makerlab.people.models import Account
from makerlab.people.own_data import rows_about
from makerlab.production.outcome import AttemptPhoto
from tests.makerlab.conftest import NOW, PASSWORD, PIN, Cast, SignIn
from tests.makerlab.production.conftest import Workshop


def _taken(client: FlaskClient, path: str = "/ich/daten.zip") -> tuple[dict[str, Any], zipfile.ZipFile]:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    return json.loads(archive.read("daten.json")), archive


def test_photos_that_a_person_took_come_along(
    session: Session, workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    mine, other = workshop.files.put_bytes(b"of a vase"), workshop.files.put_bytes(b"of Carla")
    for sha256, by in ((mine, cast.boris), (other, cast.carla)):
        add_photo(session, workshop.revision.design, sha256, by_id=by.id, now=NOW)
    rows, archive = _taken(sign_in(cast.boris))
    (photo,) = rows["photo"]
    assert (photo["sha256"], photo["added_at"]) == (mine, NOW.isoformat())
    photos = [name for name in archive.namelist() if name.startswith("fotos/")]
    assert [archive.read(name) for name in photos] == [b"of a vase"]


def test_photos_taken_at_a_printer_come_along(
    session: Session, workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    sha256, attempt = workshop.files.put_bytes(b"of a bed"), workshop.start(workshop.order())
    photo = AttemptPhoto(sha256=sha256, width=8, height=6, taken_by_id=cast.amira.id, taken_at=NOW)
    photo.attempt_id = attempt.id
    session.add(photo)
    rows, archive = _taken(sign_in(cast.amira))
    assert [row["sha256"] for row in rows["attempt_photo"]] == [sha256]
    assert archive.read(f"fotos/attempt_photo-{rows['attempt_photo'][0]['id']}.jpg") == b"of a bed"


def test_notice_channels_come_along_without_their_secret_address(
    session: Session, cast: Cast, settings: Settings, sign_in: SignIn
) -> None:
    save_channel(
        session, None, name="Telefon", url="ntfy://secret-word@ntfy.example/topic", account=cast.boris,
        kinds=[Kind.ORDER_DONE], language="de", quiet=(None, None), urgent_always=True,
        key=settings.channel_key, by_id=cast.emil.id, now=NOW,
    )  # fmt: skip
    rows, _ = _taken(sign_in(cast.boris))
    (channel,) = rows["notice_channel"]
    assert (channel["name"], channel["kinds"]) == ("Telefon", ["order_done"])
    assert "url_encrypted" not in channel


def test_nothing_that_opens_a_door_comes_along(session: Session, cast: Cast, sign_in: SignIn) -> None:
    set_password(session, cast.boris, PASSWORD, by_id=None, now=NOW)
    set_pin(session, cast.boris, PIN, by_id=None, now=NOW)
    code = issue_card(session, cast.boris, by_id=None, now=NOW)
    rows, archive = _taken(sign_in(cast.boris))
    text = archive.read("daten.json").decode()
    secrets = (cast.boris.password, cast.boris.pin_hash, cast.boris.fs_uniquifier, code, "code_hash")
    assert [one for one in secrets if str(one) in text] == []
    assert rows["account"][0]["name"] == "Boris"
    assert rows["card"][0]["issued_at"] == NOW.isoformat()


def test_every_table_that_names_a_person_is_asked(session: Session, cast: Cast) -> None:
    asked: list[str] = []
    sa.event.listen(session.get_bind(), "before_cursor_execute", lambda *call: asked.append(call[2]))
    rows_about(session, cast.boris)
    own = Account.__table__.c.id
    tables = Base.metadata.tables.values()
    naming = {table.name for table in tables for key in table.foreign_keys if key.column is own}
    assert len(naming) > 20
    assert [name for name in naming if not any(f"FROM {name}" in one for one in asked)] == []


def test_the_office_hands_it_over_and_that_is_written_down(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    rows, _ = _taken(sign_in(cast.guel), f"/personen/{cast.amira.id}/daten.zip")
    assert [row["name"] for row in rows["account"]] == ["Amira"]
    line = session.scalars(sa.select(AuditLine).where(AuditLine.action == "account.exported")).one()
    assert (line.subject, line.actor_id) == (f"account:{cast.amira.id}", cast.guel.id)


@pytest.mark.parametrize("role", ["amira", "boris", "dilek", "fatma"])
def test_only_the_office_takes_the_data_of_somebody_else(cast: Cast, sign_in: SignIn, role: str) -> None:
    client = sign_in(getattr(cast, role))
    assert client.get(f"/personen/{cast.carla.id}/daten.zip").status_code == 403

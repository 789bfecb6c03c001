"""Partners and what they allow; pictures in their colours."""

import io
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.actions import add_partner, submit_design
from makerlab.catalog.intake import take_in
from makerlab.catalog.models import Agreement, Partner
from makerlab.catalog.pictures import picture_in, picture_of
from makerlab.catalog.printing import PrintSettings
from makerlab.core.files import FileStore
from makerlab.core.settings import Settings
from makerlab.materials.actions import add_colour
from tests.makerlab.catalog.conftest import stl
from tests.makerlab.conftest import NOW, Cast, SignIn


def test_a_partner_is_added_with_an_agreement_and_changed(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.guel)
    assert client.post("/partner/neu", data={"name": "Studio Nord", "story": "Licht."}).status_code == 303
    partner = session.scalars(sa.select(Partner)).one()
    path = f"/partner/{partner.id}"
    terms = {"pieces": "50", "starts_on": "2026-01-01", "ends_on": ""}
    assert client.post(f"{path}/vertrag", data=terms).status_code == 303
    agreement = session.scalars(sa.select(Agreement)).one()
    assert (agreement.pieces, agreement.starts_on, agreement.ends_on) == (50, date(2026, 1, 1), None)
    changed = {"pieces": "", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    assert client.post(f"/partner/vertrag/{agreement.id}", data=changed).status_code == 303
    session.refresh(agreement)
    assert (agreement.pieces, agreement.ends_on) == (None, date(2026, 12, 31))
    assert client.post(path, data={"name": "Studio Süd", "story": ""}).status_code == 303
    assert "Studio Süd" in client.get("/partner").text


def test_terms_that_cannot_be_are_refused(session: Session, cast: Cast, sign_in: SignIn) -> None:
    partner = add_partner(session, name="Studio", now=NOW)
    session.commit()
    client, path = sign_in(cast.fatma), f"/partner/{partner.id}/vertrag"
    for bad in (
        {"pieces": "0", "starts_on": "2026-01-01"},
        {"pieces": "viele", "starts_on": "2026-01-01"},
        {"pieces": "5", "starts_on": "2026-02-31"},
        {"pieces": "5", "starts_on": "2026-02-01", "ends_on": "2026-01-01"},
    ):
        assert client.post(path, data=bad).status_code == 422
    assert session.scalar(sa.select(sa.func.count()).select_from(Agreement)) == 0


@pytest.mark.parametrize(
    ("name", "again"), [("Studio", " STUDIO "), ("Ölmühle", "ÖLMÜHLE"), ("Übung", "Übung")]
)
def test_two_partners_of_one_name_are_a_conflict(cast: Cast, sign_in: SignIn, name: str, again: str) -> None:
    client = sign_in(cast.fatma)
    assert client.post("/partner/neu", data={"name": name}).status_code == 303
    assert client.post("/partner/neu", data={"name": again}).status_code == 409


def test_a_picture_is_rendered_once_for_each_colour(session: Session, cast: Cast, settings: Settings) -> None:
    files = FileStore(settings.files_dir)
    taken = take_in(io.BytesIO(stl(20)), "a.stl", PrintSettings(), settings=settings)
    revision = submit_design(session, taken, name="Würfel", by=cast.fatma, now=NOW)
    red, blue = (
        add_colour(session, name=n, hex_code=h) for n, h in (("Rot", "#aa2020"), ("Blau", "#2040aa"))
    )
    shown = picture_in(session, revision, red, files)
    assert shown in files
    assert picture_in(session, revision, red, files) == shown
    assert picture_in(session, revision, blue, files) != shown
    assert picture_of(revision, red) == shown
    assert picture_of(revision) == taken.picture_sha256

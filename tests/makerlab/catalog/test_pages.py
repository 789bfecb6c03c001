"""The pages: upload, wall, design, files, and who may open them."""

import numpy as np
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from designs.preview import MAGIC
from makerlab.catalog import uploading
from makerlab.catalog.actions import add_partner
from makerlab.catalog.intake import TakenIn
from makerlab.catalog.models import Design, Estimate, Revision
from makerlab.core.database import db
from makerlab.core.settings import Settings
from tests.makerlab.catalog.conftest import Submit, Upload, ascii_stl, stl
from tests.makerlab.conftest import NOW, Cast, SignIn


def stored(settings: Settings) -> list[str]:
    """Names of all files in store and quarantine."""
    roots = (settings.files_dir, settings.data_dir / "quarantine")
    return [path.name for root in roots if root.exists() for path in root.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("data", "name"), [(stl(20), "cube.stl"), (ascii_stl(20), "Würfel.STL")])
def test_an_upload_becomes_a_design_with_files_check_and_estimate(
    session: Session,
    cast: Cast,
    sign_in: SignIn,
    settings: Settings,
    upload_form: Upload,
    data: bytes,
    name: str,
) -> None:
    answer = sign_in(cast.fatma).post("/katalog/neu", data=upload_form(data, name, tags="Vase, vase,  Regal"))
    assert answer.status_code == 303
    revision = session.scalars(sa.select(Revision)).one()
    assert revision.design.tags == ["Vase", "Regal"]
    assert (revision.width_mm, revision.depth_mm, revision.height_mm) == pytest.approx((20, 20, 20))
    assert revision.volume_mm3 == pytest.approx(8000)
    assert revision.file_name == name
    assert len(stored(settings)) == 4
    estimate = session.scalars(sa.select(Estimate)).one()
    assert estimate.time_low_s < estimate.time_s < estimate.time_high_s
    assert not any((settings.data_dir / "quarantine").iterdir())


def test_a_refused_upload_says_why_and_leaves_nothing(
    session: Session, cast: Cast, sign_in: SignIn, settings: Settings, upload_form: Upload
) -> None:
    answer = sign_in(cast.fatma).post(
        "/katalog/neu", data=upload_form(b"", "leer.stl", story="Bleibt stehen")
    )
    assert answer.status_code == 422
    assert "Die Datei ist leer." in answer.text
    assert "Bleibt stehen" in answer.text
    assert stored(settings) == []
    assert session.scalar(sa.select(sa.func.count()).select_from(Design)) == 0


def test_a_file_of_another_kind_is_415(cast: Cast, sign_in: SignIn, upload_form: Upload) -> None:
    client = sign_in(cast.boris)
    assert client.post("/katalog/neu", data=upload_form(stl(20), "cube.exe")).status_code == 415
    assert client.post("/katalog/neu", data=upload_form(b"\x89PNG\r\n\x1a\n" + b"x" * 100)).status_code == 415


def test_the_same_form_twice_makes_one_design(
    session: Session, cast: Cast, sign_in: SignIn, upload_form: Upload
) -> None:
    client = sign_in(cast.fatma)
    assert client.post("/katalog/neu", data=upload_form(stl(20))).status_code == 303
    assert client.post("/katalog/neu", data=upload_form(stl(20))).status_code == 409
    assert session.scalar(sa.select(sa.func.count()).select_from(Design)) == 1


def test_a_form_that_knew_an_older_revision_is_a_conflict(
    session: Session, cast: Cast, sign_in: SignIn, upload_form: Upload, submit: Submit
) -> None:
    path, client = f"/katalog/{submit().design_id}/neu", sign_in(cast.fatma)
    assert client.post(path, data=upload_form(stl(21), seen="1")).status_code == 303
    late = client.post(path, data=upload_form(stl(22), seen="1"))
    assert late.status_code == 409
    assert "neuere Fassung" in late.text
    numbers = session.scalars(sa.select(Revision.number).order_by(Revision.number)).all()
    assert numbers == [1, 2]


def _statements(client: FlaskClient, path: str) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


@pytest.mark.parametrize(("path", "person"), [("/katalog", "fatma"), ("/pruefen", "boris")])
def test_more_designs_cost_no_more_queries(
    cast: Cast, sign_in: SignIn, submit: Submit, path: str, person: str
) -> None:
    client = sign_in(getattr(cast, person))
    submit("Eins")
    client.get(path)
    few = _statements(client, path)
    for number in range(2, 9):
        submit(f"Nummer {number}")
    client.get(path)  # what the wall keeps in memory is read anew after a change
    assert _statements(client, path) == few


def test_the_wall_finds_by_name_tag_and_state(cast: Cast, sign_in: SignIn, submit: Submit) -> None:
    submit("Vase Welle", tags=["Wohnen"])
    submit("Haken", tags=["Flur"])
    client = sign_in(cast.dilek)
    for query in ("?q=welle", "?tag=Wohnen", "?q=vase&stand=waiting"):
        page = client.get(f"/katalog{query}").text
        assert "Vase Welle" in page
        assert "Haken" not in page
    assert "Nichts gefunden" in client.get("/katalog?stand=approved").text


def test_pictures_are_kept_for_ever_and_only_known_ones_are_given(
    session: Session, cast: Cast, sign_in: SignIn, upload_form: Upload
) -> None:
    sign_in(cast.fatma).post("/katalog/neu", data=upload_form(stl(20)))
    revision = session.scalars(sa.select(Revision)).one()
    answer = sign_in(cast.amira).get(f"/bilder/{revision.picture_sha256}")
    assert answer.status_code == 200
    assert answer.mimetype == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert sign_in(cast.amira).get(f"/bilder/{revision.file_sha256}").status_code == 404
    assert sign_in(cast.amira).get("/bilder/..%2f..%2fkeys").status_code == 404


def test_the_view_in_3d_gets_the_preview_mesh(
    session: Session, cast: Cast, sign_in: SignIn, upload_form: Upload
) -> None:
    sign_in(cast.fatma).post("/katalog/neu", data=upload_form(stl(20)))
    revision = session.scalars(sa.select(Revision)).one()
    answer = sign_in(cast.amira).get(f"/katalog/fassung/{revision.id}/form")
    assert answer.data.startswith(MAGIC)
    assert "immutable" in answer.headers["Cache-Control"]


def test_the_original_comes_back_as_an_attachment_for_those_who_work_with_it(
    session: Session, cast: Cast, sign_in: SignIn, upload_form: Upload
) -> None:
    sign_in(cast.fatma).post("/katalog/neu", data=upload_form(stl(20), "Vase – 1.stl"))
    path = f"/katalog/fassung/{session.scalars(sa.select(Revision.id)).one()}/datei"
    answer = sign_in(cast.boris).get(path)
    assert answer.data == stl(20)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert sign_in(cast.dilek).get(path).status_code == 403
    assert path not in sign_in(cast.dilek).get("/katalog/1").text


ROLES = {
    "/katalog": "boris carla dilek emil fatma guel",
    "/katalog/1": "boris carla dilek emil fatma guel",
    "/katalog/neu": "boris carla fatma",
    "/katalog/1/neu": "boris carla fatma",
    "/pruefen": "boris carla",
    "/pruefen/1": "boris carla",
    "/partner": "fatma guel",
    "/partner/neu": "fatma guel",
}


@pytest.mark.parametrize(("path", "allowed"), ROLES.items())
def test_pages_open_to_their_roles_only(
    cast: Cast, sign_in: SignIn, submit: Submit, path: str, allowed: str
) -> None:
    submit()
    opened = {name for name, account in vars(cast).items() if sign_in(account).get(path).status_code == 200}
    assert opened == set(allowed.split())


NAUGHTY = [
    "\0",
    "\xed\xa0\x80",
    "a\u202eb\u2066",
    "<img src=x onerror=alert(1)>",
    "{{7*7}}${7*7}%(name)s %s",
    "=HYPERLINK(1)",
    "../../etc/passwd",
    "CON.stl",
    "x" * 300,
    "x" * 12_000,
    "a\r\nb: c",
    "-1",
    "1e309",
    "9223372036854775808",
    "1,5",
    "31.02.2026",
    "9999-12-31",
    "'; DROP TABLE design; --",
    "𝒳\U000e0001",
]
GETS = ("q", "partner", "tag", "stand", "seite", "fassung", "grund")
POSTS = {
    "/katalog/neu": (
        "name",
        "partner_id",
        "story",
        "tags",
        "process_key",
        "material_key",
        "supports",
        "note",
    ),
    "/katalog/1/neu": ("process_key", "material_key", "note", "seen"),
    "/pruefen/1": ("verdict", "fingerprint", "seen", "reason", "next_step"),
    "/partner/neu": ("name", "story"),
    "/partner/1": ("name", "story"),
    "/partner/1/vertrag": ("pieces", "starts_on", "ends_on"),
}


@pytest.fixture
def any_file(monkeypatch: pytest.MonkeyPatch, taken_once: TakenIn) -> None:
    """Every upload passes as the cube; what files do is tested in test_intake."""
    monkeypatch.setattr(uploading, "take_in", lambda *_words, **_more: taken_once)


@pytest.mark.usefixtures("any_file")
@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_no_text_breaks_a_page(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit, upload_form: Upload, text: str
) -> None:
    add_partner(session, name="Studio", now=NOW)
    submit()
    liaison, instructor = sign_in(cast.fatma), sign_in(cast.boris)
    for path in ("/katalog", "/katalog/1", "/pruefen/1"):
        for key in GETS:
            assert instructor.get(path, query_string={key: text}).status_code in (200, 404)
    for path, fields in POSTS.items():
        client = instructor if path.startswith("/pruefen") else liaison
        for field in fields:
            answer = client.post(path, data={**upload_form(b"solid"), "starts_on": "2026-01-01", field: text})
            assert answer.status_code in (303, 404, 409, 413, 415, 422), (path, field)
            assert "<img src=x" not in answer.text
    for path in ("/katalog", "/katalog/1", "/pruefen", "/partner/1"):
        client = instructor if path.startswith("/pruefen") else liaison
        page = client.get(path)
        assert page.status_code == 200
        assert "<img src=x" not in page.text


def test_problems_of_the_form_can_be_drawn_on_it(
    session: Session, cast: Cast, sign_in: SignIn, upload_form: Upload
) -> None:
    data = stl(20)
    hole = data[:80] + np.uint32(11).tobytes() + data[84:-50]  # one triangle is missing
    fatma = sign_in(cast.fatma)
    assert fatma.post("/katalog/neu", data=upload_form(hole)).status_code == 303
    revision = session.scalars(sa.select(Revision)).one()
    path = f"/katalog/fassung/{revision.id}/stellen"
    page = fatma.get(f"/katalog/{revision.design_id}").text
    assert f'data-viewer-marks="{path}"' in page
    assert 'data-mark="open_edges"' in page
    answer = fatma.get(path)
    assert answer.data[:8] == b"MLK1" + np.uint32(3).tobytes()
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_form_without_problems_has_nothing_to_draw(submit: Submit, cast: Cast, sign_in: SignIn) -> None:
    assert "data-viewer-marks" not in sign_in(cast.fatma).get(f"/katalog/{submit().design_id}").text

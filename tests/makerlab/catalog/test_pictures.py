"""Light pictures for the screens, and the worker's round that draws them in all colours."""

import io
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from makerlab.catalog import picturing
from makerlab.catalog.actions import judge, submit_design
from makerlab.catalog.intake import take_in
from makerlab.catalog.models import Picture, Revision
from makerlab.catalog.pictures import WIDTHS
from makerlab.catalog.picturing import PictureRound, missing
from makerlab.catalog.printing import PrintSettings
from makerlab.catalog.states import Verdict
from makerlab.core.database import SessionFactory, make_session_factory, reading
from makerlab.core.files import FileStore
from makerlab.core.settings import Settings
from makerlab.materials.actions import add_colour, receive_spool
from tests.makerlab.catalog.conftest import Upload, stl
from tests.makerlab.conftest import NOW, Cast, SignIn

LAB = (("Rot", "#aa2020", "pla"), ("Blau", "#2040aa", "pla"), ("Grün", "#20aa40", "petg"))
TEMPLATES = Path(__file__).parents[3] / "templates"


@pytest.fixture
def cube(session: Session, cast: Cast, settings: Settings) -> Revision:
    """An approved cube; the lab has PLA in red and blue, and PETG in green."""
    taken = take_in(io.BytesIO(stl(20)), "a.stl", PrintSettings(), settings=settings)
    revision = submit_design(session, taken, name="Würfel", by=cast.fatma, now=NOW)
    judge(
        session, revision, reviewer=cast.boris, now=NOW, verdict=Verdict.APPROVED,
        seen_fingerprint=revision.fingerprint,
    )  # fmt: skip
    for name, shade, material in LAB:
        colour = add_colour(session, name=name, hex_code=shade)
        receive_spool(
            session, material=material, colour=colour, lot="1", maker="Eifel", tare_g=220, net_g=1000,
            by_id=cast.boris.id, now=NOW,
        )  # fmt: skip
    session.commit()
    return revision


@pytest.fixture
def factory(session: Session) -> SessionFactory:
    return make_session_factory(session.get_bind())  # type: ignore[arg-type]


def drawn(factory: SessionFactory) -> list[tuple[str, str]]:
    """(colour, SHA-256) of all pictures, read and let go."""
    with reading(), factory() as session:
        return [(one.colour.name, one.sha256) for one in session.scalars(sa.select(Picture))]


def test_a_screen_gets_a_light_picture_and_only_in_the_widths_there_are(
    session: Session, cast: Cast, sign_in: SignIn, upload_form: Upload
) -> None:
    sign_in(cast.fatma).post("/katalog/neu", data=upload_form(stl(20)))
    path = f"/bilder/{session.scalars(sa.select(Revision)).one().picture_sha256}"
    client = sign_in(cast.amira)
    whole = client.get(path).data
    for width in WIDTHS:
        answer = client.get(f"{path}?w={width}")
        assert answer.mimetype == "image/webp"
        assert "immutable" in answer.headers["Cache-Control"]
        assert len(answer.data) < len(whole) / 3
        with Image.open(io.BytesIO(answer.data)) as picture:
            assert picture.mode == "RGBA"  # the card paints the ground
            assert picture.width == min(width, 512)  # never larger than what was drawn
        assert client.get(f"{path}?w={width}").data == answer.data
    for wrong in ("1", "100000", "-360", "viel", ""):
        assert client.get(f"{path}?w={wrong}").status_code == 404


def test_templates_ask_for_the_widths_there_are() -> None:
    parts = (TEMPLATES / "_ui.html").read_text()
    assert set(re.findall(r"\?w=(\d+)", parts)) == {str(width) for width in WIDTHS}


def test_one_turn_draws_one_missing_picture_in_a_colour_of_the_material(
    session: Session, cube: Revision, factory: SessionFactory, settings: Settings
) -> None:
    draw = PictureRound(factory, FileStore(settings.files_dir))
    for done in (1, 2, 2):
        draw()
        assert len(drawn(factory)) == done
    assert {colour for colour, _sha256 in drawn(factory)} == {"Rot", "Blau"}
    assert len({sha256 for _colour, sha256 in drawn(factory)}) == 2
    assert missing(session, most=9) == []


def test_nothing_is_drawn_of_what_is_not_approved(session: Session, cube: Revision) -> None:
    assert len(missing(session, most=9)) == 2
    cube.reviews[-1].fingerprint = "another"
    session.flush()
    assert missing(session, most=9) == []


def test_a_picture_that_cannot_be_drawn_does_not_keep_the_others_waiting(
    session: Session, cube: Revision, factory: SessionFactory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = missing(session, most=1)[0][1]
    session.rollback()  # holds no lock against the round

    def fails_once(revision: Revision, colour: object, files: FileStore) -> str:
        if colour.id == first:  # type: ignore[attr-defined]
            raise ValueError("broken")
        return "b" * 64

    monkeypatch.setattr(picturing, "rendered", fails_once)
    draw = PictureRound(factory, FileStore(tmp_path))
    for _turn in range(3):
        draw()
    assert [sha256 for _colour, sha256 in drawn(factory)] == ["b" * 64]


def test_a_picture_drawn_by_another_process_meanwhile_is_kept(
    session: Session, cube: Revision, factory: SessionFactory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def overtaken(revision: Revision, colour: object, files: FileStore) -> str:
        with factory.begin() as other:
            other.add(Picture(revision_id=revision.id, colour_id=colour.id, sha256="c" * 64))  # type: ignore[attr-defined]
        return "d" * 64

    monkeypatch.setattr(picturing, "rendered", overtaken)
    PictureRound(factory, FileStore(tmp_path))()
    assert [sha256 for _colour, sha256 in drawn(factory)] == ["c" * 64]

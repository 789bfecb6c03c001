"""The same file or form elsewhere is said on the page, and nothing is merged."""

import io

import numpy as np
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from designs.mesh import STL_RECORD
from makerlab.catalog.models import Revision
from tests.makerlab.catalog.conftest import CORNERS, FACES, Upload, stl
from tests.makerlab.conftest import Cast, SignIn

FILE, FORM = "Diese Datei gibt es auch hier", "Diese Form gibt es auch hier"


def turned(*edges_mm: float, turn: float, scale: float = 1.0) -> bytes:
    """A box turned around the upright axis, scaled, and moved."""
    c, s = np.cos(turn), np.sin(turn)
    corners = ((CORNERS * edges_mm) @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]) + 70) * scale
    records = np.zeros(len(FACES), STL_RECORD)
    records["corners"] = corners[FACES]
    return b"\0" * 80 + np.uint32(len(FACES)).tobytes() + records.tobytes()


@pytest.fixture
def client(cast: Cast, sign_in: SignIn, upload_form: Upload) -> FlaskClient:
    """Fatma, who has uploaded a box of 20 × 30 × 40 mm."""
    browser = sign_in(cast.fatma)
    sent = {**upload_form(b""), "name": "Kasten", "file": (io.BytesIO(stl(20, 30, 40)), "kasten.stl")}
    assert browser.post("/katalog/neu", data=sent).status_code == 303
    return browser


@pytest.mark.parametrize(
    ("data", "material", "said"),
    [
        (stl(20, 30, 40), "petg", FILE),
        (turned(20, 30, 40, turn=0.7), "pla", FORM),
        (turned(20, 30, 40, turn=1.3, scale=1.5), "pla", FORM),
        (stl(20, 30, 40.4), "pla", ""),
        (stl(20, 20, 40), "pla", ""),
    ],
)
def test_the_page_says_where_it_is_too(
    session: Session, client: FlaskClient, upload_form: Upload, data: bytes, material: str, said: str
) -> None:
    sent = {**upload_form(data), "material_key": material}
    answer = client.post("/katalog/neu", data=sent)
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).text
    assert [word for word in (FILE, FORM) if word in page] == ([said] if said else [])
    assert session.scalar(sa.select(sa.func.count()).select_from(Revision)) == 2

"""Labels fit on their paper, whatever stands on them."""

import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase.pdfmetrics import stringWidth

from makerlab.sales.labels import LEADING, as_pdf, fitted, printable
from makerlab.sales.sheets import SHEETS, Label
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.sales.conftest import Shop

LABEL = Label("Vase Welle", ("Moosgrün", "Typ P1", "Makerlab, Aachen"), "12,50 €", "https://lab.example/p/P1")


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf))


@pytest.mark.parametrize("key", SHEETS)
def test_every_label_lies_on_its_sheet(key: str) -> None:
    sheet = SHEETS[key]
    corners = [sheet.corner(number) for number in range(sheet.places)]
    assert len(set(corners)) == sheet.places
    for left, top in corners:
        assert 0 <= left <= sheet.page[0] - sheet.label[0] + 1e-9
        assert 0 <= top <= sheet.page[1] - sheet.label[1] + 1e-9


@pytest.mark.parametrize(("pieces", "first", "expected"), [(21, 0, 1), (22, 0, 2), (21, 1, 2), (1, 20, 1)])
def test_a_used_sheet_goes_on_where_it_was_left(pieces: int, first: int, expected: int) -> None:
    assert pages(as_pdf([LABEL] * pieces, SHEETS["21"], first=first)) == expected


@given(
    title=st.text(max_size=120),
    lines=st.lists(st.text(max_size=120), max_size=5),
    room=st.floats(40, 200),
    height=st.floats(30, 120),
)
def test_no_word_leaves_the_label(title: str, lines: list[str], room: float, height: float) -> None:
    label = Label(title, tuple(lines), "9,00 €", "https://lab.example/p/P1")
    set_ = fitted(label, room, height)
    assert sum(size * LEADING for _text, _font, size in set_) <= height + 1e-6
    assert all(stringWidth(text, font, size) <= room + 1e-6 or len(text) == 1 for text, font, size in set_)


def test_letters_that_the_fonts_lack_do_not_break_a_label() -> None:
    assert printable("Größe €") == "Größe €"
    assert as_pdf([Label("مزهرية", ("ваза",), "", "x")], SHEETS["62x29"]).startswith(b"%PDF")


def test_the_phone_opens_a_pdf_with_so_many_labels(sign_in: SignIn, cast: Cast, shop: Shop) -> None:
    phone: FlaskClient = sign_in(cast.dilek)
    assert "21 × 63,5" in phone.get(f"/verkauf/{shop.vase.code}/etiketten").text
    answer = phone.get(f"/verkauf/{shop.vase.code}/etiketten.pdf?n=22&blatt=21&charge=A7")
    assert answer.mimetype == "application/pdf"
    assert pages(answer.data) == 2
    all_here = phone.get(f"/verkauf/orte/{shop.workshop.id}/etiketten.pdf?blatt=62x29")
    assert pages(all_here.data) == 3
    assert phone.get("/verkauf/orte/999/etiketten.pdf").status_code == 404

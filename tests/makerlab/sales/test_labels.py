"""Labels fit on their paper, whatever stands on them."""

import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase.pdfmetrics import stringWidth

from makerlab.sales import letters
from makerlab.sales.labels import LEADING, as_pdf, fitted
from makerlab.sales.letters import in_a_font, in_drawing_order
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


LONG = "Hängeleuchte aus drei ineinander gesteckten Ringen mit Baldachin für hohe Räume"
HIGH, ROOM = 21.4 * 2.83465, 24.0 * 2.83465  # pt, beside the code of the smallest label


def test_a_long_title_stands_whole_on_the_smallest_label() -> None:
    lines = fitted(Label(LONG, ("Moosgrün", "Typ P1"), "12,50 €", "x"), ROOM, HIGH)
    bold = [text for text, font, _size in lines if font == "Helvetica-Bold"]
    assert " ".join(bold) == f"{LONG} 12,50 €"
    assert [text for text, _font, _size in lines[-2:]] == ["Moosgrün", "Typ P1"]


def test_a_title_that_fits_nowhere_ends_in_an_ellipsis() -> None:
    lines = fitted(Label(f"{LONG} " * 3, (), "12,50 €", "x"), ROOM, HIGH)
    title = [text for text, _font, _size in lines if text != "12,50 €"]
    assert title[-1].endswith("…")
    assert f"{LONG} {LONG}".startswith(" ".join(title).rstrip("…"))


def test_a_long_title_is_shortened_before_the_maker_is_left_out() -> None:
    maker = (
        "Moosgrün",
        "Typ P1",
        "Makerlab Aachen, Rehmviertel 12, 52062 Aachen",
        "werkstatt@makerlab.example",
    )
    lines = fitted(Label(LONG, maker, "12,50 €", "x"), ROOM, HIGH)
    assert lines[-1][0] == maker[-1]
    assert [text for text, font, _size in lines if font == "Helvetica-Bold"][-2].endswith("…")


def test_a_long_address_goes_on_in_the_next_line() -> None:
    address = "werkstatt-nord@makerlab-aachen-rehmviertel.example.org"
    lines = fitted(Label("Vase", (address,), "", "x"), ROOM, HIGH)
    assert "".join(text for text, _font, _size in lines if text != "Vase") == address


@pytest.mark.parametrize("name", ["Größe €", "Łódka", "Fatma Yıldız", "ваза", "Ανθοδοχείο", "Ő"])
def test_the_names_of_europe_are_printed_letter_by_letter(name: str) -> None:
    text, font = in_a_font(name, bold=True)
    assert text == name
    assert (font == "Helvetica-Bold") is (name == "Größe €")
    assert as_pdf([Label(name, (name,), "", "x")], SHEETS["62x29"]).startswith(b"%PDF")


def test_arabic_letters_are_joined_and_run_from_the_right() -> None:
    text, _font = in_a_font("سلام", bold=False)
    assert text == "\ufeb3\ufefc\ufee1"  # sin at its beginning, lam-alef at an end, mim alone
    assert in_drawing_order(text) == text[::-1]
    assert in_drawing_order("مز 12,5 cm") == "cm 12,5 زم"
    assert in_drawing_order("Vase مز gross") == "Vase زم gross"


def test_letters_that_no_font_has_do_not_break_a_label() -> None:
    assert in_a_font("花瓶", bold=True)[0] == "??"
    assert as_pdf([Label("花瓶", ("ваза",), "", "x")], SHEETS["62x29"]).startswith(b"%PDF")


def test_without_the_font_a_label_still_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "_wide", lambda _bold: None)
    assert in_a_font("Yıldız", bold=True) == ("Y?ld?z", "Helvetica-Bold")


def test_the_phone_opens_a_pdf_with_so_many_labels(sign_in: SignIn, cast: Cast, shop: Shop) -> None:
    phone: FlaskClient = sign_in(cast.dilek)
    assert "21 × 63,5" in phone.get(f"/verkauf/{shop.vase.code}/etiketten").text
    answer = phone.get(f"/verkauf/{shop.vase.code}/etiketten.pdf?n=22&blatt=21&charge=A7")
    assert answer.mimetype == "application/pdf"
    assert pages(answer.data) == 2
    all_here = phone.get(f"/verkauf/orte/{shop.workshop.id}/etiketten.pdf?blatt=62x29")
    assert pages(all_here.data) == 3
    assert phone.get("/verkauf/orte/999/etiketten.pdf").status_code == 404

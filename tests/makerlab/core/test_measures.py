"""Numbers are said with as many figures as they are good for, and in the language's own signs."""

import re
from pathlib import Path

import pytest
from flask import Flask

from makerlab.core.language import speaking
from makerlab.core.measures import decimal, grams, hours, typed, weight

TEMPLATES = Path(__file__).parents[3] / "templates"

# Numbers with digits after the point that no filter of ours has put into words.
BY_POINT = re.compile(
    r"%\.[1-9]f|%[0-9.]*g\b|round\([1-9]\)(?! \| numberformat)|"
    r"map\('round', [1-9]\)(?! \| map\('numberformat'\))"
)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0 g"), (-0.01, "0 g"), (0.04, "0 g"), (0.4, "0,4 g"), (3.0, "3 g"), (9.44, "9,4 g"),
        (9.96, "10 g"), (10.4, "10 g"), (999.6, "1.000 g"), (-4.25, "-4,2 g"),
    ],
)  # fmt: skip
def test_small_weights_have_one_decimal(app: Flask, value: float, said: str) -> None:
    with app.test_request_context():
        assert grams(value) == said


def test_what_was_booked_is_said_exactly(app: Flask) -> None:
    with app.test_request_context():
        assert grams(12.44, exact=True) == "12,4 g"


def test_hours_and_kilograms_have_the_comma_of_the_language() -> None:
    with speaking("de"):
        assert (hours(599_400), weight(2345.6), weight(999.4)) == ("166,5 h", "2,35 kg", "999 g")
        assert (decimal(1166.55, 2), typed(1250.5), typed(0.013)) == ("1.166,55", "1250,5", "0,013")
    with speaking("en"):
        assert (hours(599_400), weight(2345.6), typed(1250.5)) == ("166.5 h", "2.35 kg", "1250.5")


@pytest.mark.parametrize("page", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_page_writes_a_number_by_the_point_of_the_program(page: Path) -> None:
    assert BY_POINT.findall(page.read_text(encoding="utf-8")) == []

"""Weights are said with as many figures as they are good for."""

import pytest
from flask import Flask

from makerlab.core.measures import grams


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

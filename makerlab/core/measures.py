"""How weights, hours and other numbers are said, in the language spoken now."""

from babel.numbers import format_decimal

from makerlab.core.language import LANGUAGES, current_code

WHOLE_FROM_G = 10.0
KILO_FROM_G = 1000.0


def decimal(value: float, digits: int = 1) -> str:
    """`1.250,5`: at most so many digits after the comma."""
    return _said(value, "#,##0." + "#" * digits)


def typed(value: float) -> str:
    """As a person types it: without marks of thousands, which a form would take for a comma."""
    return _said(value, "0.##########")


def hours(seconds: float) -> str:
    return f"{decimal(seconds / 3600)} h"


def weight(value: float) -> str:
    """`9,4 g`, `31 g`, `2,35 kg`; the value in grams."""
    return f"{decimal(value / 1000, 2)} kg" if value >= KILO_FROM_G else grams(value)


def grams(value: float, *, exact: bool = False) -> str:
    """`9,4 g` below ten grams, `31 g` above; `exact`: one decimal also above. Never “-0 g”."""
    tenths = round(value, 1)
    if exact or abs(tenths) < WHOLE_FROM_G:
        return f"{_said(tenths + 0.0, '#,##0.0' if tenths % 1 else '#,##0')} g"
    return f"{_said(round(value), '#,##0')} g"


def _said(value: float, pattern: str) -> str:
    return format_decimal(value, pattern, locale=LANGUAGES[current_code()][1])

"""How weights are said on screens, in the language of the request."""

from flask_babel import format_decimal

WHOLE_FROM_G = 10.0


def grams(value: float, *, exact: bool = False) -> str:
    """`9,4 g` below ten grams, `31 g` above; `exact`: one decimal also above. Never “-0 g”."""
    tenths = round(value, 1)
    if exact or abs(tenths) < WHOLE_FROM_G:
        return f"{format_decimal(tenths + 0.0, format='#,##0.0' if tenths % 1 else '#,##0')} g"
    return f"{format_decimal(round(value), format='#,##0')} g"

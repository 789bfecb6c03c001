"""Money as people write it, in cents."""

import re

MOST_CENTS = 100_000_00


def cents_of(text: str) -> int | None:
    """ "12,50", "12.5", "1.250,00" or "12 €" in cents; None when it is no price."""
    plain = re.sub(r"[\s€\u00a0]", "", text)
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d{1,2})?", plain):
        plain = plain.replace(".", "")
    match = re.fullmatch(r"(\d{1,6})(?:[.,](\d{1,2}))?", plain, re.ASCII)
    if match is None:
        return None
    cents = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))
    return cents if cents <= MOST_CENTS else None

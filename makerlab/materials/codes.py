"""Codes on labels: short enough to type, of characters that German and US scanners type alike."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWX"  # I, O look like 1, 0; US keyboards swap Y, Z
LENGTH = 10  # with the prefix; 32⁹ codes
READABLE = re.compile(r"[0-9A-Z]{4,32}")


def label_code(prefix: str) -> str:
    """A new code that begins with `prefix`: S for spools, P for products. Not a secret."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - len(prefix)))


def read_code(text: str) -> str | None:
    """What somebody typed or scanned, as a code; None when it cannot be one."""
    code = text.strip().upper()
    return code if READABLE.fullmatch(code) else None

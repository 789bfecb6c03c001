"""Pure questions about people: what names and secrets will do, and when guessing must wait."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

PIN_DIGITS = 6
DELAY_AFTER = 5  # failures
LOCK_AFTER = 10  # failures
FIRST_DELAY = timedelta(seconds=30)

_EMAIL = re.compile(r"[^@\s<>\"',;:()\[\]\\]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")


@dataclass(frozen=True)
class Gate:
    """Whether somebody may try now. `wait_until` says when next; `locked`: an instructor must clear it."""

    wait_until: datetime | None = None
    locked: bool = False

    @property
    def open(self) -> bool:
        return self.wait_until is None and not self.locked


def gate(failures: Sequence[datetime], now: datetime) -> Gate:
    """What the failures so far (any order) mean now.

    The fifth failure costs 30 s, each further one twice as long as the one before; the tenth locks.
    """
    count = len(failures)
    if count >= LOCK_AFTER:
        return Gate(locked=True)
    if count < DELAY_AFTER:
        return Gate()
    free_at = max(failures) + FIRST_DELAY * 2 ** (count - DELAY_AFTER)
    return Gate(wait_until=free_at) if now < free_at else Gate()


def clean_name(name: str) -> str | None:
    """The name as it is kept, or None. Scripts of all languages; no control, format or surrogate characters."""
    plain = unicodedata.normalize("NFC", " ".join(name.split()))
    # Zero-width joiners (Cf) belong to the spelling of Persian and Indic names; other Cf turn text around.
    allowed = {"\u200c", "\u200d"}
    hidden = any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") and c not in allowed for c in plain)
    return plain if 1 <= len(plain) <= 120 and not hidden and any(c not in allowed for c in plain) else None


def clean_email(email: str) -> str | None:
    """The address in the form it is compared in, or None when it cannot be one."""
    plain = unicodedata.normalize("NFKC", email).strip().lower()
    printable = all(unicodedata.category(c)[0] != "C" for c in plain)
    return plain if len(plain) <= 255 and printable and _EMAIL.fullmatch(plain) else None


def password_will_do(password: str) -> bool:
    """Long enough to resist guessing, short enough to hash, not one character again and again."""
    encodable = not any(unicodedata.category(c) == "Cs" or c == "\0" for c in password)
    return 12 <= len(password) <= 128 and encodable and len(set(password)) >= 4


def pin_will_do(pin: str) -> bool:
    """Six ASCII digits that are no row: not 111111, 123456, 654321, 121212."""
    if not re.fullmatch(r"[0-9]{6}", pin):
        return False
    steps = {(int(b) - int(a)) % 10 for a, b in zip(pin, pin[1:], strict=False)}
    return len(steps) > 1 and len(set(pin)) > 2

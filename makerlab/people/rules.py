"""Pure questions about people: what names and secrets will do, who may manage whom, when to wait."""

import re
import unicodedata
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

FIRST_DELAY = timedelta(seconds=30)
POWER = "administrator"

_EMAIL = re.compile(r"[^@\s<>\"',;:()\[\]\\]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
_JOINERS = {"\u200c", "\u200d"}  # belong to the spelling of Persian and Indic names


@dataclass(frozen=True)
class Patience:
    """How many failures are borne. `window`: only failures so close together count; None: all of them."""

    delay_after: int = 5
    lock_after: int = 10
    window: timedelta | None = None
    lock_ends: bool = False  # whether a lock passes with its window, or somebody must clear it


PERSON = Patience()
# Everybody mistypes at the same kiosk; only a burst is an attack.
KIOSK = Patience(window=timedelta(minutes=30))  # longer than all delays together: 15.5 min
# Anybody can fail at somebody else's e-mail: that must not lock the last administrator out for good.
EMAIL = Patience(window=timedelta(hours=1), lock_ends=True)
# Behind one address sits a whole office.
ADDRESS = Patience(delay_after=30, lock_after=60, window=timedelta(minutes=15), lock_ends=True)


@dataclass(frozen=True)
class Gate:
    """Whether somebody may try now. `wait_until` says when next; `locked`: somebody must clear it."""

    wait_until: datetime | None = None
    locked: bool = False

    @property
    def open(self) -> bool:
        return self.wait_until is None and not self.locked


def gate(failures: Sequence[datetime], patience: Patience, now: datetime) -> Gate:
    """What the failures so far (in any order) mean now.

    The failure that reaches `delay_after` costs 30 s, each further one twice as long as the one before.
    """
    times = sorted(failures)
    recent = [at for at in times if patience.window is None or now - at < patience.window]
    if not patience.lock_ends and _burst(times, patience):
        return Gate(locked=True)
    if len(recent) >= patience.lock_after and patience.window is not None:
        return Gate(wait_until=recent[-patience.lock_after] + patience.window)
    return _delay(recent, patience, now)


def _burst(times: list[datetime], patience: Patience) -> bool:
    """Whether ever as many failures as lock stood within one window."""
    spans = zip(times, times[patience.lock_after - 1 :], strict=False)
    return any(patience.window is None or last - first < patience.window for first, last in spans)


def _delay(recent: list[datetime], patience: Patience, now: datetime) -> Gate:
    if len(recent) < patience.delay_after:
        return Gate()
    delay = FIRST_DELAY * 2 ** (len(recent) - patience.delay_after)
    free_at = recent[-1] + min(delay, patience.window or delay)
    return Gate(wait_until=free_at) if now < free_at else Gate()


def clean_text(text: str, longest: int) -> str:
    """One line without control, format and surrogate characters, cut: for searching, never for keeping."""
    seen = "".join(c for c in text if unicodedata.category(c)[0] != "C" or c in _JOINERS)
    return " ".join(seen.split())[:longest]


def clean_name(name: str) -> str | None:
    """The name as it is kept, or None. All scripts; no characters that hide or turn the text around."""
    plain = unicodedata.normalize("NFC", " ".join(name.split()))
    hidden = any(unicodedata.category(c)[0] == "C" and c not in _JOINERS for c in plain)
    return plain if 1 <= len(plain) <= 120 and not hidden and set(plain) - _JOINERS else None


def clean_email(email: str) -> str | None:
    """The address in the form it is compared in, or None when it cannot be one."""
    plain = unicodedata.normalize("NFKC", email).strip().lower()
    printable = all(unicodedata.category(c)[0] != "C" for c in plain)
    return plain if len(plain) <= 255 and printable and _EMAIL.fullmatch(plain) else None


def password_will_do(password: str) -> bool:
    """12 to 128 characters, not one again and again."""
    odd = any(unicodedata.category(c) in ("Cc", "Cs") for c in password)
    return 12 <= len(password) <= 128 and not odd and len(set(password)) >= 4


def pin_will_do(pin: str) -> bool:
    """Six ASCII digits that are no row: not 111111, 123456, 654321, 121212."""
    if not re.fullmatch(r"[0-9]{6}", pin):
        return False
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return len(steps) > 1 and len(set(pin)) > 2


def may_manage(theirs: AbstractSet[str], mine: AbstractSet[str]) -> bool:
    """Who holds more power is managed by their equals only: a new card would be a way into their account."""
    return POWER not in theirs or POWER in mine


def may_change_role(role: str, mine: AbstractSet[str]) -> bool:
    """Administrators are made by administrators only."""
    return role != POWER or POWER in mine


def local_path(target: str) -> str | None:
    """`target` when it leads to a page of ours, else None: `//host` and `/\\host` lead away."""
    odd = any(unicodedata.category(c)[0] == "C" for c in target)
    return target if re.match(r"/(?![/\\])", target) and not odd else None

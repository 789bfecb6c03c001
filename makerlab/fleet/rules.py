"""Questions about a printer's name, its address and its upkeep, in plain values."""

import enum
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST_NAME = 60
LONGEST_ADDRESS = 300
LONGEST_REASON = 200


def tidy(text: str) -> str:
    """What somebody typed, without control signs, on one line."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def tidy_address(text: str) -> str:
    """An address as it is stored: `octopi.local:5000/` becomes `http://octopi.local:5000`."""
    text = tidy(text)
    if text and "://" not in text:
        text = f"http://{text}"
    return text.rstrip("/")


_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*(?::\d+)?(?:/[^\s<>\"']*)?")
_OF_ITS_PAGES = ("/login", "/recovery", "/index.html")


def read_address(text: str) -> str:
    """The address in what somebody copied or scanned: `OctoPrint: http://octopi.local/?#temp`, say.

    What a browser shows behind the address of OctoPrint itself is left out. As typed, where there is none.
    """
    text = tidy(text)
    found = _URL.search(text)
    if found is None and "://" not in text:
        likely = [
            word
            for word in text.split()
            if _HOST.fullmatch(word.rstrip(".,;)")) and re.search(r"[.:]\w", word)
        ]
        return tidy_address(_without_page((likely or [text])[0]))
    return tidy_address(_without_page(found.group() if found else text))


def _without_page(url: str) -> str:
    url = re.split(r"[?#]", url, maxsplit=1)[0].rstrip(".,;)/")
    return next((url.removesuffix(page) for page in _OF_ITS_PAGES if url.endswith(page)), url)


def origin(url: str) -> str:
    """What stays on a screen of an address: scheme and host, lower case; empty when it is none.

    A key belongs to this origin: an address that leads elsewhere needs its key typed again.
    """
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""
    except ValueError:
        return ""


def same_origin(one: str, other: str) -> bool:
    """Whether the key and the certificate that belong to one address may be used at the other."""
    return origin(one) == origin(other)


SOON_AT = 0.9  # of an interval: announced
TOO_LATE_AT = 1.1  # of an interval: a task that blocks does so


class Due(enum.StrEnum):
    """From the worst to the best."""

    BLOCKS = "blocks"
    OVERDUE = "overdue"
    SOON = "soon"
    FINE = "fine"


ORDER = {due: number for number, due in enumerate(Due)}


@dataclass(frozen=True, slots=True)
class Interval:
    """After so many hours of printing or so many days, whichever comes first; None: does not count."""

    hours: int | None
    days: int | None
    blocks: bool = False


def used(interval: Interval, *, hours: float, days: float) -> float:
    """The share of an interval that is over: 1 is due now."""
    shares = [0.0]
    if interval.hours:
        shares.append(hours / interval.hours)
    if interval.days:
        shares.append(days / interval.days)
    return max(shares)


def due(interval: Interval, share: float) -> Due:
    """What that share means for the printer."""
    if interval.blocks and share >= TOO_LATE_AT:
        return Due.BLOCKS
    if share >= 1:
        return Due.OVERDUE
    return Due.SOON if share >= SOON_AT else Due.FINE

"""Finding a product by what people type, money as people write it, and how long undo works."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

MOST_CENTS = 100_000_00
UNDO_GRACE = timedelta(seconds=15)  # the toast's last second, and a slow line
SAME_ENOUGH = 0.45  # share of trigrams two words must have in common (Dice) to be taken for a typing error
LONGEST_QUERY = 80

WORD = re.compile(r"\w+")
UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
LETTERS = str.maketrans("øłđı", "oldi")  # letters that Unicode does not take apart


@dataclass(frozen=True, slots=True)
class Entry:
    """What a product is found by."""

    product_id: int
    code: str
    name: str
    partner: str
    colour: str
    tags: tuple[str, ...]


def fold(text: str) -> str:
    """Lower case without accents; ü, ue and u are one, so are ß and ss."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in apart if not unicodedata.combining(c)).translate(LETTERS)
    for digraph, vowel in UMLAUTS:
        plain = plain.replace(digraph, vowel)
    return plain


def words(text: str) -> list[str]:
    return WORD.findall(fold(text))


def find(query: str, entries: Iterable[Entry]) -> list[int]:
    """Ids of the products that every word of `query` fits, the best first; all by name without a query."""
    asked = words(query[:LONGEST_QUERY])
    scored = [(_fit(asked, entry), entry) for entry in entries]
    fitting = [(score, entry) for score, entry in scored if score > 0]
    fitting.sort(key=lambda pair: (-pair[0], fold(pair[1].name), fold(pair[1].colour), pair[1].product_id))
    return [entry.product_id for _, entry in fitting]


def _fit(asked: Sequence[str], entry: Entry) -> float:
    """0 when a word fits nothing; more when it fits well, most in the name."""
    if not asked:
        return 1.0
    fields = ((entry.name, 1.0), (entry.colour, 0.9), (entry.partner, 0.8), (" ".join(entry.tags), 0.7))
    weighted = [(word, weight) for text, weight in fields for word in words(text)]
    scores = [max((likeness(word, own) * weight for own, weight in weighted), default=0.0) for word in asked]
    return sum(scores) / len(scores) if all(scores) else 0.0


@lru_cache(maxsize=20_000)
def likeness(asked: str, own: str) -> float:
    """1 the same, 0.9 a beginning, 0.8 a part, less for a typing error, 0 for another word. Folded words."""
    if asked == own:
        return 1.0
    if own.startswith(asked):
        return 0.9
    if len(asked) >= 3 and asked in own:
        return 0.8
    if len(asked) < 4:
        return 0.0
    beginning = own[: len(asked) + 1]  # "vsae" is on its way to "vasenset"
    alike = max(_dice(asked, own), _dice(asked, beginning))
    if sorted(asked) == sorted(own):  # two letters swapped share few trigrams
        alike = max(alike, 0.7)
    return 0.75 * alike if alike >= SAME_ENOUGH else 0.0


def _dice(a: str, b: str) -> float:
    left, right = _trigrams(a), _trigrams(b)
    return 2 * len(left & right) / (len(left) + len(right))


def _trigrams(word: str) -> frozenset[str]:
    padded = f"  {word} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


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


def may_undo(booked_at: datetime, now: datetime, seconds: int) -> bool:
    """Whether the toast's button still works."""
    return now - booked_at <= timedelta(seconds=seconds) + UNDO_GRACE

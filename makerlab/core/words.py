"""How a status is shown everywhere: its word, its icon and its tone. Features list theirs in words.py."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Status:
    """`word` and `sentence` are lazy: translated when shown. Tones: neutral info busy good warn bad."""

    word: Any
    icon: str
    tone: str = "neutral"
    sentence: Any = ""
    way_out: Any = ""

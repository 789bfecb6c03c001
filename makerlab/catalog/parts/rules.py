"""What an approval of several parts is bound to, in plain values."""

import hashlib
import json
from collections.abc import Sequence

MOST_PARTS = 20  # files beside the first
MOST_COUNT = 100  # of one file in a piece
LONGEST_NAME = 60  # characters


def whole_fingerprint(own: str, count: int, parts: Sequence[tuple[str, int]]) -> str:
    """SHA-256 over the fingerprint of the first file and those of the others, each with its count.

    Of a single file it is that file's own, so that an approval given before there were parts still holds.
    """
    if count == 1 and not parts:
        return own
    text = json.dumps([[own, count], *parts], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def sound_count(count: int) -> bool:
    return 1 <= count <= MOST_COUNT


def same_name(names: Sequence[str]) -> bool:
    """Whether two parts of a piece have one name, however it is written."""
    return len({name.casefold() for name in names}) < len(names)


def told_apart(names: Sequence[str]) -> list[str]:
    """The names, a number behind each that was there before: `Fuß`, `Fuß 2`."""
    found: list[str] = []
    for name in names:
        own, number = name, 2
        while same_name([*found, own]):
            own, number = f"{name[: LONGEST_NAME - 4]} {number}", number + 1
        found.append(own)
    return found

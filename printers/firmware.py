"""What a printer's firmware allows, read from its own report (M503)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_LINE = re.compile(r"\b(M20[1345])\b((?:\s+[A-Z]-?\d+(?:\.\d+)?)+)")
_WORD = re.compile(r"([A-Z])(-?\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class FirmwareLimits:
    """mm/s, mm/s² and mm. What the firmware did not say is missing; `axes` are lower-case letters."""

    speed: dict[str, float] = field(default_factory=dict)  # M203: x y z e
    acceleration: dict[str, float] = field(default_factory=dict)  # M201: x y z e
    extruding: float | None = None  # M204 P
    retracting: float | None = None  # M204 R
    travel: float | None = None  # M204 T
    jerk: dict[str, float] = field(default_factory=dict)  # M205 X Y Z E
    junction_deviation: float | None = None  # M205 J

    def __bool__(self) -> bool:
        return bool(self.speed or self.acceleration or self.jerk or self.junction_deviation)


def read_limits(lines: Iterable[str]) -> FirmwareLimits:
    """From the lines of an answer to M503; the last word of each kind counts, as in the firmware."""
    said: dict[str, dict[str, float]] = {}
    for line in lines:
        for code, words in _LINE.findall(line.split(";")[0]):
            found = {letter: float(number) for letter, number in _WORD.findall(words)}
            said.setdefault(code, {}).update(found)
    moves, corners = said.get("M204", {}), said.get("M205", {})
    return FirmwareLimits(
        speed=_axes(said.get("M203", {})),
        acceleration=_axes(said.get("M201", {})),
        extruding=moves.get("P", moves.get("S")),  # old firmware says S for both
        retracting=moves.get("R", moves.get("T") if "P" not in moves else None),
        travel=moves.get("T") if "P" in moves else None,
        jerk=_axes(corners),
        junction_deviation=corners.get("J") or None,
    )


def _axes(words: dict[str, float]) -> dict[str, float]:
    """A zero is no limit, and a negative one is none that we understand."""
    return {axis.lower(): words[axis] for axis in "XYZE" if words.get(axis, 0) > 0}

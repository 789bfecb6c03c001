"""Questions of the catalogue, in plain values."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from makerlab.catalog.states import RevisionState, Verdict

MESH_KINDS = ("stl", "3mf", "obj", "ply", "off")  # endings of the files that we read
MOST_PIECES = 1_000_000
LONGEST_STORY = 5_000  # characters
MOST_TAGS = 12
NEARLY = 0.8  # of the pieces of an agreement
SOON = timedelta(days=30)
WHOLE_SHARE = 10_000  # hundredths of a per cent
LONGEST_TAG = 40  # characters

_JOINERS = {"\u200c", "\u200d"}  # belong to the spelling of Persian and Indic words


@dataclass(frozen=True, slots=True)
class Judged:
    """A review, as far as the state of a revision depends on it."""

    verdict: Verdict
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a partner allows: so many pieces (None: any number), from a day to a day (None: without end).

    `designs` are ids, empty: all of the partner's; `made` are the pieces ordered under it so far.
    """

    pieces: int | None
    starts_on: date
    ends_on: date | None
    designs: frozenset[int] = frozenset()
    in_series: bool = True
    made: int = 0

    def covers(self, design_id: int) -> bool:
        return not self.designs or design_id in self.designs

    @property
    def left(self) -> int | None:
        """Pieces that may still be ordered; None: any number."""
        return None if self.pieces is None else max(self.pieces - self.made, 0)


def fingerprint(mesh_sha256: str, settings: Mapping[str, object]) -> str:
    """SHA-256 over the mesh and its print settings: what an approval is bound to."""
    text = json.dumps({"mesh": mesh_sha256, **settings}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def revision_state(reviews: Sequence[Judged], now_fingerprint: str, *, newest: bool) -> RevisionState:
    """The last verdict counts, and only for the very files and settings that were judged."""
    last = reviews[-1] if reviews else None
    if last is not None and last.fingerprint == now_fingerprint:
        if last.verdict is Verdict.RETURNED:
            return RevisionState.RETURNED
        return RevisionState.APPROVED
    return RevisionState.WAITING if newest else RevisionState.REPLACED


def may_judge(reviewer_id: int, submitted_by_id: int) -> bool:
    """Nobody approves what they submitted."""
    return reviewer_id != submitted_by_id


@dataclass(frozen=True, slots=True)
class Found:
    """What a reviewer found at one point of the checklist."""

    point: str
    good: bool
    note: str = ""


def verdict_fault(approves: bool, found: Sequence[Found], points: Sequence[str], *, explained: bool) -> str:
    """Why this verdict cannot be given (a code), or empty: `unseen`, `not_good`, `unexplained`.

    Only what was looked at and found good at every point is approved; what goes back needs a reason.
    """
    if not approves:
        return "" if explained else "unexplained"
    if {one.point for one in found} < set(points):
        return "unseen"
    return "" if all(one.good for one in found) else "not_good"


def in_force(terms: Sequence[Terms], today: date) -> list[Terms]:
    """Those that hold today."""
    return [
        term for term in terms if term.starts_on <= today and (term.ends_on is None or today <= term.ends_on)
    ]


def beyond(terms: Sequence[Terms], pieces: int, today: date, design_id: int) -> str:
    """Why `pieces` more of a design may not be ordered today, or empty when they may.

    `no_agreement`, `not_in_series` or `run_used_up`. A partner without any agreement allows nothing; of
    several in force the most generous counts.
    """
    holding = [term for term in in_force(terms, today) if term.covers(design_id)]
    if not holding:
        return "no_agreement"
    serial = [term for term in holding if term.in_series or pieces <= 1]
    if not serial:
        return "not_in_series"
    if any(term.left is None or pieces <= term.left for term in serial):
        return ""
    return "run_used_up"


def runs_out(term: Terms, today: date) -> list[str]:
    """Why an agreement in force ends soon: `used_up`, `nearly_used_up` (80 %), `ends_soon` (30 days)."""
    if not in_force([term], today):
        return []
    found = []
    if term.pieces is not None and term.made >= NEARLY * term.pieces:
        found.append("used_up" if term.made >= term.pieces else "nearly_used_up")
    if term.ends_on is not None and term.ends_on - today <= SOON:
        found.append("ends_soon")
    return found


def share_of(text: str) -> int | None:
    """ "7,5" or "7.5 %" in hundredths of a per cent; None when it is no share."""
    match = re.fullmatch(r"(\d{1,3})(?:[.,](\d{1,2}))?", re.sub(r"[\s%\u00a0]", "", text), re.ASCII)
    if match is None:
        return None
    found = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))
    return found if found <= WHOLE_SHARE else None


def forbids_sale(licence: str) -> bool:
    """Whether a licence (SPDX) allows no commercial use."""
    return "-NC" in licence.upper()


def clean_line(text: str, longest: int) -> str:
    """One line without control, format and surrogate characters: nothing hides or turns the text around."""
    return " ".join("".join(c if _shown(c) else " " for c in text).split())[:longest].rstrip()


def clean_story(text: str) -> str:
    """Paragraphs, each clean as a line is; empty lines at the ends go, further ones become one."""
    lines = [
        clean_line(line, LONGEST_STORY) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ]
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(kept).strip()[:LONGEST_STORY]


def clean_tags(tags: Iterable[str]) -> list[str]:
    """Each tag once, in the order given, whatever its case."""
    plain = [clean_line(tag, LONGEST_TAG) for tag in tags]
    first = {tag.casefold(): tag for tag in reversed(plain) if tag}
    return [tag for tag in dict.fromkeys(plain) if tag and first[tag.casefold()] == tag][:MOST_TAGS]


def _shown(character: str) -> bool:
    return unicodedata.category(character)[0] != "C" or character in _JOINERS


def cost_range(cents: int, time_s: float, low_s: float, high_s: float) -> tuple[int, int]:
    """The cost as far as the time is unsure; a bound, as what the material costs does not grow with time."""
    if time_s <= 0:
        return cents, cents
    return round(cents * low_s / time_s), round(cents * high_s / time_s)

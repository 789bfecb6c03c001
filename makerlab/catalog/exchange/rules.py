"""What becomes of each design of a manifest in this lab, in plain values."""

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from makerlab.catalog.exchange.manifest import Design, File, Manifest, Revision

Pieces = frozenset[tuple[str, int]]  # SHA-256 and count of each file of a piece


class Fate(enum.StrEnum):
    NEW = "new"
    NAMESAKE = "namesake"  # comes in as a design of its own
    THERE = "there"  # these very files are here: left out
    REFUSED = "refused"  # its process or material is unknown here


@dataclass(frozen=True, slots=True)
class Here:
    """What the lab has: pieces of all revisions, casefolded names, keys of processes and materials."""

    pieces: frozenset[Pieces]
    names: frozenset[str]
    partners: frozenset[str]
    collections: frozenset[str]
    processes: frozenset[str]
    materials: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`place` is that of the design in the manifest, `left_out` how many of its revisions do not come."""

    place: int
    design: Design
    fate: Fate
    revisions: tuple[Revision, ...] = ()
    left_out: int = 0
    unknown: tuple[str, ...] = ()  # keys of profiles that are not here
    new_partner: bool = False

    @property
    def comes(self) -> bool:
        return self.fate in (Fate.NEW, Fate.NAMESAKE)


def pieces_of(files: Iterable[File]) -> Pieces:
    return frozenset((file.sha256, file.count) for file in files)


def outcomes(manifest: Manifest, here: Here) -> list[Outcome]:
    """One for each design. The newest revision decides; older ones that cannot come are left out."""
    seen: set[tuple[str, Pieces]] = set()
    found = []
    for place, design in enumerate(manifest.designs):
        twin = (design.name.casefold(), pieces_of(design.revisions[-1].files))
        there = twin[1] in here.pieces or twin in seen
        seen.add(twin)
        found.append(Outcome(place, design, Fate.THERE) if there else _coming(place, design, here))
    return found


def _coming(place: int, design: Design, here: Here) -> Outcome:
    unknown = tuple(dict.fromkeys(_unknown(design.revisions[-1], here)))
    if unknown:
        return Outcome(place, design, Fate.REFUSED, unknown=unknown)
    known = tuple(one for one in design.revisions if not any(_unknown(one, here)))
    return Outcome(
        place, design, Fate.NAMESAKE if design.name.casefold() in here.names else Fate.NEW, known,
        left_out=len(design.revisions) - len(known),
        new_partner=bool(design.partner) and design.partner.casefold() not in here.partners,
    )  # fmt: skip


def _unknown(revision: Revision, here: Here) -> Iterator[str]:
    for file in revision.files:
        yield from {file.process} - here.processes
        yield from {file.material} - here.materials


def new_collections(manifest: Manifest, found: Iterable[Outcome], here: Here) -> list[str]:
    """Names of those that are made because something comes into them."""
    coming = {one.place for one in found if one.comes}
    return [
        one.name
        for one in manifest.collections
        if one.name.casefold() not in here.collections and coming & set(one.designs)
    ]

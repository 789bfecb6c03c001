"""What the wall knows of each design, read from the database in a constant number of queries."""

from collections.abc import Collection as Some
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog import rules
from makerlab.catalog.estimates import SUREST_FIRST
from makerlab.catalog.models import (
    Collection,
    CollectionPlace,
    Design,
    Estimate,
    Part,
    Partner,
    Photo,
    Picture,
    Review,
    Revision,
)
from makerlab.catalog.rules import Judged
from makerlab.catalog.states import RevisionState
from makerlab.catalog.wall import words
from makerlab.materials.models import Colour

NAME, PARTNER, COLOUR, GROUP, MATERIAL, STORY = 1.0, 0.85, 0.8, 0.75, 0.6, 0.3  # weights of words
MOST_IDS = 500  # asked for by number; beyond that everything is read


class Shade(NamedTuple):
    """A colour that a design has been pictured in."""

    id: int
    name: str
    hex: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A design as it stands on the wall: by its newest approved revision, else by its newest."""

    id: int
    name: str
    partner_id: int | None
    partner: str
    tags: tuple[str, ...]
    collections: tuple[int, ...]
    collection_names: tuple[str, ...]
    state: RevisionState  # of the newest revision
    shown_id: int  # revision
    newest_id: int
    newest_by_id: int
    newest_at: datetime
    material: str  # key of designs.profiles
    colours: tuple[Shade, ...]
    picture: str  # SHA-256: the first photo, else drawn
    photo: bool  # whether `picture` is one
    size_mm: float  # the longest edge
    time_s: float | None  # of one piece with all its parts, on the quickest machine
    parts: int  # files
    archived: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What a design is called and found by; the entry is there when it has a revision."""

    id: int
    name: str
    words: Mapping[str, float]
    colours: Mapping[str, float]  # words, too: a product has only one of them
    entry: Entry | None


def stamp(session: Session) -> tuple[int, int]:
    """Changes whenever anything changes that an entry is made of."""
    row = session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(Design.edition), 0)).select_from(Design)
    ).one()
    return int(row[0]), int(row[1])


def editions(session: Session) -> dict[int, int]:
    """Design → how often it changed."""
    return {row.id: row.edition for row in session.execute(sa.select(Design.id, Design.edition))}


def read(session: Session, ids: Some[int]) -> list[Known]:
    """These designs as they are now."""
    rows = _Rows(session, ids)
    return [rows.known(design) for design in rows.designs]


class _Rows:
    """What belongs to some designs, by design or revision. Plain rows: ten thousand objects would be slow."""

    def __init__(self, session: Session, ids: Some[int]) -> None:
        self.session, self.ids = session, ids
        design = sa.select(
            Design.id, Design.name, Design.story, Design.tags, Design.archived_at, Design.partner_id,
            Partner.name.label("partner"),
        ).outerjoin(Partner, Partner.id == Design.partner_id)  # fmt: skip
        self.designs = self._all(design, Design.id, Design.id)
        self.revisions = self._grouped(
            sa.select(
                Revision.design_id, Revision.id, Revision.fingerprint, Revision.material,
                Revision.picture_sha256, Revision.width_mm, Revision.depth_mm, Revision.height_mm,
                Revision.part_count, Revision.submitted_by_id, Revision.submitted_at,
            ), Revision.design_id, Revision.number,
        )  # fmt: skip
        self.reviews = self._grouped(_of(Review, Review.verdict, Review.fingerprint), *_by(Review))
        self.estimates = self._grouped(
            _of(Estimate, Estimate.machine, Estimate.source, Estimate.time_s), *_by(Estimate)
        )
        self.parts = self._grouped(_of(Part, Part.count, Part.estimates), *_by(Part))
        self.pictures = self._grouped(
            _of(Picture, Colour.id, Colour.name, Colour.hex).join(Colour, Colour.id == Picture.colour_id),
            *_by(Picture),
        )
        photo = sa.select(Photo.design_id, Photo.sha256)
        self.photos = self._grouped(photo, Photo.design_id, Photo.position)
        place = sa.select(CollectionPlace.design_id, Collection.id, Collection.name).join(Collection)
        self.places = self._grouped(place, CollectionPlace.design_id, Collection.position)

    def _all(self, query: sa.Select[Any], key: Any, order: Any) -> Sequence[Any]:
        if len(self.ids) <= MOST_IDS:
            query = query.where(key.in_(self.ids))
        return self.session.execute(query.order_by(order)).all()

    def _grouped(self, query: sa.Select[Any], key: Any, order: Any) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {}
        for row in self._all(query, key, order):
            found.setdefault(row[0], []).append(row)
        return found

    def known(self, design: Any) -> Known:
        entry = self._entry(design)
        groups = (*design.tags, *(row.name for row in self.places.get(design.id, ())))
        found = words.weighed(
            [
                (design.name, NAME), (design.partner or "", PARTNER), (design.story, STORY),
                *((group, GROUP) for group in groups), (entry.material if entry else "", MATERIAL),
            ]
        )  # fmt: skip
        colours = words.weighed((colour.name, COLOUR) for colour in (entry.colours if entry else ()))
        return Known(design.id, design.name, found, colours, entry)

    def _entry(self, design: Any) -> Entry | None:
        revisions = self.revisions.get(design.id)
        if not revisions:
            return None
        newest = revisions[-1]
        approved = [one for one in revisions if self._state(one) is RevisionState.APPROVED]
        shown, photos = approved[-1] if approved else newest, self.photos.get(design.id)
        places, parts = self.places.get(design.id, ()), self.parts.get(shown.id, ())
        return Entry(
            id=design.id, name=design.name, partner_id=design.partner_id,
            partner=design.partner or "", tags=tuple(design.tags),
            collections=tuple(row.id for row in places),
            collection_names=tuple(row.name for row in places),
            state=self._state(newest), shown_id=shown.id,
            newest_id=newest.id, newest_by_id=newest.submitted_by_id, newest_at=newest.submitted_at,
            material=shown.material,
            colours=tuple(Shade(*row[1:]) for row in self.pictures.get(shown.id, ())),
            picture=photos[0].sha256 if photos else shown.picture_sha256, photo=bool(photos),
            size_mm=max(shown.width_mm, shown.depth_mm, shown.height_mm),
            time_s=time_of(self.estimates.get(shown.id, ()), shown.part_count, parts),
            parts=1 + len(parts), archived=design.archived_at is not None,
        )  # fmt: skip

    def _state(self, revision: Any) -> RevisionState:
        reviews = [Judged(row.verdict, row.fingerprint) for row in self.reviews.get(revision.id, ())]
        return rules.revision_state(reviews, revision.fingerprint, newest=True)


def _of(kind: type[Any], *columns: Any) -> sa.Select[Any]:
    """Rows of a kind that belongs to a revision, with the revision's id first."""
    return sa.select(kind.revision_id, *columns).join(Revision, Revision.id == kind.revision_id)


def _by(kind: type[Any]) -> tuple[Any, Any]:
    return Revision.design_id, kind.id


def time_of(estimates: Iterable[Any], count: int, parts: Iterable[Any]) -> float | None:
    """Seconds of one piece on the quickest machine, by the surest source; None where none knows all parts."""
    best: dict[str, tuple[int, float]] = {}
    for row in estimates:
        rank = SUREST_FIRST.index(row.source)
        if row.machine not in best or rank < best[row.machine][0]:
            best[row.machine] = rank, row.time_s
    more = [_times(row.count, row.estimates) for row in parts]
    whole = [
        count * time_s + sum(times[machine] for times in more)
        for machine, (_rank, time_s) in best.items()
        if all(machine in times for times in more)
    ]
    return min(whole, default=None)


def _times(count: int, estimates: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    return {machine: count * figures["time_s"] for machine, figures in estimates.items()}

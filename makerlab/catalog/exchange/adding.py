"""Verbs that bring an imported manifest into the catalogue, all or nothing, after its files are read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog import rules
from makerlab.catalog.around.gathering import add_collection, put_in
from makerlab.catalog.around.making import add_step
from makerlab.catalog.around.photographing import add_photo
from makerlab.catalog.arranging import add_partner
from makerlab.catalog.exchange import manifest as said
from makerlab.catalog.exchange.manifest import File, Manifest
from makerlab.catalog.exchange.rules import Outcome
from makerlab.catalog.intake import TakenIn, shown_name
from makerlab.catalog.models import Collection, Design, MakingKind, Partner, Revision
from makerlab.catalog.parts.dividing import part_from
from makerlab.catalog.parts.rules import LONGEST_NAME, told_apart, whole_fingerprint
from makerlab.catalog.submitting import revision_from
from makerlab.core.audit import record
from makerlab.people.models import Account


@dataclass(frozen=True, slots=True)
class Ready:
    """What the ZIP's files became in our store: meshes by `File.task`, pictures' hashes by their entry."""

    meshes: dict[tuple[str, str, str, bool], TakenIn] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)

    def mesh(self, file: File) -> TakenIn:
        return replace(self.meshes[file.task], file_name=shown_name(file.file_name))


def add_all(
    session: Session,
    manifest: Manifest,
    found: Sequence[Outcome],
    ready: Ready,
    *,
    by: Account,
    now: datetime,
) -> list[Design]:
    """Designs with all that belongs to them, submitted by whoever imports: each waits for a review here."""
    partners = _by_name(session.scalars(sa.select(Partner)))
    added: dict[int, Design] = {}
    for outcome in found:
        if outcome.comes:
            partner = _partner(session, partners, outcome.design.partner, by=by, now=now)
            added[outcome.place] = _add(session, outcome, ready, partner=partner, by=by, now=now)
    _gather(session, manifest, added, ready, by=by, now=now)
    return list(added.values())


def _by_name(rows: Iterable[Partner]) -> dict[str, Partner]:
    return {row.name.casefold(): row for row in rows}


def _partner(
    session: Session, partners: dict[str, Partner], name: str, *, by: Account, now: datetime
) -> Partner | None:
    """The lab's own of this name, else a new one; None without a name."""
    plain = rules.clean_line(name, 120)
    if not plain:
        return None
    if plain.casefold() not in partners:
        partners[plain.casefold()] = add_partner(session, name=plain, by_id=by.id, now=now)
    return partners[plain.casefold()]


def _add(
    session: Session, outcome: Outcome, ready: Ready, *, partner: Partner | None, by: Account, now: datetime
) -> Design:
    told = outcome.design
    design = Design(
        name=rules.clean_line(told.name, 120) or "?", story=rules.clean_story(told.story), partner=partner,
        tags=rules.clean_tags(told.tags), needs=rules.clean_tags(told.needs), licence=told.licence,
        created_by_id=by.id, created_at=now,
    )  # fmt: skip
    session.add(design)
    for number, revision in enumerate(outcome.revisions, 1):
        design.revisions.append(_revision(revision, ready, number=number, by=by, now=now))
    session.flush()
    record(session, "design.imported", f"design:{design.id}", actor_id=by.id, now=now)
    _show(session, design, told, ready.pictures, by=by, now=now)
    return design


def _revision(told: said.Revision, ready: Ready, *, number: int, by: Account, now: datetime) -> Revision:
    own, *others = told.files
    taken = ready.mesh(own)
    revision = revision_from(taken, number=number, note=told.note, by=by, now=now)
    revision.part_name, revision.part_count = rules.clean_line(own.name, LONGEST_NAME), own.count
    names = told_apart([revision.part_name, *map(_part_name, others)])[1:]
    for position, (file, name) in enumerate(zip(others, names, strict=True), 1):
        part = part_from(ready.mesh(file), name, file.count)
        part.position = position
        revision.parts.append(part)
    parts = [(ready.mesh(file).fingerprint, file.count) for file in others]
    revision.fingerprint = whole_fingerprint(taken.fingerprint, own.count, parts)
    return revision


def _part_name(file: File) -> str:
    return rules.clean_line(file.name or file.file_name, LONGEST_NAME) or "?"


def _show(
    session: Session,
    design: Design,
    told: said.Design,
    pictures: Mapping[str, str],
    *,
    by: Account,
    now: datetime,
) -> None:
    """Photos and steps. Two photos that became the same picture are one."""
    alt = {pictures[photo.entry]: photo.alt for photo in reversed(told.photos)}
    for sha256 in dict.fromkeys(pictures[photo.entry] for photo in told.photos):
        add_photo(session, design, sha256, alt=alt[sha256], by_id=by.id, now=now)
    for step in told.making:
        sha = pictures[step.picture.entry] if step.picture else None
        add_step(
            session, design, kind=MakingKind(step.kind), text=step.text, minutes=step.minutes, sha256=sha
        )


def _gather(
    session: Session,
    manifest: Manifest,
    added: Mapping[int, Design],
    ready: Ready,
    *,
    by: Account,
    now: datetime,
) -> None:
    """Into the collections of the same name; those that are missing are made."""
    there = {row.name.casefold(): row for row in session.scalars(sa.select(Collection))}
    for told in manifest.collections:
        inside = [added[place].id for place in told.designs if place in added]
        if not inside:
            continue
        name = rules.clean_line(told.name, 120)
        if name.casefold() not in there:
            made = add_collection(session, name=name, story=told.story, by_id=by.id, now=now)
            made.sha256 = ready.pictures[told.picture.entry] if told.picture else None
            there[name.casefold()] = made
        put_in(session, there[name.casefold()], inside)

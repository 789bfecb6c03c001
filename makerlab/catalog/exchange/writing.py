"""Designs as a ZIP: the manifest first, then each file once under its hash."""

import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from makerlab.catalog.exchange import manifest as said
from makerlab.catalog.exchange.manifest import FORMAT, NAME, VERSION, Manifest
from makerlab.catalog.models import Collection, CollectionPlace, Design, Making, Part, Photo, Revision
from makerlab.core.alphabet import by_name
from makerlab.core.errors import NotFound
from makerlab.core.files import FileStore
from makerlab.core.language import _

PACKED = (".jpg", ".3mf")  # compressed already


def chosen(session: Session, ids: Iterable[int] = (), collection_id: int | None = None) -> Sequence[Design]:
    """These designs, those of a collection in its order, or all that are not in the archive; by name."""
    revisions = selectinload(Design.revisions)
    query = sa.select(Design).options(
        revisions.selectinload(Revision.parts), selectinload(Design.photos), selectinload(Design.making)
    )
    wanted = list(ids)
    if collection_id is not None:
        query = query.join(CollectionPlace).where(CollectionPlace.collection_id == collection_id)
        query = query.order_by(CollectionPlace.position)
    elif wanted:
        query = query.where(Design.id.in_(wanted))
    else:
        query = query.where(Design.archived_at.is_(None))
    found = session.scalars(query.order_by(by_name(Design.name), Design.id)).unique().all()
    return [design for design in found if design.revisions]


def manifest_of(session: Session, designs: Sequence[Design], *, now: datetime) -> Manifest:
    """What is said about these designs; accounts, reviews, estimates and agreements stay at home.

    Raises NotFound when there is no design.
    """
    if not designs:
        raise NotFound(_("Hier ist kein Objekt."), way_out=_("Wählen Sie Objekte aus dem Katalog."))
    return Manifest(
        format=FORMAT, version=VERSION, exported_at=now, designs=tuple(map(_design, designs)),
        collections=tuple(_collections(session, [design.id for design in designs])),
    )  # fmt: skip


def write_zip(manifest: Manifest, files: FileStore, target: IO[bytes]) -> None:
    """The whole ZIP into a file; meshes are compressed quickly rather than well. Raises NotFound."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(NAME, manifest.model_dump_json(indent=1))
        for entry in sorted(manifest.entries()):
            sha256 = entry.removeprefix("files/").partition(".")[0]
            if sha256 not in files:
                raise NotFound(
                    _("Eine Datei eines Objekts ist nicht mehr im Speicher."),
                    way_out=_("Sagen Sie der Verwaltung Bescheid."),
                )
            method = zipfile.ZIP_STORED if entry.endswith(PACKED) else zipfile.ZIP_DEFLATED
            archive.write(files.path(sha256), entry, method)


def _design(row: Design) -> said.Design:
    return said.Design(
        name=row.name, story=row.story, partner=row.partner.name if row.partner else "",
        tags=tuple(row.tags), needs=tuple(row.needs), licence=row.licence,
        revisions=tuple(map(_revision, row.revisions)), photos=tuple(map(_photo, row.photos)),
        making=tuple(map(_step, row.making)),
    )  # fmt: skip


def _revision(row: Revision) -> said.Revision:
    own = _file(row, row.part_name, row.part_count)
    return said.Revision(
        files=(own, *(_file(part, part.name, part.count) for part in row.parts)), note=row.note
    )


def _file(row: Revision | Part, name: str, count: int) -> said.File:
    return said.File(
        sha256=row.file_sha256, file_name=row.file_name, name=name, count=count, process=row.process,
        material=row.material, supports=row.supports,
    )  # fmt: skip


def _photo(row: Photo) -> said.Picture:
    return said.Picture(sha256=row.sha256, alt=row.alt)


def _step(row: Making) -> said.Step:
    picture = said.Picture(sha256=row.sha256) if row.sha256 else None
    return said.Step(kind=row.kind.value, text=row.text, minutes=row.minutes, picture=picture)


def _collections(session: Session, design_ids: Sequence[int]) -> Iterable[said.Collection]:
    """Those that any of the designs is in, with those of its designs that go along."""
    place_of = {design_id: place for place, design_id in enumerate(design_ids)}
    query = sa.select(Collection).order_by(Collection.position, Collection.id)
    for row in session.scalars(query.options(selectinload(Collection.places))):
        inside = tuple(place_of[one.design_id] for one in row.places if one.design_id in place_of)
        if inside:
            picture = said.Picture(sha256=row.sha256) if row.sha256 else None
            yield said.Collection(name=row.name, story=row.story, picture=picture, designs=inside)

"""What this lab has of a manifest already, in a constant number of queries."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session, load_only, selectinload

from designs.profiles import Profiles
from makerlab.catalog.exchange.manifest import Manifest
from makerlab.catalog.exchange.rules import Here, Pieces
from makerlab.catalog.models import Collection, Design, Part, Partner, Revision


def here(session: Session, manifest: Manifest, profiles: Profiles) -> Here:
    """As this transaction sees it."""
    return Here(
        pieces=_pieces(session, {file.sha256 for file in manifest.files()}),
        names=_folded(session.scalars(sa.select(Design.name))),
        partners=_folded(session.scalars(sa.select(Partner.name))),
        collections=_folded(session.scalars(sa.select(Collection.name))),
        processes=frozenset(profiles.processes),
        materials=frozenset(profiles.materials),
    )


def _pieces(session: Session, hashes: set[str]) -> frozenset[Pieces]:
    """Of the revisions whose first file is one of these."""
    query = (
        sa.select(Revision)
        .where(Revision.file_sha256.in_(hashes))
        .options(
            load_only(Revision.id, Revision.file_sha256, Revision.part_count),
            selectinload(Revision.parts).load_only(Part.revision_id, Part.file_sha256, Part.count),
        )
    )
    return frozenset(
        frozenset(
            [(row.file_sha256, row.part_count), *((part.file_sha256, part.count) for part in row.parts)]
        )
        for row in session.scalars(query)
    )


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)

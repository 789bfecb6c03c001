"""The designs as rows of a list: what a spreadsheet can sort and add up."""

from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer, selectinload

from designs.profiles import Profiles
from makerlab.catalog import words
from makerlab.catalog.costing import costs
from makerlab.catalog.licences import name_of
from makerlab.catalog.models import Design, Part, Revision
from makerlab.catalog.wall.entries import Entry
from makerlab.core.language import _
from makerlab.core.tables import Cell

AT_ONCE = 500  # designs


def head() -> list[str]:
    return [
        _("Objekt"), _("Partner"), _("Schlagwörter"), _("Sammlungen"), _("Lizenz"), _("Fassungen"),
        _("Stand"), _("Breite (mm)"), _("Tiefe (mm)"), _("Höhe (mm)"), _("Minuten"), _("Gramm"),
        _("Stück gemacht"),
    ]  # fmt: skip


def rows(
    session: Session, entries: Sequence[Entry], made: Mapping[int, int], profiles: Profiles
) -> Iterator[list[Cell]]:
    """One for each design, as its newest approved revision is, else its newest; whole numbers throughout."""
    for start in range(0, len(entries), AT_ONCE):
        some = entries[start : start + AT_ONCE]
        shown, counts = _revisions(session, some), _counts(session, some)
        for entry in some:
            revision, licence = shown[entry.shown_id]
            yield [
                entry.name, entry.partner, ", ".join(entry.tags), ", ".join(entry.collection_names),
                name_of(licence) if licence else "", counts.get(entry.id, 0),
                str(words.STATES[entry.state].word), *_figures(revision, profiles), made.get(entry.id, 0),
            ]  # fmt: skip


def _figures(revision: Revision, profiles: Profiles) -> list[Cell]:
    """Size of the first file; minutes and grams of one piece on the quickest machine."""
    size = [round(edge) for edge in (revision.width_mm, revision.depth_mm, revision.height_mm)]
    best = next(iter(costs(revision, profiles)), None)
    if best is None:
        return [*size, None, None]
    return [*size, round(best.estimate.time_s / 60), round(best.estimate.filament_g)]


def _revisions(session: Session, entries: Sequence[Entry]) -> dict[int, tuple[Revision, str]]:
    query = (
        sa.select(Revision, Design.licence)
        .join(Design, Design.id == Revision.design_id)
        .where(Revision.id.in_([entry.shown_id for entry in entries]))
        .options(
            defer(Revision.report), selectinload(Revision.estimates),
            selectinload(Revision.parts).defer(Part.report),
        )
    )  # fmt: skip
    return {row.id: (row, licence) for row, licence in session.execute(query)}


def _counts(session: Session, entries: Sequence[Entry]) -> dict[int, int]:
    query = sa.select(Revision.design_id, sa.func.count()).group_by(Revision.design_id)
    found = session.execute(query.where(Revision.design_id.in_([entry.id for entry in entries])))
    return {row[0]: row[1] for row in found}

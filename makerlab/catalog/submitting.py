"""Verbs that bring designs and revisions into the catalogue."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog import rules
from makerlab.catalog.estimates import add_estimates
from makerlab.catalog.intake import TakenIn
from makerlab.catalog.models import Design, Partner, Revision
from makerlab.catalog.naming import named
from makerlab.core.audit import record
from makerlab.core.errors import Conflict
from makerlab.core.language import _
from makerlab.people.models import Account


def submit_design(
    session: Session, taken: TakenIn, *, name: str, story: str = "", partner: Partner | None = None,
    tags: Iterable[str] = (), note: str = "", licence: str = "", by: Account, now: datetime,
) -> Revision:  # fmt: skip
    """A new design with its first revision. Raises Invalid without a name, Conflict when it is there."""
    plain = named(name)
    twin = sa.select(Design.id).join(Revision).where(
        sa.func.lower(Design.name) == plain.lower(), Revision.fingerprint == taken.fingerprint
    )  # fmt: skip
    if session.scalar(twin.limit(1)):
        raise _there_already()
    design = Design(
        name=plain, story=rules.clean_story(story), partner=partner, tags=rules.clean_tags(tags),
        licence=licence, created_by_id=by.id, created_at=now,
    )  # fmt: skip
    session.add(design)
    session.flush()
    revision = revision_from(taken, number=1, note=note, by=by, now=now)
    return _added(session, design, revision)


def submit_revision(
    session: Session, design: Design, taken: TakenIn, *, note: str = "", by: Account, now: datetime,
    seen: int | None = None,
) -> Revision:  # fmt: skip
    """A further revision of a design.

    `seen` is the number of the newest revision that the person saw. Raises Conflict when a newer one came
    meanwhile, or when the newest is the same file with the same settings.
    """
    take_turns(session, design)
    newest = session.execute(
        sa.select(Revision.number, Revision.fingerprint)
        .where(Revision.design_id == design.id)
        .order_by(Revision.number.desc())
        .limit(1)
    ).first()
    number, fingerprint = newest or (0, "")
    if fingerprint == taken.fingerprint:
        raise _there_already()
    if seen is not None and seen != number:
        raise Conflict(
            _("Jemand hat gerade eine neuere Fassung hochgeladen."),
            way_out=_("Sehen Sie sich die neue Fassung an und laden Sie dann noch einmal hoch."),
        )
    revision = revision_from(taken, number=number + 1, note=note, by=by, now=now)
    return _added(session, design, revision)


def take_turns(session: Session, design: Design) -> None:
    """Two new revisions of a design at once wait for each other here."""
    session.execute(sa.select(Design.id).where(Design.id == design.id).with_for_update())


def revision_from(taken: TakenIn, *, number: int, note: str, by: Account, now: datetime) -> Revision:
    """A revision of one file, not yet of a design; its figures come from the file."""
    width, depth, height = taken.check.size_mm
    revision = Revision(
        number=number, file_name=taken.file_name, file_sha256=taken.file_sha256,
        mesh_sha256=taken.mesh_sha256, picture_sha256=taken.picture_sha256,
        preview_sha256=taken.preview_sha256, process=taken.settings.process, material=taken.settings.material,
        supports=taken.settings.supports, fingerprint=taken.fingerprint, width_mm=width, depth_mm=depth,
        height_mm=height, volume_mm3=taken.check.volume_mm3, report=taken.check.as_row(),
        triangles=taken.check.triangles, shape=taken.shape,
        note=rules.clean_story(note), submitted_by=by, submitted_at=now,
    )  # fmt: skip
    add_estimates(revision, taken.estimates)
    return revision


def _added(session: Session, design: Design, revision: Revision) -> Revision:
    revision.design = design
    session.add(revision)
    session.flush()
    by_id, now = revision.submitted_by_id, revision.submitted_at
    record(session, "revision.submitted", f"revision:{revision.id}", actor_id=by_id, now=now)
    return revision


def _there_already() -> Conflict:
    return Conflict(
        _("Diese Datei mit diesen Einstellungen gibt es hier schon."),
        way_out=_("Sehen Sie sich die vorhandene Fassung an."),
    )

"""Approvals hold for the settings that were judged: what to do when the lab changes a profile."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer, selectinload

from designs.profiles import Profiles
from makerlab.catalog import rules
from makerlab.catalog.models import Part, Revision
from makerlab.catalog.parts.rules import whole_fingerprint
from makerlab.catalog.printing import PrintSettings
from makerlab.catalog.queries import is_approved
from makerlab.core.audit import record
from makerlab.core.database import SessionFactory
from makerlab.core.errors import Invalid

Values = dict[PrintSettings, dict[str, object] | None]


class PresentProfiles:
    """The lab's profiles as they are now. When a file changed since the last look, approvals follow first.

    For the worker: whoever plans with them plans for what the reviews say.
    """

    def __init__(
        self, factory: SessionFactory, load: Callable[[], Profiles], clock: Callable[[], datetime]
    ) -> None:
        self.factory, self.load, self.clock = factory, load, clock
        self._seen: Profiles | None = None

    def __call__(self) -> Profiles:
        present = self.load()
        if present is not self._seen:
            with self.factory.begin() as session:
                renew_fingerprints(session, present, now=self.clock())
            self._seen = present
        return present


def renew_fingerprints(
    session: Session, profiles: Profiles, *, now: datetime, actor_id: int | None = None
) -> int:
    """Work out every fingerprint from the profiles as they are now; return how many changed.

    For the moment a profile changes, and for the start of the program: somebody may have changed a file
    meanwhile. A revision whose profile is gone keeps its own: it cannot be sliced, so it is not printed.
    """
    changed = _outdated(session, profiles)
    for revision_id, present in changed.items():
        session.get_one(Revision, revision_id, options=[defer(Revision.report)]).fingerprint = present
        record(session, "revision.settings_changed", f"revision:{revision_id}", actor_id=actor_id, now=now)
    session.flush()
    return len(changed)


def approvals_lost(session: Session, profiles: Profiles) -> list[Revision]:
    """Revisions approved as they are, whose approval would not hold with these profiles; by design."""
    query = (
        sa.select(Revision)
        .where(Revision.id.in_(_outdated(session, profiles)))
        .options(defer(Revision.report), selectinload(Revision.reviews), selectinload(Revision.design))
        .order_by(Revision.design_id, Revision.id)
    )
    return [revision for revision in session.scalars(query) if is_approved(revision)]


def _outdated(session: Session, profiles: Profiles) -> dict[int, str]:
    """Revision → the fingerprint it should have, where it has another. Many share the same settings."""
    columns = (
        Revision.id, Revision.mesh_sha256, Revision.process, Revision.material, Revision.supports,
        Revision.fingerprint, Revision.part_count,
    )  # fmt: skip
    found, known, parts = {}, Values(), _parts(session)
    for id_, mesh, process, material, supports, has, count in session.execute(sa.select(*columns)):
        own = _own(mesh, PrintSettings(process, material, supports), known, profiles)
        others = [
            (_own(part.mesh_sha256, chosen, known, profiles), part.count)
            for part, chosen in parts.get(id_, ())
        ]
        there = [(other, many) for other, many in others if other is not None]
        if own is None or len(there) < len(others):
            continue
        if (present := whole_fingerprint(own, count, there)) != has:
            found[id_] = present
    return found


def _own(mesh: str, chosen: PrintSettings, known: Values, profiles: Profiles) -> str | None:
    """The fingerprint of one file; None when its profile is gone."""
    if chosen not in known:
        known[chosen] = _values(chosen, profiles)
    values = known[chosen]
    return None if values is None else rules.fingerprint(mesh, values)


def _parts(session: Session) -> dict[int, list[tuple[Any, PrintSettings]]]:
    """Revision → its further parts in order, with how each is printed."""
    columns = (Part.revision_id, Part.mesh_sha256, Part.process, Part.material, Part.supports, Part.count)
    found: dict[int, list[tuple[Any, PrintSettings]]] = {}
    for row in session.execute(sa.select(*columns).order_by(Part.revision_id, Part.position)):
        chosen = PrintSettings(row.process, row.material, row.supports)
        found.setdefault(row.revision_id, []).append((row, chosen))
    return found


def _values(chosen: PrintSettings, profiles: Profiles) -> dict[str, object] | None:
    try:
        return chosen.values(profiles)
    except Invalid:
        return None

"""Approvals hold for the settings that were judged: what to do when the lab changes a profile."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer, selectinload

from designs.profiles import Profiles
from makerlab.catalog import rules
from makerlab.catalog.models import Revision
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
        Revision.fingerprint,
    )  # fmt: skip
    found, known = {}, Values()
    for id_, mesh, process, material, supports, has in session.execute(sa.select(*columns)):
        chosen = PrintSettings(process, material, supports)
        if chosen not in known:
            known[chosen] = _values(chosen, profiles)
        values = known[chosen]
        present = has if values is None else rules.fingerprint(mesh, values)
        if present != has:
            found[id_] = present
    return found


def _values(chosen: PrintSettings, profiles: Profiles) -> dict[str, object] | None:
    try:
        return chosen.values(profiles)
    except Invalid:
        return None

"""Approvals hold for the settings that were judged: what to do when the lab changes a profile."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from designs.profiles import Profiles
from makerlab.catalog import rules
from makerlab.catalog.models import Revision
from makerlab.catalog.printing import PrintSettings
from makerlab.core.audit import record
from makerlab.core.errors import Invalid


def renew_fingerprints(session: Session, profiles: Profiles, *, now: datetime) -> int:
    """Work out every fingerprint from the profiles as they are now; return how many changed.

    For the start of the program, where profiles are read. A revision whose profile is gone keeps its own:
    it cannot be sliced, so nothing is printed by it.
    """
    changed = 0
    for revision in session.scalars(sa.select(Revision).options(defer(Revision.report))):
        present = _fingerprint(revision, profiles)
        if present != revision.fingerprint:
            revision.fingerprint = present
            record(session, "revision.settings_changed", f"revision:{revision.id}", actor_id=None, now=now)
            changed += 1
    session.flush()
    return changed


def _fingerprint(revision: Revision, profiles: Profiles) -> str:
    chosen = PrintSettings(revision.process, revision.material, revision.supports)
    try:
        return rules.fingerprint(revision.mesh_sha256, chosen.values(profiles))
    except Invalid:
        return revision.fingerprint

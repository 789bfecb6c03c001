"""Verbs that add, change and drop a profile of the lab's own; each returns the file to be written after.

The file may only appear once the transaction that voids approvals is committed. A crash in between leaves
approvals void that the next start of the worker finds to hold; the other way round it would leave prints
approved that nobody judged.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.profiles import load
from designs.profiles.table import Table, flat, table_of, toml_text
from makerlab.catalog import profile_files as files
from makerlab.catalog.models import Revision
from makerlab.catalog.profile_files import Kept
from makerlab.catalog.renewing import renew_fingerprints
from makerlab.core.audit import record
from makerlab.core.errors import Conflict, Invalid
from makerlab.core.language import _
from makerlab.core.settings import Settings
from makerlab.materials.models import Spool


@dataclass(frozen=True, slots=True)
class Pending:
    """A file to be written, or without `text` to be removed, after the commit."""

    folder: str
    key: str
    text: str | None

    def settle(self, settings: Settings) -> None:
        if self.text is None:
            files.remove(settings, self.folder, self.key)
        else:
            files.place(settings, self.folder, self.key, self.text)


def add_profile(
    session: Session, settings: Settings, folder: str, key: str, table: Table, *, by_id: int, now: datetime
) -> Pending:
    """A new profile. Raises Invalid without a name or with unusable values, Conflict for a taken key."""
    if not key or not table.get("name"):
        raise Invalid(_("Der Name fehlt."), way_out=_("Schreiben Sie einen kurzen Namen."))
    if key in files.profiles_of(load(settings.profiles_dir), folder):
        raise Conflict(
            _("Ein Profil dieses Namens gibt es schon."), way_out=_("Wählen Sie einen anderen Namen.")
        )
    text = toml_text(table)
    files.with_change(settings, folder, key, text)
    record(session, "profile.added", _subject(folder, key), actor_id=by_id, now=now)
    return Pending(folder, key, text)


def change_profile(
    session: Session, settings: Settings, kept: Kept, table: Table, *, seen: str, by_id: int, now: datetime
) -> Pending:
    """Other values; revisions get the fingerprints that go with them.

    `seen` is the `stamp` of what the person had on the screen. Raises Conflict when it changed meanwhile,
    Invalid for values that are unusable.
    """
    if seen != stamp(kept):
        raise Conflict(_("Jemand hat dieses Profil gerade geändert."), way_out=_("Laden Sie die Seite neu."))
    text = toml_text(table)
    then = files.with_change(settings, kept.folder, kept.key, text)
    before = {name: old for name, old in flat(table_of(kept.profile)).items() if flat(table).get(name) != old}
    changed = renew_fingerprints(session, then, now=now, actor_id=by_id)
    record(
        session, "profile.changed", _subject(kept.folder, kept.key), actor_id=by_id, now=now,
        before={name: old for name, old in before.items() if not name.endswith(("gcode", "notes"))},
        revisions=changed,
    )  # fmt: skip
    return Pending(kept.folder, kept.key, text)


def drop_profile(
    session: Session, settings: Settings, kept: Kept, *, machines: list[str], by_id: int, now: datetime
) -> Pending:
    """Take one of the lab's own away. Raises Invalid for one of ours, Conflict while something uses it."""
    if not kept.own:
        raise Invalid(_("Mitgelieferte Profile bleiben, wie sie sind."))
    if in_use(session, kept, machines) or kept.built_in:
        raise Conflict(
            _("Dieses Profil wird noch gebraucht."), way_out=_("Stellen Sie erst alles andere um.")
        )
    files.with_change(settings, kept.folder, kept.key, None)  # another one may be based on it
    record(session, "profile.dropped", _subject(kept.folder, kept.key), actor_id=by_id, now=now)
    return Pending(kept.folder, kept.key, None)


def in_use(session: Session, kept: Kept, machines: list[str]) -> int:
    """How many revisions and spools, or whether a printer, go by this profile."""
    if kept.folder == "machines":
        return int(kept.key in machines)
    column = Revision.process if kept.folder == "processes" else Revision.material
    counts = [sa.select(sa.func.count()).where(column == kept.key)]
    if kept.folder == "materials":
        counts.append(sa.select(sa.func.count()).where(Spool.material == kept.key))
    return sum(session.scalar(count) or 0 for count in counts)


def stamp(kept: Kept) -> str:
    """Another one as soon as a value is another."""
    return hashlib.sha256(toml_text(table_of(kept.profile)).encode()).hexdigest()[:16]


def _subject(folder: str, key: str) -> str:
    return f"{folder}:{key}"

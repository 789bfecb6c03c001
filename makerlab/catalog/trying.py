"""What a change of a profile would do: which values, which approvals, and the time of one known piece."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer, joinedload

from designs.aside import Printed, estimates
from designs.errors import DesignError
from designs.profiles import Profiles
from designs.profiles.table import KINDS, entries
from makerlab.catalog.models import Revision
from makerlab.catalog.profile_words import GROUPS, group, label
from makerlab.core.files import FileStore


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after, in the words of the form."""

    group: Any
    label: Any
    before: str
    after: str
    unit: str


@dataclass(frozen=True, slots=True)
class Trial:
    """One piece of the catalogue on one machine, with the profiles as they are and as they would be."""

    design: str
    machine: str
    before: Printed
    after: Printed
    mesh_sha256: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Its time in seconds and its filament in grams, before and after."""

    design: str
    machine: str
    seconds: tuple[float, float]
    grams: tuple[float, float]


def changes(folder: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """The values that differ, in the order of the schema. A script is too long to be shown twice."""
    found = []
    for one in entries(KINDS[folder]):
        old, new = before.get(one.name, ""), after.get(one.name, "")
        if _same(old, new):
            continue
        if one.kind == "script":
            old, new = (f"{len(text.splitlines())} ↵" for text in (old, new))
        found.append(Change(GROUPS[group(one)], label(one), old, new, one.unit))
    return found


def _same(old: str, new: str) -> bool:
    if old == new:
        return True
    try:
        return float(old.replace(",", ".")) == float(new.replace(",", "."))
    except ValueError:
        return False


def trial(
    session: Session, folder: str, key: str, now: Profiles, then: Profiles, machines: list[str]
) -> Trial | None:
    """The newest piece that this profile is for; None where there is none."""
    revision = session.scalar(_newest(folder, key))
    wanted = [key] if folder == "machines" else [one for one in machines if one in then.machines]
    if revision is None or not wanted or wanted[0] not in now.machines:
        return None
    before, after = (_printed(known, wanted[0], revision) for known in (now, then))
    if before is None or after is None:
        return None
    return Trial(revision.design.name, after.machine.name, before, after, revision.mesh_sha256)


def _newest(folder: str, key: str) -> sa.Select[Revision]:
    column = {"processes": Revision.process, "materials": Revision.material}.get(folder)
    query = sa.select(Revision).options(defer(Revision.report), joinedload(Revision.design))
    if column is not None:
        query = query.where(column == key)
    return query.order_by(Revision.id.desc()).limit(1)


def _printed(known: Profiles, machine: str, revision: Revision) -> Printed | None:
    process, material = known.processes.get(revision.process), known.materials.get(revision.material)
    if process is None or material is None:
        return None
    return Printed(known.machines[machine], process, material, revision.supports)


def compared(found: Trial, files: FileStore) -> Compared | None:
    """Estimate it both ways in the limited child (about a second); None where that does not work."""
    if found.mesh_sha256 not in files:
        return None
    try:
        before, after = estimates(files.path(found.mesh_sha256), [found.before, found.after])
    except DesignError:
        return None
    return Compared(
        found.design, found.machine, (before.time_s, after.time_s), (before.filament_g, after.filament_g)
    )

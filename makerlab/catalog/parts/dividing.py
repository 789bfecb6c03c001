"""Verbs that change which parts a design has. Each makes a new revision, which is reviewed again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.profiles import Profiles
from makerlab.catalog import rules
from makerlab.catalog.intake import TakenIn
from makerlab.catalog.models import Design, Estimate, Part, Picture, Revision
from makerlab.catalog.parts.rules import LONGEST_NAME, MOST_PARTS, same_name, sound_count, whole_fingerprint
from makerlab.catalog.printing import PrintSettings
from makerlab.catalog.submitting import take_turns
from makerlab.core.audit import record
from makerlab.core.errors import Conflict, Invalid
from makerlab.core.language import _
from makerlab.people.models import Account

FILE = (
    "file_name", "file_sha256", "mesh_sha256", "picture_sha256", "preview_sha256", "process", "material",
    "supports", "width_mm", "depth_mm", "height_mm", "volume_mm3", "report", "triangles", "shape",
)  # fmt: skip
FIGURES = (
    "machine", "source", "time_s", "time_low_s", "time_high_s", "filament_mm", "filament_g", "cost_cents",
    "settings_sha256",
)  # fmt: skip


def add_part(
    session: Session, design: Design, taken: TakenIn, *, name: str, count: int, seen: int, by: Account,
    profiles: Profiles, now: datetime,
) -> Revision:  # fmt: skip
    """The newest revision with one file more, `count` times in each piece; `seen` was its number.

    Raises Invalid without a name or with an impossible count, Conflict when somebody else was faster.
    """
    newest = _newest(session, design, seen)
    if len(newest.parts) >= MOST_PARTS:
        raise Conflict(_("Mehr Teile gehen nicht."), way_out=_("Entfernen Sie zuerst ein anderes."))
    part = part_from(taken, _free_name(newest, name), _counted(count))
    parts = [*map(_copied, newest.parts), part]
    return _next(
        session, newest, newest.part_name, newest.part_count, parts, by=by, profiles=profiles, now=now
    )


def recount(
    session: Session, design: Design, *, name: str, counts: Mapping[int, int], seen: int, by: Account,
    profiles: Profiles, now: datetime,
) -> Revision:  # fmt: skip
    """Another name for the first part, other counts: position (0: the first) → count; 0 takes a part out.

    Raises Invalid when nothing changes or a count cannot be, Conflict when somebody else was faster.
    """
    newest = _newest(session, design, seen)
    parts = []
    for old in newest.parts:
        count = counts.get(old.position, old.count)
        if count:
            part = _copied(old)
            part.count = _counted(count)
            parts.append(part)
    own = _counted(counts.get(0, newest.part_count))
    plain = rules.clean_line(name, LONGEST_NAME)
    before = [(newest.part_name, newest.part_count), *((part.name, part.count) for part in newest.parts)]
    if before == [(plain, own), *((part.name, part.count) for part in parts)]:
        raise Invalid(_("Es hat sich nichts geändert."))
    if same_name([plain, *(part.name for part in parts)]):
        raise Conflict(_("Ein Teil heißt schon so."), way_out=_("Wählen Sie einen anderen Namen."))
    return _next(session, newest, plain, own, parts, by=by, profiles=profiles, now=now)


def _newest(session: Session, design: Design, seen: int) -> Revision:
    take_turns(session, design)
    wanted = sa.select(Revision).where(Revision.design_id == design.id).order_by(Revision.number.desc())
    newest = session.scalars(wanted.limit(1)).one()
    if newest.number != seen:
        raise Conflict(
            _("Jemand hat gerade eine neuere Fassung hochgeladen."), way_out=_("Laden Sie die Seite neu.")
        )
    return newest


def _free_name(newest: Revision, name: str) -> str:
    """Printed parts lie in the stock under their names."""
    plain = rules.clean_line(name, LONGEST_NAME)
    if not plain:
        raise Invalid(_("Wie heißt das Teil?"))
    if same_name([newest.part_name, *(part.name for part in newest.parts), plain]):
        raise Conflict(_("Ein Teil heißt schon so."), way_out=_("Wählen Sie einen anderen Namen."))
    return plain


def _counted(count: int) -> int:
    if not sound_count(count):
        raise Invalid(_("Diese Anzahl geht nicht."))
    return count


def part_from(taken: TakenIn, name: str, count: int) -> Part:
    """A further file, not yet of a revision."""
    width, depth, height = taken.check.size_mm
    return Part(
        name=name, count=count, file_name=taken.file_name, file_sha256=taken.file_sha256,
        mesh_sha256=taken.mesh_sha256, picture_sha256=taken.picture_sha256,
        preview_sha256=taken.preview_sha256, process=taken.settings.process, material=taken.settings.material,
        supports=taken.settings.supports, width_mm=width, depth_mm=depth, height_mm=height,
        volume_mm3=taken.check.volume_mm3, report=taken.check.as_row(), triangles=taken.check.triangles,
        shape=taken.shape, estimates={machine: asdict(one) for machine, one in taken.estimates.items()},
    )  # fmt: skip


def _copied(part: Part) -> Part:
    """The same part for another revision."""
    kept = {name: getattr(part, name) for name in FILE}
    return Part(name=part.name, count=part.count, estimates=part.estimates, **kept)


def _next(
    session: Session, newest: Revision, name: str, count: int, parts: Sequence[Part], *, by: Account,
    profiles: Profiles, now: datetime,
) -> Revision:  # fmt: skip
    """A revision with the same first file, its estimates and pictures, and these parts."""
    for position, part in enumerate(parts, 1):
        part.position = position
    revision = Revision(
        design=newest.design, number=newest.number + 1, part_name=name, part_count=count, parts=list(parts),
        submitted_by=by, submitted_at=now, fingerprint=_fingerprint(newest, count, parts, profiles),
        estimates=[Estimate(**{key: getattr(one, key) for key in FIGURES}) for one in newest.estimates],
        pictures=[Picture(colour_id=one.colour_id, sha256=one.sha256) for one in newest.pictures],
        **{key: getattr(newest, key) for key in FILE},
    )  # fmt: skip
    session.add(revision)
    session.flush()
    record(session, "revision.submitted", f"revision:{revision.id}", actor_id=by.id, now=now)
    return revision


def _fingerprint(newest: Revision, count: int, parts: Sequence[Part], profiles: Profiles) -> str:
    def own(file: Revision | Part) -> str:
        chosen = PrintSettings(file.process, file.material, file.supports)
        return rules.fingerprint(file.mesh_sha256, chosen.values(profiles))

    return whole_fingerprint(own(newest), count, [(own(part), part.count) for part in parts])

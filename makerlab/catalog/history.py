"""How a revision is printed, and what changed from one to the next, in words and figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import format_decimal

from designs.profiles import Profiles
from makerlab.catalog.estimates import best_estimates
from makerlab.catalog.models import Revision
from makerlab.core.language import _
from makerlab.core.measures import grams

LEAST = 0.005  # share of a figure; less is noise of the estimate, or of the last digit


@dataclass(frozen=True, slots=True)
class Change:
    word: str
    before: str
    after: str


def changes(before: Revision, after: Revision, profiles: Profiles) -> list[Change]:
    """Settings, form and what follows from them; empty when only the note is another."""
    return [
        change
        for change in (*_settings(before, after, profiles), *_form(before, after), *_effort(before, after))
        if change.before != change.after
    ]


def print_settings(revision: Revision, profiles: Profiles) -> list[tuple[str, str]]:
    """Label and value of each setting, for `ui.facts`."""
    process = profiles.processes.get(revision.process)
    material = profiles.materials.get(revision.material)
    return [
        (_("Druckart"), process.name if process else revision.process),
        (_("Material"), material.name if material else revision.material),
        (_("Stützen"), _("ja") if revision.supports else _("nein")),
    ]


def _settings(before: Revision, after: Revision, profiles: Profiles) -> list[Change]:
    both = zip(print_settings(before, profiles), print_settings(after, profiles), strict=True)
    return [Change(word, old, new) for (word, old), (_word, new) in both]


def _form(before: Revision, after: Revision) -> list[Change]:
    found = [Change(_("Teile"), _parts(before), _parts(after))]
    if before.mesh_sha256 == after.mesh_sha256:
        return found
    found.append(Change(_("Größe"), _size(before), _size(after)))
    if _other(before.volume_mm3, after.volume_mm3):
        found.append(Change(_("Volumen"), _volume(before), _volume(after)))
    return found if any(one.before != one.after for one in found) else [Change(_("Form"), "", _("geändert"))]


def _effort(before: Revision, after: Revision) -> list[Change]:
    """On the quickest machine of each, as far as it is known."""
    one, other = best_estimates(before)[:1], best_estimates(after)[:1]
    if not one or not other:
        return []
    found = []
    if _other(one[0].time_s, other[0].time_s):
        found.append(Change(_("Zeit"), _minutes(one[0].time_s), _minutes(other[0].time_s)))
    if _other(one[0].filament_g, other[0].filament_g):
        weights = (grams(best[0].filament_g, exact=True) for best in (one, other))
        found.append(Change(_("Filament"), *weights))
    return found


def _other(one: float, other: float) -> bool:
    return abs(one - other) > LEAST * max(abs(one), abs(other))


def _parts(revision: Revision) -> str:
    named = [(revision.part_count, revision.part_name)] + [(part.count, part.name) for part in revision.parts]
    if named == [(1, "")]:
        return "1"
    return ", ".join(f"{count} × {name or _('Hauptteil')}" for count, name in named)


def _size(revision: Revision) -> str:
    edges: Sequence[float] = (revision.width_mm, revision.depth_mm, revision.height_mm)
    return " × ".join(format_decimal(round(edge, 1)) for edge in edges) + " mm"


def _volume(revision: Revision) -> str:
    return f"{format_decimal(round(revision.volume_mm3 / 1000, 1))} cm³"


def _minutes(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02} min"

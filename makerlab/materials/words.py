"""Words of the filament ledger and of a spool's level; translated here and nowhere else."""

from makerlab.core.language import lazy
from makerlab.core.words import Status
from makerlab.materials.models import FilamentReason, Spool
from makerlab.materials.rules import nearly_empty, soon_gone

REASONS = {
    FilamentReason.RECEIVED: Status(lazy("Angekommen"), "package-import", "good"),
    FilamentReason.PRINTED: Status(lazy("Gedruckt"), "printer", "busy"),
    FilamentReason.WEIGHED: Status(lazy("Gewogen"), "scale", "info"),
    FilamentReason.SCRAPPED: Status(lazy("Leer gemeldet"), "trash", "neutral"),
    FilamentReason.REVERSED: Status(lazy("Zurückgenommen"), "arrow-back-up", "warn"),
}

LEVELS = {
    "empty": Status(lazy("Leer"), "circle", "neutral"),
    "unclear": Status(lazy("Bitte wiegen"), "scale", "bad"),
    "low": Status(lazy("Fast leer"), "alert-triangle", "warn"),
    "enough": Status(lazy("Genug"), "circle-check", "good"),
    "missing": Status(lazy("Reicht nicht"), "alert-triangle", "bad"),
}


def level(spool: Spool, left_g: float) -> Status:
    """How full a spool is. Below zero the books are wrong, and only the scale knows."""
    if spool.emptied_at is not None:
        return LEVELS["empty"]
    if left_g <= 0:
        return LEVELS["unclear"]
    return LEVELS["low" if nearly_empty(left_g) else "enough"]


def supply(missing_g: float, days: int | None) -> Status:
    """Whether a filament is enough for what waits, and for the next days."""
    if missing_g > 0:
        return LEVELS["missing"]
    return LEVELS["low" if soon_gone(days) else "enough"]

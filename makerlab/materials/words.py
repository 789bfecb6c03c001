"""Words of the filament ledger and of a spool's level; translated here and nowhere else."""

from typing import Any, NamedTuple

from makerlab.core.language import lazy
from makerlab.materials.models import FilamentReason, Spool
from makerlab.materials.rules import nearly_empty


class Word(NamedTuple):
    """What `ui.state` shows."""

    word: Any
    icon: str
    tone: str


REASONS = {
    FilamentReason.RECEIVED: Word(lazy("Angekommen"), "package-import", "good"),
    FilamentReason.PRINTED: Word(lazy("Gedruckt"), "printer", "busy"),
    FilamentReason.WEIGHED: Word(lazy("Gewogen"), "scale", "info"),
    FilamentReason.SCRAPPED: Word(lazy("Leer gemeldet"), "trash", "neutral"),
    FilamentReason.REVERSED: Word(lazy("Zurückgenommen"), "arrow-back-up", "warn"),
}

LEVELS = {
    "empty": Word(lazy("Leer"), "circle", "neutral"),
    "unclear": Word(lazy("Bitte wiegen"), "scale", "bad"),
    "low": Word(lazy("Fast leer"), "alert-triangle", "warn"),
    "enough": Word(lazy("Genug"), "circle-check", "good"),
}


def level(spool: Spool, left_g: float) -> Word:
    """How full a spool is. Below zero the books are wrong, and only the scale knows."""
    if spool.emptied_at is not None:
        return LEVELS["empty"]
    if left_g <= 0:
        return LEVELS["unclear"]
    return LEVELS["low" if nearly_empty(left_g) else "enough"]

"""How long undo works, and what a piece costs. Plain values in and out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

UNDO_GRACE = timedelta(seconds=15)  # the toast's last second, and a slow line


def may_undo(booked_at: datetime, now: datetime, seconds: int) -> bool:
    """Whether the toast's button still works."""
    return now - booked_at <= timedelta(seconds=seconds) + UNDO_GRACE


@dataclass(frozen=True, slots=True)
class PieceCost:
    """What one good piece costs, in cents; rent, and wages beyond the minutes of finishing, are left out."""

    material: int
    machine: int
    bought: int
    work: int
    scrap: int  # printing that came to nothing, spread over the good pieces

    @property
    def total(self) -> int:
        return self.material + self.machine + self.bought + self.work + self.scrap


def piece_cost(
    *, printed_cents: int, material_cents: int, bought_cents: int, minutes: int, hour_cents: int,
    good: int, scrap: int,
) -> PieceCost:  # fmt: skip
    """`printed_cents`: filament and machine of one print; `minutes` of work after it; pieces so far."""
    material = min(material_cents, printed_cents)
    lost = round(printed_cents * scrap / good) if good else 0
    return PieceCost(material, printed_cents - material, bought_cents, round(minutes * hour_cents / 60), lost)

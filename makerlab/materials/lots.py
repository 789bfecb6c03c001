"""Lots: spools of one delivery together, what is left of each, and whether it is enough for what waits.

Who plans prints stands further up in the house and tells here what waits: `register_waiting`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.alphabet import alphabetical
from makerlab.materials.models import Colour, FilamentMovement, FilamentReason, Spool
from makerlab.materials.queries import grams_left
from makerlab.materials.rules import MILLIGRAMS, days_left

USED_DAYS = 28  # so long ago counts for how fast filament goes

Filament = tuple[str, int]  # material, colour id
Waiting = Callable[[Session], Mapping[Filament, float]]

_waiting: list[Waiting] = []


def register_waiting(grams: Waiting) -> None:
    """Said once, at import: grams that waiting prints need, by filament."""
    _waiting.append(grams)


def waiting_g(session: Session) -> dict[Filament, float]:
    """Grams that waiting prints need of each filament."""
    total: dict[Filament, float] = defaultdict(float)
    for ask in _waiting:
        for filament, grams in ask(session).items():
            total[filament] += grams
    return dict(total)


@dataclass(frozen=True, slots=True)
class Lot:
    """Spools in use of one lot. `left_g` is the sum of their books."""

    material: str
    colour: Colour
    maker: str
    lot: str
    spools: int
    left_g: float


@dataclass(frozen=True, slots=True)
class Supply:
    """One filament: what is left of it, what waits for it, and how fast it went lately (grams a day)."""

    material: str
    colour: Colour
    left_g: float
    waits_g: float
    daily_g: float

    @property
    def missing_g(self) -> float:
        return max(0.0, self.waits_g - self.left_g)

    @property
    def days(self) -> int | None:
        """See `days_left`."""
        return days_left(self.left_g, self.daily_g)


def lots(session: Session) -> list[Lot]:
    """All lots with a spool in use, by material, colour, lot."""
    grouped: dict[tuple[str, int, str, str], list[Spool]] = defaultdict(list)
    spools = session.scalars(sa.select(Spool).where(Spool.emptied_at.is_(None)).order_by(Spool.id)).all()
    for spool in spools:
        grouped[spool.material, spool.colour_id, spool.maker, spool.lot].append(spool)
    left = grams_left(session, [spool.id for spool in spools])
    found = [
        Lot(material, own[0].colour, maker, lot, len(own), sum(left[one.id] for one in own))
        for (material, _colour, maker, lot), own in grouped.items()
    ]
    return sorted(found, key=lambda one: (one.material, alphabetical(one.colour.name), one.lot))


def supplies(session: Session, found: Iterable[Lot], *, now: datetime) -> list[Supply]:
    """Each filament that is there (`found`: all lots) or waited for; first what is missing most."""
    left: dict[Filament, float] = defaultdict(float)
    for lot in found:
        left[lot.material, lot.colour.id] += max(0.0, lot.left_g)
    waits, used = waiting_g(session), used_daily(session, now=now)
    colours = {colour.id: colour for colour in session.scalars(sa.select(Colour))}
    all_ = [
        Supply(key[0], colours[key[1]], left.get(key, 0.0), waits.get(key, 0.0), used.get(key, 0.0))
        for key in left.keys() | waits.keys()
    ]
    return sorted(all_, key=lambda one: (-one.missing_g, one.material, alphabetical(one.colour.name)))


def used_daily(session: Session, *, now: datetime) -> dict[Filament, float]:
    """Grams a day that prints used of each filament lately."""
    query = (
        sa.select(Spool.material, Spool.colour_id, sa.func.sum(FilamentMovement.milligrams))
        .join(FilamentMovement, FilamentMovement.spool_id == Spool.id)
        .where(FilamentMovement.reason == FilamentReason.PRINTED)
        .where(FilamentMovement.at > now - timedelta(days=USED_DAYS), FilamentMovement.at <= now)
        .group_by(Spool.material, Spool.colour_id)
    )
    return {
        (material, colour): -int(mg) / MILLIGRAMS / USED_DAYS
        for material, colour, mg in session.execute(query)
    }

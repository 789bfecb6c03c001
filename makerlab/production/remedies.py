"""The one thing that would start the most at a printer, or start a plate. Pure, over plain values."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from makerlab.production.matching import Filament, Fits, OnShelf
from makerlab.production.obstacles import (
    AT_THE_PRINTER,
    ELSEWHERE,
    OTHER_SPOOL,
    Obstacle,
    PlateNeeds,
    PrinterNow,
    distance,
)


@dataclass(frozen=True, slots=True)
class Help:
    """What to take out of the way, and how many plates could start then.

    `filament`: what to load; `on_shelf`: there is a spool of it; `tags`: what the printer lacks.
    """

    obstacle: Obstacle
    plates: int = 0
    filament: Filament | None = None
    on_shelf: bool = True
    tags: tuple[str, ...] = ()


class Helps:
    """Answers for many printers, worked out once for each kind of printer."""

    def __init__(self, fits: Fits, shelf: Sequence[OnShelf], given: Iterable[int]) -> None:
        """`given`: ids of plates that a printer has got already."""
        self.fits, self.known, taken = fits, dict[int, Help | None](), set(given)
        both = zip(fits.plates, fits.kind_of, strict=True)
        left = [(kind, plate) for plate, kind in both if plate.id not in taken]
        self.waiting = Counter(kind for kind, _plate in left)
        # Of each kind the plate that needs least: a spool that would do for it is there, or none is.
        lightest = sorted(left, key=lambda one: -(one[1].needs.grams or 0.0))
        self.needs = {kind: plate.needs for kind, plate in lightest}
        self.shelf = shelf

    def at(self, printer: int) -> Help | None:
        """For the printer of this number among those of `fits`; None where no single thing would do."""
        state = self.fits.state_of[printer]
        if state not in self.known:
            self.known[state] = self._best(state)
        return self.known[state]

    def _best(self, state: int) -> Help | None:
        """Of the things that alone would start something: what starts most, then what is nearest by."""
        counted: Counter[Help] = Counter()
        for kind, number in self.waiting.items():
            found = [one for one in self.fits.found[kind][state] if one not in AT_THE_PRINTER]
            if len(found) <= 1 and ELSEWHERE.isdisjoint(
                found
            ):  # none: the right spool is in, with too little on it
                obstacle = found[0] if found else Obstacle.NOT_ENOUGH
                counted[help_for(obstacle, self.needs[kind], self.fits.states[state], self.shelf)] += number
        if not counted:
            return None
        best = max(counted, key=lambda one: (counted[one], -distance([one.obstacle])))
        return replace(best, plates=counted[best])


def help_for(obstacle: Obstacle, needs: PlateNeeds, printer: PrinterNow, shelf: Sequence[OnShelf]) -> Help:
    """The obstacle with what a person has to know to take it away."""
    if obstacle in OTHER_SPOOL:
        there = any(spool.serves(needs) for spool in shelf)
        return Help(obstacle, 0, Filament(needs.material, needs.colour_id, needs.lot), there)
    if obstacle is Obstacle.TAG_MISSING:
        return Help(obstacle, tags=tuple(sorted(needs.tags - printer.tags)))
    return Help(obstacle)

"""The floor in plain values: every printer with what is on it, every plate that waits, every spool.

Read by survey.py. What is made of it stands in obstacles.py, matching.py and remedies.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain

from makerlab.fleet.models import Bed
from makerlab.production.matching import Fits, Free, Given, OnShelf, Waiting, assign
from makerlab.production.obstacles import (
    Asking,
    Obstacle,
    PlateNeeds,
    PrinterNow,
    distance,
    foremost,
    obstacles,
    startable,
)
from makerlab.production.remedies import Help, Helps, help_for
from makerlab.production.states import OVER, RUNNING, AttemptState

IDLE = "operational"
FAULTY = frozenset({"error"})
UNREACHABLE = frozenset({"unreachable", "unseen", "offline", "connecting"})


@dataclass(frozen=True, slots=True)
class Piece:
    """What a plate makes, as it is shown. `picture`: its SHA-256."""

    order_id: int
    name: str
    colour: str
    hex: str
    picture: str
    pieces: int


@dataclass(frozen=True, slots=True)
class Print:
    """An attempt that is not ended. `left_s`: seconds, None where nobody knows or nothing runs."""

    id: int
    plate_id: int
    state: AttemptState
    piece: Piece
    progress: float
    left_s: float | None
    conflict: str
    reason: str
    wish: str
    who: str
    started_by_id: int | None


@dataclass(frozen=True, slots=True)
class Spot:
    """A printer where it stands. `now` is what matching knows of it; the rest is shown."""

    id: int
    code: str
    name: str
    site: str
    sight: str
    alarm: str
    progress: float | None
    out_of_service: str
    bed: Bed
    spool_id: int | None
    now: PrinterNow
    print: Print | None = None

    @property
    def is_over(self) -> bool:
        return self.print is not None and self.print.state in OVER


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate that waits."""

    id: int
    number: int
    piece: Piece
    placed_by_id: int
    urgent: bool
    needs: PlateNeeds
    slicing: float  # 0..1


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: machine models they may run today."""

    id: int
    machines: frozenset[str]
    instructor: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """One printer and all that stands between a plate and a start there."""

    printer: Spot
    obstacles: list[Obstacle]
    help: Help | None = None  # what to do first

    @property
    def startable(self) -> bool:
        """Only the look at the bed is missing."""
        return startable(self.obstacles)

    @property
    def fits(self) -> bool:
        """The printer is of the model that the plate was prepared for."""
        return Obstacle.OTHER_MACHINE not in self.obstacles

    @property
    def distance(self) -> int:
        """How far from a start."""
        return distance(self.obstacles)


@dataclass(frozen=True)
class Floor:
    """`plates` in the order in which they are due; `minute` of the week."""

    spots: tuple[Spot, ...]
    plates: tuple[Plate, ...]
    shelf: tuple[OnShelf, ...]
    minute: float
    colours: tuple[tuple[int, str, str], ...] = ()  # id, name, hex

    @cached_property
    def stamp(self) -> int:
        """The same as long as nothing changed that a screen shows: of this process, for its ETags."""
        weeks = {spot.now.week for spot in self.spots if spot.now.week is not None}
        open_now = frozenset(week for week in weeks if week.staffed(self.minute))
        return hash((self.spots, self.plates, self.shelf, self.colours, open_now))

    @cached_property
    def free(self) -> list[Spot]:
        """Printers with nothing of ours on them."""
        return [spot for spot in self.spots if spot.print is None]

    @cached_property
    def _fits(self) -> Fits:
        return _fits(_waiting(self.plates), tuple(Free(spot.id, spot.now) for spot in self.free), self.minute)

    @cached_property
    def given(self) -> Mapping[int, Given]:
        """printer id → the plate it is given next: the one proposal, wherever it is shown."""
        return _assigned(self._fits, self.shelf)

    @cached_property
    def helps(self) -> dict[int, Help]:
        """printer id → the one thing that would start the most, for printers that are given nothing."""
        helps = Helps(self._fits, self.shelf, [one.plate_id for one in self.given.values()])
        idle = ((number, spot) for number, spot in enumerate(self.free) if spot.id not in self.given)
        found = {spot.id: helps.at(number) for number, spot in idle}
        return {id_: one for id_, one in found.items() if one is not None}

    @cached_property
    def after(self) -> Mapping[int, Given]:
        """printer id → what comes after the print that runs there, of the plates that nobody is given now."""
        taken = {one.plate_id for one in self.given.values()}
        used = {one.spool.id for one in self.given.values() if one.spool}
        busy = [spot for spot in self.spots if spot.print is not None and spot.print.state in RUNNING]
        soon = tuple(Free(spot.id, _when_done(spot.now)) for spot in busy)
        left = _waiting([plate for plate in self.plates if plate.id not in taken])
        shelf = tuple(spool for spool in self.shelf if spool.id not in used)
        return _assigned(_fits(left, soon, self.minute), shelf)

    @cached_property
    def spot(self) -> dict[int, Spot]:
        return {spot.id: spot for spot in self.spots}

    @cached_property
    def plate(self) -> dict[int, Plate]:
        return {plate.id: plate for plate in self.plates}

    def at(self, plate: Plate, spot: Spot, person: Person | None) -> Wait:
        """What stands between this plate and a start there by this person; None: nobody in particular."""
        found = obstacles(plate.needs, spot.now, self._asking(spot, person))
        first = foremost(found)
        return Wait(spot, found, help_for(first, plate.needs, spot.now, self.shelf) if first else None)

    def waits(self, plate: Plate, person: Person | None = None) -> list[Wait]:
        """Each printer with what is in the way there, the nearest to a start first."""
        rows = (self.at(plate, spot, person) for spot in self.spots)
        return sorted(rows, key=lambda wait: wait.distance)

    def proposal(self, spot: Spot, person: Person) -> Plate | None:
        """What this person is asked to start here: what the printer is given, else what nobody else is given.

        The second is for people who may not start the first: it ends too late for a trainee.
        """
        given = self.given.get(spot.id)
        if given is None or given.spool is not None or spot.now.machine not in person.machines:
            return None
        asking = self._asking(spot, person)
        taken = {one.plate_id for one in self.given.values()}
        others = (plate for plate in self.plates if plate.id not in taken)
        line = chain([self.plate[given.plate_id]], others)
        return next((one for one in line if startable(obstacles(one.needs, spot.now, asking))), None)

    def startable(self, person: Person) -> list[Spot]:
        """Printers at which this person could start something now."""
        return [spot for spot in self.free if self.proposal(spot, person) is not None]

    def _asking(self, spot: Spot, person: Person | None) -> Asking:
        if person is None:
            return Asking(minute=self.minute)
        return Asking(spot.now.machine in person.machines, person.instructor, self.minute)


def nearest(rows: Iterable[Wait]) -> Wait | None:
    """Of `Floor.waits`: the fitting printer where least is in the way."""
    return next((wait for wait in rows if wait.fits), None)


def shown_s(seconds: float) -> float:
    """As fine as screens say it, minutes and then hours: nothing changes that people would not see."""
    step = 60 if seconds < 90 * 60 else 3600
    return float(-(-seconds // step) * step)


def reserved_g(filament_g: float, state: AttemptState, progress: float) -> float:
    """Grams of its spool that an attempt takes and no book shows: they are booked when it is collected."""
    stopped = state in (AttemptState.FAILED, AttemptState.CANCELLED)
    return filament_g * (min(progress, 1.0) if stopped else 1.0)


def _waiting(plates: Sequence[Plate]) -> tuple[Waiting, ...]:
    return tuple(Waiting(plate.id, plate.needs, plate.urgent) for plate in plates)


@lru_cache(maxsize=512)
def _when_done(now: PrinterNow) -> PrinterNow:
    return replace(now, active=False, idle=True, error=False)


def _fits(plates: tuple[Waiting, ...], printers: tuple[Free, ...], minute: float) -> Fits:
    return _fits_in(plates, printers, int(minute))


# Prints that go on change nothing of what is matched: one answer serves many polls, at most for its minute.
@lru_cache(maxsize=8)
def _fits_in(plates: tuple[Waiting, ...], printers: tuple[Free, ...], minute: int) -> Fits:
    return Fits(plates, printers, float(minute))


@lru_cache(maxsize=8)
def _assigned(fits: Fits, shelf: tuple[OnShelf, ...]) -> Mapping[int, Given]:
    return assign(fits, shelf)

"""What happens at one printer, and what the person standing there can do about it."""

import enum
from dataclasses import dataclass

from makerlab.core.words import Status
from makerlab.fleet import words as fleet_words
from makerlab.kiosk import words
from makerlab.production import words as production_words
from makerlab.production.floor import Floor, Person, Piece, Plate, Print, Spot, Wait
from makerlab.production.obstacles import Obstacle, ends_alone, of_the_printer
from makerlab.production.remedies import Help
from makerlab.production.states import BEFORE_START, OVER, AttemptState


class Phase(enum.StrEnum):
    """The question that the printer's page asks."""

    STARTING = "starting"
    PRINTING = "printing"
    PAUSED = "paused"
    OVER = "over"
    UNKNOWN = "unknown"
    START = "start"  # a plate may start: is the bed free?
    BLOCKED = "blocked"  # something else is in the way
    NOTHING = "nothing"  # no plate waits for this model


@dataclass(frozen=True, slots=True)
class Scene:
    """`piece`: on the printer, or proposed for it as `plate`. `mine_to_steer`: this person may pause and
    stop. `others`: more of this person's own plates could start here. `help`: what would start something.
    `ends_alone`: the print would end when nobody is there, which an instructor may decide.
    """

    printer: Spot
    phase: Phase
    status: Status
    piece: Piece | None = None
    plate: Plate | None = None
    share: float | None = None
    left_s: float | None = None
    who: str = ""
    mine_to_steer: bool = False
    others: bool = False
    ends_alone: bool = False
    help: Help | None = None


def scene_at(floor: Floor, spot: Spot, person: Person, *, wanted: int | None = None) -> Scene:
    """`wanted`: the plate this person chose; where it cannot start, the lab's own proposal stands.

    Where the lab gives this printer nothing, one's own plate may start, though another printer is given it.
    """
    if spot.print is not None:
        return _with_print(spot, spot.print, person)
    mine = own_startable(floor, spot, person)
    plate = next((one for one in mine if one.id == wanted), None) or floor.proposal(spot, person)
    plate = plate or next(iter(mine), None)
    if plate is None:
        return _without_start(floor, spot, person)
    return Scene(
        spot, Phase.START, at_rest(spot), plate.piece, plate, others=any(one is not plate for one in mine),
        ends_alone=ends_alone(plate.needs, spot.now, floor.minute),
    )  # fmt: skip


def own_startable(floor: Floor, spot: Spot, person: Person) -> list[Plate]:
    """This person's own plates that could start here, in the order in which they are due."""
    mine = (plate for plate in floor.plates if plate.placed_by_id == person.id)
    return [plate for plate in mine if floor.at(plate, spot, person).startable]


def at_rest(spot: Spot) -> Status:
    """The state of a printer on which nothing of ours is."""
    if spot.now.out_of_service:
        return fleet_words.OUT_OF_SERVICE
    return fleet_words.alarm("foreign") if spot.now.foreign else fleet_words.sight(spot.sight)


def state_of(spot: Spot) -> Status:
    """How a printer is shown in a list."""
    return production_words.attempt(spot.print.state) if spot.print else at_rest(spot)


PHASES = {
    AttemptState.PRINTING: Phase.PRINTING,
    AttemptState.PAUSED: Phase.PAUSED,
    AttemptState.UNKNOWN: Phase.UNKNOWN,
    **dict.fromkeys(OVER, Phase.OVER),
    **dict.fromkeys(BEFORE_START | {AttemptState.START_SENT}, Phase.STARTING),
}


def _with_print(spot: Spot, print_: Print, person: Person) -> Scene:
    unclear = print_.state in OVER and print_.conflict
    phase = Phase.UNKNOWN if unclear else PHASES[print_.state]
    runs = phase in (Phase.PRINTING, Phase.PAUSED)
    return Scene(
        spot, phase, production_words.attempt(print_.state), print_.piece,
        share=print_.progress if runs else None,
        left_s=print_.left_s if phase is Phase.PRINTING else None,
        who=print_.who,
        mine_to_steer=person.instructor or print_.started_by_id == person.id,
    )  # fmt: skip


def _without_start(floor: Floor, spot: Spot, person: Person) -> Scene:
    """Why nothing starts: the printer itself, else a plate of one's own before those of others."""
    own, nearest = next(of_the_printer(spot.now), None), _nearest(floor, spot, person)
    if own is None and nearest is None and spot.now.material is None:
        own = Obstacle.NO_SPOOL
    if own is not None:
        return Scene(spot, Phase.BLOCKED, production_words.obstacle(own))
    if nearest is None:
        return Scene(spot, Phase.NOTHING, words.NOTHING_WAITS)
    plate, wait = nearest
    status = production_words.obstacle(wait.help.obstacle if wait.help else wait.obstacles[0])
    return Scene(spot, Phase.BLOCKED, status, plate.piece, plate, help=wait.help)


def _nearest(floor: Floor, spot: Spot, person: Person) -> tuple[Plate, Wait] | None:
    """The plate to speak of: one's own, else the one the printer is given; then where least is missing.

    Not one that could start here: another printer is given it, nothing is in its way.
    """
    given = floor.given.get(spot.id)
    here = [plate for plate in floor.plates if plate.needs.machine == spot.now.machine]
    mine = [plate for plate in here if plate.placed_by_id == person.id]
    if not mine and given is not None:
        mine = [floor.plate[given.plate_id]]
    rows = ((plate, floor.at(plate, spot, person)) for plate in mine or here)
    return min((row for row in rows if not row[1].startable), key=lambda row: row[1].distance, default=None)

"""The wall's content: each printer with what it does and needs, in a number of queries that does not grow."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.models import Picture
from makerlab.core.words import Status
from makerlab.fleet import words as fleet_words
from makerlab.fleet.models import Bed
from makerlab.production import words
from makerlab.production.floor import Floor, Plate, Spot
from makerlab.production.matching import Filament
from makerlab.production.models import Attempt, Order, Step
from makerlab.production.pages.needs import ORDER, SOMEBODY, WORK, Need, Situation, need_of
from makerlab.production.pages.words import GROUPS, NEEDS
from makerlab.production.remedies import Help
from makerlab.production.states import AT_PRINTER

GONE = ("unreachable", "offline", "error")


@dataclass(frozen=True, slots=True)
class Card:
    """One printer as the wall and its own page show it.

    `next`: the plate it is given, after `load` was put in where that is said; `later`: what comes after the
    print that runs; `help`: what would start the most where nothing may start.
    """

    spot: Spot
    need: Need
    state: Status = field(compare=False)  # said by the spot; its words are another's in another language
    next: Plate | None = None
    load: Filament | None = None
    later: Plate | None = None
    help: Help | None = None

    @property
    def status(self) -> Status:
        """The badge: what it needs, or else what it does."""
        return self.state if self.need in (Need.NOTHING, Need.OUT_OF_SERVICE) else NEEDS[self.need]

    @property
    def also(self) -> Status | None:
        """What it does, where the badge does not say it already."""
        said = (Need.UNCLEAR, Need.COLLECT, Need.PAUSED)
        nothing = self.spot.print is None or self.status is self.state or self.need in said
        return None if nothing else self.state

    @property
    def group_key(self) -> str:
        """One of `GROUPS`, or `out` for a printer that is out of service."""
        if self.need is Need.OUT_OF_SERVICE:
            return "out"
        if self.need in SOMEBODY or self.need in WORK:
            return "somebody" if self.need in SOMEBODY else "start"
        return "idle" if self.spot.print is None else "printing"

    @property
    def group(self) -> Status:
        """What the headline of the wall counts it under."""
        return GROUPS.get(self.group_key, fleet_words.OUT_OF_SERVICE)

    @property
    def piece(self) -> str:
        return self.spot.print.piece.name if self.spot.print else ""

    @property
    def picture(self) -> str:
        """SHA-256 of what is on it, or of what comes next."""
        piece = self.spot.print.piece if self.spot.print else self.next.piece if self.next else None
        return piece.picture if piece else ""

    @property
    def percent(self) -> int | None:
        """0 to 100."""
        spot = self.spot
        if spot.print is not None:
            return round(100 * spot.print.progress) if spot.print.state in AT_PRINTER else None
        return round(100 * spot.progress) if spot.now.foreign and spot.progress is not None else None

    @property
    def left_s(self) -> float | None:
        return self.spot.print.left_s if self.spot.print else None

    @property
    def who(self) -> str:
        return self.spot.print.who if self.spot.print else ""


def cards(floor: Floor) -> list[Card]:
    """All printers: who has to act first, then what is done first."""
    shown = (card_at(floor, spot) for spot in floor.spots)
    return sorted(shown, key=lambda card: (ORDER[card.need], card.left_s or math.inf, card.spot.name))


def card_of(floor: Floor, printer_id: int) -> Card:
    """Of one printer. Raises KeyError for one that is not in use any more."""
    return card_at(floor, floor.spot[printer_id])


def card_at(floor: Floor, spot: Spot) -> Card:
    """One printer, seen as on the wall."""
    given, later, helps = floor.given.get(spot.id), floor.after.get(spot.id), floor.helps.get(spot.id)
    now = _situation(spot, given is not None, bool(given and given.spool), helps is not None)
    return Card(
        spot, need_of(now), _state(now),
        next=floor.plate[given.plate_id] if given else None,
        load=given.spool.filament if given and given.spool else None,
        later=floor.plate[later.plate_id] if later else None,
        help=helps,
    )  # fmt: skip


def _situation(spot: Spot, proposal: bool, spool_change: bool, would_help: bool) -> Situation:
    return Situation(
        sight=spot.sight,
        alarm=spot.alarm,
        foreign=spot.now.foreign,
        attempt=spot.print.state if spot.print else None,
        conflict=bool(spot.print and spot.print.conflict),
        out_of_service=spot.now.out_of_service,
        held=spot.now.held,
        upkeep_due=spot.now.upkeep_due,
        bed_clear=spot.bed is Bed.CLEAR,
        proposal=proposal,
        spool_change=spool_change,
        would_help=would_help,
    )


def _state(now: Situation) -> Status:
    """What the printer does, in words."""
    if now.attempt is not None and not (now.attempt in AT_PRINTER and now.sight in GONE):
        return words.attempt(now.attempt)
    if now.foreign:
        return fleet_words.alarm("foreign")
    return fleet_words.OUT_OF_SERVICE if now.out_of_service else fleet_words.sight(now.sight)


def counts(shown: Sequence[Card]) -> dict[str, int]:
    """How many printers are in each group."""
    found = Counter(card.group_key for card in shown)
    return {key: found[key] for key in GROUPS}


def person_of(attempt: Attempt, step: Step) -> str:
    """The name of who did a step, or empty."""
    return next((row.account.name for row in attempt.steps if row.step is step), "")


def pictures(session: Session, orders: Iterable[Order]) -> dict[int, str]:
    """order_id → SHA-256 of the part's picture, or in the order's colour, else of the revision's own."""
    orders = list(orders)
    rows = session.execute(
        sa.select(Picture.revision_id, Picture.colour_id, Picture.sha256).where(
            Picture.revision_id.in_({order.revision_id for order in orders})
        )
    )
    coloured = {(revision_id, colour_id): sha256 for revision_id, colour_id, sha256 in rows}
    return {
        order.id: order.part.picture_sha256
        if order.part
        else coloured.get((order.revision_id, order.product.colour_id), order.revision.picture_sha256)
        for order in orders
    }

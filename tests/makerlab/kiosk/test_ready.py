"""When an order is ready: the figures, the words, and what it costs to ask."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from designs.profiles import load
from makerlab.core.database import db
from makerlab.kiosk.rules import When, page_of, when
from makerlab.materials.models import Colour
from makerlab.production.ready import Ready, grams_for, ready
from tests.makerlab.production.conftest import Workshop

HOUR = 3600.0
HEATING = 300.0  # of each plate on this machine model
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("low_s", "high_s", "words"),
    [
        (60, 60, When("minutes", 5, 5)),
        (50 * 60, 70 * 60, When("minutes", 50, 70)),
        (2.5 * HOUR, 3.2 * HOUR, When("hours", 2, 4)),
        (7.9 * HOUR, 8.1 * HOUR, When("part", part="evening", days=0)),
        (9 * HOUR, 13 * HOUR, When("part", part="morning", days=1)),
        (20 * HOUR, 23 * HOUR, When("part", part="morning", days=1)),
        (20 * HOUR, 25 * HOUR, When("part", part="afternoon", days=1)),
        (90 * HOUR, 100 * HOUR, When("part", part="afternoon", days=4)),
    ],
)
def test_a_range_is_said_as_people_say_it(low_s: float, high_s: float, words: When) -> None:
    assert when(NOON, low_s, high_s) == words


def test_pages_hold_five_and_end_where_the_choices_end() -> None:
    page = page_of(list(range(12)), 3)
    assert (page.items, page.before, page.after) == ([10, 11], 2, None)
    assert page_of([], 7).number == 1


def _ready(lab: Workshop, pieces: int) -> Ready | None:
    machines = load().machines
    return ready(lab.session, lab.revision, pieces, colour_id=lab.colour.id, machines=machines)


def test_pieces_of_one_bed_are_shared_when_two_printers_are_free(lab: Workshop) -> None:
    assert _ready(lab, 4) == Ready(HEATING + 2 * 3000, HEATING + 2 * 4200)


def test_with_one_spool_of_the_colour_one_printer_makes_them(lab: Workshop) -> None:
    lab.printers[1].spool.colour = Colour(name="Blau", hex="#0000ff")
    lab.session.commit()
    assert _ready(lab, 4) == Ready(HEATING + 4 * 3000, HEATING + 4 * 4200)


def test_two_printers_share_what_fills_two_beds(lab: Workshop) -> None:
    assert _ready(lab, 8) == Ready(HEATING + 4 * 3000, HEATING + 4 * 4200)


def test_what_prints_and_what_waits_comes_first(lab: Workshop) -> None:
    lab.start(lab.order(2))  # 600 s, just begun
    lab.order(3)  # 600 s, takes the other printer
    assert _ready(lab, 1) == Ready(600 + HEATING + 3000, 600 + HEATING + 4200)


def test_without_a_printer_nobody_knows(lab: Workshop) -> None:
    for printer in lab.printers:
        printer.out_of_service = "Düse verstopft"
    lab.session.commit()
    assert _ready(lab, 1) is None
    assert grams_for(lab.revision, 3) == pytest.approx(37.5)


def test_asking_costs_the_same_however_much_waits(lab: Workshop) -> None:
    def cost() -> int:
        lab.forget()
        asked = []
        listen = lambda *given: asked.append(given[2])  # noqa: E731
        sa.event.listen(db.engine, "before_cursor_execute", listen)
        _ready(lab, 3)
        sa.event.remove(db.engine, "before_cursor_execute", listen)
        return len(asked)

    lab.order(1)
    few = cost()
    for _ in range(6):
        lab.order(2)
    assert cost() == few

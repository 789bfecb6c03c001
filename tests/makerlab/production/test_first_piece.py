"""Of a large order one piece is made and checked before the rest starts."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from makerlab.core.errors import Conflict, Forbidden
from makerlab.production.collecting import collect
from makerlab.production.first_piece import reject_first, release_first, wanted
from makerlab.production.holding import resume
from makerlab.production.models import Attempt, CopyState, FirstPiece, Order, Plate
from makerlab.production.queries import pieces_of
from makerlab.production.rules import needs_first_piece
from makerlab.production.states import AttemptState as A
from makerlab.stock.models import StockMovement
from tests.makerlab.conftest import NOW
from tests.makerlab.production.conftest import Workshop
from tests.makerlab.production.test_plates import Planning, files, order, planning, plates, sizes, sliced
from tests.makerlab.production.test_views_printers import TO_PRINTING, move

__all__ = ["files", "planning"]
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("pieces", "over", "released", "needed"),
    [
        (11, 10, None, True),
        (10, 10, None, False),
        (500, 0, None, False),
        (11, 10, NOW - 89 * DAY, False),
        (11, 10, NOW - 91 * DAY, True),
    ],
)
def test_when_a_first_piece_is_needed(pieces: int, over: int, released: object, needed: bool) -> None:
    found = needs_first_piece(pieces, over=over, released_at=released, days=90, now=NOW)  # type: ignore[arg-type]
    assert found is needed


@pytest.fixture
def large(workshop: Workshop, planning: Planning) -> Order:
    """An order of nine, of which the first piece is to be checked; planned and sliced."""
    placed = order(workshop, 9)
    placed.first_piece = FirstPiece.WANTED
    workshop.session.commit()
    planning()
    sliced(workshop)
    return placed


def print_first(workshop: Workshop, placed: Order, good: int = 1) -> None:
    plate = workshop.session.scalars(
        sa.select(Plate).where(Plate.order_id == placed.id, Plate.first).order_by(Plate.id.desc())
    ).first()
    attempt = move(workshop, workshop.start_plate(plate), *TO_PRINTING, A.REPORTED_DONE)
    collect(
        workshop.session, attempt, good=good, scrap_reason="" if good else "warped", by=workshop.amira,
        now=workshop.clock.now,
    )  # fmt: skip
    workshop.session.commit()
    workshop.session.expire_all()


def test_one_piece_has_a_plate_of_its_own_and_only_that_one_starts(workshop: Workshop, large: Order) -> None:
    found = plates(workshop)
    assert [(plate.first, plate.pieces) for plate in found] == [(True, 1), (False, 4), (False, 4)]
    with pytest.raises(Conflict):
        workshop.start_plate(found[1])
    workshop.forget()
    print_first(workshop, large)
    assert large.first_piece is FirstPiece.TO_RELEASE
    with pytest.raises(Conflict):
        workshop.start_plate(plates(workshop)[1])


def test_an_instructor_releases_it_and_the_rest_starts(workshop: Workshop, large: Order) -> None:
    print_first(workshop, large)
    with pytest.raises(Forbidden):
        release_first(workshop.session, large, by=workshop.amira, now=workshop.clock.now)
    release_first(workshop.session, large, by=workshop.boris, now=workshop.clock.now)
    workshop.session.commit()
    assert (large.first_piece, large.released_by_id) == (FirstPiece.RELEASED, workshop.boris.id)
    workshop.start_plate(plates(workshop)[1])
    with pytest.raises(Conflict):
        release_first(workshop.session, large, by=workshop.boris, now=workshop.clock.now)


def test_a_first_piece_that_is_scrap_is_made_once_more(
    workshop: Workshop, planning: Planning, large: Order
) -> None:
    print_first(workshop, large, good=0)
    planning()
    assert large.first_piece is FirstPiece.WANTED
    assert [(plate.first, plate.pieces) for plate in plates(workshop)][-1] == (True, 1)
    sliced(workshop)
    print_first(workshop, large)
    assert large.first_piece is FirstPiece.TO_RELEASE


def test_a_rejected_piece_leaves_the_stock_and_the_order_is_held(
    workshop: Workshop, planning: Planning, large: Order
) -> None:
    print_first(workshop, large)
    reject_first(
        workshop.session, large, reason="Maß zu klein", give_up=False, by=workshop.boris,
        now=workshop.clock.now,
    )  # fmt: skip
    workshop.session.commit()
    workshop.session.expire_all()
    assert (large.held, large.held_note, large.first_piece) == ("by_hand", "Maß zu klein", FirstPiece.WANTED)
    assert workshop.session.scalar(sa.select(sa.func.sum(StockMovement.pieces))) == 0
    pieces = pieces_of(workshop.session, [large.id])[large.id]
    assert (pieces.good, pieces.open, pieces.scrap, pieces.adds_up()) == (0, 9, 1, True)
    resume(workshop.session, large, by=workshop.boris, now=workshop.clock.now)
    workshop.session.commit()
    planning()
    assert plates(workshop)[-1].first


def test_a_rejected_piece_may_be_the_end_of_the_order(workshop: Workshop, large: Order) -> None:
    print_first(workshop, large)
    reject_first(
        workshop.session, large, reason="Maß zu klein", give_up=True, by=workshop.boris,
        now=workshop.clock.now,
    )  # fmt: skip
    workshop.session.commit()
    workshop.session.expire_all()
    assert {copy.state for copy in large.copies} == {CopyState.GIVEN_UP}
    assert large.cancel_reason == "Maß zu klein"


def test_what_was_released_lately_on_a_machine_that_is_there_needs_no_second_check(
    workshop: Workshop, large: Order
) -> None:
    def asks(days: int = 0) -> bool:
        now = workshop.clock.now + days * DAY
        return wanted(workshop.session, workshop.revision.id, 11, over=10, days=90, now=now)

    print_first(workshop, large)
    assert asks()
    release_first(workshop.session, large, by=workshop.boris, now=workshop.clock.now)
    workshop.session.commit()
    assert not asks()
    assert asks(91)
    for printer in workshop.printers:
        printer.out_of_service = "Düse verstopft"
    workshop.session.flush()
    assert asks()
    assert workshop.session.scalar(sa.select(sa.func.count(Attempt.id))) == 1


def test_a_small_order_is_planned_as_ever(workshop: Workshop, planning: Planning) -> None:
    order(workshop, 9)
    planning()
    assert (sizes(plates(workshop)), [plate.first for plate in plates(workshop)]) == ([4, 4, 1], [False] * 3)

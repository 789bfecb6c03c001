"""Collecting books stock, filament, copies, bed and person at once, exactly once."""

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from makerlab.core.errors import Conflict, Invalid
from makerlab.fleet.models import Bed
from makerlab.materials.models import FilamentMovement
from makerlab.production.collecting import collect
from makerlab.production.models import Attempt, CopyState, Order, Step
from makerlab.production.outcome import ScrapCount
from makerlab.production.queries import pieces_of
from makerlab.production.states import AttemptState
from makerlab.stock.models import StockMovement
from printers.fake import Fault
from tests.makerlab.production.conftest import Workshop


def printed(workshop: Workshop, pieces: int = 3) -> Attempt:
    attempt = workshop.start(workshop.order(pieces))
    attempt_id = attempt.id
    workshop.dispatch_all()
    workshop.host().advance(10_000)
    workshop.look(2)
    return workshop.session.get_one(Attempt, attempt_id)


def take(workshop: Workshop, attempt: Attempt, good: int, reason: str = "", **more: Any) -> None:
    collect(
        workshop.session,
        attempt,
        good=good,
        scrap_reason=reason,
        by=workshop.amira,
        now=workshop.clock.now,
        **more,
    )
    workshop.session.commit()


def test_good_pieces_enter_stock_and_the_filament_leaves_its_spool(workshop: Workshop) -> None:
    attempt = printed(workshop)
    take(workshop, attempt, 3)
    stock = workshop.session.scalars(sa.select(StockMovement)).one()
    assert (stock.pieces, stock.attempt_id, stock.actor_id) == (3, attempt.id, workshop.amira.id)
    used = workshop.session.scalars(
        sa.select(FilamentMovement).where(FilamentMovement.attempt_id == attempt.id)
    ).one()
    assert used.milligrams == -12_500
    assert attempt.printer.bed is Bed.CLEAR


def test_each_step_names_its_person(workshop: Workshop) -> None:
    attempt = printed(workshop)
    take(workshop, attempt, 3)
    workshop.session.refresh(attempt)
    assert {step.step for step in attempt.steps} == {Step.PREPARED, Step.STARTED, Step.REMOVED, Step.CHECKED}
    assert {step.account_id for step in attempt.steps} == {workshop.amira.id}


def test_scrap_opens_its_copies_again_and_everything_adds_up(workshop: Workshop) -> None:
    attempt = printed(workshop)
    order = attempt.plate.order
    take(workshop, attempt, 1, "warped")
    pieces = pieces_of(workshop.session, [order.id])[order.id]
    assert (pieces.good, pieces.open, pieces.scrap, pieces.ordered) == (1, 2, 2, 3)
    assert pieces.adds_up()
    assert [copy.plate_id for copy in order.copies if copy.state is CopyState.OPEN] == [None, None]


def test_scrap_of_a_cancelled_order_is_given_up(workshop: Workshop) -> None:
    from makerlab.production.ordering import cancel_order

    attempt = printed(workshop)
    order = workshop.session.get_one(Order, attempt.plate.order_id)
    cancel_order(workshop.session, order, by=workshop.amira, reason="other", now=workshop.clock.now)
    take(workshop, attempt, 1, "warped")
    pieces = pieces_of(workshop.session, [order.id])[order.id]
    assert (pieces.good, pieces.open, pieces.given_up) == (1, 0, 2)


def test_collecting_twice_books_once(workshop: Workshop) -> None:
    attempt = printed(workshop)
    take(workshop, attempt, 3)
    with pytest.raises(Conflict):
        take(workshop, attempt, 3)
    assert len(workshop.session.scalars(sa.select(StockMovement)).all()) == 1


@pytest.mark.parametrize(("good", "reason"), [(-1, "warped"), (4, ""), (2, "")])
def test_impossible_numbers_and_scrap_without_a_reason_are_refused(
    workshop: Workshop, good: int, reason: str
) -> None:
    attempt = printed(workshop)
    with pytest.raises(Invalid):
        take(workshop, attempt, good, reason)


def test_nothing_printed_books_nothing(workshop: Workshop) -> None:
    attempt = workshop.start(workshop.order(2))
    attempt_id = attempt.id
    workshop.host().fail("start", Fault.REQUEST_LOST)
    workshop.dispatch_all()
    workshop.look(4)
    attempt = workshop.session.get_one(Attempt, attempt_id)
    assert attempt.state is AttemptState.UNKNOWN
    take(workshop, attempt, 0, nothing_printed=True)
    assert workshop.session.scalars(sa.select(StockMovement)).all() == []
    assert attempt.scrap == 0


def test_pieces_may_be_scrap_for_different_reasons(workshop: Workshop) -> None:
    attempt = printed(workshop)
    take(workshop, attempt, 0, scrap={"warped": 1, "stringy": 2})
    counts = workshop.session.execute(sa.select(ScrapCount.reason, ScrapCount.pieces)).all()
    assert sorted(counts) == [("stringy", 2), ("warped", 1)]
    assert (attempt.scrap, attempt.scrap_reason) == (3, "stringy")


@pytest.mark.parametrize(
    "scrap", [{"warped": 1}, {"warped": 3, "stringy": 1}, {"": 3}, {"warped": 4, "x": -1}]
)
def test_reasons_must_name_each_piece_that_is_not_good(workshop: Workshop, scrap: dict[str, int]) -> None:
    attempt = printed(workshop)
    with pytest.raises(Invalid):
        take(workshop, attempt, 0, scrap=scrap)


def test_what_was_read_in_the_gcode_is_booked_once(workshop: Workshop) -> None:
    attempt = printed(workshop)
    take(workshop, attempt, 0, "unfinished", used_g=4.321)
    assert [line.milligrams for line in lines(workshop)] == [-4321]


def test_without_gcode_the_share_of_the_file_is_booked(workshop: Workshop) -> None:
    attempt_id = broken(workshop)
    attempt = workshop.session.get_one(Attempt, attempt_id)
    assert 0 < attempt.progress < 1
    take(workshop, attempt, 0, "unfinished")
    assert [line.milligrams for line in lines(workshop)] == [-round(12_500 * attempt.progress)]


def broken(workshop: Workshop) -> int:
    """A print that the printer gave up in the middle."""
    attempt_id = workshop.start(workshop.order(2)).id
    workshop.dispatch_all()
    workshop.host().advance(1.0)
    workshop.look(1)
    workshop.host().printer_error("Thermal Runaway")
    workshop.look(4)
    return attempt_id


def lines(workshop: Workshop) -> Sequence[FilamentMovement]:
    """What prints used."""
    printed_ = FilamentMovement.attempt_id.is_not(None)
    return workshop.session.scalars(sa.select(FilamentMovement).where(printed_)).all()

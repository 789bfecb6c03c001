from hypothesis import given
from hypothesis import strategies as st

from makerlab.stock.models import StockReason
from makerlab.stock.rules import LESS, MORE, Figures, enough, figures, fits, reversible

PIECES = st.integers(-500, 500)


@given(st.lists(PIECES), st.lists(st.integers(0, 50)), st.integers(0, 50), st.integers(0, 50))
def test_available_is_what_is_there_and_not_promised(
    lines: list[int], promised: list[int], waiting: int, active: int
) -> None:
    stock = figures(lines, promised, waiting, active)
    assert stock == Figures(sum(lines), sum(promised), waiting + active)
    assert stock.available + stock.reserved == stock.on_hand


@given(st.sampled_from(StockReason), PIECES)
def test_no_reason_has_both_the_wrong_sign_and_leave(reason: StockReason, pieces: int) -> None:
    allowed = fits(reason, pieces)
    assert allowed == (
        pieces != 0 and not (reason in MORE and pieces < 0) and not (reason in LESS and pieces > 0)
    )


def test_the_last_piece_may_go_and_no_more() -> None:
    assert enough(1, -1)
    assert not enough(1, -2)


def test_a_line_is_taken_back_once() -> None:
    assert reversible("sold", already_reversed=False)
    assert not reversible("sold", already_reversed=True)
    assert not reversible("reversed", already_reversed=False)

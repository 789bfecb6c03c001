from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from makerlab.core.money import cents_of
from makerlab.sales.actions import set_price
from makerlab.sales.queries import price_on
from makerlab.sales.rules import may_undo, piece_cost
from tests.makerlab.conftest import NOW, Cast
from tests.makerlab.sales.conftest import Shop


@pytest.mark.parametrize(
    ("text", "cents"),
    [("12,50", 1250), ("12.5", 1250), ("1.250,00 €", 125000), ("12", 1200), ("0", 0)]
    + [(text, None) for text in ("", "-1", "1e3", "12,505", "zwölf", "9999999", "1,2,3", "١٢")],
)
def test_money_is_read_as_people_write_it(text: str, cents: int | None) -> None:
    assert cents_of(text) == cents


@given(st.integers(0, 9_999_999))
def test_money_written_is_money_read(cents: int) -> None:
    assert cents_of(f"{cents // 100},{cents % 100:02}") == cents


def test_undo_ends() -> None:
    assert may_undo(NOW, NOW + timedelta(seconds=31), 30)
    assert not may_undo(NOW, NOW + timedelta(seconds=60), 30)


def test_a_price_counts_from_its_day_and_the_last_word_wins(session: Session, shop: Shop, cast: Cast) -> None:
    day = date(2026, 4, 1)
    for cents in (1500, 1600):
        set_price(session, shop.vase, cents, valid_from=day, by_id=cast.guel.id, now=NOW)
    prices = [price_on(session, shop.vase.id, on) for on in (date(2026, 1, 1), date(2026, 3, 31), day)]
    assert [price.cents if price else None for price in prices] == [None, 1250, 1600]


def test_a_piece_costs_what_went_into_it_and_its_share_of_the_scrap() -> None:
    cost = piece_cost(
        printed_cents=200, material_cents=120, bought_cents=90, minutes=10, hour_cents=1800, good=8, scrap=2
    )
    assert (cost.material, cost.machine, cost.bought, cost.work, cost.scrap) == (120, 80, 90, 300, 50)
    assert cost.total == 640


def test_before_the_first_good_piece_scrap_costs_nothing_yet() -> None:
    cost = piece_cost(
        printed_cents=200, material_cents=250, bought_cents=0, minutes=0, hour_cents=0, good=0, scrap=3
    )
    assert (cost.material, cost.machine, cost.scrap) == (200, 0, 0)

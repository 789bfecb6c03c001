"""Royalties: each sale at the rate of its day, what is taken back subtracted, and nothing lost on the way."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from makerlab.catalog.arranging import add_agreement, set_rate
from makerlab.catalog.models import Agreement, RoyaltyRate
from makerlab.core.database import db
from makerlab.core.errors import Conflict
from makerlab.sales.actions import sell, set_price
from makerlab.sales.royalty import Line, lines, owed, sums
from makerlab.stock.actions import book, reverse
from makerlab.stock.models import StockReason
from tests.makerlab.conftest import NOW, Cast, SignIn
from tests.makerlab.sales.conftest import Shop

ZONE = ZoneInfo("Europe/Berlin")


@pytest.fixture
def agreement(session: Session, shop: Shop, cast: Cast) -> Agreement:
    """1.50 a piece from January on, 10 % from the fifth of March on; plenty of vases to sell."""
    partner = shop.vase.design.partner
    assert partner is not None
    made = add_agreement(session, partner, pieces=None, starts_on=date(2026, 1, 1), now=NOW)
    set_rate(session, made, cents=150, valid_from=date(2026, 1, 1), by_id=None, now=NOW)
    set_rate(session, made, share_hundredths=1000, valid_from=date(2026, 3, 5), by_id=None, now=NOW)
    book(session, shop.vase, shop.workshop, 50, StockReason.PRODUCED, actor_id=cast.amira.id, now=NOW)
    session.commit()
    return made


def sold(session: Session, shop: Shop, cast: Cast, pieces: int, at: datetime) -> int:
    sale = sell(
        session, shop.vase, shop.workshop, pieces, form_token=f"{at}{pieces}", today=at.date(),
        actor_id=cast.dilek.id, now=at,
    )  # fmt: skip
    session.commit()
    return sale.movement_id


def statement(session: Session, agreement: Agreement, first: date, last: date) -> list[Line]:
    session.expire_all()
    return lines(session, agreement.partner_id, first, last, ZONE)


def test_a_sale_counts_with_the_rate_of_its_day(
    session: Session, shop: Shop, cast: Cast, agreement: Agreement
) -> None:
    sold(session, shop, cast, 2, NOW)
    sold(session, shop, cast, 3, NOW + timedelta(days=3))
    found = statement(session, agreement, date(2026, 3, 1), date(2026, 3, 31))
    assert [(line.pieces, line.due) for line in found] == [(2, 300), (3, 375)]
    rows = sums(found)
    assert [(row.sold, row.revenue, row.due) for row in rows] == [(2, 2500, 300), (3, 3750, 375)]


def test_what_is_taken_back_is_subtracted_at_the_rate_it_was_sold_at(
    session: Session, shop: Shop, cast: Cast, agreement: Agreement
) -> None:
    from makerlab.stock.models import StockMovement

    line_id = sold(session, shop, cast, 4, NOW)
    line = session.get_one(StockMovement, line_id)
    reverse(session, line, actor_id=cast.dilek.id, now=NOW + timedelta(days=40))
    session.commit()
    march = statement(session, agreement, date(2026, 3, 1), date(2026, 3, 31))
    april = statement(session, agreement, date(2026, 4, 1), date(2026, 4, 30))
    assert [line.due for line in march] == [600]
    assert [(line.pieces, line.due) for line in april] == [(-4, -600)]


def test_days_are_those_of_the_lab(session: Session, shop: Shop, cast: Cast, agreement: Agreement) -> None:
    sold(session, shop, cast, 1, datetime(2026, 3, 31, 22, 30, tzinfo=UTC))  # half past midnight in Aachen
    assert statement(session, agreement, date(2026, 3, 1), date(2026, 3, 31)) == []
    assert len(statement(session, agreement, date(2026, 4, 1), date(2026, 4, 1))) == 1


def test_an_agreement_about_the_design_counts_before_one_about_all(
    session: Session, shop: Shop, cast: Cast, agreement: Agreement
) -> None:
    special = add_agreement(
        session, agreement.partner, pieces=None, starts_on=date(2025, 1, 1), designs=[shop.vase.design],
        now=NOW,
    )  # fmt: skip
    set_rate(session, special, cents=99, valid_from=date(2025, 1, 1), by_id=None, now=NOW)
    sold(session, shop, cast, 1, NOW)
    assert [one.due for one in statement(session, agreement, NOW.date(), NOW.date())] == [99]


def test_what_nobody_can_say_is_said(session: Session, shop: Shop, cast: Cast, agreement: Agreement) -> None:
    agreement.starts_on = date(2026, 3, 4)
    session.commit()
    sold(session, shop, cast, 2, NOW)
    (line,) = statement(session, agreement, date(2026, 1, 1), date(2026, 12, 31))
    assert (line.rate, line.due) == (None, None)
    assert sums([line])[0].open == 2


@given(st.integers(0, 10_000), st.integers(1, 500), st.integers(0, 100_000))
def test_taking_all_back_leaves_nothing_owed(share: int, pieces: int, price: int) -> None:
    rate = RoyaltyRate(share_hundredths=share, cents=None)
    given_, back = owed(rate, pieces, price), owed(rate, -pieces, price)
    assert given_ is not None
    assert back is not None
    assert given_ + back == 0
    assert abs(given_ - pieces * price * share / 10_000) <= 0.5


def test_the_liaison_sees_the_statement_and_takes_it_along(
    session: Session, shop: Shop, cast: Cast, agreement: Agreement, sign_in: SignIn
) -> None:
    shop.vase.design.name = "=HYPERLINK(1)"
    sold(session, shop, cast, 2, NOW)
    query = f"?partner={agreement.partner_id}&von=2026-01-01&bis=2026-12-31"
    client = sign_in(cast.fatma)
    page = client.get(f"/partner/abrechnung{query}").text
    assert "3,00" in page
    answer = client.get(f"/partner/abrechnung.csv{query}")
    head, row = answer.data.decode("utf-8-sig").splitlines()
    assert head.startswith("Tag;Verkauft am;Objekt")
    assert row == "2026-03-02;2026-03-02;'=HYPERLINK(1);Moosgrün;2;12,50;1,50;3,00"
    assert sign_in(cast.dilek).get(f"/partner/abrechnung{query}").status_code == 403
    assert client.get("/partner/abrechnung?partner=99999999999999&von=x").status_code == 200


def test_a_licence_that_forbids_it_stops_the_sale(session: Session, shop: Shop, cast: Cast) -> None:
    shop.vase.design.licence = "CC-BY-NC-4.0"
    set_price(session, shop.vase, 1000, valid_from=NOW.date(), by_id=None, now=NOW)
    with pytest.raises(Conflict, match="erlaubt keinen Verkauf"):
        sold(session, shop, cast, 1, NOW)


def test_more_sales_and_agreements_cost_no_more_queries(
    session: Session, shop: Shop, cast: Cast, agreement: Agreement
) -> None:
    def statements() -> int:
        seen: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        session.expire_all()
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            statement(session, agreement, date(2026, 1, 1), date(2026, 12, 31))
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len([one for one in seen if one.startswith("SELECT")])

    sold(session, shop, cast, 1, NOW)
    few = statements()
    for number in range(2, 7):
        sold(session, shop, cast, number, NOW + timedelta(days=number))
        more = add_agreement(
            session, agreement.partner, pieces=number, starts_on=date(2026, 1, number), now=NOW
        )
        set_rate(session, more, cents=number, valid_from=date(2026, 1, 1), by_id=None, now=NOW)
    session.commit()
    assert statements() == few

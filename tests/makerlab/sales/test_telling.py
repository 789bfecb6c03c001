"""What runs out is told once, settled when it is there again, and told anew the next time."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from makerlab.notices.models import Notice
from makerlab.sales.telling import ScarceRound
from makerlab.stock.actions import book
from makerlab.stock.models import StockReason
from tests.makerlab.conftest import NOW
from tests.makerlab.sales.conftest import Shop


def notices(session: Session) -> list[tuple[str, bool]]:
    session.rollback()
    rows = session.scalars(sa.select(Notice).order_by(Notice.id))
    return [(one.about, one.over_at is None) for one in rows]


def test_what_runs_out_is_told_once_and_settled_when_it_is_there_again(session: Session, shop: Shop) -> None:
    look = ScarceRound(sessionmaker(session.get_bind(), expire_on_commit=False), lambda: NOW)
    about = f"product:{shop.vase.id}"
    look()
    assert notices(session) == []
    shop.vase.low_level = 2  # three are there, one of them promised
    session.commit()
    for _twice in range(2):
        look()
    assert notices(session) == [(about, True)]
    book(session, shop.vase, shop.workshop, 5, StockReason.RECEIVED, actor_id=None, now=NOW)
    session.commit()
    look()
    assert notices(session) == [(about, False)]
    book(session, shop.vase, shop.workshop, -5, StockReason.SOLD, actor_id=None, now=NOW)
    session.commit()
    look()
    assert notices(session) == [(about, False), (about, True)]

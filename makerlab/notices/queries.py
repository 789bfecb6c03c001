"""Reads of notices."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.access import STAFF
from makerlab.core.alphabet import by_name
from makerlab.notices.models import Channel, Delivery, DeliveryState, Kind, Notice, NoticeRead
from makerlab.people.models import Account, RoleRow

ONCE = (Kind.ORDER_DONE,)  # never over: told once, and done with when read


def _open(kinds: Sequence[Kind]) -> sa.ColumnElement[bool]:
    return sa.and_(Notice.kind.in_(kinds), Notice.over_at.is_(None))


def _unread(account_id: int) -> sa.ColumnElement[bool]:
    read = sa.exists().where(NoticeRead.notice_id == Notice.id, NoticeRead.account_id == account_id)
    return ~read


def unread_count(session: Session, account_id: int, kinds: Sequence[Kind]) -> int:
    """How many open notices of these kinds this person has not seen."""
    count = sa.select(sa.func.count()).select_from(Notice)
    return session.scalar(count.where(_open(kinds), _unread(account_id))) or 0


def open_notices(
    session: Session, account_id: int, kinds: Sequence[Kind], *, most: int = 200
) -> list[tuple[Notice, bool]]:
    """What is the case now, newest first, and whether this person has seen it; some go when seen."""
    seen = ~_unread(account_id)
    stays = sa.or_(Notice.kind.not_in(ONCE), ~seen)
    query = sa.select(Notice, seen).where(_open(kinds), stays).order_by(Notice.id.desc()).limit(most)
    return [(notice, bool(is_seen)) for notice, is_seen in session.execute(query)]


def past_notices(
    session: Session, account_id: int, kinds: Sequence[Kind], *, most: int = 30
) -> Sequence[Notice]:
    """What is over, newest first."""
    over = sa.or_(Notice.over_at.is_not(None), sa.and_(Notice.kind.in_(ONCE), ~_unread(account_id)))
    query = sa.select(Notice).where(Notice.kind.in_(kinds), over).order_by(Notice.id.desc()).limit(most)
    return session.scalars(query).all()


def channels(session: Session) -> Sequence[Channel]:
    """The lab's own first, then those of people."""
    return session.scalars(
        sa.select(Channel).order_by(Channel.account_id.is_not(None), by_name(Channel.name), Channel.id)
    ).all()


def listens(channel: Channel) -> bool:
    """Not resting, and not of somebody who left."""
    return channel.active and (channel.account is None or channel.account.active)


def last_deliveries(session: Session) -> dict[int, Delivery]:
    """channel → its newest delivery that was tried."""
    tried = sa.select(sa.func.max(Delivery.id)).where(
        sa.or_(Delivery.tries > 0, Delivery.state == DeliveryState.SENT)
    )
    newest = tried.group_by(Delivery.channel_id)
    rows = session.scalars(sa.select(Delivery).where(Delivery.id.in_(newest)))
    return {row.channel_id: row for row in rows}


def staff(session: Session) -> Sequence[Account]:
    """People who may have a channel of their own, by name."""
    works = Account.roles.any(RoleRow.name.in_([role.value for role in STAFF]))
    return session.scalars(
        sa.select(Account).where(Account.active, works).order_by(by_name(Account.name))
    ).all()

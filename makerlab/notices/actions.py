"""Verbs of notices: tell, settle, and what administrators do with channels.

`tell` writes the notice and its deliveries into the caller's transaction: what is committed is sent, what is
rolled back never happened. Sending is another process's work (sending.py).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from makerlab.core.audit import record
from makerlab.core.crypto import encrypt
from makerlab.core.errors import Invalid
from makerlab.core.language import LANGUAGES, _
from makerlab.notices.models import Channel, Delivery, DeliveryState, Kind, Notice, NoticeRead
from makerlab.notices.queries import listens
from makerlab.people.models import Account
from makerlab.people.rules import clean_text

KEPT = timedelta(days=90)
LONGEST_URL = 2000

Params = Mapping[str, Any]


def tell(session: Session, kind: Kind, about: str, params: Params, *, now: datetime) -> Notice | None:
    """Say once that something happened; None while the same is still open. `about`: e.g. `printer:7`.

    `params` are plain values for the sentence of the kind (text, whole numbers, decimals, days as ISO), and
    `path` of the page that helps.
    """
    notice = Notice(kind=kind, about=about, params=_plain(params), created_at=now)
    try:
        with session.begin_nested():  # the database refuses a second open one, also of another process
            session.add(notice)
    except IntegrityError:
        return None
    for channel in session.scalars(sa.select(Channel).where(Channel.active).order_by(Channel.id)):
        if kind in channel.kinds and listens(channel):
            session.add(Delivery(notice_id=notice.id, channel_id=channel.id))
    session.flush()
    return notice


def _plain(params: Params) -> dict[str, Any]:
    """Text in one short line: it stands in titles of messages, and some of it is a printer's own words."""
    return {key: clean_text(one, 120) if isinstance(one, str) else one for key, one in params.items()}


def settle(session: Session, kind: Kind, about: str, *, now: datetime) -> bool:
    """It is over: what was not sent yet is not sent, and the next time is told anew. False: none was open."""
    here = sa.and_(Notice.kind == kind, Notice.about == about, Notice.over_at.is_(None))
    return session.execute(sa.update(Notice).where(here).values(over_at=now)).rowcount == 1  # type: ignore[attr-defined, no-any-return]


def open_of(session: Session, kinds: Iterable[Kind]) -> set[tuple[Kind, str]]:
    """(kind, about) of all that is not over."""
    query = sa.select(Notice.kind, Notice.about).where(Notice.kind.in_(list(kinds)), Notice.over_at.is_(None))
    return {(kind, about) for kind, about in session.execute(query)}


def reconcile(
    session: Session, kinds: Iterable[Kind], found: Mapping[tuple[Kind, str], Params], *, now: datetime
) -> None:
    """Of these kinds exactly what was found is the case now: tell what is new, settle what is gone."""
    told = open_of(session, kinds)
    for kind, about in told - found.keys():
        settle(session, kind, about, now=now)
    for kind, about in found.keys() - told:
        tell(session, kind, about, found[kind, about], now=now)


def mark_read(session: Session, notice_ids: Iterable[int], account_id: int, *, now: datetime) -> None:
    """This person has seen these. Twice is once."""
    ids = set(notice_ids)
    mine = sa.and_(NoticeRead.account_id == account_id, NoticeRead.notice_id.in_(ids))
    known = set(session.scalars(sa.select(NoticeRead.notice_id).where(mine)))
    session.add_all(NoticeRead(notice_id=id_, account_id=account_id, at=now) for id_ in ids - known)
    session.flush()


def save_channel(
    session: Session, channel: Channel | None, *, name: str, url: str, account: Account | None,
    kinds: Iterable[Kind], language: str, quiet: tuple[int | None, int | None], urgent_always: bool, key: str,
    by_id: int, now: datetime,
) -> Channel:  # fmt: skip
    """A new channel, or a changed one; an empty `url` keeps the one there is. Raises Invalid."""
    if not (name := clean_text(name, 80)):
        raise Invalid(_("Der Kanal braucht einen Namen."))
    if channel is None and not url.strip():
        raise Invalid(_("Die Adresse fehlt."))
    if (quiet[0] is None) != (quiet[1] is None):
        raise Invalid(_("Ruhezeiten brauchen Anfang und Ende."))
    new = channel is None
    channel = channel or Channel(created_at=now)
    if url.strip():
        channel.url_encrypted = encrypt(checked_url(url), key)
    channel.name, channel.account_id = name, account.id if account else None
    channel.kinds = [kind.value for kind in kinds]
    channel.language = language if language in LANGUAGES else "de"
    channel.quiet_from, channel.quiet_until = quiet
    channel.urgent_always = urgent_always
    session.add(channel)
    session.flush()
    what = "channel.added" if new else "channel.changed"
    record(session, what, f"channel:{channel.id}", actor_id=by_id, now=now, new_url=bool(url.strip()))
    return channel


def checked_url(url: str) -> str:
    """The address as apprise understands it. Asks no network. Raises Invalid."""
    from apprise import Apprise  # half a second to import, and most processes never need it

    plain = url.strip()
    if len(plain) > LONGEST_URL or not plain.isprintable() or Apprise.instantiate(plain) is None:
        raise Invalid(
            _("Diese Adresse verstehen wir nicht."),
            way_out=_("Beispiel: ntfy://ntfy.sh/mein-thema oder mailto://…"),
        )
    return plain


def set_active(session: Session, channel: Channel, active: bool, *, by_id: int, now: datetime) -> None:
    """A channel that rests gets nothing; what waits for it is dropped."""
    if channel.active == active:
        return
    channel.active = active
    if not active:
        waiting = sa.and_(Delivery.channel_id == channel.id, Delivery.state == DeliveryState.WAITING)
        session.execute(sa.update(Delivery).where(waiting).values(state=DeliveryState.DROPPED))
    what = "channel.resumed" if active else "channel.rested"
    record(session, what, f"channel:{channel.id}", actor_id=by_id, now=now)


def sweep(session: Session, *, now: datetime) -> int:
    """Delete notices older than three months that are over or happen once; return how many."""
    old = sa.select(Notice.id).where(Notice.created_at < now - KEPT)
    gone = old.where(sa.or_(Notice.over_at.is_not(None), Notice.kind == Kind.ORDER_DONE))
    ids = session.scalars(gone).all()
    for table, column in (
        (NoticeRead, NoticeRead.notice_id),
        (Delivery, Delivery.notice_id),
        (Notice, Notice.id),
    ):
        session.execute(sa.delete(table).where(column.in_(ids)))
    return len(ids)

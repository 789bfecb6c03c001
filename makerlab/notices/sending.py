"""Sends what waits in the outbox, over apprise: e-mail, ntfy, Matrix and whatever else it knows.

At least once: a delivery is claimed (TRYING), sent with no transaction open, and marked. Killed between
sending and marking, the next process cannot know whether it arrived; it sends once more and says so in the
message. Pauses after failures are counted by a monotonic clock in this process: a clock that jumps by a day
delays nothing. Only quiet hours ask the wall clock, at the moment of sending.
"""

import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from cryptography.fernet import InvalidToken
from sqlalchemy.orm import Session

from makerlab.core.crypto import decrypt
from makerlab.core.database import SessionFactory, reading
from makerlab.core.language import speaking
from makerlab.core.logs import log
from makerlab.notices import rules
from makerlab.notices.models import Delivery, DeliveryState, Notice
from makerlab.notices.queries import listens
from makerlab.notices.words import MEANINGS, letter

AT_ONCE = 4  # a mail server that does not answer holds a thread for some seconds
TONES = {"good": "success", "warn": "warning", "bad": "failure"}  # as apprise names them
OPEN = (DeliveryState.WAITING, DeliveryState.TRYING)


@dataclass(frozen=True, slots=True)
class Message:
    """What goes over a channel. `url` is secret: it is never logged or shown."""

    url: str
    title: str
    text: str
    tone: str = "info"


Send = Callable[[Message], str]  # → code of the trouble, or empty when it was taken


def send(message: Message) -> str:
    """Hand it to the service and wait for its answer (some seconds at most)."""
    from apprise import Apprise, AppriseAsset  # half a second to import, and most processes never need it

    asset = AppriseAsset(app_id="Makerlab", async_mode=False, secure_logging=True)
    service = Apprise(asset=asset)
    if not service.add(message.url):
        return "unreadable"
    taken = service.notify(
        body=message.text, title=message.title, notify_type=TONES.get(message.tone, "info"),
        body_format="text",
    )  # fmt: skip
    return "" if taken else "refused"


class SendRound:
    """Called every few seconds: sends what is due, each in a thread, no two of one delivery at once."""

    def __init__(
        self,
        factory: SessionFactory,
        *,
        key: str,
        address: str,
        timezone: str,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        send: Send = send,
        pool: Executor | None = None,
    ) -> None:
        self.factory, self.key, self.address, self.timezone = factory, key, address, timezone
        self.clock, self.monotonic, self.send = clock, monotonic, send
        self.pool = pool or ThreadPoolExecutor(AT_ONCE, thread_name_prefix="notices")
        self._under_way: dict[int, Future[None]] = {}
        self._next: dict[int, float] = {}  # delivery → when it may be tried again, monotonic seconds

    def __call__(self) -> None:
        for id_ in [one for one, future in self._under_way.items() if future.done()]:
            if error := self._under_way.pop(id_).exception():
                log.error("notice not marked", delivery=id_, exc_info=error)
        for id_, tries in self._due():
            self._under_way[id_] = self.pool.submit(self._deliver, id_, tries)

    def _due(self) -> list[tuple[int, int]]:
        """(delivery, its tries so far) of all that may be sent now; what nobody wants any more is dropped."""
        now = self.clock()
        with reading(), self.factory() as session:
            rows = session.scalars(
                sa.select(Delivery).where(Delivery.state.in_(OPEN)).order_by(Delivery.id).limit(2000)
            ).all()
            waiting = [row for row in rows if row.id not in self._under_way]
            needless = {row.id for row in waiting if row.state is DeliveryState.WAITING and not _wanted(row)}
            rest = [row for row in waiting if row.id not in needless]
            due = [(row.id, row.tries) for row in rest if self._may(session, row, now)]
        if needless:
            self._drop(needless)
        return due

    def _may(self, session: Session, row: Delivery, now: datetime) -> bool:
        if self._next.get(row.id, 0.0) > self.monotonic():
            return False
        channel, urgent = row.channel, MEANINGS[row.notice.kind].urgent
        quiet = rules.is_quiet(now, self.timezone, channel.quiet_from, channel.quiet_until)
        if quiet and not (urgent and channel.urgent_always):
            return False
        return not rules.too_soon(now, _last_sent(session, row))

    def _drop(self, ids: set[int]) -> None:
        here = sa.and_(Delivery.id.in_(ids), Delivery.state == DeliveryState.WAITING)
        with self.factory.begin() as session:
            session.execute(sa.update(Delivery).where(here).values(state=DeliveryState.DROPPED))

    def _deliver(self, id_: int, tries: int) -> None:
        message = self._claim(id_, tries)
        if message is None:
            return
        trouble = self._sent(message)
        self._mark(id_, tries + 1, trouble)

    def _claim(self, id_: int, tries: int) -> Message | None:
        """None when somebody else got there first. A claim that was left behind may have been sent."""
        with self.factory.begin() as session:
            row = session.get(Delivery, id_)
            if row is None:
                return None
            left_behind = row.state is DeliveryState.TRYING
            here = sa.and_(Delivery.id == id_, Delivery.tries == tries, Delivery.state == row.state)
            maybe = row.maybe_sent or left_behind
            values = {"state": DeliveryState.TRYING, "tries": tries + 1, "maybe_sent": maybe}
            if session.execute(sa.update(Delivery).where(here).values(values)).rowcount != 1:  # type: ignore[attr-defined]
                return None
            session.refresh(row)
            return self._message(row)

    def _message(self, row: Delivery) -> Message:
        try:
            url = decrypt(row.channel.url_encrypted, self.key)
        except InvalidToken:
            url = ""  # the key file was lost: said as unreadable
        account, kind = row.channel.account, row.notice.kind
        with speaking(account.language if account else row.channel.language):
            title, text = letter(kind, row.notice.params, self.address, maybe_sent=row.maybe_sent)
        return Message(url, title, text, MEANINGS[kind].status.tone)

    def _sent(self, message: Message) -> str:
        try:
            return self.send(message)
        except Exception as error:  # noqa: BLE001 (some service of many; the others go on)
            log.error("notice not sent", words=type(error).__name__)
            return "broken"

    def _mark(self, id_: int, tries: int, trouble: str) -> None:
        """In a transaction of its own, at once: what lies between sending and this is sent twice."""
        state = DeliveryState.SENT
        if trouble:
            state = DeliveryState.GIVEN_UP if tries >= rules.MOST_TRIES else DeliveryState.WAITING
            self._next[id_] = self.monotonic() + rules.pause_s(tries)
        values = {"state": state, "error": trouble, "sent_at": None if trouble else self.clock()}
        with self.factory.begin() as session:
            session.execute(sa.update(Delivery).where(Delivery.id == id_).values(values))
        if not trouble:
            self._next.pop(id_, None)


def _wanted(row: Delivery) -> bool:
    """It is still the case, and whom it is for still listens."""
    return row.notice.over_at is None and listens(row.channel)


def _last_sent(session: Session, row: Delivery) -> datetime | None:
    """When the same kind about the same thing last went over this channel."""
    same = sa.and_(Notice.kind == row.notice.kind, Notice.about == row.notice.about)
    query = sa.select(sa.func.max(Delivery.sent_at)).join(Notice, Delivery.notice_id == Notice.id)
    return session.scalar(query.where(same, Delivery.channel_id == row.channel_id))

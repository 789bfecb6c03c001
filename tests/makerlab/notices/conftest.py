"""A lab with an outbox, clocks that a test moves, and receivers on this machine."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from makerlab.core.database import db
from makerlab.core.settings import Settings
from makerlab.notices.actions import save_channel, tell
from makerlab.notices.models import Channel, Delivery, DeliveryState, Kind, Notice
from makerlab.notices.sending import Message, Send, SendRound, send
from makerlab.people.models import Account
from tests.makerlab.conftest import Cast
from tests.makerlab.notices.receivers import MailReceiver, WebReceiver, listening
from tests.makerlab.production.conftest import Clock, Inline

PARAMS = {"printer": "Anton", "path": "/drucker/1", "text": "Thermal Runaway"}


@dataclass
class Post:
    """The outbox, and the worker's round that empties it."""

    session: Session
    settings: Settings
    clock: Clock
    emil: Account
    factory: Any
    send: Send = send
    sent: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new worker process: nothing remembered but the database."""
        self.round = SendRound(
            self.factory, key=self.settings.channel_key, address="http://lab.example",
            timezone="Europe/Berlin", clock=self.clock.wall, monotonic=self.clock.monotonic, send=self._send,
            pool=Inline(),
        )  # fmt: skip

    def _send(self, message: Message) -> str:
        self.sent.append(message)
        return self.send(message)

    def channel(self, url: str = "json://127.0.0.1:1/x", **more: Any) -> Channel:
        values = {
            "name": "Kanal", "account": None, "kinds": list(Kind), "language": "de", "quiet": (None, None),
            "urgent_always": True, **more,
        }  # fmt: skip
        channel = save_channel(
            self.session, None, url=url, key=self.settings.channel_key, by_id=self.emil.id,
            now=self.clock.now, **values,
        )  # fmt: skip
        self.session.commit()
        return channel

    def tell(self, kind: Kind = Kind.PRINTER_SILENT, about: str = "printer:1") -> Notice | None:
        notice = tell(self.session, kind, about, PARAMS, now=self.clock.now)
        self.session.commit()
        return notice

    def work(self, seconds: float = 2.0) -> None:
        """Rounds of the worker for so long. A round that is killed is one that raises."""
        self.session.rollback()
        self.clock.pass_(seconds)
        self.round()
        self.session.expire_all()

    def states(self) -> list[DeliveryState]:
        self.session.rollback()
        self.session.expire_all()
        return list(self.session.scalars(sa.select(Delivery.state).order_by(Delivery.id)))


@pytest.fixture
def post(app: Flask, session: Session, cast: Cast, settings: Settings, now: datetime) -> Post:
    return Post(session, settings, Clock(now), cast.emil, sessionmaker(db.engine, expire_on_commit=False))


@pytest.fixture
def web() -> Iterator[WebReceiver]:
    with listening(WebReceiver()) as server:
        yield server


@pytest.fixture
def mail() -> Iterator[MailReceiver]:
    with listening(MailReceiver()) as server:
        yield server

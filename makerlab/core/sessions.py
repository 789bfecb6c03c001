"""Server-side sessions: the browser holds a random id, the database holds its hash and the content."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, Request, Response
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import CallbackDict

from makerlab.core.clock import utcnow
from makerlab.core.database import Base, SessionFactory, db, reading, writing

LIFETIME = timedelta(hours=12)
TOUCH = timedelta(minutes=1)  # how often an otherwise unchanged session is written back

_json = TaggedJSONSerializer()


class WebSession(Base):
    __tablename__ = "web_session"

    id_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    content: Mapped[str] = mapped_column(sa.Text)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class StoredSession(CallbackDict[str, Any], SessionMixin):
    """A session's content and the random id that its browser holds; `id` is None before the first save."""

    def __init__(self, content: dict[str, Any] | None = None, session_id: str | None = None) -> None:
        super().__init__(content or {}, on_update=_mark)
        self.session_id = session_id
        self.replaced_id: str | None = None
        self.modified = False
        self.new = session_id is None
        self.stale = False

    def renew(self) -> None:
        """Give the session a new id, at sign-in and sign-out: an id known before is worth nothing after."""
        self.replaced_id, self.session_id = self.session_id, None
        self.modified = True


def _mark(changed: "CallbackDict[str, Any]") -> None:
    changed.modified = True  # type: ignore[attr-defined]


class DatabaseSessions(SessionInterface):
    """Flask's session interface over the table `web_session`, in short transactions of its own."""

    def __init__(self, factory: SessionFactory) -> None:
        self.factory = factory

    def open_session(self, app: Flask, request: Request) -> StoredSession:
        session_id = request.cookies.get(self.get_cookie_name(app))
        if not session_id or request.path.startswith("/static/"):
            return StoredSession()
        with reading(), self.factory() as database:
            row = database.get(WebSession, _hash(session_id))
        now = utcnow()
        if row is None or row.expires_at < now:
            return StoredSession()
        session = StoredSession(_json.loads(row.content), session_id)
        session.stale = row.expires_at - now < LIFETIME - TOUCH
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, StoredSession)  # noqa: S101 (we made it)
        response.vary.add("Cookie")
        if not (session.modified or session.stale) or (session.new and not session):
            return
        if session.session_id is None:
            session.session_id = secrets.token_urlsafe(32)
        # What the request did not commit is dropped; its transaction would keep ours out on SQLite.
        db.session.rollback()
        with writing(), self.factory.begin() as database:
            self._write(database, session, utcnow())
        response.set_cookie(
            self.get_cookie_name(app),
            session.session_id,
            httponly=True,
            secure=self.get_cookie_secure(app),
            samesite=self.get_cookie_samesite(app),
            path=self.get_cookie_path(app),
        )

    def _write(self, database: Session, session: StoredSession, now: datetime) -> None:
        if session.replaced_id:
            database.execute(sa.delete(WebSession).where(WebSession.id_hash == _hash(session.replaced_id)))
        content = _json.dumps(dict(session))
        database.merge(
            WebSession(id_hash=_hash(session.session_id or ""), content=content, expires_at=now + LIFETIME)
        )


def sweep(database: Session, now: datetime) -> int:
    """Delete sessions that ended; return how many."""
    return database.execute(sa.delete(WebSession).where(WebSession.expires_at < now)).rowcount  # type: ignore[attr-defined,no-any-return]


def _hash(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()

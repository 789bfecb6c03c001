"""Verbs of the kiosk: keeping what somebody had chosen, and calling for help."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.kiosk.models import Draft, HelpCall
from makerlab.kiosk.rules import MOST_PIECES


def keep_draft(
    session: Session, account_id: int, *, revision_id: int, now: datetime,
    colour_id: int | None = None, pieces: int | None = None,
) -> Draft:  # fmt: skip
    """Keep what this person chose so far. Another object begins a new draft with a token of its own."""
    draft = session.get(Draft, account_id)
    if draft is None:
        draft = Draft(account_id=account_id, choice={})
        session.add(draft)
    old = draft.choice if draft.choice.get("revision") == revision_id else {}
    draft.choice = {
        "revision": revision_id,
        "colour": colour_id or old.get("colour"),
        "pieces": min(max(pieces or old.get("pieces", 1), 1), MOST_PIECES),
        "token": old.get("token") or secrets.token_urlsafe(24),
    }
    draft.saved_at = now
    session.flush()
    return draft


def drop_draft(session: Session, account_id: int) -> None:
    session.execute(sa.delete(Draft).where(Draft.account_id == account_id))


def call_help(session: Session, *, account_id: int | None, page: str, now: datetime) -> HelpCall:
    """Call an instructor. Whoever calls again while nobody came has still called once."""
    mine = sa.select(HelpCall).where(HelpCall.account_id.is_not_distinct_from(account_id))
    open_ = session.scalar(mine.where(HelpCall.answered_at.is_(None)).order_by(HelpCall.id).limit(1))
    if open_ is not None:
        return open_
    call = HelpCall(account_id=account_id, page=page[:200], called_at=now)
    session.add(call)
    session.flush()
    return call


def answer_call(session: Session, call_id: int, *, by_id: int | None, now: datetime) -> bool:
    """Somebody came, or it is not needed any more; False when it was answered before."""
    here = sa.and_(HelpCall.id == call_id, HelpCall.answered_at.is_(None))
    values = {"answered_at": now, "answered_by_id": by_id}
    return session.execute(sa.update(HelpCall).where(here).values(values)).rowcount == 1  # type: ignore[attr-defined,no-any-return]

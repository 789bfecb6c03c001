"""Locks of signing in as an instructor sees them: with names instead of subjects."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.language import lazy
from makerlab.people.entrance import gates, subjects_of
from makerlab.people.models import Account
from makerlab.people.rules import Gate

KINDS = {
    "number": lazy("PIN am Kiosk"),
    "kiosk": lazy("Kiosk"),
    "email": lazy("Passwort am Rechner"),
    "address": lazy("Rechner"),
}


@dataclass(frozen=True)
class Lock:
    subject: str
    kind: Any
    name: str
    gate: Gate


def shown_locks(session: Session, now: datetime) -> list[Lock]:
    """All people, kiosks and addresses that may not try now."""
    closed = gates(session, now)
    people = _names(session) if closed else {}
    return [_lock(subject, gate, people) for subject, gate in sorted(closed.items())]


def _lock(subject: str, gate: Gate, people: dict[str, str]) -> Lock:
    kind, _colon, rest = subject.partition(":")
    unknown = "–" if kind == "email" else rest  # nobody's e-mail: only its hash is known
    return Lock(subject, KINDS[kind], people.get(subject, unknown), gate)


def _names(session: Session) -> dict[str, str]:
    accounts = session.scalars(sa.select(Account))
    return {subject: account.name for account in accounts for subject in subjects_of(account)}

"""Who is it? By card, by number and PIN, by e-mail and password; and what failing costs.

A failure must be counted although the request is refused. So these verbs, unlike all others, commit: first
the count, then they raise. Call them before anything else of the request is written.

Cards are let in whatever was guessed before: 128 random bits cannot be guessed, and the owner of a card must
not be kept out by somebody who plays with the keypad.
"""

import hashlib
import re
import zlib
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.audit import record
from makerlab.core.crypto import code_hash
from makerlab.core.errors import Forbidden, MakerlabError, TooOften
from makerlab.core.language import _, ngettext
from makerlab.people import rules
from makerlab.people.hashes import matches
from makerlab.people.models import Account, Card, SignInFailure
from makerlab.people.rules import Gate, Patience

PATIENCE = {"number": rules.PERSON, "kiosk": rules.KIOSK, "email": rules.EMAIL, "address": rules.ADDRESS}


def who_by_card(session: Session, code: str, *, kiosk: str, now: datetime) -> Account:
    """The active person whose valid card has this code. `kiosk` is the kiosk's address.

    Raises Forbidden, or TooOften while this kiosk waits.
    """
    account = session.scalar(
        sa.select(Account)
        .join(Card, Card.account_id == Account.id)
        .where(Card.code_hash == _safe_hash(code), Card.revoked_at.is_(None), Account.active)
    )
    if account is None:
        subjects = [f"kiosk:{kiosk}"]
        _hold(session, subjects, now)
        raise _failed(session, subjects, now)
    _forgive(session, [f"number:{account.number}"])
    return account


def who_by_pin(session: Session, number: str, pin: str, *, kiosk: str, now: datetime) -> Account:
    """The active person with this number and PIN. Raises Forbidden or TooOften (both count)."""
    number = number.strip()
    subjects = [f"kiosk:{kiosk}"] + ([f"number:{number}"] if re.fullmatch("[0-9]{4}", number) else [])
    _hold(session, subjects, now)
    account = session.scalar(sa.select(Account).where(Account.number == _safe(number), Account.active))
    if not matches(pin, account.pin_hash if account else None) or account is None:
        raise _failed(session, subjects, now)
    _forgive(session, [f"number:{account.number}"])
    return account


def who_by_password(session: Session, email: str, password: str, *, address: str, now: datetime) -> Account:
    """The active person with this e-mail and password. Raises Forbidden or TooOften."""
    plain = rules.clean_email(email) or ""
    subjects = [f"address:{address}", _email_subject(plain)]
    _hold(session, subjects, now)
    account = session.scalar(sa.select(Account).where(Account.email == plain, Account.active))
    if not matches(password, account.password if account else None) or account is None:
        raise _failed(session, subjects, now)
    _forgive(session, [_email_subject(plain)])
    return account


def clear_failures(session: Session, subject: str, *, by_id: int | None, now: datetime) -> None:
    """Let a person or a kiosk try again, e.g. `number:4711`, `kiosk:10.0.0.5`."""
    _forgive(session, [subject])
    record(session, "sign_in.cleared", subject, actor_id=by_id, now=now)


def subjects_of(account: Account) -> list[str]:
    """Under what the failures of this person are counted."""
    return [f"number:{account.number}"] + ([_email_subject(account.email)] if account.email else [])


def gates(session: Session, now: datetime, subjects: list[str] | None = None) -> Mapping[str, Gate]:
    """All (or these) subjects that may not try now, and why."""
    query = sa.select(SignInFailure.subject, SignInFailure.at)
    if subjects is not None:
        query = query.where(SignInFailure.subject.in_(subjects))
    failures: dict[str, list[datetime]] = {}
    for subject, at in session.execute(query):
        failures.setdefault(subject, []).append(at)
    found = {subject: rules.gate(times, _patience(subject), now) for subject, times in failures.items()}
    return {subject: gate for subject, gate in found.items() if not gate.open}


def _patience(subject: str) -> Patience:
    return PATIENCE[subject.partition(":")[0]]


def _hold(session: Session, subjects: list[str], now: datetime) -> None:
    """Raise TooOften while one of them must wait."""
    _one_at_a_time(session, subjects)
    for gate in gates(session, now, subjects).values():
        raise _too_often(gate, now)


def _too_often(gate: Gate, now: datetime) -> TooOften:
    if gate.wait_until is None:
        return TooOften(_("Das war zu oft falsch."), way_out=_("Holen Sie bitte Hilfe."))
    minutes = max(1, -(-int((gate.wait_until - now).total_seconds()) // 60))
    wait = ngettext("Warten Sie %(num)s Minute.", "Warten Sie %(num)s Minuten.", minutes)
    return TooOften(_("Das war zu oft falsch."), way_out=wait)


def _failed(session: Session, subjects: list[str], now: datetime) -> MakerlabError:
    """Count one failure for each subject and commit; the error to raise says nothing about what was wrong."""
    session.execute(sa.insert(SignInFailure), [{"subject": subject, "at": now} for subject in subjects])
    for subject in subjects:
        window = _patience(subject).window
        if window is not None:  # whoever may try is not locked: what is older than the window counts no more
            old = (SignInFailure.subject == subject, SignInFailure.at < now - window)
            session.execute(sa.delete(SignInFailure).where(*old))
    for subject, gate in gates(session, now, subjects).items():
        if gate.locked:
            record(session, "sign_in.locked", subject, actor_id=None, now=now)
    session.commit()
    return Forbidden(
        _("Das hat nicht gepasst."), way_out=_("Versuchen Sie es noch einmal. Oder holen Sie Hilfe.")
    )


def _forgive(session: Session, subjects: list[str]) -> None:
    session.execute(sa.delete(SignInFailure).where(SignInFailure.subject.in_(subjects)))


def _one_at_a_time(session: Session, subjects: list[str]) -> None:
    """On PostgreSQL, where many could try at once before a failure is counted; SQLite has one writer."""
    if session.get_bind().dialect.name == "postgresql":
        for subject in sorted(subjects):
            session.execute(sa.select(sa.func.pg_advisory_xact_lock(4712, zlib.crc32(subject.encode()) >> 1)))


def _email_subject(email: str) -> str:
    return f"email:{hashlib.sha256(email.encode()).hexdigest()[:32]}"


def _safe(text: str) -> str:
    """PostgreSQL refuses NUL and half surrogates; nobody's number or code has any."""
    return rules.clean_text(text, 64)


def _safe_hash(code: str) -> str:
    return code_hash(_safe(code))

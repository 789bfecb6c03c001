"""Verbs about people: accounts, roles, cards and secrets. How they get in stands in `entrance`.

Each takes `by_id`, the account that does it; None is the program itself (seeding, commands) and may do all.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.access import Role
from makerlab.core.audit import record
from makerlab.core.crypto import code_hash, new_code
from makerlab.core.errors import Conflict, Forbidden, Invalid
from makerlab.core.language import LANGUAGES, _
from makerlab.people import rules
from makerlab.people.hashes import hash_secret
from makerlab.people.models import Account, Card, RoleRow

# Start passwords are read out and typed once: no characters that look alike.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def create_account(
    session: Session,
    *,
    name: str,
    roles: Iterable[Role],
    email: str | None = None,
    password: str | None = None,
    pin: str | None = None,
    language: str = "de",
    site_id: int | None = None,
    by_id: int | None = None,
    now: datetime,
) -> Account:
    """A new account with a free number.

    Raises Invalid (a name, e-mail, password, PIN or language that will not do), Conflict (e-mail taken) and
    Forbidden (a role that `by_id` may not give).
    """
    account = Account(
        number=_free_number(session),
        name=_checked_name(name),
        email=_free_email(session, email),
        password=_hashed_password(password),
        pin_hash=_hashed_pin(pin),
        language=_known_language(language),
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        site_id=site_id,
        created_at=now,
    )
    session.add(account)
    session.flush()
    _note(session, "account.created", account, by_id, now)
    for role in roles:
        give_role(session, account, role, by_id=by_id, now=now)
    return account


def give_role(session: Session, account: Account, role: Role, *, by_id: int | None, now: datetime) -> None:
    """Raises Forbidden: nobody changes their own roles, only administrators make administrators."""
    _may_change_role(session, account, role, by_id)
    if not account.has_role(role):
        account.roles.append(session.scalars(sa.select(RoleRow).where(RoleRow.name == role.value)).one())
        session.flush()
        _note(session, "role.given", account, by_id, now, role=role.value)


def take_role(session: Session, account: Account, role: Role, *, by_id: int | None, now: datetime) -> None:
    """Raises Forbidden as `give_role`."""
    _may_change_role(session, account, role, by_id)
    if account.has_role(role):
        account.roles = [row for row in account.roles if row.name != role.value]
        session.flush()
        _note(session, "role.taken", account, by_id, now, role=role.value)


def issue_card(session: Session, account: Account, *, by_id: int | None, now: datetime) -> str:
    """A new card; returns its code, which nobody can look up again. Old cards stay valid."""
    _may_manage(session, account, by_id)
    code = new_code()
    card = Card(account_id=account.id, code_hash=code_hash(code), issued_at=now, issued_by_id=by_id)
    session.add(card)
    session.flush()
    _note(session, "card.issued", account, by_id, now, card=card.id)
    return code


def revoke_card(session: Session, card: Card, *, by_id: int | None, now: datetime) -> None:
    _may_manage(session, card.account, by_id)
    if card.revoked_at is None:
        card.revoked_at = now
        _note(session, "card.revoked", card.account, by_id, now, card=card.id)


def revoke_cards(session: Session, account: Account, *, by_id: int | None, now: datetime) -> None:
    """Revoke all cards of a person, e.g. because one was lost."""
    valid = sa.select(Card).where(Card.account_id == account.id, Card.revoked_at.is_(None))
    for card in session.scalars(valid):
        revoke_card(session, card, by_id=by_id, now=now)


def set_pin(session: Session, account: Account, pin: str, *, by_id: int | None, now: datetime) -> None:
    """Raises Invalid when the PIN is no six digits or too easy."""
    _may_manage(session, account, by_id)
    account.pin_hash = _hashed_pin(pin, needed=True)
    _note(session, "pin.set", account, by_id, now)


def set_password(
    session: Session, account: Account, password: str, *, by_id: int | None, now: datetime
) -> None:
    """Ends all sessions of the account: whoever knew the old password is out. Raises Invalid."""
    _may_manage(session, account, by_id)
    account.password = _hashed_password(password, needed=True)
    account.fs_uniquifier = secrets.token_hex(32)
    _note(session, "password.set", account, by_id, now)


def new_password() -> str:
    """A start password to read out: four groups of four, about 79 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _n in range(4)) for _group in range(4))


def set_language(session: Session, account: Account, code: str, *, by_id: int | None, now: datetime) -> None:
    if account.language != _known_language(code):
        account.language = code
        _note(session, "language.set", account, by_id, now, language=code)


def set_active(session: Session, account: Account, active: bool, *, by_id: int | None, now: datetime) -> None:
    """An inactive account gets in nowhere; its sessions end at once. Raises Forbidden."""
    _may_manage(session, account, by_id)
    if account.id == by_id:
        raise Forbidden(_("Ihr eigenes Konto sperrt jemand anders."), way_out=_("Fragen Sie die Verwaltung."))
    if account.active != active:
        account.active = active
        _note(session, "account.opened" if active else "account.closed", account, by_id, now)


def _note(
    session: Session, action: str, account: Account, by_id: int | None, now: datetime, **details: str | int
) -> None:
    record(session, action, f"account:{account.id}", actor_id=by_id, now=now, **details)


def _roles_of(session: Session, account_id: int | None) -> set[str]:
    if account_id is None:
        return {Role.ADMINISTRATOR}
    return {row.name for row in session.get_one(Account, account_id).roles}


def _may_manage(session: Session, account: Account, by_id: int | None) -> None:
    if account.id != by_id and not rules.may_manage(
        {row.name for row in account.roles}, _roles_of(session, by_id)
    ):
        raise Forbidden(_("Dieses Konto ändert nur die Verwaltung."), way_out=_("Fragen Sie die Verwaltung."))


def _may_change_role(session: Session, account: Account, role: Role, by_id: int | None) -> None:
    if account.id == by_id:
        raise Forbidden(_("Ihre Rollen ändert jemand anders."), way_out=_("Fragen Sie die Verwaltung."))
    if not rules.may_change_role(role.value, _roles_of(session, by_id)):
        raise Forbidden(_("Diese Rolle vergibt nur die Verwaltung."), way_out=_("Fragen Sie die Verwaltung."))
    _may_manage(session, account, by_id)


def _free_number(session: Session) -> str:
    """A random number of four digits that nobody has: numbers in a row would name the newest people."""
    taken = set(session.scalars(sa.select(Account.number)))
    free = [number for number in range(1000, 10_000) if str(number) not in taken]
    if not free:
        raise Conflict(_("Alle Nummern sind vergeben."), way_out=_("Rufen Sie die Verwaltung."))
    return str(secrets.choice(free))


def _checked_name(name: str) -> str:
    clean = rules.clean_name(name)
    if clean is None:
        raise Invalid(_("Dieser Name geht nicht."), way_out=_("Schreiben Sie 1 bis 120 sichtbare Zeichen."))
    return clean


def _free_email(session: Session, email: str | None) -> str | None:
    if not email or not email.strip():
        return None
    plain = rules.clean_email(email)
    if plain is None:
        raise Invalid(_("Diese E-Mail-Adresse geht nicht."), way_out=_("Prüfen Sie die Schreibweise."))
    if session.scalar(sa.select(Account.id).where(Account.email == plain)) is not None:
        raise Conflict(_("Diese E-Mail-Adresse hat schon ein Konto."), way_out=_("Suchen Sie das Konto."))
    return plain


def _hashed_password(password: str | None, *, needed: bool = False) -> str | None:
    if not password and not needed:
        return None
    if not rules.password_will_do(password or ""):
        raise Invalid(_("Dieses Passwort geht nicht."), way_out=_("Nehmen Sie 12 bis 128 Zeichen."))
    return hash_secret(password or "")


def _hashed_pin(pin: str | None, *, needed: bool = False) -> str | None:
    if not pin and not needed:
        return None
    if not rules.pin_will_do(pin or ""):
        raise Invalid(_("Diese PIN geht nicht."), way_out=_("Nehmen Sie 6 Ziffern, keine Reihe."))
    return hash_secret(pin or "")


def _known_language(code: str) -> str:
    if code not in LANGUAGES:
        raise Invalid(_("Diese Sprache gibt es nicht."), way_out=_("Wählen Sie eine aus der Liste."))
    return code

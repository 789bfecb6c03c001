"""Verbs about people: accounts, roles, cards and secrets. How they get in stands in `entrance`."""

import secrets
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.access import Role
from makerlab.core.audit import record
from makerlab.core.errors import Conflict, Forbidden, Invalid
from makerlab.core.language import LANGUAGES, _
from makerlab.people import rules
from makerlab.people.hashes import hash_secret
from makerlab.people.models import Account, RoleRow


def create_account(
    session: Session,
    *,
    name: str,
    roles: Sequence[Role],
    email: str | None = None,
    password: str | None = None,
    pin: str | None = None,
    language: str = "de",
    site_id: int | None = None,
    by: Account | None = None,
    now: datetime,
) -> Account:
    """A new account with a free number. `by` is None when the program itself makes it.

    Raises Invalid (a name, e-mail, password, PIN or language that will not do) and Conflict (e-mail taken).
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
    by_id = by.id if by else None
    record(session, "account.created", f"account:{account.id}", actor_id=by_id, now=now)
    for role in roles:
        give_role(session, account, role, by=by, now=now)
    return account


def give_role(session: Session, account: Account, role: Role, *, by: Account | None, now: datetime) -> None:
    """Raises Forbidden when `by` may not give it: nobody to themselves, administrator by administrators."""
    _may_change_roles(account, role, by)
    if account.has_role(role):
        return
    account.roles.append(session.scalars(sa.select(RoleRow).where(RoleRow.name == role.value)).one())
    session.flush()
    record(
        session, "role.given", f"account:{account.id}",
        actor_id=by.id if by else None, now=now, role=role.value,
    )  # fmt: skip


def _may_change_roles(account: Account, role: Role, by: Account | None) -> None:
    if by is None:
        return
    if by.id == account.id:
        raise Forbidden(_("Ihre eigenen Rollen ändert jemand anders."), way_out=_("Fragen Sie die Verwaltung."))
    if role is Role.ADMINISTRATOR and not by.has_role(Role.ADMINISTRATOR):
        raise Forbidden(_("Diese Rolle vergibt nur die Verwaltung."), way_out=_("Fragen Sie die Verwaltung."))


def _free_number(session: Session) -> str:
    """A random number of four digits that nobody has: numbers in a row would name the newest people."""
    taken = set(session.scalars(sa.select(Account.number)))
    free = [number for number in range(1000, 10_000) if str(number) not in taken]
    if not free:
        raise Conflict(_("Alle Nummern sind vergeben."), way_out=_("Löschen Sie alte Konten."))
    return str(secrets.choice(free))


def _checked_name(name: str) -> str:
    clean = rules.clean_name(name)
    if clean is None:
        raise Invalid(_("Dieser Name geht nicht."), way_out=_("Schreiben Sie 1 bis 120 sichtbare Zeichen."))
    return clean


def _free_email(session: Session, email: str | None, *, except_id: int | None = None) -> str | None:
    if not email or not email.strip():
        return None
    plain = rules.clean_email(email)
    if plain is None:
        raise Invalid(_("Diese E-Mail-Adresse geht nicht."), way_out=_("Prüfen Sie die Schreibweise."))
    holder = session.scalar(sa.select(Account.id).where(Account.email == plain))
    if holder not in (None, except_id):
        raise Conflict(_("Diese E-Mail-Adresse hat schon ein Konto."), way_out=_("Suchen Sie das Konto."))
    return plain


def _hashed_password(password: str | None) -> str | None:
    if not password:
        return None
    if not rules.password_will_do(password):
        raise Invalid(_("Dieses Passwort geht nicht."), way_out=_("Nehmen Sie 12 bis 128 Zeichen."))
    return hash_secret(password)


def _hashed_pin(pin: str | None) -> str | None:
    if not pin:
        return None
    if not rules.pin_will_do(pin):
        raise Invalid(_("Diese PIN ist zu leicht."), way_out=_("Nehmen Sie 6 Ziffern, keine Reihe."))
    return hash_secret(pin)


def _known_language(code: str) -> str:
    if code not in LANGUAGES:
        raise Invalid(_("Diese Sprache gibt es nicht."), way_out=_("Wählen Sie eine aus der Liste."))
    return code

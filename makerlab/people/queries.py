"""Reads about people."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.access import Role
from makerlab.core.alphabet import by_name
from makerlab.core.audit import AuditLine
from makerlab.core.errors import NotFound
from makerlab.core.language import _
from makerlab.people.models import Account, Card, RoleRow
from makerlab.people.rules import clean_text

PAGE = 50  # people


@dataclass(frozen=True)
class People:
    accounts: list[Account]
    count: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))


def find_people(
    session: Session, *, text: str = "", role: Role | None = None, active: bool | None = True, page: int = 1
) -> People:
    """One page of the people whose name, number or e-mail contains `text`, by name."""
    query = sa.select(Account)
    if words := clean_text(text, 100):
        fields = (Account.name, Account.number, Account.email)
        query = query.where(sa.or_(*(field.icontains(words, autoescape=True) for field in fields)))
    if role is not None:
        query = query.where(Account.roles.any(RoleRow.name == role.value))
    if active is not None:
        query = query.where(Account.active == active)
    count = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    shown = query.order_by(by_name(Account.name), Account.id).limit(PAGE).offset((page - 1) * PAGE)
    return People(list(session.scalars(shown)), count)


def person(session: Session, account_id: int) -> Account:
    """Raises NotFound."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound(_("Diese Person gibt es hier nicht."), way_out=_("Suchen Sie in der Liste."))
    return account


def cards_of(session: Session, account_id: int) -> list[Card]:
    """Newest first."""
    query = sa.select(Card).where(Card.account_id == account_id).order_by(Card.id.desc())
    return list(session.scalars(query))


def card_of(session: Session, account_id: int, card_id: int) -> Card:
    """Raises NotFound, also when the card is somebody else's."""
    card = session.get(Card, card_id)
    if card is None or card.account_id != account_id:
        raise NotFound(_("Diese Karte gibt es hier nicht."), way_out=_("Laden Sie die Seite neu."))
    return card


def history_of(session: Session, account_id: int, longest: int = 50) -> list[tuple[AuditLine, str]]:
    """The newest lines of the audit log about a person, each with the name of who did it (or '')."""
    query = (
        sa.select(AuditLine, Account.name)
        .outerjoin(Account, Account.id == AuditLine.actor_id)
        .where(AuditLine.subject == f"account:{account_id}")
        .order_by(AuditLine.id.desc())
        .limit(longest)
    )
    return [(line, name or "") for line, name in session.execute(query)]

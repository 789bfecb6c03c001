"""Reads about training."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.access import Role
from makerlab.core.alphabet import by_name
from makerlab.people.models import Account, RoleRow
from makerlab.people.rules import clean_text
from makerlab.training.models import Instruction

Ends = dict[tuple[int, str], date]

LEARNERS = (Role.TRAINEE.value, Role.INSTRUCTOR.value)


def learners(session: Session, text: str = "") -> list[Account]:
    """Active people who run machines, by name; `text` is part of a name or number."""
    query = sa.select(Account).where(Account.active, Account.roles.any(RoleRow.name.in_(LEARNERS)))
    if words := clean_text(text, 100):
        found = (field.icontains(words, autoescape=True) for field in (Account.name, Account.number))
        query = query.where(sa.or_(*found))
    return list(session.scalars(query.order_by(by_name(Account.name), Account.id)))


def last_days(session: Session, account_ids: Sequence[int]) -> Ends:
    """(account, machine) → the last valid day of the longest instruction that was not taken back."""
    query = (
        sa.select(Instruction.account_id, Instruction.machine, sa.func.max(Instruction.valid_until))
        .where(Instruction.account_id.in_(account_ids), Instruction.revoked_at.is_(None))
        .group_by(Instruction.account_id, Instruction.machine)
    )
    return {(account_id, machine): until for account_id, machine, until in session.execute(query)}


def instructed_machines(session: Session, account_id: int, *, today: date) -> set[str]:
    """Machine models that this person may run today."""
    query = sa.select(Instruction.machine).where(
        Instruction.account_id == account_id,
        Instruction.revoked_at.is_(None),
        Instruction.valid_until >= today,
    )
    return set(session.scalars(query))

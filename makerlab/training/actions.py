"""Verbs of training: give and take back a safety instruction, and ask whether one is valid."""

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.profiles import load
from makerlab.core.audit import record
from makerlab.core.errors import Conflict, Invalid
from makerlab.core.language import _
from makerlab.people.models import Account
from makerlab.training.models import Instruction
from makerlab.training.rules import add_months


def instruct(
    session: Session, account: Account, machine: str, *, by: Account, now: datetime, months: int,
    known: Collection[str] | None = None,
) -> Instruction:  # fmt: skip
    """Document that `by` instructed a person for a machine model (key of `designs.profiles`).

    `known` are the models of the lab; without it those that come with us. Valid for `months`, the last day
    included. Raises Invalid (no such machine) and Conflict (oneself, or a
    closed account).
    """
    if machine not in (load().machines if known is None else known):
        raise Invalid(_("Dieses Modell gibt es nicht."), way_out=_("Wählen Sie eines aus der Liste."))
    if account.id == by.id:
        raise Conflict(_("Niemand unterweist sich selbst."), way_out=_("Fragen Sie eine andere Anleitung."))
    if not account.active:
        raise Conflict(_("Dieses Konto ist gesperrt."), way_out=_("Öffnen Sie zuerst das Konto."))
    until = add_months(now.date(), months)
    given = Instruction(
        account_id=account.id, machine=machine, given_by_id=by.id, given_at=now, valid_until=until
    )
    session.add(given)
    session.flush()
    _note(session, "instruction.given", given, by, now)
    return given


def revoke(session: Session, instruction: Instruction, *, by: Account, now: datetime) -> None:
    """Take one instruction back, e.g. after an unsafe run."""
    if instruction.revoked_at is None:
        instruction.revoked_at = now
        _note(session, "instruction.revoked", instruction, by, now)


def revoke_all(session: Session, account: Account, machine: str, *, by: Account, now: datetime) -> None:
    """Take back all instructions of a person for a machine model: none of them counts after."""
    mine = (Instruction.account_id == account.id, Instruction.machine == machine)
    for given in session.scalars(sa.select(Instruction).where(*mine, Instruction.revoked_at.is_(None))):
        revoke(session, given, by=by, now=now)


def has_valid_instruction(session: Session, account_id: int, machine: str, *, today: date) -> bool:
    """Whether this person may run this machine model today."""
    query = sa.select(Instruction.id).where(
        Instruction.account_id == account_id,
        Instruction.machine == machine,
        Instruction.revoked_at.is_(None),
        Instruction.valid_until >= today,
    )
    return session.scalar(query.limit(1)) is not None


def _note(session: Session, action: str, given: Instruction, by: Account, now: datetime) -> None:
    subject = f"account:{given.account_id}"
    record(session, action, subject, actor_id=by.id, now=now, machine=given.machine, instruction=given.id)

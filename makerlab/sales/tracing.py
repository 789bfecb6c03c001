"""Batches: back from pieces in stock to the print, the plate, the filament and the people that made them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.models import Revision
from makerlab.fleet.models import Printer
from makerlab.materials.models import Spool
from makerlab.people.models import Account
from makerlab.production.models import Attempt, AttemptStep, Order, Plate
from makerlab.stock.models import StockMovement, StockReason


@dataclass(frozen=True, slots=True)
class Batch:
    """The good pieces of one print. `code` stands on labels."""

    attempt_id: int
    product_id: int
    at: datetime
    pieces: int
    printer: str
    order_id: int
    plate: int
    revision: int
    material: str | None
    lot: str | None

    @property
    def code(self) -> str:
        return f"A{self.attempt_id}"


def batches_of(session: Session, product_id: int, *, most: int = 6) -> list[Batch]:
    """The newest batches of a product."""
    newest = _batches().where(StockMovement.product_id == product_id)
    rows = session.execute(newest.order_by(StockMovement.id.desc()).limit(most))
    return [Batch(*row) for row in rows]


def batch_of(session: Session, attempt_id: int) -> Batch | None:
    row = session.execute(_batches().where(StockMovement.attempt_id == attempt_id)).first()
    return Batch(*row) if row else None


def people_of(session: Session, attempt_id: int) -> Sequence[Any]:
    """(name, step) of everybody who had a hand in it."""
    return session.execute(
        sa.select(Account.name, AttemptStep.step)
        .join(Account, Account.id == AttemptStep.account_id)
        .where(AttemptStep.attempt_id == attempt_id)
        .order_by(AttemptStep.id)
    ).all()


def _batches() -> sa.Select[Any]:
    return (
        sa.select(
            StockMovement.attempt_id, StockMovement.product_id, StockMovement.at, StockMovement.pieces,
            Printer.name, Plate.order_id, Plate.number, Revision.number, Spool.material, Spool.lot,
        )
        .join(Attempt, Attempt.id == StockMovement.attempt_id)
        .join(Printer, Printer.id == Attempt.printer_id)
        .join(Plate, Plate.id == Attempt.plate_id)
        .join(Order, Order.id == Plate.order_id)
        .join(Revision, Revision.id == Order.revision_id)
        .outerjoin(Spool, Spool.id == Attempt.spool_id)
        .where(StockMovement.reason == StockReason.PRODUCED)
    )  # fmt: skip

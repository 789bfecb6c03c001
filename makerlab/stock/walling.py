"""What the wall of designs shows of the stock: pieces on hand, and pieces made so far."""

from threading import Lock

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, aliased

from makerlab.catalog.wall.measures import Measured, register_measure
from makerlab.stock.models import Product, StockMovement, StockReason


class Tally:
    """The sums by design of finished pieces, up to a line of the ledger. Lines are only ever added, one after
    another, so that the next page has to read only what came since."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.last_id = 0
        self.stock: dict[int, int] = {}
        self.made: dict[int, int] = {}

    def up_to_date(self, session: Session) -> "Tally":
        with self._lock:
            newest = session.scalar(sa.select(sa.func.max(StockMovement.id))) or 0
            new = session.execute(_between(self.last_id, newest)).all() if newest > self.last_id else []
            if new:  # other pages may be reading the sums as they were
                self.stock = _added(self.stock, {row[0]: int(row[1]) for row in new})
                self.made = _added(self.made, {row[0]: int(row[2]) for row in new})
            self.last_id = newest
        return self


def _added(sums: dict[int, int], more: dict[int, int]) -> dict[int, int]:
    return {**sums, **{key: sums.get(key, 0) + pieces for key, pieces in more.items()}}


def _between(last_id: int, newest: int) -> sa.Select[tuple[int, int, int]]:
    """Made is what was printed or assembled; taking that back counts against it."""
    back = aliased(StockMovement)
    makes = (StockReason.PRODUCED, StockReason.ASSEMBLED)
    made = sa.or_(StockMovement.reason.in_(makes), back.reason.in_(makes))
    return (
        sa.select(
            Product.design_id, sa.func.sum(StockMovement.pieces),
            sa.func.sum(sa.case((made, StockMovement.pieces), else_=0)),
        )
        .join(Product, Product.id == StockMovement.product_id)
        .outerjoin(back, back.id == StockMovement.reverses_id)
        .where(StockMovement.id > last_id, StockMovement.id <= newest, Product.finish == "")
        .group_by(Product.design_id)
    )  # fmt: skip


def register_stock(app: Flask) -> None:
    """One tally for each running application."""
    tally = Tally()

    def stock(session: Session) -> Measured:
        return Measured(tally.up_to_date(session).last_id, tally.stock)

    def made(_session: Session) -> Measured:
        return Measured(tally.last_id, tally.made)  # asked after the stock, in the same page

    register_measure(app, "stock", stock)
    register_measure(app, "made", made)

"""The sums of the stock ledger, kept beside it: a read costs the same after years. The lines count."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.stock.models import Balance, StockMovement

Key = tuple[int, int]  # product, place


def add(session: Session, product_id: int, place_id: int, pieces: int) -> None:
    """Change a sum in the transaction of the line that changes it. The caller has the ledger's turn."""
    here = sa.and_(Balance.product_id == product_id, Balance.place_id == place_id)
    changed = sa.update(Balance).where(here).values(pieces=Balance.pieces + pieces)
    if session.execute(changed).rowcount == 0:  # type: ignore[attr-defined]
        values = {"product_id": product_id, "place_id": place_id, "pieces": pieces}
        session.execute(sa.insert(Balance).values(values))


def add_all(session: Session, changes: Mapping[Key, int]) -> None:
    """Change many sums at once, for lists."""
    there = everything(session)
    old = [(key, pieces) for key, pieces in changes.items() if key in there]
    new = [(key, pieces) for key, pieces in changes.items() if key not in there]
    if new:
        rows = [{"product_id": key[0], "place_id": key[1], "pieces": pieces} for key, pieces in new]
        session.execute(sa.insert(Balance), rows)
    if old:
        rows = [
            {"product_id": key[0], "place_id": key[1], "pieces": there[key] + pieces} for key, pieces in old
        ]
        session.execute(sa.update(Balance), rows)


def at(session: Session, product_id: int, place_id: int) -> int:
    """Pieces of a product at a place."""
    found = sa.select(Balance.pieces).where(Balance.product_id == product_id, Balance.place_id == place_id)
    return session.scalar(found) or 0


def everything(session: Session) -> dict[Key, int]:
    """(product, place) → pieces, of all that was ever booked."""
    rows = session.execute(sa.select(Balance.product_id, Balance.place_id, Balance.pieces))
    return {(row.product_id, row.place_id): row.pieces for row in rows}


def of_place(session: Session, place_id: int) -> dict[int, int]:
    """Product → pieces, of what a place holds."""
    held = sa.select(Balance.product_id, Balance.pieces).where(
        Balance.place_id == place_id, Balance.pieces > 0
    )
    return {row.product_id: row.pieces for row in session.execute(held)}


def differences(session: Session) -> dict[Key, tuple[int, int]]:
    """(product, place) → (kept sum, sum of the lines) where they are not the same. Reads the whole ledger."""
    kept = everything(session)
    lines = sa.select(StockMovement.product_id, StockMovement.place_id, sa.func.sum(StockMovement.pieces))
    told = {
        (product_id, place_id): int(pieces)
        for product_id, place_id, pieces in session.execute(
            lines.group_by(StockMovement.product_id, StockMovement.place_id)
        )
    }
    both = {key: (kept.get(key, 0), told.get(key, 0)) for key in kept.keys() | told.keys()}
    return {key: pair for key, pair in both.items() if pair[0] != pair[1]}

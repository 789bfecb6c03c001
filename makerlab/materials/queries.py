"""Reads of the filament ledger."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.materials.models import FilamentMovement, FilamentReason
from makerlab.materials.rules import MILLIGRAMS


def milligrams_left(session: Session, spool_ids: Iterable[int]) -> dict[int, int]:
    """Sum of the lines of each spool, in milligrams; a spool without lines has 0."""
    ids = list(spool_ids)
    sums = (
        sa.select(FilamentMovement.spool_id, sa.func.sum(FilamentMovement.milligrams))
        .where(FilamentMovement.spool_id.in_(ids))
        .group_by(FilamentMovement.spool_id)
    )
    found = {spool_id: int(total) for spool_id, total in session.execute(sums)}
    return {spool_id: found.get(spool_id, 0) for spool_id in ids}


def grams_left(session: Session, spool_ids: Iterable[int]) -> dict[int, float]:
    """Grams on each spool by the books. May be below zero where prints used more than was estimated."""
    return {spool_id: mg / MILLIGRAMS for spool_id, mg in milligrams_left(session, spool_ids).items()}


def grams_received(session: Session, spool_ids: Iterable[int]) -> dict[int, float]:
    """What each spool held when it came, in grams."""
    ids = list(spool_ids)
    sums = (
        sa.select(FilamentMovement.spool_id, sa.func.sum(FilamentMovement.milligrams))
        .where(FilamentMovement.spool_id.in_(ids), FilamentMovement.reason == FilamentReason.RECEIVED)
        .group_by(FilamentMovement.spool_id)
    )
    found = {spool_id: int(total) / MILLIGRAMS for spool_id, total in session.execute(sums)}
    return {spool_id: found.get(spool_id, 0.0) for spool_id in ids}

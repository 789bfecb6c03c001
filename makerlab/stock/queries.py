"""Reads of the stock ledger: sums, and the lines behind them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from makerlab.catalog.models import Design
from makerlab.core.access import Role
from makerlab.core.alphabet import by_name
from makerlab.people.models import Account, RoleRow, account_role
from makerlab.stock.models import (
    Balance,
    Ingredient,
    Item,
    ItemMovement,
    Place,
    Product,
    Reservation,
    StockMovement,
    StockReason,
    Stocktake,
    StocktakeResult,
)

PAGE = 50  # lines


def on_hand(session: Session, product_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """(product, place) → pieces, for places that hold some."""
    sums = sa.select(Balance.product_id, Balance.place_id, Balance.pieces).where(
        Balance.product_id.in_(list(product_ids)), Balance.pieces > 0
    )
    return {(product_id, place_id): pieces for product_id, place_id, pieces in session.execute(sums)}


def products_at(session: Session, place_id: int) -> set[int]:
    """Ids of the products of which this place holds some."""
    ids = sa.select(Balance.product_id).where(Balance.place_id == place_id, Balance.pieces > 0)
    return set(session.scalars(ids))


def reserved(session: Session, product_ids: Iterable[int]) -> dict[int, int]:
    """Pieces promised and not released, for products that have some."""
    sums = (
        sa.select(Reservation.product_id, sa.func.sum(Reservation.pieces - Reservation.taken))
        .where(Reservation.product_id.in_(list(product_ids)), Reservation.released_at.is_(None))
        .group_by(Reservation.product_id)
    )
    return {product_id: int(pieces) for product_id, pieces in session.execute(sums)}


def promises_of(session: Session, product_id: int) -> Sequence[Reservation]:
    """Open promises of a product, the soonest first."""
    return session.scalars(_open_promises().where(Reservation.product_id == product_id)).all()


def all_promises(session: Session) -> Sequence[Reservation]:
    """Everything that is promised, the soonest first."""
    return session.scalars(_open_promises()).unique().all()


def _open_promises() -> sa.Select[tuple[Reservation]]:
    still = sa.and_(Reservation.released_at.is_(None), Reservation.taken < Reservation.pieces)
    soonest = (Reservation.until.is_(None), Reservation.until, Reservation.id)
    return (
        sa.select(Reservation)
        .where(still)
        .order_by(*soonest)
        .options(joinedload(Reservation.product), joinedload(Reservation.made_by))
    )


def newest_stocktakes(session: Session, most: int = 12) -> Sequence[Stocktake]:
    """Open ones first, then the newest."""
    order = (Stocktake.closed_at.is_not(None), Stocktake.id.desc())
    return session.scalars(sa.select(Stocktake).order_by(*order).limit(most)).all()


def results_of(session: Session, stocktake_id: int) -> Sequence[StocktakeResult]:
    """What a closed stocktake found, differences first."""
    wanted = sa.select(StocktakeResult).where(StocktakeResult.stocktake_id == stocktake_id)
    order = (StocktakeResult.movement_id.is_(None), StocktakeResult.product_id)
    return session.scalars(wanted.order_by(*order)).all()


def sums_by_reason(session: Session, product_id: int) -> dict[StockReason, int]:
    """What the lines of each reason add up to: together they are what is on hand."""
    sums = (
        sa.select(StockMovement.reason, sa.func.sum(StockMovement.pieces))
        .where(StockMovement.product_id == product_id)
        .group_by(StockMovement.reason)
    )
    return {reason: int(pieces) for reason, pieces in session.execute(sums) if pieces}


@dataclass(frozen=True, slots=True)
class Line:
    """A line with what the page says beside it. `by` is a name only where the reader may see it."""

    movement: StockMovement
    by: str
    mine: bool
    reversed: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: their own account, and whether trainees' names are theirs to see."""

    account_id: int
    sees_trainees: bool


def lines(
    session: Session, reader: Reader, *, product_id: int | None = None, place_id: int | None = None,
    reason: StockReason | None = None, page: int = 1, size: int = PAGE,
) -> Sequence[Line]:  # fmt: skip
    """The newest lines first, in one query."""
    back = aliased(StockMovement)
    wanted = (
        sa.select(StockMovement, Account.id, Account.name, _is_trainee(), back.id)
        .join(StockMovement.product)
        .join(StockMovement.place)
        .outerjoin(Account, Account.id == StockMovement.actor_id)
        .outerjoin(back, back.reverses_id == StockMovement.id)
        .where(*_filters(product_id, place_id, reason))
        .options(contains_eager(StockMovement.product), contains_eager(StockMovement.place))
        .order_by(StockMovement.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return [_line(reader, row) for row in session.execute(wanted)]


def pages_of_lines(
    session: Session, *, product_id: int | None = None, place_id: int | None = None,
    reason: StockReason | None = None, size: int = PAGE,
) -> int:  # fmt: skip
    """How many pages `lines` has with the same filters; at least one."""
    total = session.scalar(
        sa.select(sa.func.count(StockMovement.id)).where(*_filters(product_id, place_id, reason))
    )
    return max(1, -(-(total or 0) // size))


def places(session: Session) -> Sequence[Place]:
    """All places, in the order they were made: the workshop first."""
    return session.scalars(sa.select(Place).order_by(Place.id)).all()


def product_by_code(session: Session, code: str) -> Product | None:
    return session.scalar(sa.select(Product).where(Product.code == code))


def all_items(session: Session) -> Sequence[Item]:
    """All bought parts by name."""
    return session.scalars(sa.select(Item).order_by(by_name(Item.name))).all()


def item_by_code(session: Session, code: str) -> Item | None:
    return session.scalar(sa.select(Item).where(Item.code == code.upper()))


def lines_of_item(session: Session, item_id: int, *, size: int = PAGE) -> Sequence[ItemMovement]:
    """The newest lines of a bought part first."""
    wanted = sa.select(ItemMovement).where(ItemMovement.item_id == item_id)
    return session.scalars(wanted.order_by(ItemMovement.id.desc()).limit(size)).all()


def users_of(session: Session, item_id: int) -> Sequence[tuple[Design, int]]:
    """Designs into which a bought part goes, and how many of it into one."""
    wanted = sa.select(Design, Ingredient.count).join(Ingredient, Ingredient.design_id == Design.id)
    rows = session.execute(wanted.where(Ingredient.item_id == item_id).order_by(by_name(Design.name)))
    return [(design, count) for design, count in rows]


def _filters(
    product_id: int | None, place_id: int | None, reason: StockReason | None
) -> list[sa.ColumnElement[bool]]:
    pairs = (
        (StockMovement.product_id, product_id),
        (StockMovement.place_id, place_id),
        (StockMovement.reason, reason),
    )
    return [column == value for column, value in pairs if value is not None]


def _is_trainee() -> sa.ColumnElement[bool]:
    return sa.exists(
        sa.select(account_role.c.role_id)
        .join(RoleRow, RoleRow.id == account_role.c.role_id)
        .where(account_role.c.account_id == Account.id, RoleRow.name == Role.TRAINEE.value)
    )


def _line(reader: Reader, row: Any) -> Line:
    movement, actor_id, name, trainee, back_id = row
    by = "" if trainee and not reader.sees_trainees else name or ""
    return Line(movement, by=by, mine=actor_id == reader.account_id, reversed=back_id is not None)

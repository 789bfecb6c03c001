"""Printed parts and bought parts become pieces as sold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.models import Part, Revision
from makerlab.catalog.queries import approved_of, files_of, in_one_part, part_count, part_name
from makerlab.core.errors import Conflict, Invalid
from makerlab.core.language import _
from makerlab.stock import actions, items, ledger, rules
from makerlab.stock.models import Balance, Ingredient, ItemReason, Place, Product, StockMovement


@dataclass(frozen=True, slots=True)
class Lying:
    """So many pieces of a printed part in one colour."""

    product: Product
    pieces: int


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed part: how often one piece needs it, and what lies there, the best choice first."""

    name: str
    count: int
    there: Sequence[Lying]

    @property
    def pieces(self) -> int:
        """Of the best choice: a piece has one colour of each part."""
        return self.there[0].pieces if self.there else 0


@dataclass(frozen=True, slots=True)
class Supply:
    """What lies there to assemble a product from; `have` are pieces of each bought part."""

    printed: Sequence[Printed]
    needed: Sequence[Ingredient]
    have: Mapping[int, int]

    @property
    def most(self) -> int:
        """How many can be assembled now, of the best choices."""
        return self._makeable([(one.pieces, one.count) for one in self.printed])

    @property
    def most_of_any(self) -> int:
        """The same, of whichever colour of each part there is most."""
        fullest = [(max((each.pieces for each in one.there), default=0), one.count) for one in self.printed]
        return self._makeable(fullest)

    def _makeable(self, printed: Sequence[tuple[int, int]]) -> int:
        bought = [(self.have.get(one.item_id, 0), one.count) for one in self.needed]
        return rules.makeable([*printed, *bought])


def is_assembled(session: Session, product: Product) -> bool:
    """Whether pieces of it are put together: of several printed parts, or with bought ones."""
    return not product.finish and (
        bool(items.ingredients(session, product.design_id)) or _several(session, product) is not None
    )


def supply(session: Session, product: Product, place: Place) -> Supply:
    """What lies at the place where a product is assembled. Raises Conflict where there is nothing to do."""
    needed = items.ingredients(session, product.design_id)
    several = _several(session, product)
    if product.finish or not (needed or several):
        raise Conflict(_("An diesem Produkt gibt es nichts zu montieren."))
    return Supply(
        _printed(session, product, place, files_of(several) if several else ()),
        needed,
        items.pieces_of(session, [one.item_id for one in needed]),
    )


def assemble(
    session: Session, product: Product, place: Place, pieces: int, *,
    actor_id: int, now: datetime, transfer: str, chosen: Mapping[str, int] | None = None,
) -> Sequence[StockMovement]:  # fmt: skip
    """Printed and bought parts become pieces as sold: one transaction, or nothing.

    `chosen`: name of a part → id of the product it is taken from; else the best choice. The same `transfer`
    given twice is one assembly. Raises Invalid, Conflict.
    """
    if not 0 < pieces <= rules.MOST_PIECES:
        raise Invalid(_("Diese Stückzahl geht nicht."), way_out=_("Prüfen Sie die Zahl."))
    ledger.take_turn(session)
    if done := ledger.lines_of(session, transfer):
        return done
    there = supply(session, product, place)
    used = {_taken(one, chosen or {}): pieces * one.count for one in there.printed}
    lines = actions.turn_into(
        session, used, product, place, pieces, actor_id=actor_id, now=now, transfer=transfer
    )
    for one in there.needed:
        items.book_item(
            session, one.item, -pieces * one.count, ItemReason.USED,
            actor_id=actor_id, now=now, transfer=transfer,
        )  # fmt: skip
    return lines


def _taken(part: Printed, chosen: Mapping[str, int]) -> Product:
    wanted = chosen.get(part.name)
    found = [one.product for one in part.there if wanted in (None, one.product.id)]
    if not found:
        raise Conflict(_("Von einem Teil ist nichts da."), way_out=_("Drucken Sie es zuerst."))
    return found[0]


def _several(session: Session, product: Product) -> Revision | None:
    """What the design is made from now, where that is more than one print of one file."""
    revision = approved_of(session, product.design_id)
    return None if revision is None or in_one_part(revision) else revision


def _printed(
    session: Session, product: Product, place: Place, files: Sequence[Revision | Part]
) -> list[Printed]:
    """The first part gives the product its colour; the others may have any."""
    lying = _lying(session, product, place)
    parts = [(part_name(file), part_count(file)) for file in files] or [("", 1)]
    found = []
    for position, (name, count) in enumerate(parts):
        there = [one for one in lying if one.product.part == name]
        own = [one for one in there if one.product.colour_id == product.colour_id]
        found.append(Printed(name, count, [*own, *(one for one in there if one not in own and position)]))
    return found


def _lying(session: Session, product: Product, place: Place) -> list[Lying]:
    """All unassembled parts of its design at a place, most first."""
    query = (
        sa.select(Product, Balance.pieces)
        .join(Balance, sa.and_(Balance.product_id == Product.id, Balance.place_id == place.id))
        .where(Product.design_id == product.design_id, Product.finish == rules.RAW, Balance.pieces > 0)
        .order_by(Balance.pieces.desc(), Product.id)
    )
    return [Lying(part, pieces) for part, pieces in session.execute(query)]

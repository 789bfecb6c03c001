"""Which products the typed words mean: the catalogue knows the words of designs, here are colour and code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Session

from makerlab.catalog.wall.entries import COLOUR
from makerlab.catalog.wall.index import Index, index
from makerlab.catalog.wall.lookup import Lookup, best, together
from makerlab.catalog.wall.words import asked, fold, weighed
from makerlab.materials.models import Colour
from makerlab.stock.models import Product

SHORTEST_CODE = 4  # letters of the beginning of a code
_KEPT = "sales.products"


class Row(NamedTuple):
    id: int
    code: str  # folded
    design_id: int
    colour_id: int


@dataclass(frozen=True)
class Products:
    """All products at one moment. They are only ever added; a colour may get another name."""

    stamp: object
    rows: Sequence[Row]
    of_design: Mapping[int, Sequence[Row]]
    of_colour: Mapping[int, Sequence[Row]]
    colours: Mapping[int, str]

    def alone(self, word: str) -> dict[int, float]:
        """Product → how well its own colour or its code fits."""
        lookup: Lookup[int] = Lookup()
        for colour_id, name in self.colours.items():
            lookup.put(colour_id, weighed([(name, COLOUR)]))
        return best(_spread(lookup.scores(word), self.of_colour), self._with_code(word))

    def _with_code(self, word: str) -> dict[int, float]:
        if len(word) < SHORTEST_CODE:
            return {}
        return {row.id: 1.0 for row in self.rows if row.code.startswith(word)}


def init_products(app: Flask) -> None:
    app.extensions[_KEPT] = Products(None, [], {}, {}, {})


def found(session: Session, query: str) -> list[int]:
    """Ids of the products that every word of the query fits, the best first; all by name without a query."""
    designs, products = index(), _products(session)
    designs.board(session)  # up to date
    if not asked(query):
        return [row.id for row in sorted(products.rows, key=lambda row: _named(row, designs, products))]
    scores = together(
        (word, best(_spread(fit, products.of_design), products.alone(word)))
        for word, fit in designs.scores(query).items()
    )
    rows = [row for row in products.rows if row.id in scores]
    rows.sort(key=lambda row: (-scores[row.id], *_named(row, designs, products)))
    return [row.id for row in rows]


def _named(row: Row, designs: Index, products: Products) -> tuple[str, str, int]:
    return designs.sort_name(row.design_id), products.colours[row.colour_id], row.id


def _spread(scores: Mapping[int, float], rows: Mapping[int, Sequence[Row]]) -> dict[int, float]:
    """What fits a design or a colour fits its products."""
    return {row.id: score for key, score in scores.items() for row in rows.get(key, ())}


def _products(session: Session) -> Products:
    """As this transaction sees them; read again only when one was added or a colour changed."""
    counted = session.execute(sa.select(sa.func.count(), sa.func.max(Product.id)).select_from(Product)).one()
    colours = {id_: fold(name) for id_, name in session.execute(sa.select(Colour.id, Colour.name))}
    stamp = (tuple(counted), tuple(colours.items()))
    kept: Products = current_app.extensions[_KEPT]
    if kept.stamp != stamp:
        kept = _read(session, stamp, colours)
        current_app.extensions[_KEPT] = kept
    return kept


def _read(session: Session, stamp: object, colours: Mapping[int, str]) -> Products:
    query = sa.select(Product.id, Product.code, Product.design_id, Product.colour_id).order_by(Product.id)
    rows = [Row(id_, fold(code), *ids) for id_, code, *ids in session.execute(query)]
    of_design: dict[int, list[Row]] = {}
    of_colour: dict[int, list[Row]] = {}
    for row in rows:
        of_design.setdefault(row.design_id, []).append(row)
        of_colour.setdefault(row.colour_id, []).append(row)
    return Products(stamp, rows, of_design, of_colour, colours)

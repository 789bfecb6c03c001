"""Verbs of the stock ledger. No place ever holds less than nothing, however many people book at once."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.models import Design, Part, Revision
from makerlab.catalog.queries import in_one_part, part_name
from makerlab.core.errors import Conflict, Invalid
from makerlab.core.language import _
from makerlab.materials.codes import label_code
from makerlab.materials.models import Colour
from makerlab.stock import balances, items, ledger, reserving, rules
from makerlab.stock.models import Place, PlaceKind, Product, StockMovement, StockReason

WORKSHOP = "Werkstatt"

Row = TypeVar("Row", Product, Place)


def product_of(session: Session, design: Design, colour: Colour, finish: str = "", part: str = "") -> Product:
    """The product of a design in a colour, as sold or `RAW`, whole or one of its parts, found or made."""
    if found := known_product(session, design.id, colour.id, finish, part):
        return found
    ledger.take_turn(session)
    if found := known_product(session, design.id, colour.id, finish, part):  # made while we waited
        return found
    made = Product(code=label_code("P"), design_id=design.id, colour_id=colour.id, finish=finish, part=part)
    return _added(session, made)


def known_product(
    session: Session, design_id: int, colour_id: int, finish: str = "", part: str = ""
) -> Product | None:
    """The same, where it was ever ordered."""
    wanted = sa.select(Product).where(
        Product.design_id == design_id, Product.colour_id == colour_id, Product.finish == finish,
        Product.part == part,
    )  # fmt: skip
    return session.scalar(wanted)


def made_product(session: Session, revision: Revision, colour: Colour, part: Part | None = None) -> Product:
    """What comes from the printer: the product itself, or what is still to be assembled to it.

    `part`: a further part of the revision; without one its own file is printed, which gives the product that
    it becomes its colour: that one is there as well from then on.
    """
    whole = product_of(session, revision.design, colour) if part is None else None
    single = in_one_part(revision)
    if whole is not None and single and not items.ingredients(session, revision.design_id):
        return whole
    name = "" if single else part_name(part or revision)
    return product_of(session, revision.design, colour, rules.RAW, name)


def workshop(session: Session) -> Place:
    """Where finished pieces go: the oldest place of that kind, made when there is none."""
    wanted = sa.select(Place).where(Place.kind == PlaceKind.WORKSHOP).order_by(Place.id).limit(1)
    if found := session.scalar(wanted):
        return found
    ledger.take_turn(session)
    return session.scalar(wanted) or _added(session, Place(name=WORKSHOP, kind=PlaceKind.WORKSHOP))


def add_place(session: Session, *, name: str, kind: PlaceKind, site_id: int | None = None) -> Place:
    """A place where stock may lie. Raises Conflict when the name is taken."""
    workshop(session)  # its name is taken first, so that finished pieces always have a place
    ledger.take_turn(session)
    if session.scalar(sa.select(Place.id).where(sa.func.lower(Place.name) == name.lower())):
        raise Conflict(_("Diesen Ort gibt es schon."), way_out=_("Wählen Sie einen anderen Namen."))
    return _added(session, Place(name=name, kind=kind, site_id=site_id))


def book(
    session: Session, product: Product, place: Place, pieces: int, reason: StockReason, *,
    actor_id: int | None, now: datetime, attempt_id: int | None = None, note: str = "",
) -> StockMovement:  # fmt: skip
    """Append one line: positive pieces come, negative go. One line per attempt.

    Raises Invalid when the reason does not have that sign, Conflict when the place holds too few or the
    attempt is booked already.
    """
    if not rules.fits(reason, pieces):
        raise Invalid(_("Diese Stückzahl geht nicht."), way_out=_("Prüfen Sie die Zahl."))
    ledger.take_turn(session)
    if attempt_id is not None and ledger.booked(session, attempt_id):
        raise Conflict(_("Die Stücke aus diesem Druck sind schon gebucht."))
    ledger.refuse_too_few(session, product.id, place, pieces)
    return ledger.write(
        session,
        product.id,
        place.id,
        pieces,
        reason,
        actor_id=actor_id,
        now=now,
        attempt_id=attempt_id,
        note=note,
    )


def move(
    session: Session, product: Product, source: Place, target: Place, pieces: int, *,
    actor_id: int | None, now: datetime, transfer: str | None = None,
) -> Sequence[StockMovement]:  # fmt: skip
    """Carry pieces from one place to another: two lines that share a `transfer`.

    The same `transfer` given twice is one move. Raises Invalid, Conflict.
    """
    if source.id == target.id:
        raise Invalid(_("Das ist zweimal derselbe Ort."), way_out=_("Wählen Sie einen anderen Ort."))
    if pieces <= 0 or not rules.fits(StockReason.MOVED, pieces):
        raise Invalid(_("Diese Stückzahl geht nicht."), way_out=_("Prüfen Sie die Zahl."))
    ledger.take_turn(session)
    transfer = transfer or secrets.token_hex(16)
    if done := ledger.lines_of(session, transfer):
        return done
    ledger.refuse_too_few(session, product.id, source, -pieces)
    return [
        ledger.write(
            session,
            product.id,
            place.id,
            signed,
            StockReason.MOVED,
            actor_id=actor_id,
            now=now,
            transfer=transfer,
        )
        for place, signed in ((source, -pieces), (target, pieces))
    ]


def count(
    session: Session, product: Product, place: Place, counted: int, *,
    actor_id: int | None, now: datetime, note: str = "", transfer: str | None = None,
    counted_at: datetime | None = None,
) -> StockMovement | None:  # fmt: skip
    """Somebody counted: the difference becomes a line; None when the books were right.

    What was booked after `counted_at` (a phone was out of reach meanwhile) is no difference. The same
    `transfer` given twice is one count. Raises Invalid, Conflict when more was taken since than was counted.
    """
    if not 0 <= counted <= rules.MOST_PIECES:
        raise Invalid(_("Diese Stückzahl geht nicht."), way_out=_("Prüfen Sie die Zahl."))
    ledger.take_turn(session)
    if transfer and (done := ledger.lines_of(session, transfer)):
        return done[0]
    since = ledger.pieces_since(session, product.id, place.id, counted_at) if counted_at else []
    booked = rules.book_when_counted(balances.at(session, product.id, place.id), since)
    if (difference := counted - booked) == 0:
        return None
    ledger.refuse_too_few(session, product.id, place, difference)
    return ledger.write(
        session, product.id, place.id, difference, StockReason.COUNTED,
        actor_id=actor_id, now=now, note=note, transfer=transfer,
    )  # fmt: skip


def turn_into(
    session: Session, used: Mapping[Product, int], finished: Product, place: Place, pieces: int, *,
    actor_id: int, now: datetime, transfer: str,
) -> Sequence[StockMovement]:  # fmt: skip
    """Pieces of some products become pieces of another: lines that share a `transfer`. Raises Conflict.

    `used`: how many of each are taken in all. The caller has the ledger's turn.
    """
    for product, taken in used.items():
        ledger.refuse_too_few(session, product.id, place, -taken)
    changes = [*((product, -taken) for product, taken in used.items()), (finished, pieces)]
    return [
        ledger.write(
            session, product.id, place.id, signed, StockReason.ASSEMBLED,
            actor_id=actor_id, now=now, transfer=transfer,
        )
        for product, signed in changes
    ]  # fmt: skip


def reverse(
    session: Session, movement: StockMovement, *, actor_id: int | None, now: datetime
) -> list[StockMovement]:
    """Take a line back by its opposite, once; of a move or an assembly all lines. Raises Conflict."""
    ledger.take_turn(session)
    lines = ledger.lines_of(session, movement.transfer) if movement.transfer else [movement]
    if not all(rules.reversible(line.reason, ledger.is_reversed(session, line.id)) for line in lines):
        raise Conflict(_("Das ist schon zurückgenommen."))
    for line in lines:
        ledger.refuse_too_few(session, line.product_id, line.place, -line.pieces)
    if movement.reason is StockReason.ASSEMBLED and movement.transfer:
        items.take_back_used(session, movement.transfer, actor_id=actor_id, now=now)
    return [_opposite(session, line, actor_id=actor_id, now=now) for line in lines]


def _opposite(session: Session, line: StockMovement, *, actor_id: int | None, now: datetime) -> StockMovement:
    reserving.give_back(session, line)
    return ledger.write(
        session, line.product_id, line.place_id, -line.pieces, StockReason.REVERSED,
        actor_id=actor_id, now=now, reverses_id=line.id,
    )  # fmt: skip


def _added(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row

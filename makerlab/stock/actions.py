"""Verbs of the stock ledger. No place ever holds less than nothing, however many people book at once."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.models import Design
from makerlab.core.errors import Conflict, Invalid
from makerlab.core.language import _, ngettext
from makerlab.core.ledger import ADVISORY_LOCK, append
from makerlab.materials.codes import label_code
from makerlab.materials.models import Colour
from makerlab.stock import rules
from makerlab.stock.models import Place, PlaceKind, Product, StockMovement, StockReason

WORKSHOP = "Werkstatt"

Row = TypeVar("Row", Product, Place)


def product_of(session: Session, design: Design, colour: Colour) -> Product:
    """The product of a design in a colour, found or made."""
    wanted = sa.select(Product).where(Product.design_id == design.id, Product.colour_id == colour.id)
    if found := session.scalar(wanted):
        return found
    take_turn(session)
    if found := session.scalar(wanted):  # made while we waited for our turn
        return found
    return _added(session, Product(code=label_code("P"), design_id=design.id, colour_id=colour.id))


def workshop(session: Session) -> Place:
    """Where finished pieces go: the oldest place of that kind, made when there is none."""
    wanted = sa.select(Place).where(Place.kind == PlaceKind.WORKSHOP).order_by(Place.id).limit(1)
    if found := session.scalar(wanted):
        return found
    take_turn(session)
    return session.scalar(wanted) or _added(session, Place(name=WORKSHOP, kind=PlaceKind.WORKSHOP))


def add_place(session: Session, *, name: str, kind: PlaceKind, site_id: int | None = None) -> Place:
    """A place where stock may lie. Raises Conflict when the name is taken."""
    workshop(session)  # its name is taken first, so that finished pieces always have a place
    take_turn(session)
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
    take_turn(session)
    if attempt_id is not None and _booked(session, attempt_id):
        raise Conflict(_("Die Stücke aus diesem Druck sind schon gebucht."))
    _refuse_too_few(session, product.id, place, pieces)
    return _line(
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
    take_turn(session)
    transfer = transfer or secrets.token_hex(16)
    if done := _lines_of(session, transfer):
        return done
    _refuse_too_few(session, product.id, source, -pieces)
    return [
        _line(
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
) -> StockMovement | None:  # fmt: skip
    """Somebody counted: the difference becomes a line; None when the books were right.

    The same `transfer` given twice is one count. Raises Invalid.
    """
    if not 0 <= counted <= rules.MOST_PIECES:
        raise Invalid(_("Diese Stückzahl geht nicht."), way_out=_("Prüfen Sie die Zahl."))
    take_turn(session)
    if transfer and (done := _lines_of(session, transfer)):
        return done[0]
    difference = counted - _pieces_at(session, product.id, place.id)
    if difference == 0:
        return None
    return _line(
        session, product.id, place.id, difference, StockReason.COUNTED,
        actor_id=actor_id, now=now, note=note, transfer=transfer,
    )  # fmt: skip


def reverse(
    session: Session, movement: StockMovement, *, actor_id: int | None, now: datetime
) -> list[StockMovement]:
    """Take a line back by its opposite, once; of a move both lines. Raises Conflict."""
    take_turn(session)
    lines = _lines_of(session, movement.transfer) if movement.transfer else [movement]
    if not all(rules.reversible(line.reason, _is_reversed(session, line.id)) for line in lines):
        raise Conflict(_("Das ist schon zurückgenommen."))
    for line in lines:
        _refuse_too_few(session, line.product_id, line.place, -line.pieces)
    return [
        _line(
            session,
            line.product_id,
            line.place_id,
            -line.pieces,
            StockReason.REVERSED,
            actor_id=actor_id,
            now=now,
            reverses_id=line.id,
        )
        for line in lines
    ]


def take_turn(session: Session) -> None:
    """Reading a balance and appending to it must not interleave; on SQLite BEGIN IMMEDIATE sees to it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))


def _refuse_too_few(session: Session, product_id: int, place: Place, pieces: int) -> None:
    have = _pieces_at(session, product_id, place.id)
    if rules.enough(have, pieces):
        return
    way_out = _("Zählen Sie nach, wenn das nicht stimmt.")
    if have == 0:
        raise Conflict(_("%(place)s: Davon ist nichts mehr da.", place=place.name), way_out=way_out)
    message = ngettext(
        "%(place)s: Es ist nur noch %(num)s Stück da.",
        "%(place)s: Es sind nur noch %(num)s Stück da.",
        have,
        place=place.name,
    )
    raise Conflict(message, way_out=way_out)


def _pieces_at(session: Session, product_id: int, place_id: int) -> int:
    total = sa.select(sa.func.coalesce(sa.func.sum(StockMovement.pieces), 0)).where(
        StockMovement.product_id == product_id, StockMovement.place_id == place_id
    )
    return int(session.scalar(total) or 0)


def _line(
    session: Session, product_id: int, place_id: int, pieces: int, reason: StockReason, *,
    actor_id: int | None, now: datetime, attempt_id: int | None = None, reverses_id: int | None = None,
    transfer: str | None = None, note: str = "",
) -> StockMovement:  # fmt: skip
    line = StockMovement(
        at=now, actor_id=actor_id, product_id=product_id, place_id=place_id, pieces=pieces, reason=reason,
        attempt_id=attempt_id, reverses_id=reverses_id, transfer=transfer, note=note,
    )  # fmt: skip
    return append(session, line)


def _lines_of(session: Session, transfer: str) -> Sequence[StockMovement]:
    return session.scalars(
        sa.select(StockMovement).where(StockMovement.transfer == transfer).order_by(StockMovement.id)
    ).all()


def _booked(session: Session, attempt_id: int) -> bool:
    return bool(session.scalar(sa.select(StockMovement.id).where(StockMovement.attempt_id == attempt_id)))


def _is_reversed(session: Session, line_id: int) -> bool:
    return bool(session.scalar(sa.select(StockMovement.id).where(StockMovement.reverses_id == line_id)))


def _added(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row

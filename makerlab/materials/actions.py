"""Verbs of filament: receive, book, weigh, empty. What is left is the sum of the lines, never a column."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.errors import Conflict, Invalid
from makerlab.core.language import _
from makerlab.core.ledger import ADVISORY_LOCK, append
from makerlab.materials import rules
from makerlab.materials.codes import label_code
from makerlab.materials.models import Colour, FilamentMovement, FilamentReason, Spool
from makerlab.materials.queries import milligrams_left


def add_colour(session: Session, *, name: str, hex_code: str) -> Colour:
    """A colour that filament comes in. Raises Conflict when the name is taken."""
    if session.scalar(sa.select(Colour.id).where(sa.func.lower(Colour.name) == name.lower())):
        raise Conflict(_("Diese Farbe gibt es schon."), way_out=_("Wählen Sie die Farbe aus der Liste."))
    colour = Colour(name=name, hex=hex_code.lower())
    session.add(colour)
    session.flush()
    return colour


def receive_spool(
    session: Session, *, material: str, colour: Colour, lot: str, maker: str, tare_g: int, net_g: int,
    by_id: int | None, now: datetime,
) -> Spool:  # fmt: skip
    """A new spool with its label code and the line that says what it holds.

    `material` is a key of `designs.profiles`, `tare_g` the empty spool, `net_g` the filament. Raises Invalid.
    """
    if tare_g < 0 or net_g <= 0:
        raise Invalid(_("Das Gewicht stimmt nicht."), way_out=_("Wiegen Sie die Spule noch einmal."))
    spool = Spool(
        code=label_code("S"), material=material, colour_id=colour.id, lot=lot, maker=maker, tare_g=tare_g,
        received_at=now,
    )  # fmt: skip
    session.add(spool)
    session.flush()
    book_filament(session, spool, net_g * rules.MILLIGRAMS, FilamentReason.RECEIVED, actor_id=by_id, now=now)
    return spool


def book_filament(
    session: Session, spool: Spool, milligrams: int, reason: FilamentReason, *, actor_id: int | None,
    now: datetime, attempt_id: int | None = None, note: str = "",
) -> FilamentMovement:  # fmt: skip
    """Append one line; what a print used is negative. One line per attempt: raises Conflict for a second.

    Never refused for lack of filament: the print has used it, whatever the books said before.
    """
    _take_turn(session)
    if attempt_id is not None and _booked(session, attempt_id):
        raise Conflict(_("Das Filament für diesen Druck ist schon gebucht."))
    line = FilamentMovement(
        at=now, actor_id=actor_id, spool_id=spool.id, milligrams=milligrams, reason=reason,
        attempt_id=attempt_id, note=note,
    )  # fmt: skip
    return append(session, line)


def weigh(
    session: Session, spool: Spool, gross_g: int, *, actor_id: int | None, now: datetime
) -> FilamentMovement:
    """Bring the books to the scale. `gross_g` is filament and spool together, in grams.

    The line is kept also when nothing differs: that somebody weighed is worth knowing.
    Raises Invalid, Conflict.
    """
    if spool.emptied_at is not None:
        raise Conflict(_("Diese Spule ist leer gemeldet."))
    if gross_g < spool.tare_g:
        raise Invalid(
            _("So leicht ist nicht einmal die leere Spule: %(tare)s g.", tare=spool.tare_g),
            way_out=_("Wiegen Sie Spule und Filament zusammen."),
        )
    _take_turn(session)
    booked = milligrams_left(session, [spool.id])[spool.id]
    difference = rules.correction(gross_g, spool.tare_g, booked)
    note = f"{gross_g} g"
    return book_filament(
        session, spool, difference, FilamentReason.WEIGHED, actor_id=actor_id, now=now, note=note
    )


def empty_spool(session: Session, spool: Spool, *, actor_id: int | None, now: datetime) -> None:
    """The spool is used up or thrown away: what the books still hold goes as scrap. Raises Conflict."""
    _take_turn(session)
    session.refresh(spool)  # somebody may have been faster
    if spool.emptied_at is not None:
        raise Conflict(_("Diese Spule ist schon leer gemeldet."))
    spool.emptied_at = now
    rest = milligrams_left(session, [spool.id])[spool.id]
    book_filament(session, spool, -rest, FilamentReason.SCRAPPED, actor_id=actor_id, now=now)


def undo_empty(session: Session, spool: Spool, *, actor_id: int | None, now: datetime) -> None:
    """The spool was not empty: it is in use again, and the scrap line is reversed. Raises Conflict."""
    _take_turn(session)
    session.refresh(spool)
    if spool.emptied_at is None:
        raise Conflict(_("Diese Spule ist nicht leer gemeldet."))
    spool.emptied_at = None
    last = session.scalars(
        sa.select(FilamentMovement)
        .where(FilamentMovement.spool_id == spool.id, FilamentMovement.reason == FilamentReason.SCRAPPED)
        .order_by(FilamentMovement.id.desc())
        .limit(1)
    ).one()
    reverse_filament(session, last, actor_id=actor_id, now=now)


def reverse_filament(
    session: Session, line: FilamentMovement, *, actor_id: int | None, now: datetime
) -> FilamentMovement:
    """Take a line back by its opposite, once. Raises Conflict."""
    _take_turn(session)
    if line.reason is FilamentReason.REVERSED or _reversed(session, line.id):
        raise Conflict(_("Diese Zeile ist schon zurückgenommen."))
    opposite = FilamentMovement(
        at=now, actor_id=actor_id, spool_id=line.spool_id, milligrams=-line.milligrams,
        reason=FilamentReason.REVERSED, reverses_id=line.id, note="",
    )  # fmt: skip
    return append(session, opposite)


def _booked(session: Session, attempt_id: int) -> bool:
    return bool(
        session.scalar(sa.select(FilamentMovement.id).where(FilamentMovement.attempt_id == attempt_id))
    )


def _reversed(session: Session, line_id: int) -> bool:
    return bool(session.scalar(sa.select(FilamentMovement.id).where(FilamentMovement.reverses_id == line_id)))


def _take_turn(session: Session) -> None:
    """Reading a balance and appending to it must not interleave; on SQLite BEGIN IMMEDIATE sees to it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))

"""What partners' agreements and licences allow today, and what of it is used up."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Session, joinedload, selectinload

from makerlab.catalog import rules
from makerlab.catalog.models import Agreement, Design, Partner
from makerlab.catalog.parties import agreement_design
from makerlab.catalog.rules import Terms
from makerlab.core.errors import Conflict
from makerlab.core.language import _

Made = Callable[[Session, Sequence[Agreement]], Mapping[int, int]]
_MADE = "catalog.made"


def register_made(app: Flask, ask: Made) -> None:
    """Production stands above the catalogue: it says here how many pieces were ordered under agreements."""
    app.extensions[_MADE] = ask


def made_under(session: Session, agreements: Sequence[Agreement]) -> Mapping[int, int]:
    """Agreement → pieces ordered under it so far; nothing where nobody knows."""
    ask: Made = current_app.extensions.get(_MADE, lambda *_: {})
    return ask(session, agreements) if agreements else {}


def terms_of(agreement: Agreement, made: int = 0) -> Terms:
    return Terms(
        agreement.pieces, agreement.starts_on, agreement.ends_on,
        frozenset(design.id for design in agreement.designs), agreement.in_series, made,
    )  # fmt: skip


def uncovered(there: Session | sa.Connection, designs: Mapping[int, int | None], today: date) -> set[int]:
    """Which of these designs (id → partner) no agreement covers today; at most one query."""
    wanted = {partner_id for partner_id in designs.values() if partner_id is not None}
    if not wanted:
        return set()
    query = (
        sa.select(
            Agreement.id, Agreement.partner_id, Agreement.starts_on, Agreement.ends_on,
            agreement_design.c.design_id,
        )
        .outerjoin(agreement_design, agreement_design.c.agreement_id == Agreement.id)
        .where(Agreement.partner_id.in_(wanted))
    )  # fmt: skip
    rows = there.execute(query).all()
    named: dict[int, set[int]] = {}
    for row in rows:
        named.setdefault(row.id, set()).update([row.design_id] if row.design_id else [])
    terms: dict[int, list[Terms]] = {}
    for row in rows:
        one = Terms(None, row.starts_on, row.ends_on, frozenset(named[row.id]))
        terms.setdefault(row.partner_id, []).append(one)
    return {
        design_id
        for design_id, partner_id in designs.items()
        if partner_id is not None and rules.beyond(terms.get(partner_id, []), 0, today, design_id)
    }


def agreement_allows(session: Session, design: Design, pieces: int, *, today: date, made: Made) -> None:
    """Raises Conflict when no agreement of the partner covers `pieces` more of this design today.

    `made` counts what was ordered so far. Two orders at once wait for each other here.
    """
    if design.partner_id is None:
        return
    session.execute(sa.select(Partner.id).where(Partner.id == design.partner_id).with_for_update())
    query = sa.select(Agreement).where(Agreement.partner_id == design.partner_id)
    agreements = session.scalars(query.options(selectinload(Agreement.designs))).all()
    counts = made(session, agreements)
    terms = [terms_of(one, counts.get(one.id, 0)) for one in agreements]
    if why := rules.beyond(terms, pieces, today, design.id):
        raise _refusal(why, terms, today, design.id)


def _refusal(why: str, terms: Sequence[Terms], today: date, design_id: int) -> Conflict:
    if why == "no_agreement":
        return Conflict(
            _("Es gibt keinen gültigen Vertrag für dieses Objekt."),
            way_out=_("Fragen Sie den Partnerkontakt."),
        )
    if why == "not_in_series":
        return Conflict(
            _("Der Vertrag erlaubt nur einzelne Stücke."), way_out=_("Bestellen Sie ein einzelnes Stück.")
        )
    serial = [term for term in rules.in_force(terms, today) if term.covers(design_id) and term.in_series]
    left = max((term.left or 0 for term in serial), default=0)
    return Conflict(
        _("Der Vertrag erlaubt noch %(left)s Stück.", left=left), way_out=_("Wählen Sie weniger Stücke.")
    )


def licence_allows(session: Session, design: Design, *, today: date) -> None:
    """Raises Conflict when the licence forbids a sale and no agreement of the partner allows it."""
    if licence_forbids(session, design, today=today):
        raise Conflict(
            _("Die Lizenz %(licence)s erlaubt keinen Verkauf.", licence=design.licence),
            way_out=_("Ein Vertrag mit der Partnerin oder dem Partner erlaubt ihn."),
        )


def licence_forbids(session: Session, design: Design, *, today: date) -> bool:
    """Whether a non-commercial licence stands against a sale, without an agreement that covers it."""
    if not rules.forbids_sale(design.licence):
        return False
    return design.partner_id is None or bool(uncovered(session, {design.id: design.partner_id}, today))


@dataclass(frozen=True, slots=True)
class Standing:
    """An agreement with what is used of it, and why it ends soon (codes of `rules.runs_out`)."""

    agreement: Agreement
    terms: Terms
    warnings: list[str]


def standings(session: Session, today: date, partner_ids: Collection[int] | None = None) -> list[Standing]:
    """All agreements (of these partners), by their start; a constant number of queries."""
    query = sa.select(Agreement).options(selectinload(Agreement.designs), joinedload(Agreement.partner))
    if partner_ids is not None:
        query = query.where(Agreement.partner_id.in_(partner_ids))
    agreements = session.scalars(query.order_by(Agreement.starts_on, Agreement.id)).all()
    counts = made_under(session, agreements)
    found = [(one, terms_of(one, counts.get(one.id, 0))) for one in agreements]
    return [Standing(one, terms, rules.runs_out(terms, today)) for one, terms in found]


def ending(session: Session, today: date) -> list[Standing]:
    """Those in force that end soon or are nearly used up: what a partner liaison should see first."""
    found = standings(session, today)
    return [one for one in found if one.warnings and not _followed(one, found, today)]


def _followed(one: Standing, all_: Iterable[Standing], today: date) -> bool:
    """Whether another agreement covers the same designs for longer: then nobody needs a warning."""
    return any(
        other.agreement.partner_id == one.agreement.partner_id
        and other.agreement.id != one.agreement.id
        and not other.warnings
        and rules.in_force([other.terms], max(today, one.terms.ends_on or today))
        and (not other.terms.designs or (one.terms.designs and one.terms.designs <= other.terms.designs))
        for other in all_
    )

"""Verbs of partners, their contacts and their agreements."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from makerlab.catalog import rules
from makerlab.catalog.documents import Paper
from makerlab.catalog.licences import LICENCES
from makerlab.catalog.models import (
    Agreement,
    AgreementDocument,
    Contact,
    Design,
    Partner,
    PartnerKind,
    RoyaltyRate,
)
from makerlab.catalog.naming import is_taken, named
from makerlab.core.audit import record
from makerlab.core.errors import Conflict, Invalid
from makerlab.core.language import _
from makerlab.core.money import MOST_CENTS


def add_partner(
    session: Session, *, name: str, story: str = "", kind: PartnerKind = PartnerKind.PERSON,
    by_id: int | None = None, now: datetime,
) -> Partner:  # fmt: skip
    """A designer or company. Raises Invalid without a name, Conflict when the name is taken."""
    partner = Partner(name=_free_name(session, name), story=rules.clean_story(story), kind=kind)
    session.add(partner)
    session.flush()
    record(session, "partner.added", f"partner:{partner.id}", actor_id=by_id, now=now)
    return partner


def change_partner(
    session: Session, partner: Partner, *, name: str, story: str, kind: PartnerKind = PartnerKind.PERSON,
    by_id: int, now: datetime,
) -> None:  # fmt: skip
    """Another name, story or kind. Raises Invalid, Conflict."""
    partner.name = _free_name(session, name, partner.id)
    partner.story, partner.kind = rules.clean_story(story), kind
    record(session, "partner.changed", f"partner:{partner.id}", actor_id=by_id, now=now)


def _free_name(session: Session, name: str, own_id: int | None = None) -> str:
    plain = named(name)
    if is_taken(session, Partner, plain, own_id):
        raise Conflict(_("Diese Partnerschaft gibt es schon."), way_out=_("Wählen Sie einen anderen Namen."))
    return plain


def keep_contact(
    session: Session, partner: Partner, contact: Contact | None, *, name: str, role: str = "",
    email: str = "", phone: str = "", address: str = "", by_id: int, now: datetime,
) -> Contact:  # fmt: skip
    """Somebody new to reach at a partner (`contact` None), or other words for one. Raises Invalid."""
    plain, row = named(name), contact or Contact(partner_id=partner.id)
    row.name, row.role = plain, rules.clean_line(role, 80)
    row.email, row.phone = rules.clean_line(email, 200), rules.clean_line(phone, 60)
    row.address = rules.clean_story(address)[:500]
    session.add(row)
    session.flush()
    record(session, "contact.kept", f"contact:{row.id}", actor_id=by_id, now=now)
    return row


def drop_contact(session: Session, contact: Contact, *, by_id: int, now: datetime) -> None:
    """Forget somebody for good: a person's data stays no longer than it is of use."""
    record(session, "contact.dropped", f"contact:{contact.id}", actor_id=by_id, now=now)
    session.delete(contact)
    session.flush()


def add_agreement(
    session: Session, partner: Partner, *, pieces: int | None, starts_on: date, ends_on: date | None = None,
    designs: Sequence[Design] = (), in_series: bool = True, territory: str = "", by_id: int | None = None,
    now: datetime,
) -> Agreement:  # fmt: skip
    """Leave for so many pieces (None: any number) from a day to a day (None: without end), of all of the
    partner's designs or of these. Raises Invalid."""
    _sound_terms(partner, pieces, starts_on, ends_on, designs)
    agreement = Agreement(
        partner=partner, pieces=pieces, starts_on=starts_on, ends_on=ends_on, designs=list(designs),
        in_series=in_series, territory=rules.clean_line(territory, 120),
    )  # fmt: skip
    session.add(agreement)
    session.flush()
    record(session, "agreement.added", f"agreement:{agreement.id}", actor_id=by_id, now=now)
    return agreement


def change_agreement(
    session: Session, agreement: Agreement, *, pieces: int | None, starts_on: date, ends_on: date | None,
    designs: Sequence[Design] = (), in_series: bool = True, territory: str = "", by_id: int, now: datetime,
) -> None:  # fmt: skip
    """Other terms of an agreement; the audit log keeps those before. Raises Invalid."""
    _sound_terms(agreement.partner, pieces, starts_on, ends_on, designs)
    before = _terms(agreement)
    agreement.pieces, agreement.starts_on, agreement.ends_on = pieces, starts_on, ends_on
    agreement.designs, agreement.in_series = list(designs), in_series
    agreement.territory = rules.clean_line(territory, 120)
    record(session, "agreement.changed", f"agreement:{agreement.id}", actor_id=by_id, now=now, before=before)


def _terms(agreement: Agreement) -> dict[str, object]:
    return {
        "pieces": agreement.pieces,
        "starts_on": agreement.starts_on.isoformat(),
        "ends_on": agreement.ends_on and agreement.ends_on.isoformat(),
        "designs": [design.id for design in agreement.designs],
        "in_series": agreement.in_series,
        "territory": agreement.territory,
    }


def _sound_terms(
    partner: Partner, pieces: int | None, starts_on: date, ends_on: date | None, designs: Sequence[Design]
) -> None:
    if pieces is not None and not 0 < pieces <= rules.MOST_PIECES:
        raise Invalid(_("Diese Stückzahl geht nicht."), way_out=_("Prüfen Sie die Zahl."))
    if ends_on is not None and ends_on < starts_on:
        raise Invalid(_("Der Vertrag endet, bevor er beginnt."), way_out=_("Prüfen Sie die beiden Tage."))
    if any(design.partner_id != partner.id for design in designs):
        raise Invalid(_("Ein Objekt ist von jemand anderem."), way_out=_("Wählen Sie noch einmal."))


def set_rate(
    session: Session, agreement: Agreement, *, cents: int | None = None, share_hundredths: int | None = None,
    valid_from: date, by_id: int | None, now: datetime,
) -> RoyaltyRate:  # fmt: skip
    """A new version of what a sold piece owes the partner: cents, or hundredths of a per cent of its price.

    Earlier sales keep their rate. Raises Invalid.
    """
    if (cents is None) == (share_hundredths is None):
        raise Invalid(
            _("Schreiben Sie einen Betrag oder einen Anteil."), way_out=_("Füllen Sie nur eines aus.")
        )
    if not 0 <= (cents or 0) <= MOST_CENTS or not 0 <= (share_hundredths or 0) <= rules.WHOLE_SHARE:
        raise Invalid(_("Diese Vergütung geht nicht."), way_out=_("Prüfen Sie die Zahl."))
    rate = RoyaltyRate(
        agreement_id=agreement.id, valid_from=valid_from, cents=cents, share_hundredths=share_hundredths,
        set_by_id=by_id, set_at=now,
    )  # fmt: skip
    session.add(rate)
    session.flush()
    record(
        session, "royalty.set", f"agreement:{agreement.id}", actor_id=by_id, now=now, cents=cents,
        share_hundredths=share_hundredths, valid_from=valid_from.isoformat(),
    )  # fmt: skip
    return rate


def add_document(
    session: Session, agreement: Agreement, paper: Paper, *, name: str, by_id: int, now: datetime
) -> AgreementDocument:
    """A paper to an agreement, under the name that its file had."""
    document = AgreementDocument(
        agreement_id=agreement.id, name=rules.clean_line(name, 200) or "Dokument",
        media_type=paper.media_type, sha256=paper.sha256, size=paper.size, added_by_id=by_id, added_at=now,
    )  # fmt: skip
    session.add(document)
    session.flush()
    record(session, "document.added", f"document:{document.id}", actor_id=by_id, now=now)
    return document


def remove_document(session: Session, document: AgreementDocument, *, by_id: int, now: datetime) -> None:
    """Taken off the list; that it was there stays."""
    if document.removed_at is None:
        document.removed_at = now
        record(session, "document.removed", f"document:{document.id}", actor_id=by_id, now=now)


def set_licence(session: Session, design: Design, licence: str, *, by_id: int, now: datetime) -> None:
    """The licence a design came with, as an SPDX identifier of `catalog.licences`; empty: none known."""
    if licence not in LICENCES:
        raise Invalid(_("Diese Lizenz kennen wir nicht."), way_out=_("Wählen Sie eine aus der Liste."))
    if design.licence == licence:
        return
    record(
        session, "design.licence", f"design:{design.id}", actor_id=by_id, now=now, before=design.licence,
        after=licence,
    )  # fmt: skip
    design.licence = licence

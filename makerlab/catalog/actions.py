"""Verbs of the catalogue; those that bring something into it stand in `submitting`."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from makerlab.catalog import rules
from makerlab.catalog.models import Design, Review, Revision
from makerlab.catalog.queries import agreement_reached
from makerlab.catalog.states import Verdict
from makerlab.catalog.submitting import (
    add_agreement,
    add_partner,
    change_agreement,
    change_partner,
    submit_design,
    submit_revision,
)
from makerlab.core.audit import record
from makerlab.core.errors import Conflict, Forbidden, Invalid
from makerlab.core.language import _
from makerlab.people.models import Account

__all__ = [
    "add_agreement", "add_partner", "agreement_allows", "change_agreement", "change_partner", "judge",
    "submit_design", "submit_revision",
]  # fmt: skip


def judge(
    session: Session,
    revision: Revision,
    *,
    reviewer: Account,
    verdict: Verdict,
    seen_fingerprint: str,
    reason: str = "",
    next_step: str = "",
    now: datetime,
) -> Review:
    """Approve a revision, or send it back with a reason and a next step.

    `seen_fingerprint` is what the reviewer had on the screen. Raises Forbidden for one's own work, Conflict
    when file or settings changed meanwhile, Invalid when it goes back without a reason and a next step.
    """
    if not rules.may_judge(reviewer.id, revision.submitted_by_id):
        raise Forbidden(
            _("Niemand gibt die eigene Arbeit frei."),
            way_out=_("Bitten Sie eine Kollegin oder einen Kollegen."),
        )
    if seen_fingerprint != revision.fingerprint:
        raise Conflict(
            _("Die Einstellungen haben sich geändert."),
            way_out=_("Laden Sie die Seite neu und prüfen Sie noch einmal."),
        )
    if verdict is Verdict.RETURNED and not (reason.strip() and next_step.strip()):
        raise Invalid(_("Schreiben Sie einen Grund und den nächsten Schritt."))
    review = Review(
        revision=revision, reviewer_id=reviewer.id, verdict=verdict, fingerprint=revision.fingerprint,
        reason=reason.strip(), next_step=next_step.strip(), at=now,
    )  # fmt: skip
    session.add(review)
    session.flush()
    record(session, f"revision.{verdict.value}", f"revision:{revision.id}", actor_id=reviewer.id, now=now)
    return review


def agreement_allows(session: Session, design: Design, pieces: int, *, today: date) -> None:
    """Raises Conflict when the partner's agreement does not cover `pieces` of this design in all."""
    why = agreement_reached(session, design, pieces, today=today)
    if why == "no_agreement":
        raise Conflict(
            _("Es gibt keinen gültigen Vertrag für dieses Objekt."),
            way_out=_("Fragen Sie die Partnerbetreuung."),
        )
    if why:
        raise Conflict(
            _("Der Vertrag erlaubt nicht so viele Stücke."), way_out=_("Wählen Sie weniger Stücke.")
        )

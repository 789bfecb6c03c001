"""Verbs of the catalogue; those that bring something into it stand in `submitting`."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog import rules
from makerlab.catalog.arranging import add_agreement, add_partner, change_agreement, change_partner
from makerlab.catalog.models import Review, ReviewPoint, Revision
from makerlab.catalog.states import Verdict
from makerlab.catalog.submitting import submit_design, submit_revision
from makerlab.core.audit import record
from makerlab.core.errors import Conflict, Forbidden, Invalid
from makerlab.core.language import _
from makerlab.people.models import Account

__all__ = [
    "add_agreement", "add_partner", "change_agreement", "change_partner", "judge",
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
    seen_reviews: int | None = None,
    reasons: Sequence[str] = (),
    found: Sequence[rules.Found] = (),
    sample_sha256: str = "",
) -> Review:
    """Approve a revision, or send it back with reasons: codes of `review_words`, or words and a next step.

    `found` is what was seen at each point, `sample_sha256` the photo of a sample piece, `seen_fingerprint`
    and `seen_reviews` (how many there were) what the reviewer had on the screen. Raises Forbidden for one's
    own work; Conflict when file or settings changed meanwhile, somebody else judged, or there is a newer
    revision; Invalid when it goes back without a reason.
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
    _refuse_overtaken(session, revision, seen_reviews)
    if verdict is Verdict.RETURNED and not reasons and not (reason.strip() and next_step.strip()):
        raise Invalid(_("Wählen Sie einen Grund, oder schreiben Sie Grund und nächsten Schritt."))
    review = Review(
        revision=revision, reviewer_id=reviewer.id, verdict=verdict, fingerprint=revision.fingerprint,
        reason=reason.strip(), next_step=next_step.strip(), at=now, reasons=list(reasons),
        sample_sha256=sample_sha256,
        points=[ReviewPoint(point=one.point, good=one.good, note=one.note) for one in found],
    )  # fmt: skip
    session.add(review)
    session.flush()
    record(session, f"revision.{verdict.value}", f"revision:{revision.id}", actor_id=reviewer.id, now=now)
    return review


def _refuse_overtaken(session: Session, revision: Revision, seen_reviews: int | None) -> None:
    newer = sa.select(Revision.id).where(
        Revision.design_id == revision.design_id, Revision.number > revision.number
    )
    if session.scalar(newer.limit(1)):
        raise Conflict(_("Es gibt eine neuere Fassung."), way_out=_("Prüfen Sie die neuere."))
    if seen_reviews is None:
        return
    judged = sa.select(sa.func.count()).where(Review.revision_id == revision.id)
    if session.scalar(judged) != seen_reviews:
        raise Conflict(_("Jemand hat schon entschieden."), way_out=_("Laden Sie die Seite neu."))

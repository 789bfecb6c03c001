"""The queue of what waits for a review, and the page where one is judged."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from designs.profiles import load
from makerlab.catalog import browsing, review_words, rules, words
from makerlab.catalog.actions import judge
from makerlab.catalog.around.photographing import sent_photo
from makerlab.catalog.blueprint import ID, blueprint, get_revision, me, reviewers, seen_number
from makerlab.catalog.costing import costs
from makerlab.catalog.history import print_settings
from makerlab.catalog.marking import drawn
from makerlab.catalog.models import Review, Revision
from makerlab.catalog.queries import state_of
from makerlab.catalog.rules import Found
from makerlab.catalog.states import Verdict
from makerlab.catalog.views import serve_picture
from makerlab.core.access import STAFF, allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Invalid, MakerlabError, NotFound
from makerlab.core.language import _
from makerlab.core.web import settings

LONGEST_REASON, LONGEST_NOTE = 1000, 300  # characters

blueprint.add_app_template_global(review_words.why, "why_returned")


@blueprint.get("/pruefen")
@reviewers
def reviews() -> str:
    """What waits, the oldest first."""
    rows, profiles = browsing.waiting(db.session), load(settings().profiles_dir)
    return render_template(
        "catalog/reviews.html",
        rows=[(row, costs(row, profiles)[:1], words.problems(row.report)) for row in rows],
        own=sum(row.submitted_by_id == current_user.id for row in rows),
        now=utcnow(),
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """What stands in the form: per point 1, 0 or nothing, with a note; codes of reasons; own words."""

    answers: dict[str, str]
    notes: dict[str, str]
    reasons: tuple[str, ...] = ()
    reason: str = ""
    next_step: str = ""

    def found(self) -> list[Found]:
        """A reason chosen at a point means that it is not good there."""
        bad = {review_words.point_of(code) for code in self.reasons}
        answers = self.answers | dict.fromkeys(bad, "0")
        return [
            Found(point, answers[point] == "1", self.notes.get(point, ""))
            for point in review_words.QUESTIONS
            if answers.get(point) in ("0", "1")
        ]


NOTHING = Sent({}, {})


@blueprint.get(f"/pruefen/<{ID}:revision_id>")
@reviewers
def review(revision_id: int) -> str:
    """One revision to judge."""
    return _page(get_revision(revision_id), NOTHING)


@blueprint.post(f"/pruefen/<{ID}:revision_id>")
@reviewers
def review_post(revision_id: int) -> Response | tuple[str, int]:
    """Judge it. The photo is read first, in no transaction: it is a stranger's file, too."""
    revision, sent = get_revision(revision_id), _sent()
    try:
        verdict = _verdict(sent)
        db.session.rollback()
        sample = _sample()
        revision = get_revision(revision_id)
        judge(
            db.session, revision, reviewer=me(), verdict=verdict, reason=sent.reason,
            next_step=sent.next_step, reasons=sent.reasons, found=sent.found(), sample_sha256=sample,
            seen_fingerprint=request.form.get("fingerprint", ""), seen_reviews=seen_number(), now=utcnow(),
        )  # fmt: skip
    except Invalid as error:
        db.session.rollback()
        return _page(get_revision(revision_id), sent, error=error), error.status
    db.session.commit()
    approved = verdict is Verdict.APPROVED
    flash(_("Das Objekt ist freigegeben.") if approved else _("Das Objekt ist zurückgegeben."), "success")
    return redirect(url_for("catalog.reviews"), code=303)


def _sent() -> Sent:
    form = request.form
    return Sent(
        answers={point: form.get(point, "") for point in review_words.QUESTIONS},
        notes={
            point: rules.clean_line(form.get(f"note-{point}", ""), LONGEST_NOTE)
            for point in review_words.QUESTIONS
        },
        reasons=tuple(code for code in review_words.REASONS if code in form.getlist("grund")),
        reason=rules.clean_story(form.get("reason", "")),
        next_step=rules.clean_story(form.get("next_step", "")),
    )


def _verdict(sent: Sent) -> Verdict:
    """The verdict that was sent; raises Invalid when it is none, too long, or does not fit what was found."""
    named = request.form.get("verdict", "")
    if named not in list(Verdict):
        raise Invalid(_("Wählen Sie „Freigeben“ oder „Zurückgeben“."))
    if max(len(sent.reason), len(sent.next_step)) > LONGEST_REASON:
        raise Invalid(_("Der Grund ist zu lang."), way_out=_("Kürzen Sie ihn auf 1000 Zeichen."))
    explained = bool(sent.reasons or (sent.reason and sent.next_step))
    fault = rules.verdict_fault(
        named == Verdict.APPROVED, sent.found(), list(review_words.QUESTIONS), explained=explained
    )
    if fault:
        raise _fault(fault)
    return Verdict(named)


def _fault(code: str) -> Invalid:
    if code == "unseen":
        return Invalid(
            _("Sie haben noch nicht alles geprüft."),
            way_out=_("Beantworten Sie alle Fragen oder geben Sie zurück."),
        )
    if code == "not_good":
        return Invalid(_("An einem Punkt steht „Nein“."), way_out=_("Geben Sie das Objekt zurück."))
    return Invalid(_("Wählen Sie einen Grund, oder schreiben Sie Grund und nächsten Schritt."))


def _sample() -> str:
    """The photo of a sample piece where one came along: its hash in the store."""
    try:
        return sent_photo("sample") or ""
    except MakerlabError as error:  # all of them stand beside the form
        raise Invalid(error.message, way_out=error.way_out) from error


@blueprint.get("/pruefen/probe/<sha256>")
@allow(*STAFF)
def review_sample(sha256: str) -> Response:
    """The photo of a sample piece."""
    known = sa.select(Review.id).where(Review.sample_sha256 == sha256).limit(1)
    if db.session.scalar(known) is None:
        raise NotFound(_("Dieses Bild gibt es nicht."), way_out=_("Gehen Sie zurück zum Katalog."))
    return serve_picture(sha256)


def _page(revision: Revision, sent: Sent, *, error: MakerlabError | None = None) -> str:
    profiles = load(settings().profiles_dir)
    newest = revision.design.revisions[-1] is revision
    return render_template(
        "catalog/review.html",
        revision=revision,
        design=revision.design,
        newest=newest,
        state=state_of(revision, newest=newest),
        state_words=words.STATES,
        mine=not rules.may_judge(current_user.id, revision.submitted_by_id),
        problems=words.problems(revision.report),
        marks=drawn(revision.report),
        costs=costs(revision, profiles),
        print_settings=print_settings(revision, profiles),
        sources=words.SOURCES,
        verdicts=words.VERDICTS,
        points=review_words.POINTS,
        sent=sent,
        error=error,
        currency=settings().currency,
    )

"""The queue of what waits for a review, and the page where one is judged."""

from flask import flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from designs.profiles import load
from makerlab.catalog import browsing, rules, words
from makerlab.catalog.actions import judge
from makerlab.catalog.blueprint import ID, blueprint, get_revision, me, reviewers
from makerlab.catalog.costing import costs
from makerlab.catalog.marking import drawn
from makerlab.catalog.models import Revision
from makerlab.catalog.queries import state_of
from makerlab.catalog.states import Verdict
from makerlab.catalog.views import print_settings
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Invalid, MakerlabError
from makerlab.core.language import _
from makerlab.core.web import settings

LONGEST_REASON = 1000


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


@blueprint.get(f"/pruefen/<{ID}:revision_id>")
@reviewers
def review(revision_id: int) -> str:
    """One revision to judge; `grund` fills in a ready-made reason."""
    reason, next_step = _ready_made()
    return _page(get_revision(revision_id), reason=reason, next_step=next_step)


@blueprint.post(f"/pruefen/<{ID}:revision_id>")
@reviewers
def review_post(revision_id: int) -> Response | tuple[str, int]:
    revision = get_revision(revision_id)
    reason, next_step = (rules.clean_story(request.form.get(key, "")) for key in ("reason", "next_step"))
    try:
        verdict = _verdict(reason, next_step)
        judge(
            db.session, revision, reviewer=me(), verdict=verdict, reason=reason, next_step=next_step,
            seen_fingerprint=request.form.get("fingerprint", ""), seen_reviews=_seen_reviews(), now=utcnow(),
        )  # fmt: skip
    except Invalid as error:
        db.session.rollback()
        return _page(revision, reason=reason, next_step=next_step, error=error), error.status
    db.session.commit()
    approved = verdict is Verdict.APPROVED
    flash(_("Das Objekt ist freigegeben.") if approved else _("Das Objekt ist zurückgegeben."), "success")
    return redirect(url_for("catalog.reviews"), code=303)


def _verdict(reason: str, next_step: str) -> Verdict:
    """The verdict that was sent; raises Invalid when it is none, too long, or not all was looked at."""
    sent = request.form.get("verdict", "")
    if sent not in list(Verdict):
        raise Invalid(_("Wählen Sie „Freigeben“ oder „Zurückgeben“."))
    if max(len(reason), len(next_step)) > LONGEST_REASON:
        raise Invalid(_("Der Grund ist zu lang."), way_out=_("Kürzen Sie ihn auf 1000 Zeichen."))
    unseen = [name for name, _question, _icon in words.checklist() if name not in request.form]
    if sent == Verdict.APPROVED and unseen:
        raise Invalid(
            _("Sie haben noch nicht alles geprüft."),
            way_out=_("Haken Sie alle Fragen ab oder geben Sie zurück."),
        )
    return Verdict(sent)


def _seen_reviews() -> int:
    sent = request.form.get("seen", "")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else -1


def _ready_made() -> tuple[str, str]:
    ready, number = words.reasons(), request.args.get("grund", type=int)
    return ready[number] if number is not None and 0 <= number < len(ready) else ("", "")


def _page(revision: Revision, *, reason: str, next_step: str, error: MakerlabError | None = None) -> str:
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
        checklist=words.checklist(),
        ticked=set(request.form),
        ready=words.reasons(),
        reason=reason,
        next_step=next_step,
        error=error,
        currency=settings().currency,
    )

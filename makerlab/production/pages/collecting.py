"""One attempt on the desk: what happened to it, steering it, and deciding how it ended."""

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response

from makerlab.core.access import allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Conflict, Invalid, NotFound
from makerlab.core.language import _
from makerlab.production import words
from makerlab.production.collecting import collect
from makerlab.production.models import Attempt, AttemptStep
from makerlab.production.pages import board
from makerlab.production.pages.acting import BUSY
from makerlab.production.pages.frame import ACTORS, ID, WATCHERS, blueprint, found, me, picture_url
from makerlab.production.pages.printers import events_of, page_words
from makerlab.production.states import AT_PRINTER, BEFORE_START, OVER, AttemptState

ATTEMPT = f"/laeufe/<{ID}:attempt_id>"


@blueprint.get(ATTEMPT)
@allow(*WATCHERS)
def attempt(attempt_id: int) -> str:
    """Who did what, what happened, and the decision that is open."""
    steps = selectinload(Attempt.steps).joinedload(AttemptStep.account)
    query = sa.select(Attempt).where(Attempt.id == attempt_id)
    one = db.session.scalar(query.options(steps, joinedload(Attempt.printer)))
    if one is None:
        raise NotFound(_("Diesen Druck gibt es nicht."), way_out=_("Gehen Sie zurück zum Drucker."))
    order = one.plate.order
    return render_template(
        "production/attempt.html", attempt=one, order=order, events=events_of(one), left_s=board.left(one),
        picture=picture_url(board.pictures(db.session, [order])[order.id]),
        to_collect=one.state in OVER or one.state is AttemptState.UNKNOWN, still_prints=_still_prints(one),
        unclear=one.state is AttemptState.UNKNOWN, done=one.state is AttemptState.REPORTED_DONE,
        can_pause=one.state is AttemptState.PRINTING, can_stop=one.state in AT_PRINTER | BEFORE_START,
        stop_reasons=words.STOP_REASONS, pause_reasons=words.PAUSE_REASONS, **page_words(),
    )  # fmt: skip


def _still_prints(attempt: Attempt) -> bool:
    """The printer itself says that this very file prints: nothing can be collected yet."""
    sight = attempt.printer.sight
    return sight is not None and sight.state in BUSY and sight.file == attempt.remote_name


@blueprint.post(f"{ATTEMPT}/abholen")
@allow(*ACTORS)
def resolve(attempt_id: int) -> Response:
    """An instructor says how it ended: so many good, or that nothing was printed."""
    one = found(Attempt, attempt_id)
    if _still_prints(one):
        raise Conflict(_("Der Drucker druckt noch."), way_out=_("Stoppen Sie ihn zuerst."))
    collect(db.session, one, by=me(), now=utcnow(), **_answer(one))
    db.session.commit()
    flash(_("Gespeichert. Das Bett ist frei gemeldet."), "success")
    return redirect(url_for(".printer", printer_id=one.printer_id), code=303)


def _answer(attempt: Attempt) -> dict[str, Any]:
    """What the form says, as `collect` wants it. Raises Invalid."""
    nothing = "nothing" in request.form and attempt.state is AttemptState.UNKNOWN
    good = 0 if nothing else request.form.get("good", type=int)
    if good is None:
        raise Invalid(_("Wie viele Stücke sind gut?"))
    reason = request.form.get("scrap_reason", "")
    if reason and reason not in words.SCRAP:
        raise Invalid(_("Wählen Sie einen Grund für den Ausschuss."))
    return {"good": good, "scrap_reason": reason, "nothing_printed": nothing}

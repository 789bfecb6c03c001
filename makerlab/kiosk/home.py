"""The first page of a person: what they can do now."""

from flask import render_template, url_for

from makerlab.catalog.models import Revision
from makerlab.core.access import allow
from makerlab.core.database import db
from makerlab.kiosk import queries
from makerlab.kiosk.blueprint import PEOPLE, blueprint, me
from makerlab.kiosk.models import Draft
from makerlab.production.pages.frame import lab_now
from makerlab.production.survey import person_of, survey


@blueprint.get("/start")
@allow(*PEOPLE)
def home() -> str:
    now, draft = lab_now(), queries.draft_of(db.session, me().id)
    floor, person = survey(db.session, now=now), person_of(db.session, me().id, now=now)
    return render_template(
        "kiosk/home.html",
        draft=draft,
        draft_url=draft_url(draft) if draft else None,
        draft_revision=db.session.get(Revision, draft.choice["revision"]) if draft else None,
        open_orders=queries.open_orders(db.session, me().id),
        over=[spot for spot in floor.spots if spot.is_over],
        startable=floor.startable(person),
    )


def draft_url(draft: Draft) -> str:
    """The question at which this person stopped."""
    revision_id, colour_id = draft.choice["revision"], draft.choice.get("colour")
    if colour_id is None:
        return url_for("kiosk.colour", revision_id=revision_id)
    return url_for("kiosk.amount", revision_id=revision_id, colour_id=colour_id)

"""The page of one design: all that the lab knows about it."""

from itertools import pairwise

import sqlalchemy as sa
from flask import render_template, request
from sqlalchemy.orm import defer, joinedload, selectinload

from designs.profiles import load
from makerlab.catalog import browsing, words
from makerlab.catalog.alike import alike
from makerlab.catalog.blueprint import EDITORS, ID, blueprint
from makerlab.catalog.costing import costs
from makerlab.catalog.history import changes, print_settings
from makerlab.catalog.marking import drawn
from makerlab.catalog.models import Collection, CollectionPlace, Design, Picture, Revision
from makerlab.catalog.queries import state_of
from makerlab.catalog.sections import sections
from makerlab.core.access import STAFF, allow, may
from makerlab.core.database import db
from makerlab.core.errors import NotFound
from makerlab.core.language import _
from makerlab.core.web import settings


@blueprint.get(f"/katalog/<{ID}:design_id>")
@allow(*STAFF)
def design(design_id: int) -> str:
    """One design; `fassung` chooses the revision, else the newest."""
    row = _whole(design_id)
    card, revision = browsing.card_of(row), _chosen(row)
    profiles = load(settings().profiles_dir)
    before = {after.id: changes(one, after, profiles) for one, after in pairwise(row.revisions)}
    return render_template(
        "catalog/design.html",
        design=row,
        card=card,
        revision=revision,
        history=[
            (one, words.STATES[state_of(one, newest=one is card.newest)], before.get(one.id, []))
            for one in reversed(row.revisions)
        ],
        state=words.STATES[state_of(revision, newest=revision is card.newest)],
        problems=words.problems(revision.report),
        marks=drawn(revision.report),
        costs=costs(revision, profiles),
        sources=words.SOURCES,
        print_settings=print_settings(revision, profiles),
        verdicts=words.VERDICTS,
        currency=settings().currency,
        collections=_collections(row),
        sections=sections(db.session, row),
        edits=may(EDITORS),
        alike=[(words.ALIKE[kind], found) for kind, found in alike(db.session, revision)],
    )


def _whole(design_id: int) -> Design:
    """With all that the page shows, in a number of queries that no further revision adds to."""
    revisions = selectinload(Design.revisions)
    query = (
        sa.select(Design)
        .where(Design.id == design_id)
        .options(
            revisions.options(defer(Revision.report), joinedload(Revision.submitted_by)),
            revisions.selectinload(Revision.reviews),
            revisions.selectinload(Revision.estimates),
            revisions.selectinload(Revision.parts),
            revisions.selectinload(Revision.pictures).joinedload(Picture.colour),
            selectinload(Design.photos),
            selectinload(Design.making),
        )
    )
    found = db.session.scalars(query).unique().one_or_none()
    if found is None or not found.revisions:
        raise NotFound(_("Dieses Objekt gibt es nicht."), way_out=_("Wählen Sie eines aus dem Katalog."))
    return found


def _chosen(row: Design) -> Revision:
    number = request.args.get("fassung", type=int)
    if number is None:
        return row.revisions[-1]
    for revision in row.revisions:
        if revision.number == number:
            return revision
    raise NotFound(_("Diese Fassung gibt es nicht."), way_out=_("Wählen Sie eine aus der Liste."))


def _collections(row: Design) -> list[Collection]:
    query = (
        sa.select(Collection)
        .join(CollectionPlace)
        .where(CollectionPlace.design_id == row.id, Collection.archived_at.is_(None))
    )
    return list(db.session.scalars(query.order_by(Collection.position, Collection.id)))

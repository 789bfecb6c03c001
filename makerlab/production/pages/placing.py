"""An instructor orders pieces: which object, in which colour or lot, how many, for whom, until when."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload, selectinload

from makerlab.catalog.models import Part, Revision
from makerlab.catalog.pictures import picture_of
from makerlab.catalog.queries import revisions_of
from makerlab.catalog.wall.index import index
from makerlab.core.access import allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import MakerlabError, NotFound
from makerlab.core.language import _
from makerlab.core.web import settings
from makerlab.people.rules import clean_text
from makerlab.production.first_piece import wanted
from makerlab.production.models import Priority, Purpose
from makerlab.production.ordering import place_pieces
from makerlab.production.pages.frame import ACTORS, ID, blueprint, me, page_of, picture_url, today
from makerlab.production.pages.place_form import (
    LOT,
    PlaceForm,
    chosen,
    colours_for,
    form_for,
    is_valid,
    part_fields,
)

A_PAGE = 24  # objects


@blueprint.get("/auftraege/neu")
@allow(*ACTORS)
def place() -> str:
    """First: which object. Found as in the catalogue."""
    text, there = clean_text(request.args.get("q", ""), 100), index().offered(db.session)
    if text:
        scores = index().find(text)
        fits = (one for one in there if one.design_id in scores)
        there = sorted(fits, key=lambda one: -scores[one.design_id])
    pages = max(1, -(-len(there) // A_PAGE))
    page = min(page_of(request.args), pages)
    shown = [one.revision_id for one in there[(page - 1) * A_PAGE : page * A_PAGE]]
    return render_template(
        "production/place.html", revisions=revisions_of(db.session, shown), text=text, page=page, pages=pages,
        picture_url=picture_url, page_url=lambda number: url_for(".place", q=text or None, seite=number),
    )  # fmt: skip


@blueprint.get(f"/auftraege/neu/<{ID}:revision_id>")
@allow(*ACTORS)
def place_revision(revision_id: int) -> str:
    """Then: colour, number, day."""
    revision = _revision(revision_id)
    return _page(revision, form_for(revision, form_token=secrets.token_urlsafe(24)))


@blueprint.post(f"/auftraege/neu/<{ID}:revision_id>")
@allow(*ACTORS)
def place_post(revision_id: int) -> Any:
    revision = _revision(revision_id)
    form = form_for(revision)
    if not is_valid(form):
        return _page(revision, form), 422
    try:
        order_id = _place(revision, form)
    except MakerlabError as error:
        db.session.rollback()
        form.form_errors.append(f"{error.message} {error.way_out}".strip())
        return _page(_revision(revision_id), form), error.status
    flash(_("Der Auftrag ist angelegt. Die Platten werden jetzt vorbereitet."), "success")
    return redirect(url_for(".order", order_id=order_id), code=303)


def _place(revision: Revision, form: PlaceForm) -> int:
    colours, lot = chosen(form)
    purpose, now = Purpose(form.purpose.data), utcnow()
    order = place_pieces(
        db.session,
        revision=revision,
        colours=colours,
        pieces=form.pieces.data,
        by=me(),
        form_token=form.form_token.data,
        now=now,
        purpose=purpose,
        recipient="" if purpose is Purpose.STOCK else clean_text(form.recipient.data or "", 120),
        due_on=form.due_on.data,
        priority=Priority(form.priority.data),
        lot=lot,
        first_piece=begins_with_one(revision, now),
    )
    db.session.commit()
    return order.id


def begins_with_one(revision: Revision, now: datetime) -> Callable[[int, Part | None], bool]:
    """Tells of so many copies of a file whether the lab wants the first checked."""
    over, days = settings().first_piece_over, settings().first_piece_days

    def begins(copies: int, part: Part | None) -> bool:
        part_id = part.id if part else None
        return wanted(db.session, revision.id, copies, over=over, days=days, now=now, part_id=part_id)

    return begins


def _page(revision: Revision, form: PlaceForm) -> str:
    parts = part_fields(form)
    return render_template(
        "production/place_revision.html", revision=revision, form=form, parts=parts, lot_sign=LOT,
        colours=[] if parts else colours_for(revision),
        picture=picture_url(picture_of(revision)), today=today(), over=settings().first_piece_over,
    )  # fmt: skip


def _revision(revision_id: int) -> Revision:
    query = sa.select(Revision).where(Revision.id == revision_id)
    options = (
        joinedload(Revision.design), selectinload(Revision.reviews), selectinload(Revision.pictures),
        selectinload(Revision.parts),
    )  # fmt: skip
    revision = db.session.scalar(query.options(*options))
    if revision is None:
        raise NotFound(_("Dieses Objekt gibt es nicht."), way_out=_("Wählen Sie ein Objekt aus der Liste."))
    return revision

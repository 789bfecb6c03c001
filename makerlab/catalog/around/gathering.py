"""Collections: designs that belong together, in an order, with a story and a picture."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy.orm import Session, selectinload
from werkzeug.wrappers import Response

from makerlab.catalog import rules, words
from makerlab.catalog.around.forms import CollectionForm
from makerlab.catalog.around.ordering import forward
from makerlab.catalog.around.photographing import sent_photo
from makerlab.catalog.blueprint import EDITORS, ID, blueprint, editors
from makerlab.catalog.forms import attach
from makerlab.catalog.models import Collection, CollectionPlace, Design
from makerlab.catalog.naming import is_taken, named
from makerlab.catalog.wall.index import index
from makerlab.catalog.wall.measures import measures
from makerlab.core.access import STAFF, allow, may
from makerlab.core.audit import record
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Conflict, Invalid, NotFound
from makerlab.core.language import _

Answer = Response | tuple[str, int]


def add_collection(session: Session, *, name: str, story: str, by_id: int, now: datetime) -> Collection:
    """Empty, and behind the others. Raises Invalid without a name, Conflict when the name is taken."""
    plain = _free_name(session, name, None)
    last = session.scalar(sa.select(sa.func.max(Collection.position))) or 0
    collection = Collection(name=plain, story=rules.clean_story(story), position=last + 1)
    session.add(collection)
    session.flush()
    record(session, "collection.added", f"collection:{collection.id}", actor_id=by_id, now=now)
    return collection


def change_collection(
    session: Session, collection: Collection, *, name: str, story: str, by_id: int, now: datetime
) -> None:
    """Raises Invalid, Conflict."""
    collection.name = _free_name(session, name, collection.id)
    collection.story = rules.clean_story(story)
    session.flush()
    record(session, "collection.changed", f"collection:{collection.id}", actor_id=by_id, now=now)


def _free_name(session: Session, name: str, own_id: int | None) -> str:
    plain = named(name)
    if is_taken(session, Collection, plain, own_id):
        raise Conflict(_("Diese Sammlung gibt es schon."), way_out=_("Wählen Sie einen anderen Namen."))
    return plain


def put_in(session: Session, collection: Collection, design_ids: Sequence[int]) -> None:
    """Behind those that are in it; who is in it already stays where it is."""
    there = {place.design_id for place in collection.places}
    last = max((place.position for place in collection.places), default=0)
    for number, design_id in enumerate((id_ for id_ in design_ids if id_ not in there), last + 1):
        collection.places.append(CollectionPlace(design_id=design_id, position=number))
    session.flush()


def take_out(session: Session, collection: Collection, design_ids: Sequence[int]) -> None:
    for place in [place for place in collection.places if place.design_id in design_ids]:
        collection.places.remove(place)
    session.flush()


def put_together(session: Session, design: Design, collection_ids: set[int]) -> None:
    """Exactly these collections hold the design."""
    for collection in all_collections(session):
        change = put_in if collection.id in collection_ids else take_out
        change(session, collection, [design.id])


def all_collections(session: Session) -> Sequence[Collection]:
    """In their order, with what is in them."""
    query = sa.select(Collection).order_by(Collection.position, Collection.id)
    return session.scalars(query.options(selectinload(Collection.places))).all()


def get_collection(collection_id: int) -> Collection:
    found = db.session.get(Collection, collection_id)
    if found is None:
        raise NotFound(_("Diese Sammlung gibt es nicht."), way_out=_("Wählen Sie eine aus der Liste."))
    return found


@blueprint.get("/sammlungen")
@allow(*STAFF)
def collections() -> str:
    """All collections, each with its picture or its first four objects."""
    entries = index().board(db.session).by_id
    rows = [
        (one, [entries[place.design_id] for place in one.places if place.design_id in entries])
        for one in all_collections(db.session)
    ]
    return render_template("catalog/collections.html", rows=rows, may_edit=may(EDITORS))


@blueprint.get(f"/sammlungen/<{ID}:collection_id>")
@allow(*STAFF)
def collection(collection_id: int) -> str:
    return _page(get_collection(collection_id))


def _page(row: Collection) -> str:
    entries = index().board(db.session).by_id
    shown = [entries[place.design_id] for place in row.places if place.design_id in entries]
    return render_template(
        "catalog/collection.html", collection=row, entries=shown, may_edit=may(EDITORS),
        stock=measures(db.session).get("stock"), state_words=words.STATES,
    )  # fmt: skip


@blueprint.get("/sammlungen/neu")
@editors
def new_collection() -> str:
    return render_template("catalog/collection_form.html", form=CollectionForm(), collection=None)


@blueprint.post("/sammlungen/neu")
@editors
def new_collection_post() -> Answer:
    return _saved(None)


@blueprint.get(f"/sammlungen/<{ID}:collection_id>/bearbeiten")
@editors
def edit_collection(collection_id: int) -> str:
    row = get_collection(collection_id)
    return render_template("catalog/collection_form.html", form=CollectionForm(obj=row), collection=row)


@blueprint.post(f"/sammlungen/<{ID}:collection_id>/bearbeiten")
@editors
def edit_collection_post(collection_id: int) -> Answer:
    return _saved(get_collection(collection_id))


def _saved(row: Collection | None) -> Answer:
    form, by_id = CollectionForm(), current_user.id
    if not form.validate_on_submit():
        return render_template("catalog/collection_form.html", form=form, collection=row), 422
    said = {"name": form.name.data, "story": form.story.data, "by_id": by_id, "now": utcnow()}
    try:
        if row is None:
            row = add_collection(db.session, **said)
        else:
            change_collection(db.session, row, **said)
    except (Conflict, Invalid) as error:
        db.session.rollback()
        attach(form.name, f"{error.message} {error.way_out}")
        return render_template("catalog/collection_form.html", form=form, collection=row), error.status
    db.session.commit()
    return redirect(url_for("catalog.collection", collection_id=row.id), code=303)


@blueprint.post(f"/sammlungen/<{ID}:collection_id>/bild")
@editors
def collection_picture(collection_id: int) -> Response:
    """Its own picture; without a file it goes, and the first objects stand there instead."""
    get_collection(collection_id)
    db.session.rollback()
    picture = sent_photo()
    get_collection(collection_id).sha256 = picture
    db.session.commit()
    return redirect(url_for("catalog.edit_collection", collection_id=collection_id), code=303)


@blueprint.post(f"/sammlungen/<{ID}:collection_id>/ordnen")
@editors
def collection_order(collection_id: int) -> Response:
    """`vor`: one object one place forward; `raus`: one object out of the collection."""
    row = get_collection(collection_id)
    moved, out = request.form.get("vor", type=int), request.form.get("raus", type=int)
    for place in [place for place in row.places if place.design_id == moved]:
        forward(row.places, place)
    if out is not None:
        take_out(db.session, row, [out])
    db.session.commit()
    return redirect(url_for("catalog.edit_collection", collection_id=collection_id), code=303)


@blueprint.post(f"/sammlungen/<{ID}:collection_id>/weg")
@editors
def collection_remove(collection_id: int) -> Response:
    """The collection goes; its objects stay."""
    row = get_collection(collection_id)
    by_id, now = current_user.id, utcnow()
    record(db.session, "collection.removed", f"collection:{row.id}", actor_id=by_id, now=now)
    db.session.delete(row)
    db.session.commit()
    flash(_("Die Sammlung ist weg. Die Objekte sind noch da."), "success")
    return redirect(url_for("catalog.collections"), code=303)

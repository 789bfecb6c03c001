"""Photos of a design: added from a phone or a folder, described, put in order, taken away."""

from datetime import datetime

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from makerlab.catalog import rules
from makerlab.catalog.around.ordering import forward
from makerlab.catalog.blueprint import ID, blueprint, editors, get_design
from makerlab.catalog.models import Design, Photo
from makerlab.core.audit import record
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Conflict, Invalid, NotFound
from makerlab.core.language import _
from makerlab.core.photos import take_photo
from makerlab.core.web import settings

MOST_PHOTOS = 20
LONGEST_ALT = 200


def add_photo(
    session: Session, design: Design, sha256: str, *, alt: str = "", by_id: int, now: datetime
) -> Photo:
    """A picture of our store, behind the others. Raises Conflict when it is there or there are too many."""
    if any(photo.sha256 == sha256 for photo in design.photos):
        raise Conflict(_("Dieses Foto ist schon da."))
    if len(design.photos) >= MOST_PHOTOS:
        raise Conflict(_("Mehr Fotos gehen nicht."), way_out=_("Löschen Sie zuerst ein anderes."))
    last = max((photo.position for photo in design.photos), default=0)
    photo = Photo(
        position=last + 1,
        sha256=sha256,
        alt=rules.clean_line(alt, LONGEST_ALT),
        added_by_id=by_id,
        added_at=now,
    )
    design.photos.append(photo)
    session.flush()
    record(session, "photo.added", f"design:{design.id}", actor_id=by_id, now=now, photo=photo.id)
    return photo


def sent_photo(name: str = "photo") -> str | None:
    """The hash of a picture that came along, now in our store; None without one. Takes a second."""
    given = request.files.get(name)
    return take_photo(given.stream, settings()).sha256 if given and given.filename else None


def remove_photo(session: Session, photo: Photo, *, by_id: int, now: datetime) -> None:
    """From the design; the store keeps the file, as something else may show it."""
    record(session, "photo.removed", f"design:{photo.design_id}", actor_id=by_id, now=now, photo=photo.id)
    session.delete(photo)
    session.flush()


@blueprint.get(f"/katalog/<{ID}:design_id>/fotos")
@editors
def photos(design_id: int) -> str:
    return render_template("catalog/photos.html", design=get_design(design_id), most=MOST_PHOTOS)


@blueprint.post(f"/katalog/<{ID}:design_id>/fotos")
@editors
def photos_post(design_id: int) -> Response:
    """One or several pictures at once."""
    get_design(design_id)
    by_id = current_user.id
    db.session.rollback()  # making a picture ours takes a second: nobody waits for our transaction meanwhile
    files = [file for file in request.files.getlist("photo") if file.filename]
    if not files:
        raise Invalid(_("Wählen Sie ein Foto."))
    taken = [take_photo(file.stream, settings()) for file in files[:MOST_PHOTOS]]
    design = get_design(design_id)
    for one in taken:
        add_photo(db.session, design, one.sha256, by_id=by_id, now=utcnow())
    db.session.commit()
    return redirect(url_for("catalog.photos", design_id=design_id), code=303)


@blueprint.post(f"/katalog/<{ID}:design_id>/fotos/ordnen")
@editors
def photos_order(design_id: int) -> Response:
    """What is to be seen, as the form has it; `vor` moves one photo one place forward."""
    photos, moved = get_design(design_id).photos, request.form.get("vor", type=int)
    for photo in photos:
        photo.alt = rules.clean_line(request.form.get(f"alt-{photo.id}", photo.alt), LONGEST_ALT)
    for photo in [photo for photo in photos if photo.id == moved]:
        forward(photos, photo)
    db.session.commit()
    flash(_("Gespeichert."), "success")
    return redirect(url_for("catalog.photos", design_id=design_id), code=303)


@blueprint.post(f"/katalog/<{ID}:design_id>/fotos/<{ID}:photo_id>/weg")
@editors
def photo_remove(design_id: int, photo_id: int) -> Response:
    query = sa.select(Photo).where(Photo.id == photo_id, Photo.design_id == design_id)
    photo = db.session.scalars(query).one_or_none()
    if photo is None:
        raise NotFound(_("Dieses Foto gibt es nicht."))
    remove_photo(db.session, photo, by_id=current_user.id, now=utcnow())
    db.session.commit()
    flash(_("Das Foto ist weg."), "success")
    return redirect(url_for("catalog.photos", design_id=design_id), code=303)

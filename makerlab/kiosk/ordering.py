"""A new order in three questions: which object, which colour, how many. The answers stand in the address."""

from datetime import datetime

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from designs.profiles import load
from makerlab.catalog.models import Revision
from makerlab.catalog.queries import approved_one, files_of, revisions_of
from makerlab.core.access import allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db, writing
from makerlab.core.errors import Conflict, Invalid, NotFound
from makerlab.core.language import _
from makerlab.core.web import settings
from makerlab.kiosk import queries
from makerlab.kiosk.actions import drop_draft, keep_draft
from makerlab.kiosk.blueprint import PEOPLE, blueprint, me, page_number, picture_url
from makerlab.kiosk.models import Draft
from makerlab.kiosk.rules import MOST_PIECES, PageOf, page_of
from makerlab.kiosk.words import ready_words
from makerlab.materials.models import Colour
from makerlab.production.ordering import most_pieces, place_pieces
from makerlab.production.pages.frame import BIGGEST_ID
from makerlab.production.pages.placing import begins_with_one
from makerlab.production.ready import grams_by_material, ready


@blueprint.get("/neu")
@allow(*PEOPLE)
def new() -> str:
    page = page_of(queries.objects(db.session), page_number())
    revisions = revisions_of(db.session, [one.revision_id for one in page.items])
    return render_template("kiosk/objects.html", page=PageOf(revisions, page.number, page.count))


@blueprint.get("/neu/<int:revision_id>")
@allow(*PEOPLE)
def colour(revision_id: int) -> str:
    _revision(revision_id)
    _keep(revision_id)
    revision = _revision(revision_id)
    colours = queries.colours_for(db.session, revision)
    return render_template(
        "kiosk/colours.html",
        revision=revision,
        page=page_of(colours, page_number()),
        coloured={one.colour_id: picture_url(revision, one.colour) for one in revision.pictures},
    )


@blueprint.get("/neu/<int:revision_id>/<int:colour_id>")
@allow(*PEOPLE)
def amount(revision_id: int, colour_id: int) -> str:
    _colour(_revision(revision_id), colour_id)
    _keep(revision_id, colour_id)
    draft, revision = db.session.get_one(Draft, me().id), _revision(revision_id)
    return render_template(
        "kiosk/amount.html",
        revision=revision,
        colour=_colour(revision, colour_id),
        token=draft.choice["token"],
        most=_most(revision),
        **_outlook(revision, colour_id, draft.choice["pieces"], utcnow()),
    )


@blueprint.post("/neu/<int:revision_id>/<int:colour_id>/menge")
@allow(*PEOPLE)
def count(revision_id: int, colour_id: int) -> str:
    """The number changed on the screen: keep it, and say when that many would be ready."""
    now, revision = utcnow(), _revision(revision_id)
    draft = keep_draft(
        db.session,
        me().id,
        revision_id=revision_id,
        colour_id=_colour(revision, colour_id).id,
        pieces=_pieces(_most(revision)),
        now=now,
    )
    db.session.commit()
    return render_template(
        "kiosk/_outlook.html", **_outlook(revision, colour_id, draft.choice["pieces"], now)
    )


@blueprint.post("/neu/<int:revision_id>/<int:colour_id>")
@allow(*PEOPLE)
def place(revision_id: int, colour_id: int) -> Response:
    """Queue the order. Without JavaScript the buttons for more and less come here too."""
    now, revision = utcnow(), _revision(revision_id)
    pieces = _pieces(_most(revision))
    chosen = _colour(revision, colour_id)
    if step := request.form.get("pieces_step", 0, type=int):
        keep_draft(
            db.session, me().id, revision_id=revision_id, colour_id=colour_id, pieces=pieces + step, now=now
        )
        db.session.commit()
        return redirect(url_for("kiosk.amount", revision_id=revision_id, colour_id=colour_id), code=303)
    order = place_pieces(
        db.session,
        revision=revision,
        colours=[chosen for _file in files_of(revision)],
        pieces=pieces,
        by=me(),
        form_token=_token(),
        now=now,
        first_piece=begins_with_one(revision, now),
    )
    if order.placed_by_id != me().id:
        raise Conflict(
            _("Diese Seite gehört zu einer anderen Person."), way_out=_("Beginnen Sie noch einmal.")
        )
    drop_draft(db.session, me().id)
    db.session.commit()
    return redirect(url_for("kiosk.order", order_id=order.id), code=303)


def _keep(revision_id: int, colour_id: int | None = None) -> None:
    """Remember the choice, in a short transaction of its own: the page around it only reads."""
    account_id = me().id
    db.session.rollback()  # without WAL our own reading transaction would keep the writer out
    with writing():
        keep_draft(db.session, account_id, revision_id=revision_id, colour_id=colour_id, now=utcnow())
        db.session.commit()


def _revision(revision_id: int) -> Revision:
    found = approved_one(db.session, revision_id) if revision_id <= BIGGEST_ID else None
    if found is None:
        raise NotFound(
            _("Dieses Objekt gibt es hier nicht mehr."), way_out=_("Wählen Sie ein anderes Objekt.")
        )
    return found


def _colour(revision: Revision, colour_id: int) -> Colour:
    """A colour in which there is filament for this object. Raises NotFound."""
    there = queries.colours_for(db.session, revision)
    found = next((one.colour for one in there if one.colour.id == colour_id), None)
    if found is None:
        raise NotFound(_("Diese Farbe gibt es hier nicht."), way_out=_("Wählen Sie eine andere Farbe."))
    return found


def _most(revision: Revision) -> int:
    return min(MOST_PIECES, most_pieces(files_of(revision)))


def _pieces(most: int) -> int:
    pieces = request.form.get("pieces", type=int)
    if pieces is None or not 1 <= pieces <= most:
        raise Invalid(_("Diese Zahl geht nicht."), way_out=_("Wählen Sie eine andere Zahl."))
    return pieces


def _token() -> str:
    token = request.form.get("token", "")
    if not 16 <= len(token) <= 64 or not token.isascii():
        raise Invalid(_("Diese Seite war zu lange offen."), way_out=_("Beginnen Sie noch einmal."))
    return token


def _outlook(revision: Revision, colour_id: int, pieces: int, now: datetime) -> dict[str, object]:
    """When so many would be ready, in words, and what they take of the filament that is there."""
    machines = load(settings().profiles_dir).machines
    soon = ready(db.session, revision, pieces, colour_id=colour_id, machines=machines, site_id=me().site_id)
    grams = grams_by_material(revision, pieces) or {}
    return {
        "pieces": pieces,
        "when": ready_words(soon, now) if soon else "",
        "grams": max(1, round(sum(grams.values()))) if grams else None,
        "enough": all(
            queries.grams_there(db.session, material, colour_id) >= one for material, one in grams.items()
        ),
    }

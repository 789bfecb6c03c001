"""Name, story, partner and tags of a design; and the archive, for what the lab makes no longer."""

from collections.abc import Iterable
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from makerlab.catalog import browsing, rules
from makerlab.catalog.around.forms import AboutForm
from makerlab.catalog.around.gathering import all_collections, put_together
from makerlab.catalog.blueprint import ID, blueprint, editors, get_design, get_partner
from makerlab.catalog.forms import NO_PARTNER
from makerlab.catalog.models import Design, Partner
from makerlab.catalog.naming import named
from makerlab.catalog.wall.index import index
from makerlab.core.audit import record
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.language import _

Answer = Response | tuple[str, int]


def change_design(
    session: Session, design: Design, *, name: str, story: str, partner: Partner | None, tags: Iterable[str],
    by_id: int, now: datetime,
) -> None:  # fmt: skip
    """What is said about a design; its files and approvals stay. Raises Invalid without a name."""
    design.name, design.story, design.partner = named(name), rules.clean_story(story), partner
    design.tags = rules.clean_tags(tags)
    session.flush()
    record(session, "design.changed", f"design:{design.id}", actor_id=by_id, now=now)


def archive(session: Session, design: Design, *, by_id: int, now: datetime) -> None:
    """Offer it for printing no more. Stock and history stay; a second time changes nothing."""
    if design.archived_at is None:
        design.archived_at = now
        session.flush()
        record(session, "design.archived", f"design:{design.id}", actor_id=by_id, now=now)


def unarchive(session: Session, design: Design, *, by_id: int, now: datetime) -> None:
    if design.archived_at is not None:
        design.archived_at = None
        session.flush()
        record(session, "design.unarchived", f"design:{design.id}", actor_id=by_id, now=now)


@blueprint.get(f"/katalog/<{ID}:design_id>/bearbeiten")
@editors
def edit(design_id: int) -> str:
    design = get_design(design_id)
    return _page(design, _form(design))


@blueprint.post(f"/katalog/<{ID}:design_id>/bearbeiten")
@editors
def edit_post(design_id: int) -> Answer:
    design = get_design(design_id)
    form = _form(design)
    if not form.validate_on_submit():
        return _page(design, form), 422
    partner = get_partner(form.partner_id.data) if form.partner_id.data != NO_PARTNER else None
    change_design(
        db.session, design, name=form.name.data, story=form.story.data, partner=partner,
        tags=form.tags.data.split(","), by_id=current_user.id, now=utcnow(),
    )  # fmt: skip
    put_together(db.session, design, set(request.form.getlist("collection", type=int)))
    db.session.commit()
    flash(_("Gespeichert."), "success")
    return redirect(url_for("catalog.design", design_id=design_id), code=303)


@blueprint.post(f"/katalog/<{ID}:design_id>/archiv")
@editors
def archive_post(design_id: int) -> Response:
    """Into the archive, or with `zurueck` out of it."""
    verb = unarchive if request.form.get("zurueck") else archive
    verb(db.session, get_design(design_id), by_id=current_user.id, now=utcnow())
    db.session.commit()
    flash(_("Das Objekt ist wieder da.") if verb is unarchive else _("Das Objekt ist im Archiv."), "success")
    return redirect(url_for("catalog.design", design_id=design_id), code=303)


def _form(design: Design) -> AboutForm:
    form = AboutForm(
        name=design.name, story=design.story, partner_id=design.partner_id or NO_PARTNER,
        tags=", ".join(design.tags),
    )  # fmt: skip
    form.offer_partners([(partner.id, partner.name) for partner in browsing.partners(db.session)])
    return form


def _page(design: Design, form: AboutForm) -> str:
    collections = all_collections(db.session)
    return render_template(
        "catalog/edit.html", design=design, form=form, collections=collections, tags=known_tags(),
        inside={one.id for one in collections if any(place.design_id == design.id for place in one.places)},
    )  # fmt: skip


def known_tags() -> list[str]:
    """Those in use, the most frequent first, to be suggested."""
    tags = index().board(db.session).facets["tag"]
    return sorted(tags, key=lambda tag: (-tags[tag].bit_count(), tag))

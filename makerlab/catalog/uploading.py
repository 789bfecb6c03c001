"""Pages that bring a file into the catalogue: a new design, or a new revision of one."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from designs.profiles import load
from makerlab.catalog import browsing
from makerlab.catalog.blueprint import ID, blueprint, get_design, get_partner, machines_in_use, me, submitters
from makerlab.catalog.forms import NO_PARTNER, DesignForm, RevisionForm, attach
from makerlab.catalog.intake import TakenIn, take_in
from makerlab.catalog.licences import LICENCES
from makerlab.catalog.models import Design, Revision
from makerlab.catalog.submitting import submit_design, submit_revision
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import MakerlabError
from makerlab.core.language import _
from makerlab.core.web import settings

Answer = Response | tuple[str, int]


@blueprint.get("/katalog/neu")
@submitters
def upload() -> str:
    return _upload_page(_design_form())


@blueprint.post("/katalog/neu")
@submitters
def upload_post() -> Answer:
    form = _design_form()
    if not form.validate_on_submit():
        return _upload_page(form), 422
    return _submitted(form, lambda taken: _new_design(form, taken), lambda: _upload_page(form))


def _new_design(form: DesignForm, taken: TakenIn) -> Revision:
    partner = get_partner(form.partner_id.data) if form.partner_id.data != NO_PARTNER else None
    return submit_design(
        db.session, taken, name=form.name.data, story=form.story.data, partner=partner,
        tags=form.tags.data.split(","), note=form.note.data, by=me(), now=utcnow(),
        licence=form.licence.data if form.licence.data in LICENCES else "",
    )  # fmt: skip


@blueprint.get(f"/katalog/<{ID}:design_id>/neu")
@submitters
def new_revision(design_id: int) -> str:
    design = get_design(design_id)
    return _revision_page(_revision_form(design), design)


@blueprint.post(f"/katalog/<{ID}:design_id>/neu")
@submitters
def new_revision_post(design_id: int) -> Answer:
    design = get_design(design_id)
    form = _revision_form(design)
    if not form.validate_on_submit():
        return _revision_page(form, design), 422
    return _submitted(
        form, lambda taken: _next_revision(form, design_id, taken), lambda: _revision_page(form, design)
    )


def _next_revision(form: RevisionForm, design_id: int, taken: TakenIn) -> Revision:
    return submit_revision(
        db.session, get_design(design_id), taken, note=form.note.data, by=me(), now=utcnow(),
        seen=int(form.seen.data) if str(form.seen.data).isdecimal() else -1,
    )  # fmt: skip


def _submitted(form: RevisionForm, submit: Callable[[TakenIn], Revision], page: Callable[[], str]) -> Answer:
    """Take the file in, then make its rows; a refusal stands beside the file, with its own status."""
    machines = machines_in_use()
    db.session.rollback()  # reading a file takes seconds: nobody else waits for our transaction meanwhile
    upload = form.file.data
    try:
        taken = take_in(upload.stream, upload.filename, form.settings, settings=settings(), machines=machines)
        revision = submit(taken)
        db.session.commit()
    except MakerlabError as error:
        db.session.rollback()
        attach(form.file, f"{error.message} {error.way_out}".strip())
        return page(), error.status
    flash(_("Ihre Datei ist da. Jetzt prüft sie jemand anders."), "success")
    return redirect(url_for("catalog.design", design_id=revision.design_id), code=303)


def _design_form() -> DesignForm:
    form = DesignForm()
    form.offer(load(settings().profiles_dir))
    form.offer_partners([(partner.id, partner.name) for partner in browsing.partners(db.session)])
    return form


def _revision_form(design: Design) -> RevisionForm:
    """Begins with the settings of the newest revision."""
    newest = design.revisions[-1]
    form = RevisionForm(
        process_key=newest.process,
        material_key=newest.material,
        supports=newest.supports,
        seen=str(newest.number),
    )
    form.offer(load(settings().profiles_dir))
    return form


def _upload_page(form: DesignForm) -> str:
    return render_template("catalog/upload.html", form=form, most_mb=settings().upload_mb)


def _revision_page(form: RevisionForm, design: Design) -> str:
    return render_template(
        "catalog/new_revision.html", form=form, design=design, most_mb=settings().upload_mb
    )

"""The page where a design gets further parts and their counts."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from designs.profiles import load
from makerlab.catalog import words
from makerlab.catalog.blueprint import (
    ID,
    blueprint,
    get_design,
    machines_in_use,
    me,
    seen_number,
    submitters,
)
from makerlab.catalog.forms import attach
from makerlab.catalog.intake import take_in
from makerlab.catalog.models import Design, Revision
from makerlab.catalog.parts.dividing import add_part, recount
from makerlab.catalog.parts.forms import PartForm
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import MakerlabError
from makerlab.core.language import _
from makerlab.core.web import settings

Answer = Response | tuple[str, int]


@blueprint.get(f"/katalog/<{ID}:design_id>/teile")
@submitters
def parts(design_id: int) -> str:
    design = get_design(design_id)
    return _page(design, _form(design))


@blueprint.post(f"/katalog/<{ID}:design_id>/teile")
@submitters
def parts_post(design_id: int) -> Answer:
    """A further file."""
    form = _form(get_design(design_id))
    if not form.validate_on_submit():
        return _page(get_design(design_id), form), 422
    machines, upload = machines_in_use(), form.file.data
    db.session.rollback()  # reading a file takes seconds: nobody waits for our transaction meanwhile

    def add() -> Revision:
        taken = take_in(upload.stream, upload.filename, form.settings, settings=settings(), machines=machines)
        return add_part(
            db.session, get_design(design_id), taken, name=form.name.data, count=form.count.data,
            seen=seen_number(), by=me(), profiles=load(settings().profiles_dir), now=utcnow(),
        )  # fmt: skip

    return _changed(design_id, form, add)


@blueprint.post(f"/katalog/<{ID}:design_id>/teile/anzahl")
@submitters
def parts_count(design_id: int) -> Answer:
    """Other counts; zero takes a part out."""
    counts = {
        int(key.removeprefix("count-")): int(value)
        for key, value in request.form.items()
        if key.startswith("count-") and key[6:].isdecimal() and value.isdecimal() and len(value) < 4
    }
    return _changed(
        design_id, _form(get_design(design_id)),
        lambda: recount(
            db.session, get_design(design_id), name=request.form.get("part_name", ""), counts=counts,
            seen=seen_number(), by=me(), profiles=load(settings().profiles_dir), now=utcnow(),
        ),
    )  # fmt: skip


def _changed(design_id: int, form: PartForm, change: Callable[[], Revision]) -> Answer:
    try:
        change()
        db.session.commit()
    except MakerlabError as error:
        db.session.rollback()
        attach(form.file, f"{error.message} {error.way_out}".strip())
        return _page(get_design(design_id), form), error.status
    flash(_("Die neue Fassung ist da. Jetzt prüft sie jemand anders."), "success")
    return redirect(url_for("catalog.parts", design_id=design_id), code=303)


def _form(design: Design) -> PartForm:
    newest = design.revisions[-1]
    form = PartForm(process_key=newest.process, material_key=newest.material, supports=newest.supports)
    form.offer(load(settings().profiles_dir))
    return form


def _page(design: Design, form: PartForm) -> str:
    newest = design.revisions[-1]
    form.seen.data = str(newest.number)
    return render_template(
        "catalog/parts.html", design=design, revision=newest, form=form, most_mb=settings().upload_mb,
        said={part.id: words.problems(part.report) for part in newest.parts},
    )  # fmt: skip

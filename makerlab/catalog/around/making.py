"""Work after the print: steps of finishing and assembly, with a picture and minutes for one piece."""

from flask import redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from makerlab.catalog import rules
from makerlab.catalog.around.forms import LONGEST_STEP, MakingForm
from makerlab.catalog.around.ordering import forward
from makerlab.catalog.around.photographing import sent_photo
from makerlab.catalog.blueprint import ID, blueprint, editors, get_design
from makerlab.catalog.models import Design, Making, MakingKind
from makerlab.core.audit import record
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Conflict, NotFound
from makerlab.core.language import _

MOST_STEPS = 30

Answer = Response | tuple[str, int]


def add_step(
    session: Session, design: Design, *, kind: MakingKind, text: str, minutes: int, sha256: str | None = None
) -> Making:
    """Behind the others. Raises Conflict when there are too many."""
    if len(design.making) >= MOST_STEPS:
        raise Conflict(_("Mehr Schritte gehen nicht."), way_out=_("Löschen Sie zuerst einen anderen."))
    last = max((step.position for step in design.making), default=0)
    plain = rules.clean_line(text, LONGEST_STEP)
    step = Making(position=last + 1, kind=kind, text=plain, minutes=minutes, sha256=sha256)
    design.making.append(step)
    session.flush()
    return step


@blueprint.get(f"/katalog/<{ID}:design_id>/schritte")
@editors
def steps(design_id: int) -> str:
    return _page(get_design(design_id), MakingForm())


def _page(design: Design, form: MakingForm) -> str:
    return render_template("catalog/steps.html", design=design, form=form)


@blueprint.post(f"/katalog/<{ID}:design_id>/schritte")
@editors
def steps_post(design_id: int) -> Answer:
    form, by_id = MakingForm(), current_user.id
    if not form.validate_on_submit():
        return _page(get_design(design_id), form), 422
    db.session.rollback()
    picture = sent_photo()
    add_step(
        db.session, get_design(design_id), kind=MakingKind(form.kind.data), text=form.text.data,
        minutes=form.minutes.data, sha256=picture,
    )  # fmt: skip
    record(db.session, "design.changed", f"design:{design_id}", actor_id=by_id, now=utcnow())
    db.session.commit()
    return redirect(url_for("catalog.steps", design_id=design_id), code=303)


@blueprint.post(f"/katalog/<{ID}:design_id>/schritte/<{ID}:step_id>")
@editors
def step_post(design_id: int, step_id: int) -> Response:
    """`weg`: away with it; else it goes one place forward."""
    design = get_design(design_id)
    step = next((one for one in design.making if one.id == step_id), None)
    if step is None:
        raise NotFound(_("Diesen Schritt gibt es nicht."))
    if request.form.get("weg"):
        db.session.delete(step)
    else:
        forward(design.making, step)
    record(db.session, "design.changed", f"design:{design_id}", actor_id=current_user.id, now=utcnow())
    db.session.commit()
    return redirect(url_for("catalog.steps", design_id=design_id), code=303)

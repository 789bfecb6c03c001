"""The pages of visitors: a wall of chosen objects and the story of each; and who chooses them."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_security import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from makerlab.catalog.models import Design
from makerlab.catalog.sections import register_section
from makerlab.catalog.views import preview as preview_file
from makerlab.catalog.views import serve_picture
from makerlab.core.access import Role, allow, may, public
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import NotFound
from makerlab.core.language import _
from makerlab.core.web import settings
from makerlab.materials.labels import qr_svg
from makerlab.sales import actions
from makerlab.sales.views import blueprint
from makerlab.sales.visiting import Shown, is_shown, may_be_seen, shown_designs

CHOOSERS = (Role.INSTRUCTOR, Role.LIAISON, Role.SALES, Role.COORDINATOR)
ORDER = 90  # of the section on a design's page


@blueprint.get("/schau")
@public
def visit() -> str:
    """Everything that visitors may see."""
    return render_template("sales/visit.html", shown=shown_designs(db.session))


@blueprint.get("/schau/<int:design_id>")
@public
def visit_design(design_id: int) -> str:
    return render_template("sales/visit_design.html", one=_shown(design_id))


@blueprint.get("/schau/<int:design_id>/form")
@public
def visit_form(design_id: int) -> Any:
    """The coarse mesh for the 3D view."""
    return preview_file(_shown(design_id).revision.id)


@blueprint.get("/schau/bilder/<sha256>")
@public
def visit_picture(sha256: str) -> Response:
    if not may_be_seen(db.session, sha256):
        raise NotFound(_("Dieses Bild gibt es nicht."))
    return serve_picture(sha256)


@blueprint.post("/katalog/<int:design_id>/schau")
@allow(*CHOOSERS)
def show(design_id: int) -> Response:
    """Show a design to visitors, or no more."""
    design = db.session.get(Design, design_id)
    if design is None:
        raise NotFound(_("Dieses Objekt gibt es nicht."))
    change = actions.hide if is_shown(db.session, design_id) else actions.show
    change(db.session, design, by_id=current_user.id, now=utcnow())
    there = redirect(url_for("catalog.design", design_id=design.id))
    db.session.commit()
    return there


def _shown(design_id: int) -> Shown:
    found = shown_designs(db.session, design_id=design_id)
    if not found:
        raise NotFound(
            _("Dieses Objekt zeigen wir gerade nicht."), way_out=_("Sehen Sie sich die anderen an.")
        )
    return found[0]


def section(session: Session, design: Design) -> str:
    """For those who choose: whether visitors see it, and the code that leads them there."""
    if not may(CHOOSERS):
        return ""
    address = settings().address + url_for("sales.visit_design", design_id=design.id)
    shown = is_shown(session, design.id)
    return render_template(
        "sales/_visitors.html",
        design=design,
        shown=shown,
        address=address,
        code=qr_svg(address) if shown else "",
    )


blueprint.record_once(lambda state: register_section(state.app, ORDER, section))

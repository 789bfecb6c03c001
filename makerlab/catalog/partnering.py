"""Pages of partners and their agreements."""

import sqlalchemy as sa
from flask import flash, redirect, render_template, url_for
from flask_security import current_user
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from makerlab.catalog.blueprint import ID, blueprint, get_partner, partner_keepers
from makerlab.catalog.forms import AgreementForm, PartnerForm, attach
from makerlab.catalog.models import Agreement, Design, Partner
from makerlab.catalog.rules import Terms, in_force
from makerlab.catalog.submitting import add_agreement, add_partner, change_agreement, change_partner
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Conflict, Invalid, NotFound
from makerlab.core.language import _

Answer = Response | tuple[str, int]


@blueprint.get("/partner")
@partner_keepers
def partners() -> str:
    """All partners with what they allow today."""
    query = sa.select(Partner).options(selectinload(Partner.agreements)).order_by(sa.func.lower(Partner.name))
    per_partner = sa.select(Design.partner_id, sa.func.count()).group_by(Design.partner_id)
    counts: dict[int | None, int] = {row[0]: row[1] for row in db.session.execute(per_partner)}
    rows = [(row, counts.get(row.id, 0), _terms_today(row)) for row in db.session.scalars(query)]
    return render_template("catalog/partners.html", rows=rows)


def _terms_today(partner: Partner) -> list[Terms]:
    terms = [Terms(row.pieces, row.starts_on, row.ends_on) for row in partner.agreements]
    return in_force(terms, utcnow().date())


@blueprint.get("/partner/neu")
@partner_keepers
def new_partner() -> str:
    return render_template("catalog/new_partner.html", form=PartnerForm())


@blueprint.post("/partner/neu")
@partner_keepers
def new_partner_post() -> Answer:
    form = PartnerForm()
    if not form.validate_on_submit():
        return render_template("catalog/new_partner.html", form=form), 422
    try:
        partner = add_partner(
            db.session, name=form.name.data, story=form.story.data, by_id=current_user.id, now=utcnow()
        )
        db.session.commit()
    except (Conflict, Invalid) as error:
        attach(form.name, f"{error.message} {error.way_out}")
        return render_template("catalog/new_partner.html", form=form), error.status
    flash(_("Die Partnerschaft ist gespeichert."), "success")
    return redirect(url_for("catalog.partner", partner_id=partner.id), code=303)


@blueprint.get(f"/partner/<{ID}:partner_id>")
@partner_keepers
def partner(partner_id: int) -> str:
    row = get_partner(partner_id)
    return _page(row, PartnerForm(obj=row), AgreementForm())


@blueprint.post(f"/partner/<{ID}:partner_id>")
@partner_keepers
def partner_post(partner_id: int) -> Answer:
    row, form = get_partner(partner_id), PartnerForm()
    if not form.validate_on_submit():
        return _page(row, form, AgreementForm(formdata=None)), 422
    try:
        change_partner(
            db.session, row, name=form.name.data, story=form.story.data, by_id=current_user.id, now=utcnow()
        )
        db.session.commit()
    except (Conflict, Invalid) as error:
        attach(form.name, f"{error.message} {error.way_out}")
        return _page(row, form, AgreementForm(formdata=None)), error.status
    return _saved(partner_id)


@blueprint.post(f"/partner/<{ID}:partner_id>/vertrag")
@partner_keepers
def new_agreement(partner_id: int) -> Answer:
    row, form = get_partner(partner_id), AgreementForm()
    if not form.validate_on_submit():
        return _page(row, PartnerForm(formdata=None, obj=row), form), 422
    try:
        add_agreement(
            db.session, row, pieces=form.pieces.data, starts_on=form.starts_on.data,
            ends_on=form.ends_on.data, by_id=current_user.id, now=utcnow(),
        )  # fmt: skip
        db.session.commit()
    except Invalid as error:
        attach(form.ends_on, f"{error.message} {error.way_out}")
        return _page(row, PartnerForm(formdata=None, obj=row), form), error.status
    return _saved(partner_id)


@blueprint.get(f"/partner/vertrag/<{ID}:agreement_id>")
@partner_keepers
def agreement(agreement_id: int) -> str:
    row = _agreement(agreement_id)
    return render_template("catalog/agreement.html", form=AgreementForm(obj=row), agreement=row)


@blueprint.post(f"/partner/vertrag/<{ID}:agreement_id>")
@partner_keepers
def agreement_post(agreement_id: int) -> Answer:
    row, form = _agreement(agreement_id), AgreementForm()
    if not form.validate_on_submit():
        return render_template("catalog/agreement.html", form=form, agreement=row), 422
    try:
        change_agreement(
            db.session, row, pieces=form.pieces.data, starts_on=form.starts_on.data,
            ends_on=form.ends_on.data, by_id=current_user.id, now=utcnow(),
        )  # fmt: skip
        db.session.commit()
    except Invalid as error:
        attach(form.ends_on, f"{error.message} {error.way_out}")
        return render_template("catalog/agreement.html", form=form, agreement=row), error.status
    return _saved(row.partner_id)


def _agreement(agreement_id: int) -> Agreement:
    found = db.session.get(Agreement, agreement_id)
    if found is None:
        raise NotFound(_("Diesen Vertrag gibt es nicht."), way_out=_("Wählen Sie einen aus der Liste."))
    return found


def _saved(partner_id: int) -> Response:
    flash(_("Gespeichert."), "success")
    return redirect(url_for("catalog.partner", partner_id=partner_id), code=303)


def _page(row: Partner, form: PartnerForm, agreement_form: AgreementForm) -> str:
    designs = db.session.scalars(sa.select(Design).where(Design.partner_id == row.id).order_by(Design.name))
    return render_template(
        "catalog/partner.html",
        partner=row,
        form=form,
        agreement_form=agreement_form,
        designs=designs.all(),
        today=utcnow().date(),
    )

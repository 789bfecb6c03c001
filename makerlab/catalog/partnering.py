"""Pages of partners: who they are, whom to reach, what they designed and allow."""

import sqlalchemy as sa
from flask import flash, redirect, render_template, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from makerlab.catalog.agreed import Standing, ending, standings
from makerlab.catalog.arranging import add_partner, change_partner, drop_contact, keep_contact
from makerlab.catalog.blueprint import ID, blueprint, get_partner, partner_keepers
from makerlab.catalog.forms import AgreementForm, ContactForm, PartnerForm, attach
from makerlab.catalog.models import Contact, Design, Partner
from makerlab.catalog.rules import in_force
from makerlab.core.access import Role, may
from makerlab.core.alphabet import by_name
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Conflict, Invalid, NotFound
from makerlab.core.language import _

Answer = Response | tuple[str, int]
KEEPERS = (Role.LIAISON, Role.COORDINATOR)


@blueprint.app_template_global("agreements_ending")
def agreements_ending() -> list[Standing]:
    """What the first page of a partner liaison warns of; nothing for all others."""
    return ending(db.session, utcnow().date()) if may(KEEPERS) else []


@blueprint.get("/partner")
@partner_keepers
def partners() -> str:
    """All partners with what they allow today."""
    today, all_ = utcnow().date(), standings(db.session, utcnow().date())
    per_partner = sa.select(Design.partner_id, sa.func.count()).group_by(Design.partner_id)
    counts: dict[int | None, int] = {row[0]: row[1] for row in db.session.execute(per_partner)}
    by_partner: dict[int, list[Standing]] = {}
    for one in all_:
        by_partner.setdefault(one.agreement.partner_id, []).append(one)
    rows = [
        (row, counts.get(row.id, 0), mine, in_force([one.terms for one in mine], today))
        for row in db.session.scalars(sa.select(Partner).order_by(by_name(Partner.name)))
        for mine in [by_partner.get(row.id, [])]
    ]
    return render_template("catalog/partners.html", rows=rows)


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
            db.session, name=form.name.data, story=form.story.data, kind=form.chosen, by_id=current_user.id,
            now=utcnow(),
        )  # fmt: skip
        db.session.commit()
    except (Conflict, Invalid) as error:
        attach(form.name, f"{error.message} {error.way_out}")
        return render_template("catalog/new_partner.html", form=form), error.status
    flash(_("Die Partnerschaft ist gespeichert."), "success")
    return redirect(url_for("catalog.partner", partner_id=partner.id), code=303)


@blueprint.get(f"/partner/<{ID}:partner_id>")
@partner_keepers
def partner(partner_id: int) -> str:
    return page(get_partner(partner_id))


@blueprint.post(f"/partner/<{ID}:partner_id>")
@partner_keepers
def partner_post(partner_id: int) -> Answer:
    row, form = get_partner(partner_id), PartnerForm()
    if not form.validate_on_submit():
        return page(row, form=form), 422
    try:
        change_partner(
            db.session, row, name=form.name.data, story=form.story.data, kind=form.chosen,
            by_id=current_user.id, now=utcnow(),
        )  # fmt: skip
        db.session.commit()
    except (Conflict, Invalid) as error:
        attach(form.name, f"{error.message} {error.way_out}")
        return page(row, form=form), error.status
    return saved(partner_id)


@blueprint.post(f"/partner/<{ID}:partner_id>/kontakt")
@partner_keepers
def new_contact(partner_id: int) -> Answer:
    return _contact_kept(get_partner(partner_id), None)


@blueprint.get(f"/partner/kontakt/<{ID}:contact_id>")
@partner_keepers
def contact(contact_id: int) -> str:
    row = _contact(contact_id)
    partner = get_partner(row.partner_id)
    return render_template("catalog/contact.html", form=ContactForm(obj=row), contact=row, partner=partner)


@blueprint.post(f"/partner/kontakt/<{ID}:contact_id>")
@partner_keepers
def contact_post(contact_id: int) -> Answer:
    row = _contact(contact_id)
    return _contact_kept(get_partner(row.partner_id), row)


@blueprint.post(f"/partner/kontakt/<{ID}:contact_id>/loeschen")
@partner_keepers
def contact_drop(contact_id: int) -> Response:
    row = _contact(contact_id)
    partner_id = row.partner_id
    drop_contact(db.session, row, by_id=current_user.id, now=utcnow())
    db.session.commit()
    return saved(partner_id)


def _contact_kept(partner: Partner, row: Contact | None) -> Answer:
    form = ContactForm()
    if not form.validate_on_submit():
        if row is None:
            return page(partner, contact_form=form), 422
        return render_template("catalog/contact.html", form=form, contact=row, partner=partner), 422
    keep_contact(
        db.session, partner, row, name=form.name.data, role=form.role.data, email=form.email.data or "",
        phone=form.phone.data, address=form.address.data, by_id=current_user.id, now=utcnow(),
    )  # fmt: skip
    db.session.commit()
    return saved(partner.id)


def _contact(contact_id: int) -> Contact:
    found = db.session.get(Contact, contact_id)
    if found is None:
        raise NotFound(_("Diesen Kontakt gibt es nicht."), way_out=_("Wählen Sie einen aus der Liste."))
    return found


def saved(partner_id: int) -> Response:
    flash(_("Gespeichert."), "success")
    return redirect(url_for("catalog.partner", partner_id=partner_id), code=303)


def designs_of(partner_id: int) -> list[Design]:
    query = sa.select(Design).where(Design.partner_id == partner_id).order_by(by_name(Design.name))
    return list(db.session.scalars(query))


def page(
    row: Partner, *, form: PartnerForm | None = None, agreement_form: AgreementForm | None = None,
    contact_form: ContactForm | None = None,
) -> str:  # fmt: skip
    """One partner; a form that came back with errors takes the place of the fresh one."""
    today, designs = utcnow().date(), designs_of(row.id)
    fresh = AgreementForm(formdata=None)
    fresh.offer([(design.id, design.name) for design in designs])
    return render_template(
        "catalog/partner.html",
        partner=row,
        form=form or PartnerForm(formdata=None, name=row.name, story=row.story, kind=row.kind.value),
        agreement_form=agreement_form or fresh,
        contact_form=contact_form or ContactForm(formdata=None),
        designs=designs,
        standings=standings(db.session, today, [row.id]),
        today=today,
    )

"""Pages of an agreement: its terms, what a sold piece owes, its papers; and the licence of a design."""

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_security import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from makerlab.catalog import partnering
from makerlab.catalog.agreed import licence_forbids, standings
from makerlab.catalog.arranging import (
    add_agreement,
    add_document,
    change_agreement,
    remove_document,
    set_licence,
    set_rate,
)
from makerlab.catalog.blueprint import ID, blueprint, get_design, get_partner, partner_keepers, submitters
from makerlab.catalog.documents import MOST_MB, take_paper
from makerlab.catalog.forms import AgreementForm, RateForm, attach
from makerlab.catalog.licences import LICENCES, name_of
from makerlab.catalog.models import Agreement, AgreementDocument, Design, Partner
from makerlab.catalog.sections import register_section
from makerlab.core.access import Role, allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Invalid, MakerlabError, NotFound
from makerlab.core.language import _
from makerlab.core.web import file_store, settings

Answer = Response | tuple[str, int]
ONE = f"/partner/vertrag/<{ID}:agreement_id>"
LICENCE_ORDER = 80  # on the page of a design, see catalog.sections
PAPER = f"/partner/papier/<{ID}:document_id>"


@blueprint.post(f"/partner/<{ID}:partner_id>/vertrag")
@partner_keepers
def new_agreement(partner_id: int) -> Answer:
    row = get_partner(partner_id)
    form = _offered(AgreementForm(), row)
    if not form.validate_on_submit():
        return partnering.page(row, agreement_form=form), 422
    try:
        made = add_agreement(
            db.session, row, pieces=form.pieces.data, starts_on=form.starts_on.data,
            ends_on=form.ends_on.data, designs=_chosen(form, row), in_series=not form.only_single.data,
            territory=form.territory.data, by_id=current_user.id, now=utcnow(),
        )  # fmt: skip
        db.session.commit()
    except Invalid as error:
        attach(form.ends_on, f"{error.message} {error.way_out}")
        return partnering.page(row, agreement_form=form), error.status
    flash(_("Der Vertrag ist da. Ergänzen Sie Vergütung und Papiere."), "success")
    return redirect(url_for("catalog.agreement", agreement_id=made.id), code=303)


@blueprint.get(ONE)
@partner_keepers
def agreement(agreement_id: int) -> str:
    return _page(_agreement(agreement_id))


@blueprint.post(ONE)
@partner_keepers
def agreement_post(agreement_id: int) -> Answer:
    row = _agreement(agreement_id)
    form = _offered(AgreementForm(), row.partner)
    if not form.validate_on_submit():
        return _page(row, form=form), 422
    try:
        change_agreement(
            db.session, row, pieces=form.pieces.data, starts_on=form.starts_on.data,
            ends_on=form.ends_on.data, designs=_chosen(form, row.partner),
            in_series=not form.only_single.data, territory=form.territory.data, by_id=current_user.id,
            now=utcnow(),
        )  # fmt: skip
        db.session.commit()
    except Invalid as error:
        attach(form.ends_on, f"{error.message} {error.way_out}")
        return _page(row, form=form), error.status
    return _saved(agreement_id)


@blueprint.post(f"{ONE}/verguetung")
@partner_keepers
def new_rate(agreement_id: int) -> Answer:
    """A new version of the royalty; the versions before stay."""
    row, form = _agreement(agreement_id), RateForm()
    if not form.validate_on_submit():
        return _page(row, rate_form=form), 422
    set_rate(
        db.session, row, cents=form.cents if form.amount.data else None,
        share_hundredths=form.hundredths if form.share.data else None, valid_from=form.valid_from.data,
        by_id=current_user.id, now=utcnow(),
    )  # fmt: skip
    db.session.commit()
    return _saved(agreement_id)


@blueprint.post(f"{ONE}/papier")
@partner_keepers
def new_document(agreement_id: int) -> Answer:
    """A PDF or a photo; read in no transaction of ours."""
    _agreement(agreement_id)
    upload = request.files.get("file")
    db.session.rollback()
    try:
        if upload is None or not upload.filename:
            raise Invalid(_("Wählen Sie eine Datei."))
        paper = take_paper(upload.stream, settings())
    except MakerlabError as error:
        return _page(_agreement(agreement_id), error=error), error.status
    row, by_id = _agreement(agreement_id), current_user.id
    add_document(db.session, row, paper, name=upload.filename, by_id=by_id, now=utcnow())
    db.session.commit()
    return _saved(agreement_id)


@blueprint.get(PAPER)
@allow(Role.LIAISON, Role.ADMINISTRATOR)
def document(document_id: int) -> Response:
    """Always a download, never opened as a page of ours; under a name of ours for its kind."""
    row = _document(document_id)
    if row.removed_at is not None or row.sha256 not in file_store():
        raise _no_document()
    ending = ".pdf" if row.media_type == "application/pdf" else ".jpg"
    stem = row.name.rsplit(".", 1)[0] or "Dokument"
    response = send_file(
        file_store().path(row.sha256), row.media_type, as_attachment=True, download_name=stem + ending
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.cache_control.no_store = True
    return response


@blueprint.post(f"{PAPER}/entfernen")
@partner_keepers
def document_remove(document_id: int) -> Response:
    row = _document(document_id)
    remove_document(db.session, row, by_id=current_user.id, now=utcnow())
    db.session.commit()
    return _saved(row.agreement_id)


@blueprint.post(f"/katalog/<{ID}:design_id>/lizenz")
@submitters
def licence(design_id: int) -> Response:
    """Under which licence a design came."""
    design = get_design(design_id)
    set_licence(db.session, design, request.form.get("licence", ""), by_id=current_user.id, now=utcnow())
    db.session.commit()
    flash(_("Die Lizenz ist gespeichert."), "success")
    return redirect(url_for("catalog.design", design_id=design_id), code=303)


def licence_section(session: Session, design: Design) -> str:
    """On the page of a design."""
    return render_template(
        "catalog/_licence.html",
        design=design,
        licence_name=name_of(design.licence),
        licences=LICENCES,
        forbids=licence_forbids(session, design, today=utcnow().date()),
    )


blueprint.record_once(lambda state: register_section(state.app, LICENCE_ORDER, licence_section))


def _offered(form: AgreementForm, partner: Partner) -> AgreementForm:
    form.offer([(design.id, design.name) for design in partnering.designs_of(partner.id)])
    return form


def _chosen(form: AgreementForm, partner: Partner) -> list[Design]:
    return [design for design in partnering.designs_of(partner.id) if design.id in form.designs.data]


def _agreement(agreement_id: int) -> Agreement:
    found = db.session.get(Agreement, agreement_id)
    if found is None:
        raise NotFound(_("Diesen Vertrag gibt es nicht."), way_out=_("Wählen Sie einen aus der Liste."))
    return found


def _document(document_id: int) -> AgreementDocument:
    found = db.session.get(AgreementDocument, document_id)
    if found is None:
        raise _no_document()
    return found


def _no_document() -> NotFound:
    return NotFound(_("Dieses Papier gibt es nicht."), way_out=_("Wählen Sie eines aus der Liste."))


def _saved(agreement_id: int) -> Response:
    flash(_("Gespeichert."), "success")
    return redirect(url_for("catalog.agreement", agreement_id=agreement_id), code=303)


def _page(
    row: Agreement, *, form: AgreementForm | None = None, rate_form: RateForm | None = None,
    error: MakerlabError | None = None,
) -> str:  # fmt: skip
    today = utcnow().date()
    fresh = AgreementForm(
        formdata=None, pieces=row.pieces, starts_on=row.starts_on, ends_on=row.ends_on,
        territory=row.territory, only_single=not row.in_series,
        designs=[design.id for design in row.designs],
    )  # fmt: skip
    mine = standings(db.session, today, [row.partner_id])
    return render_template(
        "catalog/agreement.html",
        agreement=row,
        standing=next(one for one in mine if one.agreement.id == row.id),
        agreement_form=form or _offered(fresh, row.partner),
        rate_form=rate_form or RateForm(formdata=None),
        documents=[one for one in row.documents if one.removed_at is None],
        most_mb=MOST_MB,
        error=error,
        today=today,
        currency=settings().currency,
    )

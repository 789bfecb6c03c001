"""Pages of the exchange: out as a ZIP or a list, in with a preview, then a page that shows how far it is."""

from collections import Counter
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import Response, redirect, render_template, request, url_for
from flask_security import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from sqlalchemy.orm import joinedload

from designs.profiles import load
from makerlab.catalog.around.gathering import all_collections
from makerlab.catalog.blueprint import ID, blueprint, editors
from makerlab.catalog.exchange import listing, words
from makerlab.catalog.exchange.comparing import here
from makerlab.catalog.exchange.importing import WANTED, compared, refuse_unknown
from makerlab.catalog.exchange.manifest import Manifest
from makerlab.catalog.exchange.models import ImportJob, ImportState
from makerlab.catalog.exchange.receiving import read_manifest, receive
from makerlab.catalog.exchange.rules import Fate, Outcome, new_collections, outcomes
from makerlab.catalog.exchange.writing import chosen, manifest_of, write_zip
from makerlab.catalog.forms import attach
from makerlab.catalog.intake import shown_name
from makerlab.catalog.wall.index import index
from makerlab.catalog.wall.measures import measures
from makerlab.core.access import STAFF, allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import MakerlabError, NotFound
from makerlab.core.language import _, lazy
from makerlab.core.tables import as_file
from makerlab.core.web import attachment, file_store, not_modified, number_of, settings, zip_file

MOST_CHOSEN = 500  # designs in one address
LATEST = 8  # imports on the first page
SHOWN = 300  # designs of a preview, those that need a look first
URGENT_FIRST = (Fate.REFUSED, Fate.NAMESAKE, Fate.NEW, Fate.THERE)


class ImportForm(FlaskForm):
    file = FileField(lazy("ZIP-Datei"), [FileRequired(lazy("Wählen Sie eine Datei."))])


@blueprint.get("/katalog/austausch")
@editors
def exchange() -> str:
    return _first_page(ImportForm())


def _first_page(form: ImportForm) -> str:
    latest = sa.select(ImportJob).order_by(ImportJob.id.desc()).limit(LATEST)
    return render_template(
        "catalog/exchange.html", form=form, most_mb=settings().upload_mb, job_states=words.STATES,
        collections=[(one, len(one.places)) for one in all_collections(db.session) if one.places],
        jobs=db.session.scalars(latest.options(joinedload(ImportJob.by))).all(),
    )  # fmt: skip


@blueprint.get("/katalog/austausch.zip")
@editors
def export_zip() -> Response:
    """`design` several times, or `sammlung`; without either the whole catalogue."""
    ids, now = request.args.getlist("design", type=number_of)[:MOST_CHOSEN], utcnow()
    designs = chosen(db.session, ids, request.args.get("sammlung", type=number_of))
    manifest = manifest_of(db.session, designs, now=now)
    db.session.rollback()  # packing takes a while: nothing waits for our transaction meanwhile
    return zip_file(f"katalog-{now:%Y-%m-%d}.zip", partial(write_zip, manifest, file_store()))


@blueprint.get("/katalog/liste.<any(csv, xlsx):kind>")
@allow(*STAFF)
def design_list(kind: str) -> Response:
    """All designs that are not in the archive."""
    entries = [entry for entry in index().board(db.session).entries if not entry.archived]
    entries.sort(key=lambda entry: index().sort_name(entry.id))
    made = measures(db.session).get("made")
    rows = listing.rows(db.session, entries, made.of if made else {}, load(settings().profiles_dir))
    data = as_file(kind, listing.head(), rows, name=_("Objekte"))
    return attachment(*data, f"objekte-{utcnow():%Y-%m-%d}.{kind}")


@blueprint.post("/katalog/austausch")
@editors
def import_zip() -> Any:
    """Keep a sound ZIP, and show what it would bring; nothing is in the catalogue yet."""
    form, by_id = ImportForm(), current_user.id
    if not form.validate_on_submit():
        return _first_page(form), 422
    db.session.rollback()  # reading it takes seconds: nobody waits for our transaction meanwhile
    try:
        received = receive(form.file.data.stream, settings())
    except MakerlabError as error:
        attach(form.file, f"{error.message} {error.way_out}".strip())
        return _first_page(form), error.status
    name = shown_name(form.file.data.filename or "")
    job = ImportJob(sha256=received.sha256, file_name=name, by_id=by_id, created_at=utcnow())
    db.session.add(job)
    db.session.commit()
    return redirect(url_for("catalog.import_job", job_id=job.id), code=303)


@blueprint.get(f"/katalog/austausch/<{ID}:job_id>")
@editors
def import_job(job_id: int) -> Response:
    """What it would bring, how far it is, or what became of it."""
    job = _job(job_id)
    part = request.headers.get("HX-Target") == "import-job"
    shown = _preview(job) if job.state is ImportState.READ else {}
    template = "catalog/_exchange_job.html" if part else "catalog/exchange_job.html"
    page = render_template(
        template, job=job, status=words.STATES[job.state], moving=job.state in WANTED, **shown
    )
    return not_modified(page)


@blueprint.post(f"/katalog/austausch/<{ID}:job_id>")
@editors
def import_start(job_id: int) -> Any:
    """Into the worker's hands, in the name of whoever says so; a second time changes nothing."""
    job = _job(job_id)
    manifest = _manifest(job)
    refuse_unknown(compared(db.session, manifest, load(settings().profiles_dir)))
    still = (ImportState.READ, ImportState.FAILED)
    change = sa.update(ImportJob).where(ImportJob.id == job_id, ImportJob.state.in_(still))
    values = {"state": ImportState.WAITING, "by_id": current_user.id, "problem": "", "done": 0, "total": 0}
    db.session.execute(change.values(**values))
    db.session.commit()
    return redirect(url_for("catalog.import_job", job_id=job_id), code=303)


def _job(job_id: int) -> ImportJob:
    found = db.session.get(ImportJob, job_id)
    if found is None:
        raise NotFound(_("Diesen Import gibt es nicht."), way_out=_("Laden Sie die Datei neu hoch."))
    return found


def _manifest(job: ImportJob) -> Manifest:
    if job.sha256 not in file_store():
        raise NotFound(_("Die Datei dieses Imports ist weg."), way_out=_("Laden Sie die Datei neu hoch."))
    return read_manifest(file_store().path(job.sha256))


def _preview(job: ImportJob) -> dict[str, Any]:
    manifest = _manifest(job)
    there = here(db.session, manifest, load(settings().profiles_dir))
    found = outcomes(manifest, there)
    counts = Counter(one.fate for one in found)
    partners = {one.design.partner for one in found if one.comes and one.new_partner}
    return {
        "found": sorted(found, key=_urgency)[:SHOWN], "all": len(found), "fates": words.FATES,
        "counts": [(fate, counts[fate]) for fate in URGENT_FIRST if counts[fate]],
        "coming": sum(one.comes for one in found), "refused": counts[Fate.REFUSED],
        "partners": sorted(partners),
        "collections": new_collections(manifest, found, there),
    }  # fmt: skip


def _urgency(one: Outcome) -> tuple[int, int]:
    return URGENT_FIRST.index(one.fate), one.place

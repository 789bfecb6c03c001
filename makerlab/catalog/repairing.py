"""A repaired copy of a form: offered beside its check, taken over as a new revision when somebody says so."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Response, flash, redirect, render_template, send_file, url_for

from designs.aside import repaired
from designs.errors import DesignError
from makerlab.catalog import words
from makerlab.catalog.blueprint import (
    ID,
    blueprint,
    get_revision,
    machines_in_use,
    me,
    seen_number,
    submitters,
)
from makerlab.catalog.intake import take_in
from makerlab.catalog.models import Revision
from makerlab.catalog.printing import PrintSettings
from makerlab.catalog.submitting import submit_revision
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Conflict, NotFound
from makerlab.core.language import _
from makerlab.core.web import file_store, settings

REPAIRABLE = frozenset({"open_edges", "mixed_orientation", "doubled", "degenerate", "dust"})
PATH = f"/katalog/fassung/<{ID}:revision_id>/reparatur"


@dataclass(frozen=True, slots=True)
class Offer:
    """A repaired copy: where it lies, what was done, and its check in the form of `Revision.report`."""

    file: Path
    steps: list[words.Said]
    report: Mapping[str, Any]


@blueprint.app_template_global("may_be_repaired")
def may_be_repaired(report: Mapping[str, Any]) -> bool:
    """Whether the check found something that small repairs may mend."""
    return any(problem["code"] in REPAIRABLE for problem in report.get("problems", ()))


@blueprint.get(PATH)
@submitters
def repair(revision_id: int) -> str:
    """The check before and after, and what was done in between."""
    revision = get_revision(revision_id)
    return _page(revision, _offer(revision.mesh_sha256))


@blueprint.get(f"{PATH}/datei")
@submitters
def repair_file(revision_id: int) -> Response:
    """The repaired file, to look at it elsewhere first."""
    revision = get_revision(revision_id)
    name, file = repaired_name(revision.file_name), _offer(revision.mesh_sha256).file
    return send_file(file, "model/stl", as_attachment=True, download_name=name)


@blueprint.post(PATH)
@submitters
def repair_post(revision_id: int) -> Response:
    """The repaired file as a new revision with the same settings; like each, it is reviewed."""
    revision, machines = get_revision(revision_id), machines_in_use()
    if revision.parts:
        raise Conflict(
            _("Dieses Objekt hat mehrere Teile."), way_out=_("Laden Sie die Datei und ersetzen Sie das Teil.")
        )
    design, name, mesh = revision.design, repaired_name(revision.file_name), revision.mesh_sha256
    chosen = PrintSettings(revision.process, revision.material, revision.supports)
    note = revision.note
    db.session.rollback()  # repairing and reading take seconds: nobody waits for our transaction meanwhile
    with _offer(mesh).file.open("rb") as stream:
        taken = take_in(stream, name, chosen, settings=settings(), machines=machines)
    new = submit_revision(db.session, design, taken, note=note, seen=seen_number(), by=me(), now=utcnow())
    db.session.commit()
    flash(_("Die reparierte Datei ist die neue Fassung. Jetzt prüft sie jemand anders."), "success")
    return redirect(url_for("catalog.design", design_id=new.design_id), code=303)


def repaired_name(file_name: str) -> str:
    return f"{Path(file_name).stem[:180]}-repariert.stl"


def _offer(mesh_sha256: str) -> Offer:
    """The repaired copy, made once in the limited child; the folder may be lost any time."""
    folder = settings().data_dir / "repaired" / mesh_sha256
    said = folder / "said.json"
    if not said.is_file():
        _make(mesh_sha256, folder, said)
    row = json.loads(said.read_text(encoding="utf-8"))
    return Offer(folder / "repaired.stl", [words.repair_step(step) for step in row["steps"]], row["report"])


def _make(mesh_sha256: str, folder: Path, said: Path) -> None:
    if mesh_sha256 not in file_store():
        raise NotFound(_("Diese Datei gibt es nicht."), way_out=_("Gehen Sie zurück zum Katalog."))
    try:
        done = repaired(file_store().path(mesh_sha256), folder)
    except DesignError as error:
        raise words.refusal(error) from error
    row = {"steps": [step.as_row() for step in done.steps], "report": done.check.as_row()}
    new = said.with_suffix(".new")
    new.write_text(json.dumps(row), encoding="utf-8")
    new.rename(said)  # last: whoever sees it sees the whole offer


def _page(revision: Revision, offer: Offer) -> str:
    return render_template(
        "catalog/repair.html",
        revision=revision,
        design=revision.design,
        # A new file would take the place of all parts: of such a design the repaired one is only downloaded.
        may_take=revision.design.revisions[-1] is revision and not revision.parts,
        steps=offer.steps,
        sides=[
            (_("Vorher"), revision.report, words.problems(revision.report)),
            (_("Nachher"), offer.report, words.problems(offer.report)),
        ],
    )

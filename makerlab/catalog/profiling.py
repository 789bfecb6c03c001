"""Pages of machines, processes and materials: look, copy, change with a preview, take along, bring in."""

import io
from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from designs.errors import DesignError
from designs.profiles import load, load_strictly
from designs.profiles.load import FOLDERS
from designs.profiles.table import Table, table_of, toml_text
from makerlab.catalog import profile_files as files
from makerlab.catalog import profile_form, trying
from makerlab.catalog.blueprint import blueprint, machines_in_use
from makerlab.catalog.profile_files import Kept
from makerlab.catalog.profile_form import Typed
from makerlab.catalog.profile_verbs import (
    Pending,
    add_profile,
    change_profile,
    drop_profile,
    in_use,
    stamp,
)
from makerlab.catalog.profile_words import KINDS
from makerlab.catalog.renewing import approvals_lost
from makerlab.catalog.rules import clean_line
from makerlab.core.access import Role, allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Invalid, MakerlabError
from makerlab.core.language import _
from makerlab.core.web import file_store, settings

Answer = Response | str | tuple[str, int]
keepers = allow(Role.ADMINISTRATOR, Role.INSTRUCTOR)
ONE = "/werkstatt/profile/<folder>/<key>"


@blueprint.get("/werkstatt/profile")
@keepers
def profiles() -> str:
    """All of them, the lab's own first."""
    return _list()


def _list(fault: MakerlabError | None = None) -> str:
    try:
        load_strictly(settings().profiles_dir)
    except DesignError as error:
        fault = fault or files.unusable(error)
    rows = {folder: files.kept(settings(), folder) for folder in FOLDERS}
    return render_template("catalog/profiles.html", rows=rows, kinds=KINDS, fault=fault)


@blueprint.post("/werkstatt/profile/einlesen")
@keepers
def profile_import() -> Answer:
    """A profile from a file; its name and key come from the file too."""
    upload = request.files.get("file")
    try:
        if upload is None or not upload.filename:
            raise Invalid(_("Wählen Sie eine Datei."))
        folder, table = files.read_file(settings(), upload.stream.read(files.LARGEST_BYTES + 1))
        key = files.key_of(upload.filename.removesuffix(".toml"))
        _settle(add_profile(db.session, settings(), folder, key, table, by_id=current_user.id, now=utcnow()))
    except MakerlabError as error:
        db.session.rollback()
        return _list(error), error.status
    flash(_("Das Profil ist da."), "success")
    return redirect(url_for(".profile", folder=folder, key=key), code=303)


@blueprint.get(ONE)
@keepers
def profile(folder: str, key: str) -> str:
    """One profile: to change when it is the lab's own, else to read and to copy."""
    kept = files.one(settings(), folder, key)
    return _page(kept, Typed(profile_form.texts_of(table_of(kept.profile))))


@blueprint.post(ONE)
@keepers
def profile_post(folder: str, key: str) -> Answer:
    """Preview a change, or store it. What voids approvals is stored only by whoever read how many."""
    kept = files.one(settings(), folder, key)
    if not kept.own:
        raise Invalid(_("Mitgelieferte Profile bleiben, wie sie sind."), way_out=_("Machen Sie eine Kopie."))
    typed = profile_form.read(folder, request.form)
    if typed.faults:
        return _page(kept, typed), 422
    try:
        effect = _effect(kept, typed)
        confirmed = request.form.get("gesehen", "") == str(len(effect.lost))
        if request.form.get("tun") == "speichern" and (confirmed or not effect.lost):
            return _stored(kept, typed.table)
        if effect.trial is not None:
            db.session.rollback()  # two estimates take a second: nobody waits for our transaction meanwhile
            effect.compared = trying.compared(effect.trial, file_store())
    except MakerlabError as error:
        db.session.rollback()
        return _page(kept, typed, error=error), error.status
    return _page(kept, typed, effect)


@dataclass(slots=True)
class Effect:
    """What the change would do. `lost` are the names of the designs whose approval would not hold."""

    changes: list[trying.Change]
    lost: list[str]
    trial: trying.Trial | None
    compared: trying.Compared | None = field(default=None)


def _effect(kept: Kept, typed: Typed) -> Effect:
    before = profile_form.texts_of(table_of(kept.profile))
    then = files.with_change(settings(), kept.folder, kept.key, toml_text(typed.table))
    now = load(settings().profiles_dir)
    lost = dict.fromkeys(revision.design.name for revision in approvals_lost(db.session, then))
    found = trying.trial(db.session, kept.folder, kept.key, now, then, machines_in_use())
    return Effect(trying.changes(kept.folder, before, typed.texts), list(lost), found)


def _stored(kept: Kept, table: Table) -> Response:
    changed = change_profile(
        db.session, settings(), kept, table, seen=request.form.get("stand", ""), by_id=current_user.id,
        now=utcnow(),
    )  # fmt: skip
    _settle(changed)
    flash(_("Gespeichert. Alle Schätzungen dazu entstehen neu."), "success")
    return redirect(url_for(".profile", folder=kept.folder, key=kept.key), code=303)


@blueprint.post(f"{ONE}/kopie")
@keepers
def profile_copy(folder: str, key: str) -> Answer:
    """A profile of the lab's own that begins as this one is."""
    kept, name = files.one(settings(), folder, key), clean_line(request.form.get("name", ""), 80)
    try:
        table = table_of(kept.profile) | {"name": name}
        new = files.key_of(name)
        _settle(add_profile(db.session, settings(), folder, new, table, by_id=current_user.id, now=utcnow()))
    except MakerlabError as error:
        db.session.rollback()
        return _page(kept, Typed(profile_form.texts_of(table_of(kept.profile))), error=error), error.status
    flash(_("Ihre Kopie ist da. Ändern Sie, was anders ist."), "success")
    return redirect(url_for(".profile", folder=folder, key=new), code=303)


@blueprint.post(f"{ONE}/loeschen")
@keepers
def profile_drop(folder: str, key: str) -> Response:
    """Only what nothing uses."""
    kept = files.one(settings(), folder, key)
    machines, by_id = machines_in_use(), current_user.id
    _settle(drop_profile(db.session, settings(), kept, machines=machines, by_id=by_id, now=utcnow()))
    flash(_("Das Profil ist gelöscht."), "success")
    return redirect(url_for(".profiles"), code=303)


@blueprint.get(f"{ONE}/datei")
@keepers
def profile_file(folder: str, key: str) -> Response:
    """The profile as a TOML file, whole."""
    kept = files.one(settings(), folder, key)
    text = toml_text(table_of(kept.profile))
    return send_file(
        io.BytesIO(text.encode()), "application/toml", as_attachment=True, download_name=f"{key}.toml"
    )


def _settle(pending: Pending) -> None:
    db.session.commit()
    pending.settle(settings())


def _page(kept: Kept, typed: Typed, effect: Effect | None = None, error: MakerlabError | None = None) -> str:
    return render_template(
        "catalog/profile.html",
        kept=kept,
        kind=KINDS[kept.folder],
        groups=profile_form.groups(kept.folder, typed.texts, typed.faults),
        faults=bool(typed.faults),
        effect=effect,
        error=error,
        stamp=stamp(kept),
        used=in_use(db.session, kept, machines_in_use()),
    )

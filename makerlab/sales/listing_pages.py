"""The stock as a list: out as CSV or XLSX, in with a preview, a report by line, all or nothing."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_security import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from makerlab.core.access import Role, allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import NotFound
from makerlab.core.language import _, lazy
from makerlab.core.tables import Table, as_file, read_table
from makerlab.core.web import attachment, file_store, settings
from makerlab.sales import listed, listing, shelf
from makerlab.sales.listed import Row
from makerlab.sales.views import READERS, blueprint

KEEPERS = (Role.SALES, Role.COORDINATOR, Role.ADMINISTRATOR)
SHOWN = 200  # rows of a preview


class ListForm(FlaskForm):
    file = FileField(lazy("Liste"), [FileRequired(lazy("Wählen Sie eine Datei."))])


@blueprint.get("/lager/liste")
@allow(*KEEPERS)
def stock_list() -> str:
    return render_template("sales/list.html", form=ListForm(), columns=listed.COLUMNS)


@blueprint.get("/lager/liste.<any(csv, xlsx):kind>")
@allow(*READERS)
def list_file(kind: str) -> Response:
    rows = list(listing.written(db.session, today=shelf.today()))
    data = as_file(kind, listing.HEAD, rows, name="Bestand")
    return attachment(*data, f"bestand-{shelf.today():%Y-%m-%d}.{kind}")


@blueprint.post("/lager/liste")
@allow(*KEEPERS)
def upload_list() -> Any:
    """Keep the file, and show what it would change; nothing is booked yet."""
    form = ListForm()
    if not form.validate_on_submit():
        return render_template("sales/list.html", form=form, columns=listed.COLUMNS), 422
    db.session.rollback()  # reading a file takes seconds: nobody else waits for our transaction meanwhile
    data = form.file.data.read()
    read_table(data, settings())  # refuses what is no list before it is kept
    sha256 = file_store().put_bytes(data)
    return redirect(url_for(".preview_list", sha256=sha256, name=(form.file.data.filename or "")[:80]))


@blueprint.get("/lager/liste/<sha256>")
@allow(*KEEPERS)
def preview_list(sha256: str) -> str:
    table = _kept(sha256)
    columns = listed.columns_of(table.head)
    missing = listed.missing_columns(columns)
    rows = [] if missing else listed.understood(table.rows, columns, listing.known(db.session))
    wrong = [row for row in rows if row.problems]
    changes = [] if wrong else listing.changes(db.session, rows, today=shelf.today())
    real = [one for one in changes if one.difference or one.new_price]
    return render_template(
        "sales/list_preview.html", sha256=sha256, name=request.args.get("name", ""), missing=missing,
        head=table.head, rows=rows, wrong=wrong[:SHOWN], wrong_count=len(wrong), changes=real[:SHOWN],
        change_count=len(real), words=_problem_words,
    )  # fmt: skip


@blueprint.post("/lager/liste/<sha256>")
@allow(*KEEPERS)
def book_list(sha256: str) -> Any:
    by_id = current_user.id
    db.session.rollback()  # the file is read again: nobody else waits for our transaction meanwhile
    rows, now = _rows(sha256), utcnow()
    note = _("Liste %(name)s", name=request.form.get("name", ""))[:200]
    lines, prices = listing.book_list(
        db.session, rows, note=note, today=shelf.today(now), by_id=by_id, now=now
    )
    there = redirect(url_for("stock.ledger"))
    db.session.commit()
    flash(_("Gebucht: %(lines)s Zeilen, %(prices)s Preise.", lines=lines, prices=prices), "success")
    return there


def _kept(sha256: str) -> Table:
    if len(sha256) != 64 or not sha256.isalnum() or sha256 not in file_store():
        raise NotFound(_("Diese Liste gibt es nicht."), way_out=_("Laden Sie die Datei neu hoch."))
    return read_table(file_store().path(sha256).read_bytes(), settings())


def _rows(sha256: str) -> list[Row]:
    table = _kept(sha256)
    columns = listed.columns_of(table.head)
    if listed.missing_columns(columns):
        raise NotFound(_("Diese Liste gibt es nicht."), way_out=_("Laden Sie die Datei neu hoch."))
    return listed.understood(table.rows, columns, listing.known(db.session))


def _problem_words(code: str, word: str) -> str:
    """One sentence for each problem of a row; `word` is what was meant, or what stands there."""
    sentences = {
        "no_design": _("Dieses Objekt gibt es nicht."),
        "shared_name": _("Mehrere Objekte heißen so. Schreiben Sie den Typ dazu."),
        "no_colour": _("Diese Farbe gibt es nicht."),
        "no_place": _("Diesen Ort gibt es nicht."),
        "no_pieces": _("Die Stückzahl ist keine ganze Zahl."),
        "no_price": _("Das ist kein Preis."),
        "twice": _("Das steht schon in Zeile %(line)s.", line=word),
    }
    near = (
        _("Meinen Sie „%(word)s“?", word=word)
        if word and code.startswith("no_") and code not in PLAIN
        else ""
    )
    return f"{sentences[code]} {near}".strip()


PLAIN = ("no_pieces", "no_price")  # their word is what stands there, not what was meant

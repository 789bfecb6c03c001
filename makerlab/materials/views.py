"""Pages of filament for instructors and administrators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from designs.profiles import load
from makerlab.core.access import Role, allow
from makerlab.core.alphabet import by_name
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import NotFound
from makerlab.core.language import _, ngettext
from makerlab.core.measures import grams
from makerlab.core.web import number_of, settings
from makerlab.core.words import Status
from makerlab.materials import actions, rules, words
from makerlab.materials.codes import read_code
from makerlab.materials.forms import ReceiveForm, WeighForm
from makerlab.materials.labels import qr_svg
from makerlab.materials.lots import lots as all_lots
from makerlab.materials.lots import supplies, used_daily
from makerlab.materials.models import Colour, FilamentMovement, FilamentReason, Spool
from makerlab.materials.queries import grams_left, grams_received
from makerlab.people.models import Account

blueprint = Blueprint("materials", __name__, url_prefix="/filament")
keepers = allow(Role.INSTRUCTOR, Role.ADMINISTRATOR)

MOST_LABELS = 100
SPOOL = "<int(max=2147483647):spool_id>"


@dataclass(frozen=True)
class Row:
    """A spool as the pages show it."""

    spool: Spool
    material: str
    left_g: float
    percent: int
    level: Status


def _rows(spools: Sequence[Spool]) -> list[Row]:
    ids = [spool.id for spool in spools]
    left, received = grams_left(db.session, ids), grams_received(db.session, ids)
    return [
        Row(
            spool,
            material_name(spool.material),
            left[spool.id],
            rules.percent_left(left[spool.id], received[spool.id]),
            words.level(spool, left[spool.id]),
        )
        for spool in spools
    ]


def material_name(key: str) -> str:
    """The name of a material; its key when the profile is gone."""
    material = load(settings().profiles_dir).materials.get(key)
    return material.name if material else key


@blueprint.get("")
@keepers
def spools() -> str:
    """All spools in use, or those that are empty."""
    emptied = "leer" in request.args
    wanted = Spool.emptied_at.is_not(None) if emptied else Spool.emptied_at.is_(None)
    newest = sa.select(Spool).where(wanted).order_by(Spool.id.desc()).limit(500)
    rows = _rows(db.session.scalars(newest).all())
    materials = sorted({row.material for row in rows})
    chosen = request.args.get("material", "")
    shown = [row for row in rows if chosen not in materials or row.material == chosen]
    return render_template(
        "materials/spools.html", rows=shown, materials=materials, chosen=chosen, emptied=emptied
    )


@blueprint.get("/neu")
@keepers
def receive() -> str:
    return _receive_page(_receive_form())


@blueprint.post("/neu")
@keepers
def receive_post() -> Response | tuple[str, int]:
    form = _receive_form()
    if not form.validate_on_submit():
        return _receive_page(form), 422
    colour, now = _chosen_colour(form), utcnow()
    received = [_receive(form, colour, now) for _number in range(form.pieces.data)]
    count = len(received)
    message = ngettext(
        "%(num)s Spule ist da. Kleben Sie ihr Etikett auf.",
        "%(num)s Spulen sind da. Kleben Sie ihre Etiketten auf.",
        count,
    )
    flash(message, "success")
    ids = [spool.id for spool in received]
    db.session.commit()
    return redirect(url_for(".labels", id=ids) if count > 1 else url_for(".spool", spool_id=ids[0]))


def _receive(form: ReceiveForm, colour: Colour, now: datetime) -> Spool:
    return actions.receive_spool(
        db.session,
        material=form.material.data,
        colour=colour,
        lot=form.lot.data,
        maker=form.maker.data,
        tare_g=form.tare_g.data,
        net_g=form.net_g.data,
        by_id=current_user.id,
        now=now,
    )


def _receive_form() -> ReceiveForm:
    form = ReceiveForm()
    colours = db.session.execute(sa.select(Colour.id, Colour.name).order_by(by_name(Colour.name)))
    form.offer([(colour_id, name) for colour_id, name in colours])
    return form


def _receive_page(form: ReceiveForm) -> str:
    return render_template("materials/receive.html", form=form)


def _chosen_colour(form: ReceiveForm) -> Colour:
    if form.colour_id.data:
        return db.session.get_one(Colour, form.colour_id.data)
    return actions.add_colour(
        db.session, name=form.colour_name.data, hex_code=form.colour_hex.data or "#808080"
    )


@blueprint.get(f"/{SPOOL}")
@keepers
def spool(spool_id: int) -> str:
    return _spool_page(_get(spool_id), WeighForm())


def _spool_page(spool: Spool, form: WeighForm) -> str:
    row = _rows([spool])[0]
    lines = db.session.execute(
        sa.select(FilamentMovement, Account.name)
        .outerjoin(Account, Account.id == FilamentMovement.actor_id)
        .where(FilamentMovement.spool_id == spool.id)
        .order_by(FilamentMovement.id.desc())
        .limit(200)
    ).all()
    daily = used_daily(db.session, now=utcnow()).get((spool.material, spool.colour_id), 0.0)
    return render_template(
        "materials/spool.html", row=row, lines=_with_balance(lines, row.left_g),
        days=rules.days_left(row.left_g, daily), weighed=FilamentReason.WEIGHED, form=form,
        reasons=words.REASONS, undo="leer" in request.args and spool.emptied_at is not None,
    )  # fmt: skip


def _with_balance(
    lines: Sequence[Any], left_g: float
) -> list[tuple[FilamentMovement, str | None, float, float]]:
    """Lines, newest first, each with the grams that the books said before it and after it."""
    found, after = [], left_g
    for line, name in lines:
        before = after - line.milligrams / rules.MILLIGRAMS
        found.append((line, name, before, after))
        after = before
    return found


@blueprint.get("/chargen")
@keepers
def lots() -> str:
    """What is left of each lot, and whether each filament is enough for what waits."""
    found = all_lots(db.session)
    return render_template(
        "materials/lots.html",
        supplies=supplies(db.session, found, now=utcnow()),
        lots=found,
        material_name=material_name,
        supply=words.supply,
    )


@blueprint.post(f"/{SPOOL}/wiegen")
@keepers
def weigh(spool_id: int) -> Any:
    spool, form = _get(spool_id), WeighForm()
    if not form.validate_on_submit():
        return _spool_page(spool, form), 422
    line = actions.weigh(db.session, spool, form.gross_g.data, actor_id=current_user.id, now=utcnow())
    measured = form.gross_g.data - spool.tare_g
    expected = measured - line.milligrams / rules.MILLIGRAMS
    db.session.commit()
    flash(
        _(
            "Erwartet: %(expected)s. Gewogen: %(measured)s.",
            expected=grams(expected),
            measured=grams(measured),
        ),
        "success",
    )
    return redirect(url_for(".spool", spool_id=spool_id))


@blueprint.post(f"/{SPOOL}/leer")
@keepers
def empty(spool_id: int) -> Response:
    spool = _get(spool_id)
    actions.empty_spool(db.session, spool, actor_id=current_user.id, now=utcnow())
    db.session.commit()
    return redirect(url_for(".spool", spool_id=spool_id, leer=""))


@blueprint.post(f"/{SPOOL}/nicht-leer")
@keepers
def undo_empty(spool_id: int) -> Response:
    spool = _get(spool_id)
    actions.undo_empty(db.session, spool, actor_id=current_user.id, now=utcnow())
    db.session.commit()
    return redirect(url_for(".spool", spool_id=spool_id))


@blueprint.get("/etiketten")
@keepers
def labels() -> str:
    """Labels of the spools named by `id`, to print."""
    ids = request.args.getlist("id", type=number_of)[:MOST_LABELS]
    found = db.session.scalars(sa.select(Spool).where(Spool.id.in_(ids)).order_by(Spool.id)).all()
    if not found:
        raise NotFound(_("Diese Spule gibt es nicht."), way_out=_("Wählen Sie eine Spule aus der Liste."))
    return render_template("materials/labels.html", rows=_rows(found), qr_svg=qr_svg)


@blueprint.post("/scan")
@keepers
def scan() -> Response:
    """What a scanner typed on the page of all spools."""
    code = read_code(request.form.get("code", ""))
    spool_id = code and db.session.scalar(sa.select(Spool.id).where(Spool.code == code))
    if not spool_id:
        raise NotFound(_("Diesen Code kennen wir nicht."), way_out=_("Scannen Sie das Etikett der Spule."))
    return redirect(url_for(".spool", spool_id=spool_id))


def _get(spool_id: int) -> Spool:
    found = db.session.get(Spool, spool_id)
    if found is None:
        raise NotFound(_("Diese Spule gibt es nicht."), way_out=_("Wählen Sie eine Spule aus der Liste."))
    return found

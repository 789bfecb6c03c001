"""Several designs changed at once, as they were ticked on the wall."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask_security import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from makerlab.catalog import rules
from makerlab.catalog.around.editing import archive, unarchive
from makerlab.catalog.around.gathering import get_collection, put_in, take_out
from makerlab.catalog.blueprint import blueprint, editors
from makerlab.catalog.models import Design
from makerlab.core.audit import record
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Invalid
from makerlab.core.language import _, ngettext
from makerlab.core.web import number_of

MOST = 500  # designs

Verb = Callable[[Session, Sequence[Design]], None]


def add_tag(session: Session, designs: Sequence[Design], tag: str, *, by_id: int, now: datetime) -> None:
    """Whatever has it already keeps it once."""
    for design in designs:
        _retag(session, design, rules.clean_tags([*design.tags, tag]), by_id=by_id, now=now)


def remove_tag(session: Session, designs: Sequence[Design], tag: str, *, by_id: int, now: datetime) -> None:
    """Whatever its case."""
    for design in designs:
        kept = [own for own in design.tags if own.casefold() != tag.casefold()]
        _retag(session, design, kept, by_id=by_id, now=now)


def _retag(session: Session, design: Design, tags: list[str], *, by_id: int, now: datetime) -> None:
    if tags != design.tags:
        design.tags = tags
        session.flush()
        record(session, "design.changed", f"design:{design.id}", actor_id=by_id, now=now)


@blueprint.post("/katalog/auswahl")
@editors
def bulk() -> Response:
    """`design` several times, `was` is what to do, `tag` or `collection` with what."""
    sent = request.form.getlist("design", type=number_of)
    ids = sorted(set(sent))[:MOST]  # sorted: two people lock in one order
    if not ids:
        raise Invalid(_("Wählen Sie zuerst Objekte aus."), way_out=_("Haken Sie die Karten an."))
    if request.form.get("was") == "export":
        return redirect(url_for("catalog.export_zip", design=ids), code=303)
    verb = _verb()
    query = sa.select(Design).where(Design.id.in_(ids)).order_by(Design.id)
    designs = db.session.scalars(query).unique().all()
    verb(db.session, designs)
    db.session.commit()
    flash(ngettext("%(num)s Objekt geändert.", "%(num)s Objekte geändert.", len(designs)), "success")
    return redirect(_back(), code=303)


def _verb() -> Verb:
    """What the form asks for; raises Invalid."""
    what, who = request.form.get("was", ""), {"by_id": current_user.id, "now": utcnow()}
    if what in ("tag", "ohne-tag"):
        return _tagging(add_tag if what == "tag" else remove_tag, who)
    if what in ("sammlung", "ohne-sammlung"):
        return _placing(put_in if what == "sammlung" else take_out)
    if what in ("archiv", "zurueck"):
        one = archive if what == "archiv" else unarchive
        return lambda session, designs: _each(one, session, designs, who)
    raise Invalid(_("Wählen Sie, was geschehen soll."))


def _tagging(change: Callable[..., None], who: dict[str, Any]) -> Verb:
    tag = rules.clean_line(request.form.get("tag", ""), rules.LONGEST_TAG)
    if not tag:
        raise Invalid(_("Schreiben Sie das Schlagwort dazu."))
    return lambda session, designs: change(session, designs, tag, **who)


def _placing(change: Callable[..., None]) -> Verb:
    collection_id = request.form.get("collection", type=number_of)
    if collection_id is None:
        raise Invalid(_("Wählen Sie die Sammlung dazu."))
    collection = get_collection(collection_id)
    return lambda session, designs: change(session, collection, [design.id for design in designs])


def _each(
    change: Callable[..., None], session: Session, designs: Sequence[Design], who: dict[str, Any]
) -> None:
    for design in designs:
        change(session, design, **who)


def _back() -> str:
    """The wall as it was, if that is where the person came from."""
    here = request.form.get("zurueck_zu", "")
    wall = url_for("catalog.wall")
    return here if here.startswith(f"{wall}?") else wall

"""The bell and the list of notices on the desk; the channels, for administrators."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cryptography.fernet import InvalidToken
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from flask_security import current_user
from werkzeug.wrappers import Response

from makerlab.core.access import STAFF, Role, allow, may
from makerlab.core.clock import utcnow
from makerlab.core.crypto import decrypt
from makerlab.core.database import db
from makerlab.core.errors import Invalid, MakerlabError, NotFound
from makerlab.core.language import LANGUAGES, _, speaking
from makerlab.core.web import not_modified, number_of, settings
from makerlab.notices import actions, queries, rules, words
from makerlab.notices.models import Channel, Kind
from makerlab.notices.sending import Message, send
from makerlab.people.models import Account

blueprint = Blueprint("notices", __name__, url_prefix="/meldungen")
administrators = allow(Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Bell:
    """How many notices the person signed in has not seen; asked for once a page, by the desk alone."""

    @cached_property
    def unread(self) -> int:
        return queries.unread_count(db.session, current_user.id, _kinds())

    @property
    def open_to_me(self) -> bool:
        return current_user.is_authenticated and may(STAFF)


@blueprint.app_context_processor
def _bell() -> dict[str, Any]:
    return {"bell": Bell()}


def _kinds() -> list[Kind]:
    """What the person signed in should know of."""
    return words.kinds_for({role for role in Role if current_user.has_role(role)})


@blueprint.get("")
@allow(*STAFF)
def index() -> str:
    kinds, me = _kinds(), current_user.id
    return render_template(
        "notices/index.html",
        rows=queries.open_notices(db.session, me, kinds),
        past=queries.past_notices(db.session, me, kinds),
        meanings=words.MEANINGS,
        sentence=words.sentence,
    )


@blueprint.get("/glocke")
@allow(*STAFF)
def bell() -> FlaskResponse:
    return not_modified(render_template("notices/_bell.html"))


@blueprint.post("/gelesen")
@allow(*STAFF)
def read() -> Response:
    """The notices that stood on the page; what came since stays unread."""
    ids = request.form.getlist("id", type=number_of)[:500]
    known = {notice.id for notice, _seen in queries.open_notices(db.session, current_user.id, _kinds())}
    actions.mark_read(db.session, known & set(ids), current_user.id, now=utcnow())
    db.session.commit()
    return redirect(url_for(".index"), code=303)


@blueprint.get("/kanaele")
@administrators
def channels() -> str:
    return render_template(
        "notices/channels.html",
        channels=queries.channels(db.session),
        last=queries.last_deliveries(db.session),
        delivery=words.DELIVERY,
        trouble=words.TROUBLE,
        clock=rules.clock,
        kinds=len(Kind),
    )


@blueprint.get("/kanaele/neu")
@administrators
def new_channel() -> str:
    return _form(None)


@blueprint.post("/kanaele/neu")
@administrators
def add_channel() -> Response | tuple[str, int]:
    return _save(None)


@blueprint.get("/kanaele/<int:channel_id>")
@administrators
def channel(channel_id: int) -> str:
    return _form(_found(channel_id))


@blueprint.post("/kanaele/<int:channel_id>")
@administrators
def change_channel(channel_id: int) -> Response | tuple[str, int]:
    return _save(_found(channel_id))


@blueprint.post("/kanaele/<int:channel_id>/test")
@administrators
def test_channel(channel_id: int) -> Response:
    """Sends a message now, whatever the quiet hours say, and waits for the answer."""
    row = _found(channel_id)
    try:
        url = decrypt(row.url_encrypted, settings().channel_key)
    except InvalidToken:
        url = ""
    with speaking(row.account.language if row.account else row.language):
        title, text = words.sample()
    db.session.rollback()  # no transaction stays open while a stranger's server takes its time
    if trouble := send(Message(url, title, text)):
        flash(str(words.TROUBLE[trouble]), "error")
    else:
        flash(_("Der Dienst hat die Nachricht angenommen. Sehen Sie nach, ob sie da ist."), "success")
    return redirect(url_for(".channels"), code=303)


@blueprint.post("/kanaele/<int:channel_id>/aktiv")
@administrators
def toggle_channel(channel_id: int) -> Response:
    row = _found(channel_id)
    actions.set_active(db.session, row, "active" in request.form, by_id=current_user.id, now=utcnow())
    db.session.commit()
    return redirect(url_for(".channels"), code=303)


def _found(channel_id: int) -> Channel:
    row = db.session.get(Channel, channel_id)
    if row is None:
        raise NotFound(_("Diesen Kanal gibt es nicht."), way_out=_("Wählen Sie einen aus der Liste."))
    return row


def _form(row: Channel | None, error: MakerlabError | None = None) -> str:
    """The address is never shown again; what was typed otherwise stays, also after a refusal."""
    chosen = request.form.getlist("kind") if request.form else (row.kinds if row else list(Kind))
    return render_template(
        "notices/channel.html",
        channel=row,
        error=error,
        given=request.form,
        chosen=set(chosen),
        meanings=words.MEANINGS,
        people=queries.staff(db.session),
        all_languages=[(code, own[0]) for code, own in LANGUAGES.items()],
        clock=rules.clock,
        default_language=settings().default_language,
        timezone=settings().timezone,
    )


def _save(row: Channel | None) -> Response | tuple[str, int]:
    form, kinds = request.form, {kind.value for kind in Kind}
    try:
        saved = actions.save_channel(
            db.session, row, name=form.get("name", ""), url=form.get("url", ""), account=_person(),
            kinds=[Kind(value) for value in form.getlist("kind") if value in kinds],
            language=form.get("language", ""), quiet=(_minutes("quiet_from"), _minutes("quiet_until")),
            urgent_always="urgent_always" in form, key=settings().channel_key, by_id=current_user.id,
            now=utcnow(),
        )  # fmt: skip
    except Invalid as error:
        db.session.rollback()
        return _form(row, error), error.status
    db.session.commit()
    flash(_("Der Kanal „%(name)s“ ist gespeichert.", name=saved.name), "success")
    return redirect(url_for(".channels"), code=303)


def _person() -> Account | None:
    """None: the lab's own channel. Raises Invalid."""
    wanted = request.form.get("account_id", "")
    if not wanted:
        return None
    found = next((one for one in queries.staff(db.session) if str(one.id) == wanted), None)
    if found is None:
        raise Invalid(_("Diese Person gibt es nicht."), way_out=_("Wählen Sie eine Person aus der Liste."))
    return found


def _minutes(name: str) -> int | None:
    """A time of day from the form, or None where it is empty. Raises Invalid."""
    text = request.form.get(name, "").strip()
    found = rules.minutes(text) if text else None
    if text and found is None:
        raise Invalid(_("Diese Uhrzeit gibt es nicht."), way_out=_("Schreiben Sie zum Beispiel 22:00."))
    return found

"""Pages about people: the way in, oneself, and for coordinators everybody."""

from typing import Any

import segno
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_security import current_user, login_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from makerlab.core.access import STAFF, Role, allow, public
from makerlab.core.audit import record
from makerlab.core.clock import utcnow
from makerlab.core.database import db, writing
from makerlab.core.errors import Invalid, MakerlabError, NotFound
from makerlab.core.language import LANGUAGES, _
from makerlab.people import actions, entrance, queries
from makerlab.people.frame import frame, home_of_person, url_if_there
from makerlab.people.locks import shown_locks
from makerlab.people.models import Account
from makerlab.people.rules import clean_text, local_path
from makerlab.people.security import at_kiosk
from makerlab.people.words import ACTIVE, CARD, ROLES, action_word, role_word

blueprint = Blueprint("people", __name__)
blueprint.app_context_processor(frame)

OFFICE = (Role.COORDINATOR, Role.ADMINISTRATOR)
ALL_STATES = {"active": True, "closed": False, "all": None}


@blueprint.get("/")
@public
def start() -> Response:
    """Send everybody where they work."""
    if current_user.is_authenticated:
        return redirect(home_of_person())
    return redirect((at_kiosk() and url_if_there("kiosk.start")) or url_for("security.login"))


@blueprint.post("/language")
@public
def choose_language() -> Response:
    code = request.form.get("language", "")
    if code not in LANGUAGES:
        raise Invalid(_("Diese Sprache gibt es nicht."), way_out=_("Wählen Sie eine aus der Liste."))
    session["language"] = code
    if current_user.is_authenticated:
        actions.set_language(db.session, _me(), code, by_id=current_user.id, now=utcnow())
        db.session.commit()
    return redirect(local_path(request.form.get("next", "")) or url_for("people.start"), code=303)


@blueprint.get("/ich")
@allow(*Role)
def me() -> str:
    """What is stored about the person signed in, and who looked at it."""
    account = _me()
    return render_template(
        "people/me.html",
        account=account,
        cards_given=queries.cards_of(db.session, account.id),
        history=queries.history_of(db.session, account.id),
        **_words(),
    )


@blueprint.post("/ich/passwort")
@allow(*STAFF)
def change_own_password() -> Response:
    account, now = _me(), utcnow()
    address = request.remote_addr or "?"
    old = request.form.get("old", "")
    entrance.who_by_password(db.session, account.email or "", old, address=address, now=now)
    actions.set_password(db.session, account, request.form.get("new", ""), by_id=account.id, now=now)
    db.session.commit()
    login_user(account, remember=False)  # the change ended all sessions, this one stays
    flash(_("Ihr neues Passwort gilt ab jetzt."), "success")
    return redirect(url_for("people.me"), code=303)


@blueprint.get("/personen")
@allow(*OFFICE)
def index() -> str:
    filters = _filters()
    page = max(1, min(request.args.get("page", 1, type=int), 1000))
    people = queries.find_people(
        db.session,
        text=filters["q"],
        role=Role(filters["role"]) if filters["role"] else None,
        active=ALL_STATES[filters["state"]],
        page=page,
    )
    return render_template(
        "people/index.html",
        people=people,
        page=page,
        filters=filters,
        url_of=lambda **changes: url_for("people.index", **_given({**filters, **changes})),
        locks=len(shown_locks(db.session, utcnow())),
        **_words(),
    )


@blueprint.get("/personen/neu")
@allow(*OFFICE)
def new() -> str:
    return render_template("people/new.html", given={"language": "de", "roles": ["trainee"]}, **_words())


@blueprint.post("/personen/neu")
@allow(*OFFICE)
def create() -> Response | tuple[str, int]:
    given: dict[str, Any] = {key: request.form.get(key, "") for key in ("name", "email", "pin", "language")}
    given["roles"] = request.form.getlist("roles")
    try:
        account = _created(given)
    except MakerlabError as refusal:
        db.session.rollback()
        page = render_template("people/new.html", given={**given, "pin": ""}, refusal=refusal, **_words())
        return page, refusal.status
    flash(_("Das Konto ist angelegt. Geben Sie jetzt eine Karte aus."), "success")
    return redirect(url_for("people.show", account_id=account.id), code=303)


def _created(given: dict[str, Any]) -> Account:
    account = actions.create_account(
        db.session,
        name=given["name"],
        email=given["email"],
        pin=given["pin"],
        language=given["language"],
        roles=[_role(name) for name in given["roles"]],
        by_id=current_user.id,
        now=utcnow(),
    )
    db.session.commit()
    return account


@blueprint.get("/personen/<int:account_id>")
@allow(*OFFICE)
def show(account_id: int) -> str:
    account = queries.person(db.session, account_id)
    _note_reading(account)
    return render_template(
        "people/show.html",
        account=account,
        cards_given=queries.cards_of(db.session, account_id),
        history=queries.history_of(db.session, account_id),
        gates=entrance.gates(db.session, utcnow(), entrance.subjects_of(account)),
        **_words(),
    )


def _note_reading(account: Account) -> None:
    """Write down who looked, in a transaction of its own: a GET only reads."""
    account_id, reader_id = account.id, current_user.id
    db.session.rollback()  # without WAL our own reading transaction would keep the writer out
    with writing():
        record(db.session, "account.read", f"account:{account_id}", actor_id=reader_id, now=utcnow())
        db.session.commit()


@blueprint.post("/personen/<int:account_id>/karten")
@allow(*OFFICE)
def issue_card(account_id: int) -> str:
    """The one time that a card's code is seen: the page is printed, then it is gone."""
    account, now = queries.person(db.session, account_id), utcnow()
    if request.form.get("revoke"):
        actions.revoke_cards(db.session, account, by_id=current_user.id, now=now)
    code = actions.issue_card(db.session, account, by_id=current_user.id, now=now)
    db.session.commit()
    picture = segno.make(code, error="q", micro=False).svg_inline(omitsize=True, border=2)
    return render_template("people/card.html", account=account, picture=Markup(picture))  # noqa: S704 (digits)


@blueprint.post("/personen/<int:account_id>/karten/<int:card_id>/ungueltig")
@allow(*OFFICE)
def revoke_card(account_id: int, card_id: int) -> Response:
    card = queries.card_of(db.session, account_id, card_id)
    actions.revoke_card(db.session, card, by_id=current_user.id, now=utcnow())
    return _done(account_id, _("Die Karte ist ungültig."))


@blueprint.post("/personen/<int:account_id>/pin")
@allow(*OFFICE)
def set_pin(account_id: int) -> Response:
    account = queries.person(db.session, account_id)
    pin = request.form.get("pin", "")
    actions.set_pin(db.session, account, pin, by_id=current_user.id, now=utcnow())
    return _done(account_id, _("Die neue PIN gilt ab jetzt."))


@blueprint.post("/personen/<int:account_id>/passwort")
@allow(*OFFICE)
def give_password(account_id: int) -> str:
    """A start password, seen once."""
    account = queries.person(db.session, account_id)
    if account.email is None:
        raise Invalid(_("Dieses Konto hat keine E-Mail-Adresse."), way_out=_("Geben Sie eine Karte aus."))
    password = actions.new_password()
    actions.set_password(db.session, account, password, by_id=current_user.id, now=utcnow())
    db.session.commit()
    return render_template("people/password.html", account=account, password=password)


@blueprint.post("/personen/<int:account_id>/rollen/geben")
@allow(*OFFICE)
def give_role(account_id: int) -> Response:
    account, role = queries.person(db.session, account_id), _role(request.form.get("role", ""))
    actions.give_role(db.session, account, role, by_id=current_user.id, now=utcnow())
    return _done(account_id, _("Die Rolle ist gegeben."))


@blueprint.post("/personen/<int:account_id>/rollen/nehmen")
@allow(*OFFICE)
def take_role(account_id: int) -> Response:
    account, role = queries.person(db.session, account_id), _role(request.form.get("role", ""))
    actions.take_role(db.session, account, role, by_id=current_user.id, now=utcnow())
    return _done(account_id, _("Die Rolle ist genommen."))


@blueprint.post("/personen/<int:account_id>/sprache")
@allow(*OFFICE)
def set_language(account_id: int) -> Response:
    account = queries.person(db.session, account_id)
    code = request.form.get("language", "")
    actions.set_language(db.session, account, code, by_id=current_user.id, now=utcnow())
    return _done(account_id, _("Die Sprache ist geändert."))


@blueprint.post("/personen/<int:account_id>/aktiv")
@allow(*OFFICE)
def set_active(account_id: int) -> Response:
    account = queries.person(db.session, account_id)
    active = request.form.get("active") == "1"
    actions.set_active(db.session, account, active, by_id=current_user.id, now=utcnow())
    return _done(account_id, _("Das Konto ist offen.") if active else _("Das Konto ist gesperrt."))


@blueprint.get("/sperren")
@allow(Role.INSTRUCTOR, *OFFICE)
def locks() -> str:
    """Who or which kiosk failed too often to sign in."""
    return render_template("people/locks.html", locks=shown_locks(db.session, utcnow()))


@blueprint.post("/sperren/aufheben")
@allow(Role.INSTRUCTOR, *OFFICE)
def unlock() -> Response:
    subject, now = request.form.get("subject", ""), utcnow()
    if subject not in entrance.gates(db.session, now):
        raise NotFound(_("Diese Sperre gibt es nicht mehr."), way_out=_("Laden Sie die Seite neu."))
    entrance.clear_failures(db.session, subject, by_id=current_user.id, now=now)
    db.session.commit()
    flash(_("Anmelden geht wieder."), "success")
    return redirect(local_path(request.form.get("next", "")) or url_for("people.locks"), code=303)


def _me() -> Account:
    account: Account = current_user._get_current_object()
    return account


def _done(account_id: int, sentence: str) -> Response:
    db.session.commit()
    flash(sentence, "success")
    return redirect(url_for("people.show", account_id=account_id), code=303)


def _role(name: str) -> Role:
    if name not in list(Role):
        raise Invalid(_("Diese Rolle gibt es nicht."), way_out=_("Wählen Sie eine aus der Liste."))
    return Role(name)


def _filters() -> dict[str, str]:
    role, state = request.args.get("role", ""), request.args.get("state", "active")
    return {
        "q": clean_text(request.args.get("q", ""), 100),
        "role": role if role in list(Role) else "",
        "state": state if state in ALL_STATES else "active",
    }


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty, so that addresses stay short."""
    return {key: value for key, value in values.items() if value}


def _words() -> dict[str, Any]:
    return {
        "role_word": role_word,
        "roles": ROLES,
        "active_words": ACTIVE,
        "card_words": CARD,
        "action_word": action_word,
    }

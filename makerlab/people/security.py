"""Flask-Security on our tables: sign-in at the desk, sessions with a new id at each sign-in and sign-out."""

from datetime import timedelta
from typing import Any

from flask import Flask, request, session
from flask_login import user_logged_in, user_logged_out
from flask_security import FSQLALiteUserDatastore, LoginForm, Security, login_user
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField

from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.errors import Forbidden
from makerlab.people.entrance import who_by_password
from makerlab.people.models import Account, Passkey, RoleRow


class SignInForm(LoginForm):
    """E-mail and password, with our own way of asking who it is: it counts failures."""

    email = StringField()
    password = PasswordField()

    def validate(self, **kwargs: Any) -> bool:
        if not FlaskForm.validate(self, **kwargs):
            return False
        address = request.remote_addr or "?"
        email, password = str(self.email.data or ""), str(self.password.data or "")
        try:
            self.user = who_by_password(db.session, email, password, address=address, now=utcnow())
        except Forbidden as refusal:
            self.form_errors.append(f"{refusal.message} {refusal.way_out}")
            return False
        return True


def init_security(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECURITY_PASSWORD_SALT=settings.secret_key[:32],
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 (the name of a scheme)
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_LENGTH_MIN=12,
        SECURITY_LOGIN_URL="/anmelden",
        SECURITY_LOGOUT_URL="/abmelden",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGOUT_VIEW="/",
        SECURITY_LOGIN_USER_TEMPLATE="people/sign_in.html",
        SECURITY_STATIC_FOLDER=None,
        SECURITY_CACHE_CONTROL=None,  # ours is the same for all pages
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_REGISTERABLE=False,
        SECURITY_RECOVERABLE=False,
        SECURITY_FRESHNESS=timedelta(minutes=-1),  # no page that asks for the password again
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS=False,
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"email": {"mapper": _plain_email, "case_insensitive": True}}],
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_SESSION_LIFETIME=None,
        SESSION_COOKIE_NAME="makerlab",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        REMEMBER_COOKIE_DURATION=0,
    )
    datastore = FSQLALiteUserDatastore(db, Account, RoleRow, Passkey)
    security = Security(app, datastore, register_blueprint=True, login_form=SignInForm)
    security.want_json(lambda _request: False)  # pages only: no tokens
    user_logged_in.connect(_renew, app)
    user_logged_out.connect(_forget, app)


def sign_in(account: Account, *, face: str = "kiosk") -> None:
    """Sign a person in whom `entrance` knows. Nothing of the person before stays but the language chosen."""
    language = session.get("language")
    session.clear()
    session["face"] = face
    if language:
        session["language"] = language
    login_user(account, remember=False)


def at_kiosk() -> bool:
    """Whether this browser is the kiosk's."""
    return session.get("face") == "kiosk"


def _plain_email(identity: str) -> str | None:
    return identity.strip().lower() if "@" in identity else None


def _renew(_app: Flask, **_: Any) -> None:
    session.renew()  # type: ignore[attr-defined]


def _forget(_app: Flask, **_: Any) -> None:
    face = session.get("face")
    session.clear()
    if face:
        session["face"] = face
    session.renew()  # type: ignore[attr-defined]

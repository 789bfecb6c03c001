"""Flask-Security on our tables: argon2id passwords and sessions that get a new id at sign-in."""

from typing import Any

from flask import Flask, session
from flask_login import user_logged_in, user_logged_out
from flask_security import FSQLALiteUserDatastore, Security

from makerlab.core.database import db
from makerlab.people.models import Account, Passkey, RoleRow


def init_security(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECURITY_PASSWORD_SALT=settings.secret_key[:32],
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_LENGTH_MIN=12,
        SECURITY_LOGIN_URL="/anmelden",
        SECURITY_LOGOUT_URL="/abmelden",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGOUT_VIEW="/",
        SECURITY_LOGIN_USER_TEMPLATE="people/sign_in.html",
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_REGISTERABLE=False,
        SECURITY_RECOVERABLE=False,
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
    Security(app, FSQLALiteUserDatastore(db, Account, RoleRow, Passkey), register_blueprint=True)
    user_logged_in.connect(_renew, app)
    user_logged_out.connect(_forget, app)


def _plain_email(identity: str) -> str | None:
    return identity.strip().lower() if "@" in identity else None


def _renew(_app: Flask, **_: Any) -> None:
    session.renew()  # type: ignore[attr-defined]


def _forget(_app: Flask, **_: Any) -> None:
    session.clear()
    session.renew()  # type: ignore[attr-defined]

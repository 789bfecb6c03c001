"""Puts the application together: the one place that knows all features."""

from inspect import iscoroutinefunction
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import sessionmaker

from makerlab.core.access import guard_routes
from makerlab.core.database import db, engine_options, prepare_engine
from makerlab.core.language import init_language
from makerlab.core.sessions import DatabaseSessions
from makerlab.core.settings import Settings
from makerlab.core.web import init_web
from makerlab.features import FEATURES
from makerlab.people.security import init_security

PACKAGE = Path(__file__).parent


def template_folder() -> Path:
    """Inside the package when installed, beside it in a checkout."""
    packed = PACKAGE / "templates"
    return packed if packed.is_dir() else PACKAGE.parent / "templates"


def create_app(settings: Settings) -> Flask:
    """The web application. The database must be migrated (`makerlab migrate`)."""
    app = Flask(__name__, template_folder=template_folder(), static_folder=PACKAGE / "static")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app.config.update(
        SETTINGS=settings,
        MAX_CONTENT_LENGTH=settings.upload_mb * 1_000_000,
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=200,
        SQLALCHEMY_ENGINES={"default": {"url": settings.sqlalchemy_url, **engine_options(settings)}},
        TRUSTED_HOSTS=[host for host in settings.trusted_hosts.split(",") if host] or None,
    )
    db.init_app(app)
    _without_async(app)
    with app.app_context():
        prepare_engine(db.engine)
        app.session_interface = DatabaseSessions(sessionmaker(db.engine, expire_on_commit=False))
    init_language(app)
    init_web(app)
    init_security(app)
    for feature in FEATURES:
        app.register_blueprint(feature)
    guard_routes(app)
    return app


def _without_async(app: Flask) -> None:
    """Drop the closing of async sessions: we have none, and it would start an event loop each request."""
    kept = [function for function in app.teardown_appcontext_funcs if not iscoroutinefunction(function)]
    app.teardown_appcontext_funcs[:] = kept

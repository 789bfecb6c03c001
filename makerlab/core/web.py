"""What every page shares: how a request reads or writes, errors as one page that helps, headers, assets."""

import errno
import hashlib
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import IO, Any

from flask import Flask, Response, current_app, g, make_response, render_template, request, send_file, url_for
from flask_babel import format_currency
from flask_security import current_user
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter, ValidationError

from makerlab.core.access import may
from makerlab.core.compress import init_compression
from makerlab.core.database import set_reading
from makerlab.core.errors import MakerlabError
from makerlab.core.files import FileStore
from makerlab.core.language import _, current_code
from makerlab.core.logs import log
from makerlab.core.measures import grams, hours, typed, weight
from makerlab.core.quarantine import nameless
from makerlab.core.settings import Settings

csrf = CSRFProtect()

BIGGEST_ID = 2**31 - 1  # what a column of integers holds

CONTENT_SECURITY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": ["'self'", "blob:"],
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def settings() -> Settings:
    """The settings of the running application."""
    value: Settings = current_app.config["SETTINGS"]
    return value


def file_store() -> FileStore:
    return FileStore(settings().files_dir)


class RowNumber(IntegerConverter):
    """`<int:…>` in addresses: what no database holds as an id is no page (404), not a crash."""

    def __init__(self, url_map: Map, *args: Any, **values: Any) -> None:
        super().__init__(url_map, *args, **{"max": BIGGEST_ID, **values})


class Word(UnicodeConverter):
    """`<…>` in addresses: PostgreSQL refuses to look for NUL, so it is no page (404) either."""

    def to_python(self, value: str) -> str:
        if "\0" in value:
            raise ValidationError
        return value


def number_of(text: str) -> int:
    """What a column of integers can hold, for `type=` of what a browser sends; raises ValueError."""
    number = int(text)
    if not 0 <= number <= BIGGEST_ID:
        raise ValueError
    return number


def init_web(app: Flask) -> None:
    app.url_map.converters.update(int=RowNumber, string=Word, default=Word)
    app.before_request(lambda: set_reading(request.method in ("GET", "HEAD", "OPTIONS")))
    app.teardown_request(lambda _error: set_reading(False))  # the thread may do something else next
    csrf.init_app(app)
    Talisman(
        app,
        force_https=False,  # the lab's proxy redirects; the kiosk in the workshop may speak plain HTTP
        strict_transport_security=app.config["SETTINGS"].https,
        session_cookie_secure=app.config["SETTINGS"].https,
        content_security_policy=CONTENT_SECURITY,
        permissions_policy={"camera": "(self)", "microphone": "()", "geolocation": "()"},
        referrer_policy="same-origin",
    )
    app.register_error_handler(MakerlabError, _refusal)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _crash)
    init_compression(app)
    app.after_request(_headers)
    app.jinja_env.globals.update(asset=asset, may=may, money=money)
    app.jinja_env.filters.update(grams=grams, hours=hours, typed=typed, weight=weight)


def asset(name: str) -> str:
    """URL of a built file in static/dist, with the hash of its content, so that it may be kept for ever."""
    return _asset(name, request.script_root)


@cache
def _asset(name: str, _script_root: str) -> str:
    """Built once for each place the application hangs at: a page of many icons asks hundreds of times."""
    return url_for("static", filename=f"dist/{name}", v=_fingerprint(name))


@cache
def _fingerprint(name: str) -> str:
    path = Path(current_app.static_folder or "") / "dist" / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else "missing"


def money(cents: int) -> str:
    """In the lab's currency, as its language writes it."""
    return format_currency(Decimal(cents) / 100, settings().currency)


def attachment(data: bytes, mimetype: str, name: str) -> Response:
    """A file that the browser saves. `name` is ours: plain letters."""
    return Response(
        data, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def zip_file(name: str, write: Callable[[IO[bytes]], None]) -> Response:
    """A ZIP to take along; `write` packs it. Through a file: it may be larger than the memory."""
    target = nameless(settings())
    write(target)
    target.seek(0)
    return send_file(target, "application/zip", as_attachment=True, download_name=name, max_age=0)


def not_modified(html: str, *, key: str = "") -> Response:
    """A page or fragment with an ETag; 304 when the browser has it already. For everything that is polled."""
    response = make_response(html)
    response.set_etag(hashlib.sha256((key + html).encode()).hexdigest()[:32])
    return response.make_conditional(request)


def unless_known(stamp: object, render: Callable[[], str]) -> Response:
    """The same for what is cheap to recognise and dear to render: `stamp` says all that its content hangs on,
    beside the language. What the browser has is not rendered."""
    tag = hashlib.sha256(f"{stamp} {current_code()}".encode()).hexdigest()[:32]
    response = make_response("" if request.if_none_match.contains_weak(tag) else render())
    response.set_etag(tag)
    return response.make_conditional(request)


def _headers(response: Response) -> Response:
    if request.path.startswith("/static/"):
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.immutable = "v" in request.args
        response.cache_control.max_age = 31_536_000 if "v" in request.args else 300
        return response
    if "Cache-Control" not in response.headers:
        # What one person saw must not come back for the next one, also not by the Back button.
        response.headers["Cache-Control"] = "no-store"
    return response


def _page(status: int, sentence: str, way_out: str = "") -> tuple[str, int]:
    return render_template("error.html", status=status, sentence=sentence, way_out=way_out), status


def _refusal(error: MakerlabError) -> tuple[str, int]:
    return _page(error.status, error.message, error.way_out)


def _stale_form(_error: CSRFError) -> tuple[str, int]:
    return _page(
        400,
        _("Diese Seite war zu lange offen."),
        _("Laden Sie die Seite neu und versuchen Sie es noch einmal."),
    )


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    sentences = {
        404: (_("Diese Seite gibt es nicht."), _("Gehen Sie zurück zur Startseite.")),
        405: (_("Das geht hier nicht."), _("Gehen Sie zurück zur Startseite.")),
        413: (_("Die Datei ist zu groß."), _("Wählen Sie eine kleinere Datei.")),
        429: (_("Das war zu oft."), _("Warten Sie eine Minute.")),
    }
    sentence, way_out = sentences.get(
        error.code, (_("Diese Anfrage ist nicht lesbar."), _("Gehen Sie zurück zur Startseite."))
    )
    return _page(error.code, sentence, way_out)


def _crash(error: Exception) -> tuple[str, int]:
    log.error("request failed", path=request.path, method=request.method, exc_info=error)
    _settle_person()
    if _disk_is_full(error):
        return _page(
            507,
            _("Der Speicher ist voll. Es ist nichts gespeichert."),
            _("Sagen Sie der Administration Bescheid und versuchen Sie es später."),
        )
    if _came_second(error):
        return _page(409, _("Jemand war schneller."), _("Laden Sie die Seite neu."))
    return _page(
        500, _("Hier ist etwas kaputt gegangen."), _("Versuchen Sie es noch einmal. Es ist nichts verloren.")
    )


def _disk_is_full(error: Exception) -> bool:
    """Met anywhere: while a request is spooled, a file stored, or a transaction committed (its words)."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    words = ("database or disk is full", "No space left on device")  # of SQLite, of PostgreSQL
    return isinstance(error, OperationalError) and any(word in str(error) for word in words)


def _came_second(error: Exception) -> bool:
    """Two requests at once on PostgreSQL: both looked, both wrote, and a name is there once.

    Unique violation or deadlock. On SQLite the second one begins after the first, and looks anew.
    """
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") in ("23505", "40P01")


def _settle_person() -> None:
    """Every page asks who is there, in which language. When the database is away: nobody, in the lab's."""
    try:
        _known = current_user.is_authenticated
    except SQLAlchemyError:
        g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]

"""Who may open which page. Every view says so with `@allow(...)` or `@public`; a view without is refused."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from makerlab.core.errors import Forbidden
from makerlab.core.language import _
from makerlab.core.roles import STAFF, Role

__all__ = ["STAFF", "Role", "allow", "guard_routes", "may", "public"]

View = TypeVar("View", bound=Callable[..., Any])

FOREIGN_BLUEPRINTS = {"security", None}  # Flask-Security guards its own pages; None: Flask's static files


def allow(*roles: Role) -> Callable[[View], View]:
    """People with any of these roles may open the view."""

    def mark(view: View) -> View:
        view.access = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Anybody may open the view, signed in or not."""
    view.access = None  # type: ignore[attr-defined]
    return view


def guard_routes(app: Flask) -> None:
    """Refuse at start a view that does not say who may open it; check each request."""
    for endpoint, view in app.view_functions.items():
        if endpoint.rpartition(".")[0] not in ("security", "") and not hasattr(view, "access"):
            raise RuntimeError(f"{endpoint} does not say who may open it: @allow(...) or @public")
    app.before_request(_check)


def _check() -> Response | None:
    if request.endpoint is None or request.blueprint in FOREIGN_BLUEPRINTS:
        return None
    view = _view(request.endpoint)
    roles: frozenset[Role] | None = getattr(view, "access", frozenset())
    if roles is None:
        return None
    if not current_user.is_authenticated:
        return redirect(_sign_in_page())
    if not may(roles):
        raise Forbidden(
            _("Diese Seite ist für andere Aufgaben."),
            way_out=_("Fragen Sie eine Anleiterin oder einen Anleiter."),
        )
    return None


def may(roles: frozenset[Role] | tuple[Role, ...]) -> bool:
    """Whether the person signed in holds any of these roles."""
    return any(current_user.has_role(role) for role in roles)


def _view(endpoint: str) -> Any:
    from flask import current_app

    return current_app.view_functions[endpoint]


def _sign_in_page() -> str:
    """The kiosk's start page for the kiosk's pages, the desk's sign-in for all others."""
    if request.path.startswith("/kiosk"):
        return url_for("kiosk.start")
    return url_for("security.login", next=request.full_path.rstrip("?") if request.method == "GET" else None)

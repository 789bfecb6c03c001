"""What the frame of every page shows: the areas a person may enter, and where the tools lead.

Lazy throughout: pages before signing in and error pages must not ask the database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from babel.support import LazyProxy
from flask import current_app, request, url_for
from flask_security import current_user

from makerlab.core.access import Role, may
from makerlab.core.language import lazy
from makerlab.people.security import at_kiosk


@dataclass(frozen=True)
class Area:
    endpoint: str
    word: Any
    icon: str


AREAS = (
    Area("production.wall", lazy("Drucker"), "printer"),
    Area("catalog.wall", lazy("Objekte"), "cube"),
    Area("catalog.reviews", lazy("Prüfen"), "clipboard-check"),
    Area("production.orders", lazy("Aufträge"), "list-details"),
    Area("materials.spools", lazy("Filament"), "palette"),
    Area("sales.find", lazy("Verkauf"), "building-store"),
    Area("stock.ledger", lazy("Lagerbuch"), "notebook"),
    Area("catalog.partners", lazy("Partner"), "users-group"),
    Area("training.index", lazy("Unterweisungen"), "certificate"),
    Area("people.index", lazy("Personen"), "users"),
    Area("people.locks", lazy("Sperren"), "lock"),
    Area("catalog.profiles", lazy("Profile"), "adjustments"),
    Area("fleet.admin", lazy("Drucker verwalten"), "settings"),
    Area("production.condition", lazy("Zustand"), "heartbeat"),
    Area("people.me", lazy("Meine Daten"), "user"),
)

# Where each role works, the first that is there. A person with several roles goes by the first of these.
HOMES = {
    Role.ADMINISTRATOR: ("people.index",),
    Role.COORDINATOR: ("people.index",),
    Role.INSTRUCTOR: ("production.wall", "catalog.wall", "training.index"),
    Role.LIAISON: ("catalog.wall", "catalog.partners"),
    Role.SALES: ("sales.find", "catalog.wall"),
    Role.TRAINEE: ("kiosk.start",),
}


class Navigation:
    """The areas as (label, url, icon, active), looked up when a layout walks through them."""

    def __iter__(self) -> Iterator[tuple[Any, str, str, bool]]:
        if not current_user.is_authenticated:
            return
        areas = [(area, url_for(area.endpoint)) for area in AREAS if may_open(area.endpoint)]
        here = _innermost([url for _area, url in areas], request.path)
        for area, url in areas:
            yield area.word, url, area.icon, url == here


def may_open(endpoint: str) -> bool:
    """Whether the page is there and open to the person signed in."""
    view = current_app.view_functions.get(endpoint)
    access: frozenset[Role] | None = getattr(view, "access", frozenset())
    return view is not None and (access is None or may(access))


def home_of_person() -> str:
    """The page where the person signed in works."""
    if at_kiosk() and may_open("kiosk.start"):
        return url_for("kiosk.start")
    for role, endpoints in HOMES.items():
        for endpoint in endpoints:
            if current_user.has_role(role) and may_open(endpoint):
                return url_for(endpoint)
    return url_for("people.me")


def url_if_there(*endpoints: str) -> str:
    """The address of the first of these pages that is there, else an empty string."""
    found = [endpoint for endpoint in endpoints if endpoint in current_app.view_functions]
    return url_for(found[0]) if found else ""


def _innermost(urls: list[str], path: str) -> str | None:
    """The longest of these addresses that `path` lies under."""
    around = [url for url in urls if path == url or path.startswith(url.rstrip("/") + "/")]
    return max(around, key=len, default=None)


def frame() -> dict[str, Any]:
    """Context of all templates; see docs/frontend.md."""
    return {
        "nav": Navigation(),
        "home_url": url_for("people.start"),
        "help_url": url_if_there("kiosk.help"),
        "search_url": LazyProxy(_search_url, enable_cache=False),
        "language_url": url_for("people.choose_language"),
        "sign_out_url": url_for("security.logout"),
    }


def _search_url() -> str:
    return url_for("catalog.wall") if may_open("catalog.wall") else ""

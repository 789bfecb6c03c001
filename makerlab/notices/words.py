"""What notices say, who should know, and which are urgent. Codes and plain values become sentences here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date

from makerlab.core.access import Role
from makerlab.core.language import LANGUAGES, current_code
from makerlab.core.language import _ as now_
from makerlab.core.language import lazy as _
from makerlab.core.measures import decimal
from makerlab.core.words import Status
from makerlab.notices.models import DeliveryState, Kind

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")

WATCHERS = (Role.INSTRUCTOR,)
PLANNERS = (Role.INSTRUCTOR, Role.COORDINATOR)


@dataclass(frozen=True, slots=True)
class Meaning:
    """`status.sentence` has the names of the params in it. `urgent` breaks quiet hours."""

    status: Status
    audience: tuple[Role, ...]
    urgent: bool = False


MEANINGS: dict[Kind, Meaning] = {
    Kind.PRINT_TO_COLLECT: Meaning(
        Status(_("Abholen"), "package", "info", _("Auf %(printer)s liegt: %(design)s, %(pieces)s Stück.")),
        WATCHERS,
    ),
    Kind.PRINT_UNCLEAR: Meaning(
        Status(
            _("Druck unklar"), "help-circle", "bad",
            _("Sehen Sie an %(printer)s nach. Der Druck von %(design)s ist unklar."),
        ),
        WATCHERS,
    ),
    Kind.PRINTER_ERROR: Meaning(
        Status(_("Störung"), "alert-triangle", "bad", _("%(printer)s meldet einen Fehler: %(text)s")),
        WATCHERS,
        urgent=True,
    ),
    Kind.PRINTER_STILL: Meaning(
        Status(
            _("Steht still"), "hourglass-empty", "bad", _("%(printer)s druckt, aber es geht nicht weiter.")
        ),
        WATCHERS,
        urgent=True,
    ),
    Kind.PRINTER_SILENT: Meaning(
        Status(_("Schweigt"), "plug-connected-x", "bad", _("%(printer)s antwortet nicht mehr.")),
        (*WATCHERS, Role.ADMINISTRATOR),
        urgent=True,
    ),
    Kind.PRINTER_HELD: Meaning(
        Status(_("Drucker angehalten"), "hand-stop", "warn", _("Auf %(printer)s startet nichts mehr.")),
        WATCHERS,
    ),
    Kind.FILAMENT_RUNS_OUT: Meaning(
        Status(
            _("Filament geht aus"), "battery-1", "warn",
            _("%(printer)s braucht noch %(needed)s g. Auf der Spule sind %(left)s g."),
        ),
        WATCHERS,
        urgent=True,
    ),
    Kind.ORDER_DONE: Meaning(
        Status(
            _("Auftrag fertig"), "circle-check", "good",
            _("Auftrag %(order)s ist fertig: %(design)s, %(pieces)s Stück."),
        ),
        PLANNERS,
    ),
    Kind.ORDER_LATE: Meaning(
        Status(
            _("Auftrag zu spät"), "calendar-off", "bad",
            _("Auftrag %(order)s wird nicht rechtzeitig fertig: %(design)s, Termin %(due)s."),
        ),
        PLANNERS,
    ),
    Kind.ORDER_HELD: Meaning(
        Status(
            _("Auftrag angehalten"), "hand-stop", "warn",
            _("Von Auftrag %(order)s startet nichts mehr: %(design)s."),
        ),
        PLANNERS,
    ),
    Kind.FIRST_PIECE: Meaning(
        Status(
            _("Erstes Stück prüfen"), "rosette-discount-check", "info",
            _("Das erste Stück von Auftrag %(order)s ist da: %(design)s."),
        ),
        WATCHERS,
    ),
    Kind.LOW_STOCK: Meaning(
        Status(_("Wenig auf Lager"), "box", "warn", _("%(product)s: nur noch %(pieces)s Stück.")),
        (Role.SALES, Role.COORDINATOR),
    ),
    Kind.AGREEMENT_ENDS: Meaning(
        Status(
            _("Vertrag endet"), "calendar-event", "warn", _("Der Vertrag mit %(partner)s endet am %(ends)s.")
        ),
        (Role.LIAISON, Role.COORDINATOR),
    ),
}  # fmt: skip

DELIVERY: dict[DeliveryState, Status] = {
    DeliveryState.WAITING: Status(_("Wartet"), "clock", "neutral"),
    DeliveryState.TRYING: Status(_("Wird gesendet"), "send", "busy"),
    DeliveryState.SENT: Status(_("Gesendet"), "circle-check", "good"),
    DeliveryState.GIVEN_UP: Status(_("Nicht angekommen"), "alert-triangle", "bad"),
    DeliveryState.DROPPED: Status(_("Nicht mehr nötig"), "circle-x", "neutral"),
}

TROUBLE = {
    "refused": _("Der Dienst hat die Nachricht nicht angenommen."),
    "unreadable": _("Die Adresse ist nicht mehr lesbar. Geben Sie sie neu ein."),
    "broken": _("Beim Senden ging etwas schief."),
}


def kinds_for(roles: set[Role]) -> list[Kind]:
    """The kinds that people with these roles should know of."""
    return [kind for kind, meaning in MEANINGS.items() if roles & set(meaning.audience)]


def sentence(kind: Kind, params: Mapping[str, Any]) -> str:
    """In the language spoken now. A value that is missing (a bug of ours) is shown as a dash."""
    return str(MEANINGS[kind].status.sentence) % _Values({key: _said(params[key]) for key in params})


class _Values(dict[str, Any]):
    def __missing__(self, _key: str) -> str:
        return "–"


def _said(value: Any) -> Any:
    """Dates (as ISO) and decimals as the language writes them."""
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        return format_date(date.fromisoformat(value), "short", locale=LANGUAGES[current_code()][1])
    return decimal(value) if isinstance(value, float) else value


def letter(kind: Kind, params: Mapping[str, Any], address: str, *, maybe_sent: bool) -> tuple[str, str]:
    """Title and text of a message in the language spoken now; `address` is where the lab's pages are."""
    lines = [sentence(kind, params), f"{address}{params.get('path', '')}"]
    if maybe_sent:
        lines.append(now_("Vielleicht haben Sie diese Nachricht schon bekommen."))
    return str(MEANINGS[kind].status.word), "\n".join(lines)


def sample() -> tuple[str, str]:
    """What the button “Test senden” sends."""
    return now_("Test"), now_("Dieser Kanal von Makerlab funktioniert.")

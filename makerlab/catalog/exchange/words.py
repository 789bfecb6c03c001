"""Words of an import: how far it is, and what becomes of each design."""

from makerlab.catalog.exchange.models import ImportState
from makerlab.catalog.exchange.rules import Fate
from makerlab.core.language import lazy
from makerlab.core.words import Status

STATES = {
    ImportState.READ: Status(lazy("Vorschau"), "eye", "neutral"),
    ImportState.WAITING: Status(lazy("Wartet"), "hourglass", "info"),
    ImportState.RUNNING: Status(lazy("Läuft"), "loader", "busy"),
    ImportState.DONE: Status(lazy("Fertig"), "check", "good"),
    ImportState.FAILED: Status(lazy("Ging nicht"), "alert-triangle", "bad"),
}

FATES = {
    Fate.NEW: Status(lazy("Neu"), "plus", "good"),
    Fate.NAMESAKE: Status(
        lazy("Gleicher Name"),
        "copy",
        "warn",
        lazy("Diesen Namen gibt es schon. Es kommt ein zweites Objekt dazu."),
    ),
    Fate.THERE: Status(
        lazy("Schon da"),
        "circle-check",
        "neutral",
        lazy("Diese Dateien sind schon im Katalog. Es bleibt, wie es ist."),
    ),
    Fate.REFUSED: Status(lazy("Passt noch nicht"), "alert-octagon", "bad"),
}

"""Words of the stock ledger's reasons and of the kinds of places; translated here and nowhere else."""

from makerlab.core.language import lazy
from makerlab.core.words import Status
from makerlab.stock.models import PlaceKind, StockReason

REASONS = {
    StockReason.PRODUCED: Status(lazy("Hergestellt"), "cube-plus", "good"),
    StockReason.RECEIVED: Status(lazy("Angekommen"), "package-import", "good"),
    StockReason.SOLD: Status(lazy("Verkauft"), "shopping-bag", "busy"),
    StockReason.MOVED: Status(lazy("Umgeräumt"), "truck", "info"),
    StockReason.COUNTED: Status(lazy("Gezählt"), "clipboard-check", "info"),
    StockReason.BROKEN: Status(lazy("Kaputt"), "trash", "bad"),
    StockReason.REVERSED: Status(lazy("Zurückgenommen"), "arrow-back-up", "warn"),
}

PLACES = {
    PlaceKind.WORKSHOP: Status(lazy("Werkstatt"), "tools", "neutral"),
    PlaceKind.SHOP: Status(lazy("Laden"), "building-store", "neutral"),
    PlaceKind.EVENT: Status(lazy("Veranstaltung"), "calendar-event", "neutral"),
    PlaceKind.PARTNER: Status(lazy("Laden eines Partners"), "heart-handshake", "neutral"),
}

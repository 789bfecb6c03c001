"""Words of the stock ledger's reasons and of the kinds of places; translated here and nowhere else."""

from makerlab.core.language import lazy
from makerlab.materials.words import Word
from makerlab.stock.models import PlaceKind, StockReason

REASONS = {
    StockReason.PRODUCED: Word(lazy("Hergestellt"), "cube-plus", "good"),
    StockReason.RECEIVED: Word(lazy("Angekommen"), "package-import", "good"),
    StockReason.SOLD: Word(lazy("Verkauft"), "shopping-bag", "busy"),
    StockReason.MOVED: Word(lazy("Umgeräumt"), "truck", "info"),
    StockReason.COUNTED: Word(lazy("Gezählt"), "clipboard-check", "info"),
    StockReason.BROKEN: Word(lazy("Kaputt"), "trash", "bad"),
    StockReason.REVERSED: Word(lazy("Zurückgenommen"), "arrow-back-up", "warn"),
}

PLACES = {
    PlaceKind.WORKSHOP: Word(lazy("Werkstatt"), "tools", "neutral"),
    PlaceKind.SHOP: Word(lazy("Laden"), "building-store", "neutral"),
    PlaceKind.EVENT: Word(lazy("Veranstaltung"), "calendar-event", "neutral"),
    PlaceKind.PARTNER: Word(lazy("Laden eines Partners"), "heart-handshake", "neutral"),
}

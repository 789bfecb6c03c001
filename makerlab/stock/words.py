"""Words of the stock ledger's reasons and of the kinds of places; translated here and nowhere else."""

from makerlab.core.language import _, lazy
from makerlab.core.words import Status
from makerlab.stock.models import ItemReason, Missing, PlaceKind, Reservation, ReservedFor, StockReason

REASONS = {
    StockReason.PRODUCED: Status(lazy("Hergestellt"), "cube-plus", "good"),
    StockReason.RECEIVED: Status(lazy("Angekommen"), "package-import", "good"),
    StockReason.SOLD: Status(lazy("Verkauft"), "shopping-bag", "busy"),
    StockReason.MOVED: Status(lazy("Umgeräumt"), "truck", "info"),
    StockReason.COUNTED: Status(lazy("Gezählt"), "clipboard-check", "info"),
    StockReason.BROKEN: Status(lazy("Kaputt"), "trash", "bad"),
    StockReason.ASSEMBLED: Status(lazy("Montiert"), "puzzle", "good"),
    StockReason.REVERSED: Status(lazy("Zurückgenommen"), "arrow-back-up", "warn"),
}

PLACES = {
    PlaceKind.WORKSHOP: Status(lazy("Werkstatt"), "tools", "neutral"),
    PlaceKind.SHOP: Status(lazy("Laden"), "building-store", "neutral"),
    PlaceKind.EVENT: Status(lazy("Veranstaltung"), "calendar-event", "neutral"),
    PlaceKind.PARTNER: Status(lazy("Laden eines Partners"), "heart-handshake", "neutral"),
}

PROMISES = {
    ReservedFor.EVENT: Status(lazy("Veranstaltung"), "calendar-event", "info"),
    ReservedFor.COMPANY: Status(lazy("Firma"), "building", "info"),
    ReservedFor.OTHER: Status(lazy("Anderes"), "bell", "info"),
}

MISSING = {
    Missing.LOST: Status(lazy("Verloren"), "question-mark", "bad"),
    Missing.BROKEN: Status(lazy("Kaputt"), "trash", "bad"),
    Missing.NOT_BOOKED: Status(lazy("Nicht gebucht"), "receipt-off", "warn"),
    Missing.OTHER_PLACE: Status(lazy("Liegt woanders"), "map-pin", "warn"),
    Missing.COUNTED_WRONG: Status(lazy("Früher falsch gezählt"), "calculator", "neutral"),
    Missing.UNKNOWN: Status(lazy("Weiß niemand"), "help", "neutral"),
}

ITEM_REASONS = {
    ItemReason.RECEIVED: Status(lazy("Angekommen"), "package-import", "good"),
    ItemReason.USED: Status(lazy("Verbaut"), "puzzle", "busy"),
    ItemReason.COUNTED: Status(lazy("Gezählt"), "clipboard-check", "info"),
    ItemReason.BROKEN: Status(lazy("Kaputt"), "trash", "bad"),
    ItemReason.REVERSED: Status(lazy("Zurückgenommen"), "arrow-back-up", "warn"),
}


def promise_words(promise: Reservation) -> str:
    """Who waits for how many."""
    return _("%(pieces)s für %(who)s", pieces=promise.pieces - promise.taken, who=promise.purpose)

"""What is in the way of a start, in words: what it is, what to do about it, and who can."""

from makerlab.core.language import lazy as _
from makerlab.core.words import Status
from makerlab.production.obstacles import OTHER_SPOOL, Helper, Obstacle

OBSTACLES: dict[Obstacle, Status] = {
    Obstacle.NOT_SLICED: Status(
        _("Wird vorbereitet"),
        "loader",
        "busy",
        _("Die Datei wird noch vorbereitet."),
        _("Warten Sie einen Moment."),
    ),
    Obstacle.SLICING_FAILED: Status(
        _("Vorbereiten ging nicht"),
        "alert-triangle",
        "bad",
        _("Die Datei konnte nicht vorbereitet werden."),
        _("Rufen Sie Hilfe."),
    ),
    Obstacle.NOT_APPROVED: Status(
        _("Nicht freigegeben"),
        "shield-x",
        "bad",
        _("Das Objekt ist nicht mehr freigegeben."),
        _("Rufen Sie Hilfe."),
    ),
    Obstacle.BEYOND_AGREEMENT: Status(
        _("Vertrag erschöpft"),
        "file-x",
        "bad",
        _("Der Vertrag erlaubt keine weiteren Stücke."),
        _("Rufen Sie Hilfe."),
    ),
    Obstacle.OTHER_MACHINE: Status(
        _("Anderes Modell"), "printer-off", "neutral", _("Dieser Auftrag ist für ein anderes Druckermodell.")
    ),
    Obstacle.OUT_OF_SERVICE: Status(
        _("Außer Betrieb"),
        "tool",
        "bad",
        _("Der Drucker ist außer Betrieb."),
        _("Nehmen Sie einen anderen Drucker."),
    ),
    Obstacle.UNREACHABLE: Status(
        _("Nicht erreichbar"),
        "plug-connected-x",
        "bad",
        _("Der Drucker antwortet nicht."),
        _("Rufen Sie Hilfe."),
    ),
    Obstacle.PRINTER_ERROR: Status(
        _("Störung"), "alert-triangle", "bad", _("Der Drucker hat eine Störung."), _("Rufen Sie Hilfe.")
    ),
    Obstacle.BUSY: Status(
        _("Belegt"), "printer", "busy", _("Der Drucker arbeitet noch."), _("Warten Sie, bis er fertig ist.")
    ),
    Obstacle.COLLECT_FIRST: Status(
        _("Erst abholen"),
        "package",
        "warn",
        _("Auf dem Bett liegen fertige Stücke."),
        _("Holen Sie diese zuerst ab."),
    ),
    Obstacle.UNCLEAR: Status(
        _("Unklar"), "help-circle", "bad", _("Der letzte Druck ist unklar."), _("Klären Sie ihn am Drucker.")
    ),
    Obstacle.FOREIGN_PRINT: Status(
        _("Fremder Druck"),
        "user-question",
        "warn",
        _("Jemand druckt hier von Hand."),
        _("Warten Sie, bis er fertig ist."),
    ),
    Obstacle.NO_SPOOL: Status(
        _("Keine Spule"),
        "circle-dashed",
        "warn",
        _("Im Drucker ist kein Filament."),
        _("Legen Sie eine Spule ein."),
    ),
    Obstacle.OTHER_MATERIAL: Status(
        _("Anderes Material"),
        "replace",
        "warn",
        _("Im Drucker ist anderes Material."),
        _("Wechseln Sie die Spule."),
    ),
    Obstacle.OTHER_COLOUR: Status(
        _("Andere Farbe"),
        "palette",
        "warn",
        _("Im Drucker ist eine andere Farbe."),
        _("Wechseln Sie die Spule."),
    ),
    Obstacle.NOT_ENOUGH: Status(
        _("Zu wenig Filament"),
        "battery-1",
        "warn",
        _("Auf der Spule ist zu wenig Filament."),
        _("Wechseln Sie die Spule."),
    ),
    Obstacle.NO_INSTRUCTION: Status(
        _("Unterweisung fehlt"),
        "school",
        "warn",
        _("Ihnen fehlt die Unterweisung für dieses Gerät."),
        _("Fragen Sie eine Anleiterin oder einen Anleiter."),
    ),
    Obstacle.ORDER_HELD: Status(
        _("Auftrag angehalten"),
        "hand-stop",
        "warn",
        _("Dieser Auftrag ist angehalten."),
        _("Eine Anleiterin oder ein Anleiter gibt ihn frei."),
    ),
    Obstacle.FIRST_PIECE: Status(
        _("Erstes Stück prüfen"),
        "zoom-check",
        "warn",
        _("Das erste Stück ist noch nicht freigegeben."),
        _("Eine Anleiterin oder ein Anleiter prüft es."),
    ),
    Obstacle.OTHER_SITE: Status(
        _("Anderer Ort"),
        "map-pin",
        "neutral",
        _("Dieser Auftrag gehört an einen anderen Ort."),
        _("Nehmen Sie einen Drucker dort."),
    ),
    Obstacle.UPKEEP_DUE: Status(
        _("Wartung nötig"),
        "tool",
        "warn",
        _("Der Drucker braucht eine Wartung."),
        _("Eine Anleiterin oder ein Anleiter macht sie."),
    ),
    Obstacle.PRINTER_HELD: Status(
        _("Drucker angehalten"),
        "hand-stop",
        "warn",
        _("Der Drucker ist angehalten."),
        _("Eine Anleiterin oder ein Anleiter gibt ihn frei."),
    ),
    Obstacle.OTHER_NOZZLE: Status(
        _("Andere Düse"),
        "needle",
        "warn",
        _("Im Drucker ist eine andere Düse."),
        _("Nehmen Sie einen anderen Drucker."),
    ),
    Obstacle.TAG_MISSING: Status(
        _("Ausstattung fehlt"),
        "puzzle-off",
        "warn",
        _("Dem Drucker fehlt etwas für dieses Objekt."),
        _("Nehmen Sie einen anderen Drucker."),
    ),
    Obstacle.OTHER_LOT: Status(
        _("Andere Charge"),
        "versions",
        "warn",
        _("Im Drucker ist eine andere Charge."),
        _("Wechseln Sie die Spule."),
    ),
    Obstacle.CLOSED: Status(
        _("Außerhalb der Zeiten"),
        "clock-off",
        "info",
        _("Jetzt ist niemand in der Werkstatt."),
        _("Starten Sie zu den Öffnungszeiten."),
    ),
    Obstacle.ENDS_ALONE: Status(
        _("Endet zu spät"),
        "moon",
        "warn",
        _("Der Druck endet, wenn niemand da ist."),
        _("Fragen Sie eine Anleiterin oder einen Anleiter."),
    ),
    Obstacle.BED_OCCUPIED: Status(
        _("Bett prüfen"),
        "eye-check",
        "info",
        _("Das Bett muss frei sein."),
        _("Sehen Sie nach und bestätigen Sie es."),
    ),
}


# What to do about it, in two or three words: the icon is that of the deed.
DEEDS: dict[Obstacle, Status] = {
    Obstacle.NOT_SLICED: Status(_("Einen Moment warten"), "loader", "busy"),
    Obstacle.SLICING_FAILED: Status(_("Objekt prüfen"), "zoom-exclamation", "bad"),
    Obstacle.NOT_APPROVED: Status(_("Objekt freigeben"), "shield-check", "warn"),
    Obstacle.BEYOND_AGREEMENT: Status(_("Vertrag erneuern"), "file-check", "warn"),
    Obstacle.ORDER_HELD: Status(_("Auftrag freigeben"), "lock-open", "warn"),
    Obstacle.FIRST_PIECE: Status(_("Erstes Stück prüfen"), "zoom-check", "warn"),
    Obstacle.OTHER_MACHINE: Status(_("Anderes Druckermodell nehmen"), "printer", "neutral"),
    Obstacle.OTHER_SITE: Status(_("Am anderen Ort drucken"), "map-pin", "neutral"),
    Obstacle.OUT_OF_SERVICE: Status(_("Drucker in Betrieb nehmen"), "power", "warn"),
    Obstacle.UPKEEP_DUE: Status(_("Wartung machen"), "tool", "warn"),
    Obstacle.PRINTER_HELD: Status(_("Drucker freigeben"), "lock-open", "warn"),
    Obstacle.UNREACHABLE: Status(_("Strom und Netz prüfen"), "plug-connected", "bad"),
    Obstacle.PRINTER_ERROR: Status(_("Störung beheben"), "first-aid-kit", "bad"),
    Obstacle.BUSY: Status(_("Warten, bis er fertig ist"), "clock", "busy"),
    Obstacle.COLLECT_FIRST: Status(_("Stücke abholen"), "package", "warn"),
    Obstacle.UNCLEAR: Status(_("Druck klären"), "help-circle", "bad"),
    Obstacle.FOREIGN_PRINT: Status(_("Warten, bis er fertig ist"), "clock", "busy"),
    Obstacle.OTHER_NOZZLE: Status(_("Düse wechseln"), "needle", "warn"),
    Obstacle.TAG_MISSING: Status(_("Drucker ausstatten"), "puzzle", "warn"),
    Obstacle.NO_SPOOL: Status(_("Spule einlegen"), "package-import", "info"),
    Obstacle.OTHER_MATERIAL: Status(_("Spule wechseln"), "replace", "info"),
    Obstacle.OTHER_COLOUR: Status(_("Spule wechseln"), "replace", "info"),
    Obstacle.OTHER_LOT: Status(_("Spule wechseln"), "replace", "info"),
    Obstacle.NOT_ENOUGH: Status(_("Vollere Spule einlegen"), "battery-4", "info"),
    Obstacle.NO_INSTRUCTION: Status(_("Person unterweisen"), "school", "warn"),
    Obstacle.CLOSED: Status(_("Auf die Öffnung warten"), "clock", "info"),
    Obstacle.ENDS_ALONE: Status(_("Von einer Anleitung starten lassen"), "moon", "warn"),
    Obstacle.BED_OCCUPIED: Status(_("Bett prüfen"), "eye-check", "info"),
}
GET_SPOOL = Status(_("Spule besorgen"), "shopping-cart", "warn")

HELPERS: dict[Helper, Status] = {
    Helper.YOU: Status(_("Das können Sie selbst."), "user-check", "good"),
    Helper.INSTRUCTOR: Status(_("Das macht die Anleitung."), "user-star", "info"),
    Helper.ADMINISTRATOR: Status(_("Das macht die Verwaltung."), "user-cog", "info"),
    Helper.LIAISON: Status(_("Das macht der Partnerkontakt."), "user-heart", "info"),
    Helper.TIME: Status(_("Das geht von selbst."), "clock-check", "neutral"),
}


def deed(code: Obstacle, *, on_shelf: bool = True) -> Status:
    """What to do about an obstacle; a spool that is not there has to be bought first."""
    return GET_SPOOL if code in OTHER_SPOOL and not on_shelf else DEEDS[code]


def obstacle(code: Obstacle) -> Status:
    """How an obstacle is shown."""
    return OBSTACLES[code]

"""The words of production: states of attempts and orders, obstacles, reasons."""

from makerlab.core.language import lazy as _
from makerlab.core.words import Status
from makerlab.production.obstacles import Obstacle
from makerlab.production.states import AttemptState

ATTEMPT: dict[AttemptState, Status] = {
    AttemptState.CLAIMED: Status(_("Gleich geht es los"), "clock", "busy"),
    AttemptState.UPLOADING: Status(_("Wird übertragen"), "upload", "busy"),
    AttemptState.VERIFIED: Status(_("Übertragen"), "check", "busy"),
    AttemptState.START_SENT: Status(_("Startet"), "player-play", "busy"),
    AttemptState.PRINTING: Status(_("Druckt"), "printer", "busy"),
    AttemptState.PAUSED: Status(_("Pause"), "player-pause", "warn"),
    AttemptState.UNKNOWN: Status(
        _("Unklar"),
        "help-circle",
        "bad",
        _("Wir wissen nicht, was der Drucker gemacht hat."),
        _("Sehen Sie am Drucker nach."),
    ),
    AttemptState.REPORTED_DONE: Status(
        _("Fertig"), "circle-check", "good", _("Die Stücke liegen auf dem Bett.")
    ),
    AttemptState.FAILED: Status(
        _("Abgebrochen"), "alert-triangle", "bad", _("Der Druck ist nicht fertig geworden.")
    ),
    AttemptState.CANCELLED: Status(_("Gestoppt"), "player-stop", "warn", _("Jemand hat den Druck gestoppt.")),
    AttemptState.RESOLVED: Status(_("Abgeholt"), "package", "good"),
    AttemptState.RELEASED: Status(_("Nicht gestartet"), "arrow-back-up", "neutral"),
}

REASON: dict[str, object] = {
    "asked": _("Jemand hat es so gewollt."),
    "too_old": _("Es hat zu lange gedauert. Prüfen Sie das Bett noch einmal."),
    "unreachable": _("Der Drucker ist nicht erreichbar."),
    "refused": _("Der Drucker hat abgelehnt."),
    "printer_busy": _("Der Drucker war nicht bereit."),
    "upload_failed": _("Die Datei kam nicht an."),
    "upload_broken": _("Die Datei kam nicht ganz an."),
    "bed_not_clear": _("Das Bett war nicht mehr frei."),
    "start_refused": _("Der Drucker wollte nicht starten."),
    "no_answer_to_start": _("Der Drucker hat auf den Start nicht geantwortet."),
    "no_evidence_of_start": _("Der Start ist nicht bewiesen."),
    "host_forgot": _("Der Drucker war aus und weiß nichts mehr."),
    "other_print": _("Der Drucker druckt etwas anderes."),
    "printer_error": _("Der Drucker meldet einen Fehler."),
    "stopped_at_printer": _("Der Druck wurde am Drucker gestoppt."),
    "started_again": _("Die Datei wurde noch einmal gestartet."),
    "done_and_failed": _("Der Drucker meldet fertig und abgebrochen."),
    "done_before_stop": _("Der Druck war vor dem Stoppen schon fertig."),
    "ran_more_than_once": _("Die Datei lief mehr als einmal."),
    "bad_first_layer": _("Die erste Schicht klebt nicht."),
    "wrong_object": _("Falsches Objekt."),
    "safety": _("Gefahr oder Rauch."),
    "other": _("Anderer Grund."),
    "undone": _("Zurückgenommen."),
}

STOP_REASONS = ("bad_first_layer", "wrong_object", "safety", "other")
PAUSE_REASONS = ("bad_first_layer", "other")

SCRAP: dict[str, Status] = {
    "warped": Status(_("Verzogen"), "wave-sine", "warn"),
    "spaghetti": Status(_("Spaghetti"), "scribble", "warn"),
    "shifted": Status(_("Verschoben"), "arrows-horizontal", "warn"),
    "stringy": Status(_("Fäden"), "line", "warn"),
    "unfinished": Status(_("Nicht fertig"), "progress-x", "warn"),
    "broken": Status(_("Beim Abnehmen kaputt"), "heart-broken", "warn"),
    "colour": Status(_("Falsche Farbe"), "palette", "warn"),
    "other": Status(_("Etwas anderes"), "dots", "warn"),
}
FIRST_ASKED = 4  # as many fit on a screen of the kiosk, with the way to the others
_LIKELY = {
    True: ("warped", "shifted", "stringy", "broken"),
    False: ("unfinished", "spaghetti", "warped", "shifted"),
}


def scrap_codes(*, done: bool) -> tuple[str, ...]:
    """All reasons for scrap, those first that are likely for a print that was done, or was not."""
    likely = _LIKELY[done]
    return (*likely, *(code for code in SCRAP if code not in likely))


ORDER_PROBLEM: dict[str, Status] = {
    "no_machine": Status(_("Kein Drucker passt"), "printer-off", "bad", _("Kein Drucker ist groß genug.")),
    "too_large": Status(_("Zu groß"), "maximize", "bad", _("Das Objekt passt auf kein Bett.")),
    "slicer_missing": Status(
        _("Slicer fehlt"), "alert-triangle", "bad", _("Das Programm PrusaSlicer fehlt.")
    ),
}
OTHER_PROBLEM = Status(
    _("Geht nicht"), "alert-triangle", "bad", _("Das Objekt lässt sich nicht vorbereiten.")
)

_OBSTACLES: dict[Obstacle, Status] = {
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
    Obstacle.BED_OCCUPIED: Status(
        _("Bett prüfen"),
        "eye-check",
        "info",
        _("Das Bett muss frei sein."),
        _("Sehen Sie nach und bestätigen Sie es."),
    ),
}


def obstacle(code: Obstacle) -> Status:
    """How an obstacle is shown."""
    return _OBSTACLES[code]


def attempt(state: AttemptState) -> Status:
    return ATTEMPT[state]


def reason(code: str) -> object:
    """The sentence of a reason code; a code without words (a bug of ours) is shown as it is."""
    return REASON.get(code, code)


def problem(code: str) -> Status:
    return ORDER_PROBLEM.get(code, OTHER_PROBLEM)

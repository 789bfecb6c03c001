"""The words of production: states of attempts and orders, reasons. Those of obstacles: obstacle_words.py."""

from makerlab.core.language import lazy as _
from makerlab.core.words import Status
from makerlab.production import obstacle_words
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
    "held": _("Der Auftrag oder der Drucker wurde angehalten."),
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


obstacle = obstacle_words.obstacle


def attempt(state: AttemptState) -> Status:
    return ATTEMPT[state]


def reason(code: str) -> object:
    """The sentence of a reason code; a code without words (a bug of ours) is shown as it is."""
    return REASON.get(code, code)


def problem(code: str) -> Status:
    return ORDER_PROBLEM.get(code, OTHER_PROBLEM)

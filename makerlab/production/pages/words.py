"""Words of the desk's pages: what a printer needs, steps, orders, slices, layers of isolation."""

from makerlab.core.language import lazy as _
from makerlab.core.words import Status
from makerlab.production.models import Held, Priority, Purpose, SliceState, Step
from makerlab.production.pages.needs import Need

NEEDS: dict[Need, Status] = {
    Need.UNCLEAR: Status(
        _("Bitte klären"), "help-circle", "bad",
        _("Wir wissen nicht, was der Drucker gemacht hat."), _("Sehen Sie am Drucker nach."),
    ),
    Need.CONFLICT: Status(
        _("Widerspruch"), "alert-octagon", "bad",
        _("Der Drucker sagt zweierlei."), _("Sehen Sie am Drucker nach."),
    ),
    Need.CERTIFICATE: Status(
        _("Anderes Zertifikat"), "shield-x", "bad",
        _("Unter dieser Adresse antwortet jemand mit einem anderen Zertifikat."),
        _("Fragen Sie, wer OctoPrint geändert hat. Bis dahin druckt hier nichts."),
    ),
    Need.PRINTER_ERROR: Status(
        _("Störung"), "alert-triangle", "bad",
        _("Der Drucker meldet einen Fehler."), _("Sehen Sie am Drucker nach."),
    ),
    Need.SILENT: Status(
        _("Schweigt"), "plug-connected-x", "bad",
        _("Der Drucker antwortet nicht."), _("Prüfen Sie Strom und Netz."),
    ),
    Need.NO_PROGRESS: Status(
        _("Steht still"), "hourglass-empty", "bad",
        _("Der Druck geht nicht weiter."), _("Sehen Sie am Drucker nach."),
    ),
    Need.DISCONNECTED: Status(
        _("Nicht verbunden"), "plug-x", "bad",
        _("OctoPrint hat keine Verbindung zum Drucker."), _("Prüfen Sie das Kabel."),
    ),
    Need.CLEAR_FAILED: Status(
        _("Bett räumen"), "eraser", "warn",
        _("Der Druck ist nicht fertig geworden."), _("Räumen Sie das Bett ab."),
    ),
    Need.COLLECT: Status(
        _("Abholen"), "package", "warn",
        _("Die Stücke liegen auf dem Bett."), _("Holen Sie die Stücke ab."),
    ),
    Need.FOREIGN: Status(
        _("Fremder Druck"), "user-question", "warn",
        _("Jemand druckt hier von Hand."), _("Fragen Sie, wer hier druckt."),
    ),
    Need.PAUSED: Status(
        _("Pause"), "player-pause", "warn", _("Der Druck wartet."), _("Setzen Sie den Druck fort."),
    ),
    Need.HELD: Status(
        _("Angehalten"), "hand-stop", "warn",
        _("Zwei Drucke hintereinander sind misslungen."), _("Prüfen Sie den Drucker und geben Sie ihn frei."),
    ),
    Need.UPKEEP: Status(
        _("Wartung nötig"), "tool", "warn",
        _("Eine Wartung ist lange fällig."), _("Machen Sie die Wartung und tragen Sie sie ein."),
    ),
    Need.START: Status(
        _("Kann starten"), "player-play", "info",
        _("Der nächste Druck ist bereit."), _("Prüfen Sie das Bett und starten Sie."),
    ),
    Need.CHANGE_SPOOL: Status(
        _("Spule wechseln"), "palette", "info",
        _("Der nächste Druck braucht eine andere Spule."), _("Wechseln Sie die Spule."),
    ),
    Need.STUCK: Status(
        _("Wartet"), "clock-pause", "neutral", _("Hier kann gerade nichts starten."),
    ),
    Need.CLEAR_BED: Status(
        _("Bett prüfen"), "eye-check", "neutral",
        _("Niemand hat das Bett frei gemeldet."), _("Sehen Sie am Drucker nach."),
    ),
    Need.NOTHING: Status(_("Nichts zu tun"), "check", "neutral"),
    Need.OUT_OF_SERVICE: Status(_("Außer Betrieb"), "tool", "neutral", _("Hier startet kein Druck.")),
}  # fmt: skip

# The headline of the wall, and what it can be narrowed to.
GROUPS: dict[str, Status] = {
    "somebody": Status(_("Braucht jemanden"), "bell", "bad"),
    "start": Status(_("Kann starten"), "player-play", "info"),
    "printing": Status(_("Druckt"), "printer", "busy"),
    "idle": Status(_("Frei"), "circle-check", "neutral"),
}

STEPS: dict[Step, Status] = {
    Step.PREPARED: Status(_("Vorbereitet"), "clipboard-list", "neutral"),
    Step.STARTED: Status(_("Gestartet"), "player-play", "busy"),
    Step.REMOVED: Status(_("Abgenommen"), "hand-stop", "info"),
    Step.FINISHED: Status(_("Nachbearbeitet"), "tool", "info"),
    Step.CHECKED: Status(_("Geprüft"), "checklist", "good"),
}

ORDERS: dict[str, Status] = {
    "problem": Status(_("Geht nicht"), "alert-triangle", "bad"),
    "printing": Status(_("In Arbeit"), "printer", "busy"),
    "held": Status(_("Angehalten"), "hand-stop", "warn"),
    "to_release": Status(_("Erstes Stück prüfen"), "zoom-check", "warn"),
    "waiting": Status(_("Wartet"), "clock", "info"),
    "done": Status(_("Fertig"), "circle-check", "good"),
    "cancelled": Status(_("Abgesagt"), "circle-x", "neutral"),
}

PRIORITIES: dict[int, Status] = {
    Priority.URGENT: Status(_("Eilt"), "alarm", "warn"),
    Priority.NORMAL: Status(_("Normal"), "clock", "neutral"),
    Priority.LOW: Status(_("Hat Zeit"), "hourglass-low", "neutral"),
}

HELD: dict[str, object] = {
    Held.FAILING: _("Dieses Objekt misslang zweimal nacheinander."),
    Held.BY_HAND: _("Jemand hat ihn angehalten:"),
}

PURPOSES: dict[Purpose, object] = {
    Purpose.STOCK: _("Lager"),
    Purpose.EVENT: _("Veranstaltung"),
    Purpose.COMPANY: _("Firma"),
}

SLICES: dict[SliceState, Status] = {
    SliceState.QUEUED: Status(_("Wartet auf Vorbereitung"), "clock", "neutral"),
    SliceState.RUNNING: Status(_("Wird vorbereitet"), "loader-2", "busy"),
    SliceState.DONE: Status(_("Vorbereitet"), "circle-check", "good"),
    SliceState.FAILED: Status(_("Vorbereiten ging nicht"), "alert-triangle", "bad"),
}

LAYERS: dict[str, object] = {
    "own_session": _("eigene Sitzung"),
    "parent_death": _("endet mit dem Programm, das ihn rief"),
    "no_new_privileges": _("bekommt keine neuen Rechte"),
    "no_network": _("ohne Netz"),
    "no_core": _("schreibt kein Speicherabbild"),
    "cpu": _("Grenze für Rechenzeit"),
    "file_size": _("Grenze für Dateigröße"),
    "memory": _("Grenze für Speicher"),
}

GOOD = Status(_("In Ordnung"), "circle-check", "good")
BAD = Status(_("Fehlt"), "alert-triangle", "bad")

KINDS_OF_LINES = {  # of designs.gcode.drawing, and the moves that draw nothing
    "outer": _("Außenwand"),
    "inner": _("Innenwand"),
    "sparse": _("Füllung"),
    "solid": _("Dichte Fläche"),
    "top": _("Oberseite"),
    "bridge": _("Brücke"),
    "support": _("Stützen"),
    "other": _("Rand und Sonstiges"),
    "moves": _("Wege ohne Linie"),
}

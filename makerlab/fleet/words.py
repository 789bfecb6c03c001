"""The words of the fleet: what printers do, what alarms mean, how a bed is, why a connection fails."""

from makerlab.core.language import _ as now_
from makerlab.core.language import lazy as _
from makerlab.core.words import Status
from makerlab.fleet.models import Bed
from makerlab.fleet.rules import Due
from printers.errors import HostError, NotAllowed, Refused, Unreachable, Untrusted
from printers.examine import Finding, Step

SIGHT: dict[str, Status] = {
    "unseen": Status(
        _("Noch nicht gesehen"), "eye-off", "neutral",
        _("Niemand hat den Drucker bisher gefragt."), _("Warten Sie einen Moment."),
    ),
    "unreachable": Status(
        _("Nicht erreichbar"), "plug-connected-x", "bad",
        _("Der Drucker antwortet nicht."), _("Prüfen Sie Strom und Netz."),
    ),
    "offline": Status(
        _("Nicht verbunden"), "plug-x", "bad",
        _("OctoPrint hat keine Verbindung zum Drucker."),
        _("Prüfen Sie das Kabel. Verbinden Sie in OctoPrint neu."),
    ),
    "error": Status(
        _("Störung"), "alert-triangle", "bad",
        _("Der Drucker meldet einen Fehler."), _("Sehen Sie am Drucker nach."),
    ),
    "unknown": Status(_("Unklar"), "help-circle", "bad", _("Wir verstehen die Antwort nicht.")),
    "connecting": Status(_("Verbindet"), "plug-connected", "info"),
    "operational": Status(_("Bereit"), "circle-check", "good"),
    "starting": Status(_("Startet"), "player-play", "busy"),
    "printing": Status(_("Druckt"), "printer", "busy"),
    "pausing": Status(_("Hält an"), "player-pause", "warn"),
    "paused": Status(_("Pause"), "player-pause", "warn"),
    "resuming": Status(_("Macht weiter"), "player-play", "busy"),
    "cancelling": Status(_("Bricht ab"), "player-stop", "warn"),
    "finishing": Status(_("Wird fertig"), "flag", "busy"),
}  # fmt: skip

ALARM: dict[str, Status] = {
    "silent": Status(
        _("Schweigt"), "plug-connected-x", "bad",
        _("Der Drucker antwortet seit über einer Minute nicht."), _("Prüfen Sie Strom und Netz."),
    ),
    "printer_error": Status(
        _("Störung"), "alert-triangle", "bad",
        _("Der Drucker meldet einen Fehler."), _("Sehen Sie am Drucker nach."),
    ),
    "certificate": Status(
        _("Anderes Zertifikat"), "shield-x", "bad",
        _("Unter dieser Adresse antwortet jemand mit einem anderen Zertifikat."),
        _("Fragen Sie, wer OctoPrint geändert hat. Bis dahin druckt hier nichts."),
    ),
    "no_progress": Status(
        _("Steht still"), "hourglass-empty", "bad",
        _("Der Drucker druckt, aber es geht nicht weiter."), _("Sehen Sie am Drucker nach."),
    ),
    "foreign": Status(
        _("Fremder Druck"), "user-question", "warn",
        _("Jemand druckt hier von Hand."), _("Warten Sie, bis er fertig ist. Räumen Sie das Bett ab."),
    ),
}  # fmt: skip

BED: dict[Bed, Status] = {
    Bed.CLEAR: Status(_("Bett frei"), "square-check", "good", _("Ein Mensch hat das Bett frei gemeldet.")),
    Bed.OCCUPIED: Status(_("Bett belegt"), "square-x", "warn", _("Niemand hat das Bett frei gemeldet.")),
}

BED_REASON: dict[str, object] = {
    "looked": _("nachgesehen"),
    "collected": _("abgeholt"),
    "started": _("Druck gestartet"),
    "foreign": _("fremder Druck"),
    "occupied": _("etwas liegt darauf"),
}

RETIRED = Status(_("Ausgemustert"), "archive", "neutral", _("Seine Drucke bleiben."))
OUT_OF_SERVICE = Status(_("Außer Betrieb"), "tool", "neutral", _("Hier startet kein Druck."))

UPKEEP: dict[Due, Status] = {
    Due.FINE: Status(_("In Ordnung"), "circle-check", "good"),
    Due.SOON: Status(_("Bald fällig"), "clock", "info"),
    Due.OVERDUE: Status(_("Wartung fällig"), "tool", "warn"),
    Due.BLOCKS: Status(
        _("Wartung überfällig"), "lock", "bad",
        _("Hier startet nichts, bis die Wartung gemacht ist."), _("Machen Sie die Wartung."),
    ),
}  # fmt: skip

# Each step of a connection: what is tried, what a good end means, what a bad one.
STEPS: dict[Step, tuple[object, object, object]] = {
    Step.ADDRESS: (
        _("Adresse"), "",
        _("Diese Adresse gehört nicht zum Netz der Drucker. Sie beginnt mit http:// oder https://."),
    ),
    Step.NAME: (
        _("Name im Netz"), _("Der Name führt zu %(detail)s."),
        _("Diesen Namen kennt das Netz nicht. Nehmen Sie die Nummer, zum Beispiel 192.168.4.20."),
    ),
    Step.NETWORK: (
        _("Erlaubtes Netz"), _("%(detail)s liegt im Netz der Drucker."),
        _("%(detail)s liegt außerhalb der Netze für Drucker."),
    ),
    Step.PORT: (
        _("Anschluss"), _("Anschluss %(detail)s ist offen."),
        _("An Anschluss %(detail)s antwortet niemand. Prüfen Sie Strom und Nummer."),
    ),
    Step.TLS: (
        _("Verschlüsselung"), _("Das Zertifikat passt."),
        _("Dieses Zertifikat kennt niemand. Vergleichen Sie den Fingerabdruck."),
    ),
    Step.OCTOPRINT: (
        _("OctoPrint"), _("OctoPrint antwortet."),
        _("Dort antwortet etwas, aber kein OctoPrint. Prüfen Sie den Pfad."),
    ),
    Step.KEY: (
        _("Schlüssel"), _("Der Schlüssel gilt. Dort läuft %(detail)s."),
        _("OctoPrint lehnt den Schlüssel ab. Legen Sie in OctoPrint einen neuen an."),
    ),
    Step.PRINTER: (
        _("Drucker"), _("Der Drucker ist verbunden (%(detail)s)."),
        _("OctoPrint hat keine Verbindung zum Drucker (%(detail)s). Prüfen Sie das Kabel."),
    ),
}  # fmt: skip


def step(finding: Finding) -> tuple[str, str]:
    """The name of a step and one sentence for what came of it."""
    word, good, bad = STEPS[finding.step]
    sentence = str(good if finding.good else bad) % {"detail": finding.detail[:100]}
    said_already = finding.step in (Step.ADDRESS, Step.TLS, Step.OCTOPRINT)
    if finding.error is not None and not said_already:
        sentence = trouble(finding.error)
    return str(word), sentence


def sight(state: str) -> Status:
    """How a state of `Sight` is shown; one without words (a bug of ours) as unclear."""
    return SIGHT.get(state, SIGHT["unknown"])


def alarm(code: str) -> Status:
    """How an alarm is shown; a code without words (a bug of ours) as an error of the printer."""
    return ALARM.get(code, ALARM["printer_error"])


def bed_reason(code: str) -> object:
    return BED_REASON.get(code, code)


def trouble(error: HostError) -> str:
    """One plain sentence for why a print host gives no good answer, with what to do."""
    if isinstance(error, NotAllowed):
        return now_("Diese Adresse gehört nicht zum Netz der Drucker. Sie beginnt mit http:// oder https://.")
    if isinstance(error, Refused):
        return _refusal(error)
    if isinstance(error, Untrusted):
        return now_("Das Zertifikat dort ist ein anderes. Es wurde nichts gesendet.")
    if isinstance(error, Unreachable) and not error.sent:
        return now_("Dort antwortet niemand. Prüfen Sie Adresse, Strom und Netz.")
    return now_("Dort antwortet etwas, aber kein OctoPrint. Prüfen Sie die Adresse.")


def _refusal(error: Refused) -> str:
    if error.status in (401, 403):
        return now_("OctoPrint lehnt den Schlüssel ab. Legen Sie in OctoPrint einen neuen an.")
    if error.status == 429:
        return now_("OctoPrint hat zu viele Anfragen bekommen. Warten Sie eine Minute.")
    if error.status == 404:
        return now_("Unter dieser Adresse ist kein OctoPrint. Prüfen Sie den Pfad.")
    if 300 <= error.status < 400:
        return now_("Die Adresse leitet weiter. Geben Sie die letzte Adresse ein.")
    return now_("OctoPrint antwortet mit Fehler %(status)s. Sehen Sie dort nach.", status=error.status)

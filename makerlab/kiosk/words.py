"""Words of the kiosk: what an order waits for, and when something will be ready."""

from datetime import datetime, timedelta

from flask_babel import format_date, to_user_timezone

from makerlab.core.language import _ as now_
from makerlab.core.language import lazy as _
from makerlab.core.words import Status
from makerlab.kiosk.rules import When, when
from makerlab.production.ready import Ready

ORDER_DONE = Status(_("Fertig"), "circle-check", "good", _("Alle Stücke sind gut."))
ORDER_UNDONE = Status(
    _("Zurückgenommen"), "arrow-back-up", "neutral", _("Dieser Auftrag ist zurückgenommen.")
)
ORDER_PLANNED = Status(
    _("Wird vorbereitet"), "loader-2", "busy", _("Wir bereiten den Druck vor."), _("Warten Sie einen Moment.")
)
ORDER_READY = Status(
    _("Bereit"), "player-play", "info", _("Ein Drucker ist frei."), _("Starten Sie den Druck dort.")
)
ORDER_PRINTS = Status(_("Druckt"), "printer", "busy", _("Ihre Stücke entstehen gerade."))
ORDER_COLLECT = Status(
    _("Abholen"), "package", "warn", _("Auf dem Bett liegen Stücke."), _("Holen Sie die Stücke ab.")
)
NO_PRINTER = Status(
    _("Kein Drucker"), "printer-off", "bad", _("Es gibt keinen passenden Drucker."), _("Rufen Sie Hilfe.")
)

NOTHING_WAITS = Status(
    _("Frei"),
    "circle-check",
    "good",
    _("Kein Auftrag wartet auf diesen Drucker."),
    _("Machen Sie einen neuen Auftrag."),
)

TODAY = {"morning": _("heute Vormittag"), "afternoon": _("heute Nachmittag"), "evening": _("heute Abend")}
TOMORROW = {
    "morning": _("morgen Vormittag"),
    "afternoon": _("morgen Nachmittag"),
    "evening": _("morgen Abend"),
}


def ready_words(ready: Ready, now: datetime) -> str:
    """“in 3 bis 4 Stunden”, “morgen Vormittag”."""
    here = to_user_timezone(now)
    return _said(when(here, ready.low_s, ready.high_s), here)


def _said(moment: When, here: datetime) -> str:
    if moment.kind == "minutes":
        if moment.low == moment.high:
            return now_("in %(num)s Minuten", num=moment.high)
        return now_("in %(low)s bis %(high)s Minuten", low=moment.low, high=moment.high)
    if moment.kind == "hours":
        if moment.low == moment.high:
            return now_("in %(num)s Stunden", num=moment.high)
        return now_("in %(low)s bis %(high)s Stunden", low=moment.low, high=moment.high)
    if moment.days < 2:
        return str((TODAY, TOMORROW)[moment.days][moment.part])
    day = format_date((here + timedelta(days=moment.days)).date(), "EEEE")
    later = {
        "morning": now_("am %(day)s Vormittag", day=day),
        "afternoon": now_("am %(day)s Nachmittag", day=day),
        "evening": now_("am %(day)s Abend", day=day),
    }
    return later[moment.part] if moment.days < 7 else now_("in %(num)s Tagen", num=moment.days)


def left_words(seconds: float | None) -> str:
    """How long a print still takes."""
    if seconds is None:
        return ""
    minutes = max(1, -(-int(seconds) // 60))
    if minutes < 90:
        return now_("noch 1 Minute") if minutes == 1 else now_("noch %(num)s Minuten", num=minutes)
    hours = round(minutes / 60)
    return now_("noch etwa %(num)s Stunden", num=hours)

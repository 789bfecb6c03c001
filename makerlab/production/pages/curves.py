"""Temperatures and progress of a printer over time: as a chart, as a sentence and as a table."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Response, jsonify, request

from makerlab.core.access import allow
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.language import _
from makerlab.fleet.models import Printer, Sample
from makerlab.fleet.samples import DAY, HOUR, of_printer
from makerlab.production.pages.frame import ID, WATCHERS, blueprint, found

SPANS = {"stunde": HOUR, "tag": DAY}
ROWS = 12  # of the table beside the chart
GAP = timedelta(minutes=5)  # without a sample: the line is broken, nobody knows


def span_of(values: Any) -> str:
    """The span that was asked for: `stunde` unless it is `tag`."""
    wanted: str = values.get("zeit", "")
    return wanted if wanted in SPANS else "stunde"


def curves_of(printer: Printer, span: str) -> dict[str, Any]:
    """What the template shows of the last hour or day."""
    samples = of_printer(db.session, printer.id, now=utcnow(), span=SPANS[span])
    every = max(1, -(-len(samples) // ROWS))
    return {
        "span": span, "series": series_of(samples), "curve_text": words_of(samples), "samples": bool(samples),
        "curve_rows": samples[::-1][::every],
    }  # fmt: skip


@blueprint.get(f"/drucker/<{ID}:printer_id>/verlauf.json")
@allow(*WATCHERS)
def curves(printer_id: int) -> Response:
    """New values for a chart that is open."""
    printer = found(Printer, printer_id)
    samples = of_printer(db.session, printer.id, now=utcnow(), span=SPANS[span_of(request.args)])
    return jsonify(series_of(samples))


def series_of(samples: Sequence[Sample]) -> dict[str, Any]:
    """In the shape of `ui.chart`, with an empty place where nobody looked for a while."""
    points = _with_gaps(samples)
    lines = (
        (_("Düse"), "tool", "accent", False, "°C"),
        (_("Düse Ziel"), "tool_target", "accent", True, "°C"),
        (_("Bett"), "bed", "warn", False, "°C"),
        (_("Bett Ziel"), "bed_target", "warn", True, "°C"),
        (_("Fortschritt"), "progress", "good", False, "%"),
    )
    return {
        "x": [round(at) for at, _sample in points],
        "lines": [
            {
                "label": label, "colour": colour, "dashed": dashed, "unit": unit,
                "values": [_value(sample, part) for _at, sample in points],
            }
            for label, part, colour, dashed, unit in lines
        ],
    }  # fmt: skip


def _with_gaps(samples: Sequence[Sample]) -> list[tuple[float, Sample | None]]:
    points: list[tuple[float, Sample | None]] = []
    for sample in samples:
        at = sample.at.timestamp()
        if points and at - points[-1][0] > GAP.total_seconds():
            points.append((points[-1][0] + 1, None))
        points.append((at, sample))
    return points


def _value(sample: Sample | None, part: str) -> float | None:
    value = getattr(sample, part, None)
    if value is None or (part.endswith("_target") and not value):  # a heater that is off has no target
        return None
    return round(100 * value, 1) if part == "progress" else round(value, 1)


def words_of(samples: Sequence[Sample]) -> str:
    """One sentence for who does not see the lines."""
    tools = [sample.tool for sample in samples if sample.tool is not None]
    beds = [sample.bed for sample in samples if sample.bed is not None]
    if not tools or not beds:
        return _("Noch keine Messwerte aus dieser Zeit.")
    return _(
        "Düse zuletzt %(tool)s °C, höchstens %(tool_most)s °C. "
        "Bett zuletzt %(bed)s °C, höchstens %(bed_most)s °C.",
        tool=round(tools[-1]), tool_most=round(max(tools)), bed=round(beds[-1]), bed_most=round(max(beds)),
    )  # fmt: skip

"""Words of the catalogue: states, sources, what is wrong with a file and what it means for the print."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from designs.errors import DesignError
from makerlab.catalog.models import Source
from makerlab.catalog.refusals import REFUSALS
from makerlab.catalog.states import RevisionState, Verdict
from makerlab.core.errors import Invalid, MakerlabError
from makerlab.core.language import lazy
from makerlab.core.measures import typed
from makerlab.core.words import Status

STATES = {
    RevisionState.WAITING: Status(lazy("Wartet auf Prüfung"), "hourglass", "warn"),
    RevisionState.APPROVED: Status(lazy("Freigegeben"), "rosette-discount-check", "good"),
    RevisionState.RETURNED: Status(lazy("Zurückgegeben"), "arrow-back-up", "bad"),
    RevisionState.REPLACED: Status(lazy("Ersetzt"), "history", "neutral"),
}

VERDICTS = {
    Verdict.APPROVED: Status(lazy("Freigegeben"), "rosette-discount-check", "good"),
    Verdict.RETURNED: Status(lazy("Zurückgegeben"), "arrow-back-up", "bad"),
}

SOURCES = {
    Source.MESH: Status(lazy("Form"), "cube", "neutral", lazy("Aus der Form geschätzt")),
    Source.SLICER: Status(lazy("Slicer"), "stack-2", "info", lazy("Vom Slicer berechnet")),
    Source.PLANNER: Status(lazy("Bewegung"), "gauge", "info", lazy("Aus jeder Bewegung berechnet")),
    Source.RUNS: Status(lazy("Drucke"), "printer", "good", lazy("Aus echten Drucken gemessen")),
}

ALIKE = {
    "file": lazy("Diese Datei gibt es auch hier:"),
    "form": lazy("Diese Form gibt es auch hier, vielleicht gedreht oder in anderer Größe:"),
}

SEVERITIES = {
    "error": Status(lazy("Nicht druckbar"), "alert-octagon", "bad"),
    "warning": Status(lazy("Bitte ansehen"), "alert-triangle", "warn"),
    "info": Status(lazy("Hinweis"), "info-circle", "info"),
}

PROBLEMS: dict[str, tuple[Any, Any, Any]] = {
    # code: (word, what it means for the print, way out)
    "doubled": (
        lazy("Doppelte Flächen"),
        lazy("%(triangles)s Dreiecke sind doppelt da. Vielleicht liegt das Objekt zweimal in der Datei."),
        lazy("Exportieren Sie das Objekt nur einmal."),
    ),
    "open_edges": (
        lazy("Offene Stellen"),
        lazy(
            "Die Oberfläche ist an %(edges)s Kanten offen. Dort druckt eine Lücke, oder sie wird geschlossen."
        ),
        lazy("Sehen Sie sich diese Stellen an oder lassen Sie die Datei reparieren."),
    ),
    "mixed_orientation": (
        lazy("Innen und außen vertauscht"),
        lazy("An %(edges)s Kanten sind innen und außen vertauscht. Dort können Wände fehlen."),
        lazy("Richten Sie die Flächen aus und exportieren Sie noch einmal."),
    ),
    "touching_edges": (
        lazy("Die Oberfläche berührt sich"),
        lazy("Die Oberfläche berührt sich an %(edges)s Kanten. Dort können Wände zusammenwachsen."),
        lazy("Sehen Sie sich diese Stellen in den Schichten an."),
    ),
    "degenerate": (
        lazy("Leere Dreiecke"),
        lazy("%(triangles)s Dreiecke haben keine Fläche. Das schadet dem Druck nicht."),
        lazy("Sie müssen nichts tun."),
    ),
    "inverted": (
        lazy("War umgestülpt"),
        lazy("Innen und außen waren vertauscht. Wir haben das Objekt gewendet."),
        lazy("Sie müssen nichts tun."),
    ),
    "dust": (
        lazy("Lose Krümel"),
        lazy(
            "%(bodies)s lose Teile sind kleiner als %(smaller_than_mm)s mm. "
            "Sie fehlen im Druck oder kleben am Objekt."
        ),
        lazy("Löschen Sie diese Teile."),
    ),
    "flat": (
        lazy("Ohne Dicke"),
        lazy("Das Objekt ist flach und lässt sich nicht drucken."),
        lazy("Geben Sie ihm eine Dicke von wenigstens einer Schicht."),
    ),
    "no_volume": (
        lazy("Ohne Inhalt"),
        lazy("Die Oberfläche umschließt nichts und lässt sich nicht drucken."),
        lazy("Geben Sie den Wänden eine Dicke."),
    ),
    "too_large": (
        lazy("Zu groß"),
        lazy("Mit %(size)s mm passt das Objekt in keinen unserer Drucker."),
        lazy("Verkleinern oder teilen Sie es."),
    ),
    "maybe_inches": (
        lazy("Vielleicht in Zoll"),
        lazy("Das Objekt ist winzig. Wenn es in Zoll gezeichnet ist, misst es %(scaled)s mm."),
        lazy("Exportieren Sie es in Millimetern."),
    ),
    "maybe_metres": (
        lazy("Vielleicht in Metern"),
        lazy("Das Objekt ist winzig. Wenn es in Metern gezeichnet ist, misst es %(scaled)s mm."),
        lazy("Exportieren Sie es in Millimetern."),
    ),
    "far_away": (
        lazy("Lag weit entfernt"),
        lazy("Das Objekt lag weit vom Nullpunkt. Wir haben es in die Mitte des Betts gelegt."),
        lazy("Sie müssen nichts tun."),
    ),
    "trailing_bytes": (
        lazy("Rest am Ende"),
        lazy("Am Ende der Datei stehen %(bytes)s Bytes zu viel. Wir haben sie weggelassen."),
        lazy("Sehen Sie nach, ob das Objekt vollständig ist."),
    ),
    "no_end": (
        lazy("Ohne Ende"),
        lazy("Der Datei fehlt das Ende. Vielleicht fehlt auch ein Teil des Objekts."),
        lazy("Sehen Sie nach, ob das Objekt vollständig ist."),
    ),
    "settings_dropped": (
        lazy("Fremde Einstellungen"),
        lazy("Die Datei bringt Druck-Einstellungen mit. Wir haben sie weggelassen."),
        lazy("Es gelten die Einstellungen, die Sie hier gewählt haben."),
    ),
}


REPAIRS: dict[str, tuple[Any, Any]] = {
    # code of designs.repair: (word, what was done)
    "degenerate": (lazy("Leere Dreiecke"), lazy("%(count)s Dreiecke ohne Fläche sind weg.")),
    "doubled": (lazy("Doppelte Flächen"), lazy("%(count)s doppelte Dreiecke sind weg.")),
    "dust": (lazy("Lose Krümel"), lazy("%(count)s lose Krümel sind weg.")),
    "holes": (lazy("Offene Stellen"), lazy("%(count)s kleine Löcher sind geschlossen.")),
    "inverted": (lazy("War umgestülpt"), lazy("%(count)s Teile sind gewendet.")),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A problem in the words of the reader. `severity` has word, icon and tone."""

    code: str
    word: str
    sentence: str
    way_out: str
    severity: Status


def problem(row: Mapping[str, Any]) -> Said:
    """The words for one problem as `designs.problems.Problem.as_row` keeps it."""
    word, sentence, way_out = PROBLEMS.get(row["code"], UNKNOWN)
    severity = SEVERITIES.get(row.get("severity", ""), SEVERITIES["warning"])
    return Said(row["code"], str(word), _filled(sentence, row.get("values") or {}), str(way_out), severity)


def problems(report: Mapping[str, Any]) -> list[Said]:
    """All problems of a stored report, the gravest first."""
    rows = sorted(report.get("problems", ()), key=lambda row: list(SEVERITIES).index(row["severity"]))
    return [problem(row) for row in rows]


def repair_step(row: Mapping[str, Any]) -> Said:
    """The words for one step of a repair, as `Problem.as_row` keeps it."""
    word, sentence = REPAIRS.get(row["code"], (UNKNOWN[0], UNKNOWN[1]))
    return Said(row["code"], str(word), _filled(sentence, row.get("values") or {}), "", SEVERITIES["info"])


def refusal(error: DesignError) -> MakerlabError:
    """What `designs` refused, as the sentence and status that the person gets."""
    kind, sentence, way_out = REFUSALS.get(error.code, (Invalid, *UNREADABLE))
    return kind(_filled(sentence, error.values), way_out=str(way_out))


# For reports that a newer version of `designs` wrote, before this one knows their words.
UNKNOWN = (
    lazy("Auffällige Stelle"),
    lazy("An dieser Form ist etwas auffällig."),
    lazy("Sehen Sie sich die Form genau an."),
)
UNREADABLE = (lazy("Die Datei ist nicht lesbar."), lazy("Exportieren Sie das Objekt noch einmal als STL."))


def _filled(sentence: Any, values: Mapping[str, Any]) -> str:
    text = str(sentence)
    if "%(" not in text:
        return text
    sizes = {"size": _size(values.get("size_mm")), "scaled": _size(values.get("scaled_mm"))}
    return text % {**{name: _said(value) for name, value in values.items()}, **sizes}


def _said(value: Any) -> Any:
    return typed(value) if isinstance(value, float) else value


def _size(lengths: Any) -> str:
    """Edges in mm, with four figures at most."""
    return " × ".join(typed(float(f"{length:.4g}")) for length in lengths or ())

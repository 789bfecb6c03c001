"""What a reviewer looks at, and the ready-made reasons for sending back. Codes are stored, words are not:
whoever reads a verdict reads it in their own language.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from makerlab.catalog.models import Review
from makerlab.core.language import lazy


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a piece goes back at a point of the checklist, and what to do next."""

    code: str
    sentence: Any
    next_step: Any


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the checklist."""

    code: str
    question: Any
    icon: str
    reasons: tuple[Reason, ...]


POINTS = (
    Point(
        "supports",
        lazy("Druckt es ohne Stützen, oder sind Stützen gewählt?"),
        "layers-intersect",
        (
            Reason(
                "supports_missing",
                lazy("Ein Überhang braucht Stützen."),
                lazy("Wählen Sie „Mit Stützen drucken“ oder machen Sie den Überhang schräger."),
            ),
            Reason(
                "supports_marks",
                lazy("Es braucht Stützen, die Spuren hinterlassen."),
                lazy("Drehen Sie das Objekt oder ändern Sie den Überhang."),
            ),
        ),
    ),
    Point(
        "walls",
        lazy("Sind alle Wände dick genug?"),
        "ruler-measure",
        (
            Reason(
                "walls_thin",
                lazy("Eine Wand ist zu dünn."),
                lazy("Machen Sie die Wände wenigstens 0,9 mm dick."),
            ),
        ),
    ),
    Point(
        "stable",
        lazy("Steht das Objekt sicher?"),
        "scale",
        (
            Reason(
                "stable_tips",
                lazy("Das Objekt steht nicht sicher."),
                lazy("Machen Sie den Boden breiter oder flacher."),
            ),
            Reason(
                "stable_breaks", lazy("Ein Teil bricht leicht ab."), lazy("Machen Sie dieses Teil dicker.")
            ),
        ),
    ),
    Point(
        "edges",
        lazy("Ist es ungefährlich: Kanten, Spitzen, lose Teile?"),
        "hand-finger",
        (
            Reason(
                "edges_sharp",
                lazy("Eine Kante ist scharf."),
                lazy("Runden Sie die Kante mit wenigstens 1 mm ab."),
            ),
            Reason(
                "edges_loose",
                lazy("Kleine Teile können sich lösen."),
                lazy("Verbinden Sie die kleinen Teile fest mit dem Objekt."),
            ),
        ),
    ),
    Point(
        "finish",
        lazy("Gefällt die Oberfläche?"),
        "sparkles",
        (
            Reason(
                "finish_rough",
                lazy("Die Oberfläche ist unsauber."),
                lazy("Wählen Sie feinere Schichten oder drehen Sie das Objekt."),
            ),
            Reason(
                "finish_slow",
                lazy("Der Druck dauert zu lange."),
                lazy("Wählen Sie gröbere Schichten oder verkleinern Sie das Objekt."),
            ),
        ),
    ),
    Point(
        "label",
        lazy("Stimmen Name, Geschichte und Herkunft für das Etikett?"),
        "tag",
        (
            Reason(
                "label_missing",
                lazy("Angaben für das Etikett fehlen."),
                lazy("Ergänzen Sie Name, Geschichte und wer es entworfen hat."),
            ),
            Reason(
                "label_licence",
                lazy("Die Lizenz ist unklar."),
                lazy("Klären Sie die Lizenz mit dem Partnerkontakt."),
            ),
        ),
    ),
)  # fmt: skip
QUESTIONS = {point.code: point for point in POINTS}
REASONS = {reason.code: reason for point in POINTS for reason in point.reasons}


def point_of(code: str) -> str:
    """The point that a reason belongs to."""
    return next(point.code for point in POINTS for reason in point.reasons if reason.code == code)


def why(review: Review) -> list[tuple[str, str]]:
    """Every reason of a verdict with its next step, for this reader; the reviewer's own words come last."""
    coded = said(review.reasons)
    own = [(review.reason, review.next_step)] if review.reason or review.next_step else []
    return coded + own


def said(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Reason and next step of each code; a code that only a newer version knows is left out."""
    known = [REASONS[code] for code in codes if code in REASONS]
    return [(str(reason.sentence), str(reason.next_step)) for reason in known]

"""The form of a profile, made from its schema: fields with units, and one sentence for what is wrong."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from designs.profiles.table import KINDS, Entry, Table, entries, flat, nested
from makerlab.catalog.profile_words import GROUPS, group, label
from makerlab.core.language import _
from makerlab.core.measures import typed

JERK = "limits.jerk"


@dataclass(frozen=True, slots=True)
class Field:
    """One entry with its word, what stands in it, and what is wrong with that (or nothing)."""

    entry: Entry
    label: Any
    value: str
    fault: str = ""

    @property
    def checked(self) -> bool:
        return self.value == "true"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form was filled with: the table it makes, or the fault of each entry."""

    texts: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)
    table: Table = field(default_factory=dict)


def groups(folder: str, texts: Mapping[str, str], faults: Mapping[str, str]) -> list[tuple[Any, list[Field]]]:
    """The fields under the words of their groups, in the order of the schema."""
    found: dict[str, list[Field]] = {}
    for one in entries(KINDS[folder]):
        shown = Field(one, label(one), texts.get(one.name, ""), faults.get(one.name, ""))
        found.setdefault(group(one), []).append(shown)
    return [(GROUPS[key], fields) for key, fields in found.items()]


def texts_of(table: Mapping[str, Any]) -> dict[str, str]:
    """The values of a table as they stand in the fields."""
    return {name: _text(value) for name, value in flat(table).items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return typed(value) if isinstance(value, float) else str(value)


def read(folder: str, sent: Mapping[str, str]) -> Typed:
    """What a person typed, entry by entry. A box that is not ticked is not sent, and means no."""
    texts, faults, values = {}, {}, {}
    for one in entries(KINDS[folder]):
        text = sent.get(one.name, "").replace("\r\n", "\n").replace("\r", "\n")
        texts[one.name] = text if one.kind == "script" else text.strip()
        if one.optional and not texts[one.name]:
            continue
        value, fault = _value(one, texts[one.name])
        if fault:
            faults[one.name] = fault
        values[one.name] = value
    _whole_jerk(folder, texts, faults)
    return Typed(texts, faults, {} if faults else nested(values))


def _value(one: Entry, text: str) -> tuple[Any, str]:
    if one.kind == "flag":
        return text == "true", ""
    if one.kind == "choice":
        return text, "" if text in one.choices else _("Wählen Sie etwas aus der Liste.")
    if one.kind in ("name", "script"):
        return text, _text_fault(one, text)
    return _number(one, text.replace(",", "."))


def _number(one: Entry, text: str) -> tuple[float, str]:
    try:
        value = int(text) if one.kind == "whole" else float(text)
    except ValueError:
        whole = one.kind == "whole"
        return 0, _("Bitte eine ganze Zahl.") if whole else _("Bitte eine Zahl.")
    if math.isfinite(value) and one.low <= value <= one.high:
        return value, ""
    low, high = typed(one.low), typed(one.high)
    return value, _("Möglich ist %(low)s bis %(high)s %(unit)s.", low=low, high=high, unit=one.unit)


def _text_fault(one: Entry, text: str) -> str:
    if one.name == "name" and not text:
        return _("Der Name fehlt.")
    if len(text) > one.longest:
        return _("Das ist zu lang.")
    allowed = "\n\t" if one.kind == "script" else ""
    if any(not sign.isprintable() and sign not in allowed for sign in text):
        return _("Hier stehen unsichtbare Zeichen. Schreiben Sie die Zeile neu.")
    return ""


def _whole_jerk(folder: str, texts: Mapping[str, str], faults: dict[str, str]) -> None:
    """A firmware rounds corners by four jerks or by none."""
    if folder != "machines":
        return
    names = [f"{JERK}.{axis}" for axis in "xyze"]
    given = [name for name in names if texts[name]]
    if given and len(given) < len(names):
        faults |= {name: _("Füllen Sie alle vier Felder oder keines.") for name in names if not texts[name]}

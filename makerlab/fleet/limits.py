"""What a printer's firmware allows, held against what the profile of its machine model says."""

from dataclasses import dataclass
from typing import Any

from designs.profiles import Limits, load
from makerlab.core.language import lazy as _
from makerlab.core.settings import Settings
from makerlab.fleet.models import Printer

ALIKE = 0.005  # a difference below half a per cent is rounding

WORDS = {
    "speed": _("Höchste Geschwindigkeit"),
    "acceleration": _("Höchste Beschleunigung"),
    "jerk": _("Ruck"),
    "extruding": _("Beschleunigung beim Drucken"),
    "retracting": _("Beschleunigung beim Rückzug"),
    "travel": _("Beschleunigung bei Leerfahrt"),
    "junction_deviation": _("Eckenabweichung"),
}
UNITS = {"speed": "mm/s", "jerk": "mm/s", "junction_deviation": "mm"}
OF_AXES = ("speed", "acceleration", "jerk")
ONE = ("extruding", "retracting", "travel", "junction_deviation")


@dataclass(frozen=True, slots=True)
class Compared:
    """One limit: `axis` x, y, z, e or empty; None where the firmware or the profile does not say."""

    word: Any
    axis: str
    unit: str
    firmware: float | None
    profile: float | None

    @property
    def differs(self) -> bool:
        if self.firmware is None or self.profile is None:
            return False
        return abs(self.firmware - self.profile) > ALIKE * max(self.firmware, self.profile)


def compared(printer: Printer, settings: Settings) -> list[Compared]:
    """All limits that the firmware told; empty where it was not asked, or did not answer."""
    machine = load(settings.profiles_dir).machines.get(printer.machine)
    said = printer.firmware
    if not said or machine is None:
        return []
    of_profile = profile_limits(machine.limits)
    rows = [
        _row(kind, axis, value, of_profile[kind].get(axis))
        for kind in OF_AXES
        for axis in "xyze"
        if (value := (said.get(kind) or {}).get(axis)) is not None
    ]
    return rows + [_row(kind, "", said[kind], of_profile[kind]) for kind in ONE if said.get(kind) is not None]


def _row(kind: str, axis: str, firmware: float, profile: float | None) -> Compared:
    return Compared(WORDS[kind], axis, UNITS.get(kind, "mm/s²"), firmware, profile)


def profile_limits(limits: Limits) -> dict[str, Any]:
    """The same shape as the firmware's."""
    return {
        "speed": _axes(limits.speed),
        "acceleration": _axes(limits.acceleration),
        "jerk": _axes(limits.jerk) if limits.jerk else {},
        "extruding": limits.acceleration.extruding,
        "retracting": limits.acceleration.retracting,
        "travel": limits.acceleration.travel,
        "junction_deviation": limits.junction_deviation_mm,
    }


def _axes(values: Any) -> dict[str, float]:
    return {axis: getattr(values, axis) for axis in "xyze"}


def toml_of(printer: Printer, settings: Settings) -> str:
    """The part `[limits]` of a machine profile with what the firmware said, the rest as it was."""
    machine = load(settings.profiles_dir).machines[printer.machine]
    said, known = printer.firmware or {}, profile_limits(machine.limits)
    corners = said.get("junction_deviation")
    lines = ["[limits]", f"speed = {_table(known['speed'] | (said.get('speed') or {}))}"]
    moves = {kind: said.get(kind) or known[kind] for kind in ("extruding", "retracting", "travel")}
    lines.append(f"acceleration = {_table(known['acceleration'] | (said.get('acceleration') or {}) | moves)}")
    if corners:
        lines.append(f"junction_deviation_mm = {corners:g}")
    elif jerk := known["jerk"] | (said.get("jerk") or {}):
        lines.append(f"jerk = {_table(jerk)}")
    elif known["junction_deviation"]:
        lines.append(f"junction_deviation_mm = {known['junction_deviation']:g}")
    return "\n".join([*lines, ""])


def _table(values: dict[str, float]) -> str:
    return "{ " + ", ".join(f"{name} = {value:g}" for name, value in values.items()) + " }"

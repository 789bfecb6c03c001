"""Words of the entries of a profile, for its form: by kind of profile, group and name."""

from typing import Any

from designs.profiles.table import Entry
from makerlab.core.language import lazy

KINDS: dict[str, tuple[Any, Any, str]] = {
    # folder: (many, one, icon)
    "machines": (lazy("Druckermodelle"), lazy("Druckermodell"), "printer"),
    "processes": (lazy("Druckarten"), lazy("Druckart"), "stack-2"),
    "materials": (lazy("Materialien"), lazy("Material"), "palette"),
}

GROUPS: dict[str, Any] = {
    "": lazy("Grundwerte"),
    "limits.speed": lazy("Höchste Geschwindigkeit"),
    "limits.acceleration": lazy("Höchste Beschleunigung"),
    "limits.jerk": lazy("Ecken"),
    "retraction": lazy("Filament zurückziehen"),
    "script": lazy("Anfang und Ende des Drucks"),
    "widths": lazy("Breite der Linien"),
    "infill": lazy("Füllung"),
    "speeds": lazy("Geschwindigkeit"),
    "accelerations": lazy("Beschleunigung"),
    "skirt": lazy("Linie um das Stück"),
    "supports": lazy("Stützen"),
    "cooling": lazy("Kühlung"),
}

_WALLS, _INFILL, _FIRST = lazy("Wände"), lazy("Füllung"), lazy("Erste Schicht")
_SOLID, _TOP, _BRIDGE = lazy("Volle Flächen"), lazy("Oberste Schicht"), lazy("Brücken")
_SUPPORT, _TRAVEL = lazy("Stützen"), lazy("Fahrten")

LABELS: dict[str, Any] = {
    "name": lazy("Name"),
    "bed_mm.0": lazy("Bett, Breite"),
    "bed_mm.1": lazy("Bett, Tiefe"),
    "height_mm": lazy("Höhe"),
    "nozzle_mm": lazy("Düse"),
    "filament_mm": lazy("Dicke des Filaments"),
    "diameter_mm": lazy("Dicke des Filaments"),
    "firmware": lazy("Firmware"),
    "start_s": lazy("Aufheizen und Ausrichten"),
    "purge_s": lazy("Zeit der Reinigungslinie"),
    "purge_mm": lazy("Filament der Reinigungslinie"),
    "hourly_cost": lazy("Kosten einer Stunde"),
    "layer_range_mm.0": lazy("Dünnste Schicht"),
    "layer_range_mm.1": lazy("Dickste Schicht"),
    "printer_model": lazy("Modell, wie der Slicer es nennt"),
    "printer_notes": lazy("Hinweise für den Slicer"),
    "start_gcode": lazy("G-Code am Anfang"),
    "end_gcode": lazy("G-Code am Ende"),
    "limits.acceleration.extruding": lazy("Beim Drucken"),
    "limits.acceleration.retracting": lazy("Beim Zurückziehen"),
    "limits.acceleration.travel": _TRAVEL,
    "limits.junction_deviation_mm": lazy("Abweichung in Ecken (statt Ruck)"),
    "retraction.length_mm": lazy("Länge"),
    "retraction.speed_mm_s": lazy("Geschwindigkeit"),
    "retraction.lift_mm": lazy("Düse anheben"),
    "retraction.lift_below_mm": lazy("Anheben bis zur Höhe"),
    "retraction.before_travel_mm": lazy("Ab einer Fahrt von"),
    "retraction.wipe": lazy("Düse abstreifen"),
    "layer_mm": lazy("Schicht"),
    "first_layer_mm": _FIRST,
    "walls": _WALLS,
    "top_layers": lazy("Schichten oben"),
    "bottom_layers": lazy("Schichten unten"),
    "top_min_mm": lazy("Dicke oben, mindestens"),
    "bottom_min_mm": lazy("Dicke unten, mindestens"),
    "elephant_foot_mm": lazy("Ausgleich der ersten Schicht"),
    "bridge_flow": lazy("Fluss bei Brücken (Anteil)"),
    "vase": lazy("Vase: eine einzige Wand als Spirale"),
    "widths.walls": _WALLS,
    "widths.infill": _INFILL,
    "widths.solid": _SOLID,
    "widths.top": _TOP,
    "widths.first_layer": _FIRST,
    "widths.support": _SUPPORT,
    "infill.density": lazy("Dichte (Anteil)"),
    "infill.pattern": lazy("Muster"),
    "infill.angle_deg": lazy("Winkel"),
    "infill.overlap": lazy("Überlappung mit der Wand (Anteil)"),
    "infill.anchor_mm": lazy("Halt an der Wand"),
    "infill.anchor_max_mm": lazy("Halt an der Wand, höchstens"),
    "speeds.outer_wall": lazy("Äußere Wand"),
    "speeds.inner_wall": lazy("Innere Wand"),
    "speeds.small_wall": lazy("Kleine Rundungen"),
    "speeds.infill": _INFILL,
    "speeds.solid": _SOLID,
    "speeds.top": _TOP,
    "speeds.bridge": _BRIDGE,
    "speeds.gap": lazy("Lücken"),
    "speeds.first_layer": _FIRST,
    "speeds.travel": _TRAVEL,
    "speeds.travel_z": lazy("Fahrten nach oben"),
    "speeds.support": _SUPPORT,
    "speeds.support_interface": lazy("Schicht auf den Stützen"),
    "accelerations.default": lazy("Sonst"),
    "accelerations.first_layer": _FIRST,
    "accelerations.walls": _WALLS,
    "accelerations.infill": _INFILL,
    "accelerations.bridge": _BRIDGE,
    "skirt.loops": lazy("Runden"),
    "skirt.layers": lazy("Schichten"),
    "skirt.distance_mm": lazy("Abstand"),
    "skirt.min_length_mm": lazy("Filament, mindestens"),
    "supports.angle_deg": lazy("Stützen unter diesem Winkel"),
    "supports.spacing_mm": lazy("Abstand der Linien"),
    "supports.interface_layers": lazy("Dichte Schichten oben"),
    "supports.interface_spacing_mm": lazy("Abstand in den dichten Schichten"),
    "supports.contact_mm": lazy("Spalt zum Stück, oben"),
    "supports.xy_gap": lazy("Spalt zum Stück, seitlich (in Linien)"),
    "kind": lazy("Art"),
    "density_g_cm3": lazy("Gewicht des Materials"),
    "nozzle_c": lazy("Düse"),
    "nozzle_first_c": lazy("Düse, erste Schicht"),
    "bed_c": lazy("Bett"),
    "bed_first_c": lazy("Bett, erste Schicht"),
    "max_volumetric_mm3_s": lazy("Höchster Fluss"),
    "price_eur_kg": lazy("Preis"),
    "cooling.min_layer_s": lazy("Kürzeste Schicht"),
    "cooling.min_speed_mm_s": lazy("Langsamste Geschwindigkeit"),
    "cooling.fan_min": lazy("Lüfter, wenigstens"),
    "cooling.fan_max": lazy("Lüfter, höchstens"),
    "cooling.fan_bridge": lazy("Lüfter bei Brücken"),
    "cooling.fan_below_s": lazy("Lüfter an bei Schichten unter"),
    "cooling.fan_off_layers": lazy("Schichten ohne Lüfter"),
    "cooling.fan_full_layer": lazy("Voll ab Schicht"),
    "cooling.fan_always": lazy("Lüfter immer an"),
}


def group(entry: Entry) -> str:
    """The key of GROUPS that an entry stands under."""
    if entry.kind == "script" or entry.name == "printer_model":
        return "script"
    if entry.name == "limits.junction_deviation_mm":
        return "limits.jerk"
    outer = ".".join(entry.path[:-1])
    return outer if outer in GROUPS else ""


def label(entry: Entry) -> Any:
    """The word of an entry; an axis is called by its letter everywhere."""
    return LABELS.get(entry.name) or entry.path[-1].upper()

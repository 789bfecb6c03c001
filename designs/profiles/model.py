"""What a machine, a process and a material are: frozen, typed, and with the range each number may have."""

from dataclasses import dataclass
from typing import Annotated, Literal


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers a profile may carry in one place, both ends allowed, and their unit."""

    low: float
    high: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """The text a profile may carry in one place. Only a script may have several lines: a line end in a name
    would begin a setting of its own where it is handed to a slicer.
    """

    longest: int  # characters
    script: bool = False


Name = Annotated[str, Text(80)]
Script = Annotated[str, Text(20_000, script=True)]
Length = Annotated[float, Range(0.01, 2000, "mm")]
Distance = Annotated[float, Range(0, 100, "mm")]
Speed = Annotated[float, Range(0.01, 2000, "mm/s")]
Acceleration = Annotated[float, Range(1, 100_000, "mm/s²")]
Seconds = Annotated[float, Range(0, 3600, "s")]
Celsius = Annotated[int, Range(0, 500, "°C")]
Percent = Annotated[int, Range(0, 100, "%")]
Count = Annotated[int, Range(0, 1000)]
Hourly = Annotated[float, Range(0, 10_000, "EUR/h")]
PerKilogram = Annotated[float, Range(0, 10_000, "EUR/kg")]


@dataclass(frozen=True, slots=True)
class Axes:
    """One number for each axis; `e` is the filament."""

    x: Speed
    y: Speed
    z: Speed
    e: Speed


@dataclass(frozen=True, slots=True)
class Accelerations:
    """What the firmware allows, in mm/s²: per axis, and by what a move does."""

    x: Acceleration
    y: Acceleration
    z: Acceleration
    e: Acceleration
    extruding: Acceleration
    retracting: Acceleration
    travel: Acceleration


@dataclass(frozen=True, slots=True)
class Limits:
    """The motion limits that decide time. Corners are rounded by jerk (mm/s) or junction deviation (mm)."""

    speed: Axes
    acceleration: Accelerations
    jerk: Axes | None = None
    junction_deviation_mm: Annotated[float, Range(0.001, 1, "mm")] | None = None

    def jerk_or_equivalent(self) -> Axes:
        """Jerk per axis; from a junction deviation d it is √(a·d/0.4), Marlin's own conversion."""
        if self.jerk is not None:
            return self.jerk
        deviation = self.junction_deviation_mm or 0.013
        a = self.acceleration
        return Axes(*((min(axis, a.extruding) * deviation / 0.4) ** 0.5 for axis in (a.x, a.y, a.z, a.e)))


@dataclass(frozen=True, slots=True)
class Retraction:
    """Pulling the filament back before a travel of at least `before_travel_mm`."""

    length_mm: Distance
    speed_mm_s: Speed
    lift_mm: Distance
    lift_below_mm: Annotated[float, Range(0, 2000, "mm")] = 0
    before_travel_mm: Distance = 1
    wipe: bool = True


@dataclass(frozen=True, slots=True)
class Machine:
    """A printer model. `start_s` is heating, homing and levelling, which no slicer counts. `purge_s` is
    what slicers count of the moves in `start_gcode` and `end_gcode`; `purge_mm` the filament of its line,
    which they do not."""

    key: str
    name: Name
    bed_mm: tuple[Length, Length]
    height_mm: Length
    nozzle_mm: Annotated[float, Range(0.1, 2, "mm")]
    filament_mm: Annotated[float, Range(1, 4, "mm")]
    firmware: Literal["marlin", "marlin2"]
    limits: Limits
    retraction: Retraction
    start_s: Seconds
    purge_s: Seconds
    purge_mm: Annotated[float, Range(0, 1000, "mm")]
    hourly_cost: Hourly
    start_gcode: Script
    end_gcode: Script
    layer_range_mm: tuple[Length, Length] = (0.07, 0.3)
    printer_model: Name = ""
    printer_notes: Script = ""


@dataclass(frozen=True, slots=True)
class Widths:
    """Extrusion widths in mm."""

    walls: Length
    infill: Length
    solid: Length
    top: Length
    first_layer: Length
    support: Length


@dataclass(frozen=True, slots=True)
class Speeds:
    """Speeds in mm/s by what is drawn."""

    outer_wall: Speed
    inner_wall: Speed
    small_wall: Speed
    infill: Speed
    solid: Speed
    top: Speed
    bridge: Speed
    gap: Speed
    first_layer: Speed
    travel: Speed
    travel_z: Speed
    support: Speed
    support_interface: Speed


@dataclass(frozen=True, slots=True)
class Pushes:
    """Accelerations in mm/s² the process asks for; the machine's limits cap them."""

    default: Acceleration
    first_layer: Acceleration
    walls: Acceleration
    infill: Acceleration
    bridge: Acceleration


@dataclass(frozen=True, slots=True)
class Infill:
    """What fills the inside. `anchor_mm` is how far a line follows the wall to hold on."""

    density: Annotated[float, Range(0, 1)]
    pattern: Literal["grid", "gyroid", "rectilinear", "honeycomb", "cubic", "triangles", "stars", "line"]
    angle_deg: Annotated[float, Range(0, 360, "°")] = 45
    overlap: Annotated[float, Range(0, 1)] = 0.25
    anchor_mm: Distance = 2.5
    anchor_max_mm: Distance = 12


@dataclass(frozen=True, slots=True)
class Skirt:
    """The line around everything that starts the flow."""

    loops: Count
    layers: Count
    distance_mm: Distance
    min_length_mm: Distance = 4


@dataclass(frozen=True, slots=True)
class Supports:
    """How supports are built where they are wanted; steeper than `angle_deg` from the bed needs none."""

    angle_deg: Annotated[float, Range(1, 90, "°")]
    spacing_mm: Length
    interface_layers: Count
    interface_spacing_mm: Distance
    contact_mm: Distance
    xy_gap: Annotated[float, Range(0, 10)]  # in widths of an outer wall


@dataclass(frozen=True, slots=True)
class Process:
    """How a piece is printed. `vase` is one spiral wall on a solid bottom."""

    key: str
    name: Name
    layer_mm: Annotated[float, Range(0.03, 1, "mm")]
    first_layer_mm: Annotated[float, Range(0.03, 1, "mm")]
    walls: Count
    top_layers: Count
    bottom_layers: Count
    top_min_mm: Distance
    bottom_min_mm: Distance
    widths: Widths
    infill: Infill
    speeds: Speeds
    accelerations: Pushes
    skirt: Skirt
    supports: Supports
    elephant_foot_mm: Distance = 0.2
    bridge_flow: Annotated[float, Range(0.1, 2)] = 0.95
    vase: bool = False


@dataclass(frozen=True, slots=True)
class Cooling:
    """A layer shorter than `min_layer_s` is slowed, down to `min_speed_mm_s`; fans in percent."""

    min_layer_s: Seconds
    min_speed_mm_s: Speed
    fan_min: Percent
    fan_max: Percent
    fan_bridge: Percent
    fan_below_s: Seconds
    fan_off_layers: Count
    fan_full_layer: Count
    fan_always: bool = True


@dataclass(frozen=True, slots=True)
class Material:
    """A kind of filament."""

    key: str
    name: Name
    kind: Literal["PLA", "PETG", "FLEX", "ABS", "ASA", "PC", "PA"]
    density_g_cm3: Annotated[float, Range(0.3, 5, "g/cm³")]
    diameter_mm: Annotated[float, Range(1, 4, "mm")]
    nozzle_c: Celsius
    nozzle_first_c: Celsius
    bed_c: Celsius
    bed_first_c: Celsius
    max_volumetric_mm3_s: Annotated[float, Range(0.1, 200, "mm³/s")]
    price_eur_kg: PerKilogram
    cooling: Cooling

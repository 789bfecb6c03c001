"""Our profiles in PrusaSlicer's words (2.5): what is handed over with `--load`.

`post_process` is always empty: it would run a program. Settings not named keep PrusaSlicer's own default.
"""

from designs.profiles.model import Axes, Machine, Material, Process

Settings = dict[str, str]


def prusaslicer_config(
    machine: Machine, process: Process, material: Material, supports: bool = False
) -> Settings:
    """Every setting by PrusaSlicer's name, values as its .ini file writes them."""
    return (
        _machine(machine)
        | _limits(machine)
        | _retraction(machine)
        | _layers(process)
        | _widths(process)
        | _speeds(process)
        | _supports(process, wanted=supports)
        | _material(material)
    )


def ini_text(machine: Machine, process: Process, material: Material, supports: bool = False) -> str:
    """The same as the text of an .ini file."""
    settings = prusaslicer_config(machine, process, material, supports)
    return "".join(f"{name} = {value}\n" for name, value in sorted(settings.items()))


def _machine(m: Machine) -> Settings:
    x, y = m.bed_mm
    return {
        "printer_technology": "FFF",
        "bed_shape": f"0x0,{x:g}x0,{x:g}x{y:g},0x{y:g}",
        "max_print_height": f"{m.height_mm:g}",
        "nozzle_diameter": f"{m.nozzle_mm:g}",
        "min_layer_height": f"{m.layer_range_mm[0]:g}",
        "max_layer_height": f"{m.layer_range_mm[1]:g}",
        "gcode_flavor": m.firmware,
        "printer_model": m.printer_model,
        "printer_notes": _escaped(m.printer_notes),
        "start_gcode": _escaped(m.start_gcode),
        "end_gcode": _escaped(m.end_gcode),
        "start_filament_gcode": '""',
        "end_filament_gcode": '""',
        "before_layer_gcode": r";BEFORE_LAYER_CHANGE\nG92 E0.0\n;[layer_z]\n\n",
        "layer_gcode": r";AFTER_LAYER_CHANGE\n;[layer_z]",
        "color_change_gcode": r"M600\nG1 E0.4 F1500 ; prime after color change",
        "use_relative_e_distances": "1",
        "remaining_times": "1",
        "silent_mode": "0",
        "gcode_label_objects": "1",
        "thumbnails": "",
        "post_process": "",
        "max_print_speed": "200",
    }


def _limits(m: Machine) -> Settings:
    speed, acceleration, jerk = m.limits.speed, m.limits.acceleration, m.limits.jerk_or_equivalent()
    of_axes = {
        f"machine_max_{name}_{axis}": f"{getattr(values, axis):g}"
        for name, values in (("feedrate", speed), ("jerk", jerk))
        for axis in Axes.__dataclass_fields__
    }
    of_moves = {
        f"machine_max_acceleration_{name}": f"{getattr(acceleration, name):g}"
        for name in type(acceleration).__dataclass_fields__
        if name != "travel" or m.firmware == "marlin2"  # the older firmware has one limit for both
    }
    return of_axes | of_moves | {"machine_limits_usage": "emit_to_gcode"}


def _retraction(m: Machine) -> Settings:
    r = m.retraction
    return {
        "retract_length": f"{r.length_mm:g}",
        "retract_speed": f"{r.speed_mm_s:g}",
        "retract_lift": f"{r.lift_mm:g}",
        "retract_lift_below": f"{r.lift_below_mm:g}",
        "retract_before_travel": f"{r.before_travel_mm:g}",
        "retract_length_toolchange": "4",
        "retract_layer_change": "1",
        "wipe": _flag(r.wipe),
    }


def _layers(p: Process) -> Settings:
    fill = p.infill
    return {
        "layer_height": f"{p.layer_mm:g}",
        "first_layer_height": f"{p.first_layer_mm:g}",
        "perimeters": f"{p.walls}",
        "top_solid_layers": f"{p.top_layers}",
        "bottom_solid_layers": f"{p.bottom_layers}",
        "top_solid_min_thickness": f"{p.top_min_mm:g}",
        "bottom_solid_min_thickness": f"{p.bottom_min_mm:g}",
        "perimeter_generator": "arachne",
        "wall_transition_length": "0.4",
        "thin_walls": "0",
        "spiral_vase": _flag(p.vase),
        "ensure_vertical_shell_thickness": _flag(not p.vase),
        "extra_perimeters": "0",
        "top_fill_pattern": "monotonic",
        "bottom_fill_pattern": "monotonic",
        "fill_density": f"{fill.density * 100:g}%",
        "fill_pattern": fill.pattern,
        "fill_angle": f"{fill.angle_deg:g}",
        "infill_overlap": f"{fill.overlap * 100:g}%",
        "infill_anchor": f"{fill.anchor_mm:g}",
        "infill_anchor_max": f"{fill.anchor_max_mm:g}",
        "solid_infill_below_area": "0",
        "interface_shells": "0",
        "elefant_foot_compensation": f"{p.elephant_foot_mm:g}",
        "bridge_flow_ratio": f"{p.bridge_flow:g}",
        "thick_bridges": "0",
        "seam_position": "aligned",
        "skirts": f"{p.skirt.loops}",
        "skirt_height": f"{p.skirt.layers}",
        "skirt_distance": f"{p.skirt.distance_mm:g}",
        "min_skirt_length": f"{p.skirt.min_length_mm:g}",
        "wipe_tower": "1",
    }


def _widths(p: Process) -> Settings:
    w = p.widths
    return {
        "extrusion_width": f"{w.walls:g}",
        "external_perimeter_extrusion_width": f"{w.walls:g}",
        "perimeter_extrusion_width": f"{w.walls:g}",
        "infill_extrusion_width": f"{w.infill:g}",
        "solid_infill_extrusion_width": f"{w.solid:g}",
        "top_infill_extrusion_width": f"{w.top:g}",
        "first_layer_extrusion_width": f"{w.first_layer:g}",
        "support_material_extrusion_width": f"{w.support:g}",
    }


def _speeds(p: Process) -> Settings:
    s, a = p.speeds, p.accelerations
    interface = f"{100 * s.support_interface / s.support:g}%"
    return {
        "external_perimeter_speed": f"{s.outer_wall:g}",
        "perimeter_speed": f"{s.inner_wall:g}",
        "small_perimeter_speed": f"{s.small_wall:g}",
        "infill_speed": f"{s.infill:g}",
        "solid_infill_speed": f"{s.solid:g}",
        "top_solid_infill_speed": f"{s.top:g}",
        "bridge_speed": f"{s.bridge:g}",
        "gap_fill_speed": f"{s.gap:g}",
        "first_layer_speed": f"{s.first_layer:g}",
        "travel_speed": f"{s.travel:g}",
        "travel_speed_z": f"{s.travel_z:g}",
        "support_material_speed": f"{s.support:g}",
        "support_material_interface_speed": interface,
        "default_acceleration": f"{a.default:g}",
        "first_layer_acceleration": f"{a.first_layer:g}",
        "perimeter_acceleration": f"{a.walls:g}",
        "infill_acceleration": f"{a.infill:g}",
        "bridge_acceleration": f"{a.bridge:g}",
    }


def _supports(p: Process, wanted: bool) -> Settings:
    s = p.supports
    return {
        "support_material": _flag(wanted),
        "support_material_auto": _flag(wanted),
        "support_material_threshold": f"{s.angle_deg:g}",
        "support_material_spacing": f"{s.spacing_mm:g}",
        "support_material_interface_layers": f"{s.interface_layers}",
        "support_material_bottom_interface_layers": "0",
        "support_material_interface_spacing": f"{s.interface_spacing_mm:g}",
        "support_material_contact_distance": f"{s.contact_mm:g}",
        "support_material_xy_spacing": f"{s.xy_gap * 100:g}%",
        "support_material_with_sheath": "0",
        "support_material_synchronize_layers": "0",
        "support_material_extruder": "0",
        "support_material_interface_extruder": "0",
        "dont_support_bridges": "0",
        "raft_contact_distance": "0.2",
    }


def _material(m: Material) -> Settings:
    c = m.cooling
    return {
        "filament_type": m.kind,
        "filament_density": f"{m.density_g_cm3:g}",
        "filament_diameter": f"{m.diameter_mm:g}",
        "filament_cost": f"{m.price_eur_kg:g}",
        "filament_max_volumetric_speed": f"{m.max_volumetric_mm3_s:g}",
        "temperature": f"{m.nozzle_c}",
        "first_layer_temperature": f"{m.nozzle_first_c}",
        "bed_temperature": f"{m.bed_c}",
        "first_layer_bed_temperature": f"{m.bed_first_c}",
        "cooling": "1",
        "slowdown_below_layer_time": f"{c.min_layer_s:g}",
        "min_print_speed": f"{c.min_speed_mm_s:g}",
        "min_fan_speed": f"{c.fan_min}",
        "max_fan_speed": f"{c.fan_max}",
        "bridge_fan_speed": f"{c.fan_bridge}",
        "fan_below_layer_time": f"{c.fan_below_s:g}",
        "disable_fan_first_layers": f"{c.fan_off_layers}",
        "full_fan_speed_layer": f"{c.fan_full_layer}",
        "fan_always_on": _flag(c.fan_always),
    }


def _flag(value: bool) -> str:
    return "1" if value else "0"


def _escaped(gcode: str) -> str:
    return gcode.rstrip("\n").replace("\\", "\\\\").replace("\n", "\\n")

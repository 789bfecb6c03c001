"""The planner against times that can be worked out by hand; a machine of round numbers."""

from collections.abc import Callable
from dataclasses import replace
from math import pi, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designs.gcode import GcodeTime, filament_until, time
from designs.profiles import Limits, Machine, load
from designs.profiles.model import Accelerations, Axes

Maker = Callable[[str | bytes], Path]
JERK = 10.0


@pytest.fixture
def plain(machine: Machine) -> Machine:
    """100 mm/s, 1000 mm/s², jerk 10 mm/s on each axis."""
    return replace(machine, limits=limits(Axes(JERK, JERK, JERK, JERK), None))


def limits(jerk: Axes | None, deviation: float | None) -> Limits:
    same = Axes(100, 100, 100, 100)
    return Limits(same, Accelerations(*([1000.0] * 7)), jerk, deviation)


@pytest.fixture
def timed(file: Maker, plain: Machine) -> Callable[[str], GcodeTime]:
    return lambda text: time(file(text), plain)


Timed = Callable[[str], GcodeTime]


def ramp(
    distance: float, top: float = 100, start: float = JERK, end: float = JERK, push: float = 1000
) -> float:
    """Seconds of a trapezoid that reaches its top."""
    up, down = (top**2 - start**2) / 2 / push, (top**2 - end**2) / 2 / push
    assert up + down <= distance
    return (top - start) / push + (top - end) / push + (distance - up - down) / top


def test_one_line_is_a_trapezoid(timed: Timed) -> None:
    assert timed("G1 X60 F6000").total_s == pytest.approx(ramp(60))


def test_a_line_too_short_for_its_speed_is_a_triangle(timed: Timed) -> None:
    peak = sqrt(1000 * 2 + JERK**2)
    assert timed("G1 X2 F6000").total_s == pytest.approx(2 * (peak - JERK) / 1000)


def test_a_slow_line_goes_at_its_speed_at_once(timed: Timed) -> None:
    assert timed("G1 X60 F300").total_s == pytest.approx(60 / 5)


def test_straight_on_does_not_slow_down(timed: Timed) -> None:
    assert timed("G1 X20 F6000\nG1 X40\nG1 X60").total_s == pytest.approx(ramp(60), rel=1e-5)


def test_a_right_corner_is_passed_at_the_jerk(timed: Timed) -> None:
    assert timed("G1 X30 F6000\nG1 Y30").total_s == pytest.approx(2 * ramp(30), rel=1e-5)


def test_many_short_lines_look_ahead_to_their_end(timed: Timed) -> None:
    steps = "\n".join(f"G1 X{x / 10} F6000" for x in range(1, 601))
    assert timed(steps).total_s == pytest.approx(ramp(60), rel=1e-3)


def test_an_axis_limit_slows_the_whole_move(file: Maker, plain: Machine) -> None:
    slow_z = replace(plain.limits, speed=Axes(100, 100, 5, 100))
    found = time(file("G1 X30 Z30 F6000"), replace(plain, limits=slow_z))
    assert found.total_s == pytest.approx(30 / 5, rel=0.01)


def test_limits_in_the_file_hold_from_there_on(timed: Timed) -> None:
    fast, slow = "G1 X60 F6000\n", "M203 X20 ; mm/s\nG1 X0\n"
    assert timed(fast + slow).total_s == pytest.approx(ramp(60) + ramp(60, 20), rel=1e-4)


def test_acceleration_set_for_printing_holds_for_printing(timed: Timed) -> None:
    found = timed("M204 P500\nM83\nG1 X60 E1 F6000\nG4 P0\nG1 X0")
    assert found.total_s == pytest.approx(ramp(60, push=500) + ramp(60), rel=1e-3)


def test_no_acceleration_is_taken_above_the_machines_own(timed: Timed) -> None:
    assert timed("M204 P9000 T9000\nG1 X60 F6000").total_s == pytest.approx(ramp(60))


def test_a_pause_stops_the_machine_and_counts(timed: Timed) -> None:
    found = timed("G1 X30 F6000\nG4 S2\nG1 X60\nG4 P500")
    assert found.by_feature["Pause"] == pytest.approx(2.5)
    assert found.total_s == pytest.approx(2 * ramp(30) + 2.5, rel=0.01)


def test_positions_follow_every_way_of_naming_them(timed: Timed) -> None:
    plain_way = timed("G1 X10 F6000\nG1 X40\nG1 X15").total_s
    for other in (
        "G91\nG1 X10 F6000\nG1 X30\nG1 X-25",
        "G1 X10 F6000\nG92 X0\nG1 X30\nG1 X5",
        "N1 G1X10F6000*7\nN2 G01 x40\n  g1 X+15.000 (there) ; X99",
        "G20\nG1 X.393700787 F236.220472\nG21\nG1 X40\nG1 X15",
    ):
        assert timed(other).total_s == pytest.approx(plain_way, rel=1e-5)


def test_homing_goes_back_to_the_origin(timed: Timed) -> None:
    assert timed("G1 X60 F6000\nG28\nG1 X30").total_s == pytest.approx(
        timed("G1 X60 F6000\nG1 X0\nG1 X30").total_s
    )


def test_a_full_circle_takes_its_length(timed: Timed) -> None:
    assert timed("G1 X50 F6000\nG2 X50 Y0 I-50 J0").total_s == pytest.approx(
        timed("G1 X50 F6000\nG92 X0").total_s + ramp(100 * pi), rel=0.01
    )


@pytest.mark.parametrize("words", ["I-10 J0", "R10"])
def test_a_quarter_arc_runs_on_from_its_tangent(timed: Timed, words: str) -> None:
    found = timed(f"G1 X0 Y40 F3000\nG1 Y50\nG3 X-10 Y60 {words}\nG1 X-60")
    assert found.total_s == pytest.approx(ramp(50 + 5 * pi + 50, 50), rel=0.01)


def test_a_small_arc_is_slowed_by_its_radius(timed: Timed) -> None:
    found = timed("G1 X1 F6000\nG4 P0\nG2 X1 Y0 I-1 J0")
    assert found.by_feature["Travel"] > 2 * pi / sqrt(1000 * 1)


def test_junction_deviation_decides_where_a_machine_has_it(file: Maker, plain: Machine) -> None:
    machine = replace(plain, limits=limits(None, 0.05))
    text = "G1 X30 F6000\nG1 Y30"
    half = sqrt(0.5)
    corner = sqrt(1000 * 0.05 * half / (1 - half))
    start = min(100.0, sqrt(1000 * 0.05 / 0.4))
    expected = ramp(30, 100, start, corner) + ramp(30, 100, corner, start)
    assert time(file(text), machine).total_s == pytest.approx(expected, rel=1e-3)


LAYERED = """G28
G1 Z0.2 F600
;LAYER_CHANGE
;TYPE:Perimeter
M83
G1 X60 E3 F6000
G1 E-1 F2400
;WIPE_START
G1 X55 E-.1
;WIPE_END
;LAYER_CHANGE
;TYPE:Solid infill\r
G1 E1
G1 X0 E3
;TYPE:Perimeter
G1 Y60 E3
G1 E-2
"""


def test_time_is_told_by_layer_and_by_feature(timed: Timed) -> None:
    found = timed(LAYERED)
    assert len(found.by_layer) == 3
    assert set(found.by_feature) == {"Travel", "Perimeter", "Retraction", "Wipe", "Solid infill"}
    assert found.by_layer.sum() == pytest.approx(found.total_s)
    assert sum(found.by_feature.values()) == pytest.approx(found.total_s)
    assert found.by_layer[2] > found.by_layer[1] > found.by_layer[0] > 0


def test_filament_is_what_was_pushed_out_at_most(timed: Timed) -> None:
    assert timed(LAYERED).filament_mm == pytest.approx(3 - 1.1 + 1 + 3 + 3)


def test_absolute_filament_counts_the_same(timed: Timed) -> None:
    assert timed("M82\nG1 X9 E3\nG92 E0\nG1 X0 E2\nG1 X9 E1.5").filament_mm == pytest.approx(5)


def test_filament_up_to_a_place_in_the_file(file: Maker) -> None:
    path, material = file(LAYERED), load().material()
    gram_per_mm = pi / 4 * 1.75**2 * material.density_g_cm3 / 1000
    first = LAYERED.index("G1 E-1 F2400")
    assert filament_until(path, 0, material) == 0
    assert filament_until(path, first, material) == pytest.approx(3 * gram_per_mm)
    assert filament_until(path, first - 3, material) == 0  # in the middle of a line that was not carried out
    assert filament_until(path, 10**9, material) == pytest.approx(8.9 * gram_per_mm)
    used = [filament_until(path, end, material) for end in range(len(LAYERED))]
    assert used == sorted(used)


@pytest.mark.parametrize("text", ["", "\n", ";", "; only words", "M104 S0", "G1", "G1 X", "G1 F0\nG1 X-"])
def test_a_file_without_moves_takes_no_time(timed: Timed, text: str) -> None:
    assert timed(text).total_s == 0


def test_hundreds_of_features_and_digits_do_no_harm(timed: Timed) -> None:
    many = "".join(f";TYPE:{k}\nG1 X{k % 2 + 1} E1 F600\n" for k in range(300))
    assert len(timed(many).by_feature) <= 64
    assert np.isfinite(timed("G1 X0." + "0" * 500 + "1 F6000\nG1 X1." + "1" * 500).total_s)


number = st.floats(-200, 200).map(lambda value: f"{value:.3f}")
line = st.one_of(
    st.builds(lambda x, y, f: f"G1 X{x} Y{y} F{f}", number, number, st.integers(1, 20000)),
    st.builds(lambda x, e: f"G1 X{x} E{e}", number, number),
    st.builds(lambda x, y, i, j: f"G3 X{x} Y{y} I{i} J{j}", number, number, number, number),
    st.sampled_from(
        ["G91", "G90", "M83", "M82", "G28", "G92 X5 E0", "G4 P10", ";LAYER_CHANGE", ";TYPE:A", "M204 S300"]
    ),
    st.text(max_size=30),
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(line, max_size=40))
def test_any_text_has_a_finite_time_that_adds_up(file: Maker, plain: Machine, lines: list[str]) -> None:
    found = time(file("\n".join(lines).encode("utf-8", "replace")), plain)
    assert np.isfinite(found.total_s)
    assert found.total_s >= 0
    assert sum(found.by_feature.values()) == pytest.approx(found.total_s, rel=1e-6, abs=1e-9)

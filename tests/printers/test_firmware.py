"""Limits from the words of firmware: Marlin 1 and 2, Prusa's, and nonsense."""

import pytest

from printers.firmware import read_limits

MARLIN2 = """
echo:; Maximum feedrates (units/s):
echo:  M203 X500.00 Y500.00 Z10.00 E60.00
echo:; Maximum Acceleration (units/s2):
echo:  M201 X3000.00 Y2500.00 Z100.00 E10000.00
echo:; Acceleration (units/s2) (P<print-accel> R<retract-accel> T<travel-accel>):
echo:  M204 P1000.00 R1200.00 T1500.00
echo:; Advanced (B<min_segment_time_us> S<min_feedrate> T<min_travel_feedrate> J<junc_dev>):
echo:  M205 B20000.00 S0.00 T0.00 J0.08
""".splitlines()
OLD = [
    "echo:  M203 X180 Y180 Z12 E80",
    "echo:  M204 S1250.00 T1300.00",
    "echo:M205 S0.00 X8.00 Y8.00 Z0.40 E4.50",
]


def test_marlin_2_with_junction_deviation():
    limits = read_limits(MARLIN2)
    assert limits.speed == {"x": 500, "y": 500, "z": 10, "e": 60}
    assert limits.acceleration["y"] == 2500
    assert (limits.extruding, limits.retracting, limits.travel) == (1000, 1200, 1500)
    assert (limits.jerk, limits.junction_deviation) == ({}, 0.08)


def test_old_firmware_says_s_for_printing_and_t_for_retracting():
    limits = read_limits(OLD)
    assert (limits.extruding, limits.retracting, limits.travel) == (1250, 1300, None)
    assert limits.jerk == {"x": 8, "y": 8, "z": 0.4, "e": 4.5}


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["echo:Unknown command: M503"],
        ["; M203 X500", "M201", "M203 X", "M201 Xnan Y-5", "M203 X0", "T:210 /210 B:60 /60"],
        ["M2010 X5", "xM203 X500 and M205 words"],
    ],
)
def test_what_says_nothing_gives_nothing(lines):
    assert not read_limits(lines)


def test_the_last_word_counts():
    assert read_limits(["M203 X100 Y100", "M203 X200"]).speed == {"x": 200, "y": 100}

"""Times of moves against a planner that goes from move to move, and cooling against its definition."""

import numpy as np
import pytest

from designs.estimate.cooling import speed_caps
from designs.estimate.kinematics import corner_speeds, line_time, path_times
from designs.profiles import load
from designs.profiles.model import Axes


def planned(lengths: list[float], speeds: list[float], corners: list[float], a: float) -> float:
    """Seconds of a path, by the two passes of a firmware."""
    enter = [min(c, s, p) for c, s, p in zip(corners, speeds, [speeds[0], *speeds], strict=False)] + [
        corners[0]
    ]
    enter[-1] = min(enter[0], speeds[-1])
    for i in reversed(range(len(lengths))):
        enter[i] = min(enter[i], (enter[i + 1] ** 2 + 2 * a * lengths[i]) ** 0.5)
    total = 0.0
    for i, (length, speed) in enumerate(zip(lengths, speeds, strict=True)):
        enter[i + 1] = min(enter[i + 1], (enter[i] ** 2 + 2 * a * length) ** 0.5)
        low, high = enter[i], enter[i + 1]
        peak = min(speed, (a * length + (low**2 + high**2) / 2) ** 0.5)
        ramps = (2 * peak**2 - low**2 - high**2) / (2 * a)
        total += (2 * peak - low - high) / a + (length - ramps) / peak
    return total


@pytest.mark.parametrize("seed", range(5))
def test_two_running_minima_plan_as_two_passes_do(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lengths, speeds = rng.exponential(2, 60) + 0.01, rng.choice([25.0, 45.0, 80.0], 60)
    corners = rng.uniform(1, 60, 60)
    ours = path_times(lengths, speeds, corners, 800).sum()
    assert ours == pytest.approx(planned(list(lengths), list(speeds), list(corners), 800), rel=1e-9)


def test_a_long_line_is_driven_at_its_speed_and_a_short_one_never_reaches_it() -> None:
    speed = np.array([80.0])
    assert line_time(1000, speed, 1000, 8)[0] == pytest.approx(1000 / 80, rel=0.02)
    assert line_time(1, speed, 1000, 0)[0] == pytest.approx(2 * (1 / 1000) ** 0.5)


def test_the_axis_with_the_largest_jump_limits_a_corner() -> None:
    right, up = np.array([[1.0], [0.0]]), np.array([[0.0], [1.0]])
    assert corner_speeds(right, up, Axes(8, 4, 1, 1))[0] == pytest.approx(4)
    assert corner_speeds(right, right, Axes(8, 8, 1, 1))[0] > 1000


def test_a_short_layer_is_slowed_to_its_least_time_and_never_below_the_least_speed() -> None:
    cooling = load().material("pla").cooling
    lengths, speeds = np.array([[400.0, 20.0, 9000.0]]), np.full((1, 3), 80.0)
    caps = speed_caps(lengths, speeds, np.zeros(3), cooling)
    assert caps[0] == pytest.approx(400 / 15, rel=1e-3)
    assert caps[1] == pytest.approx(15, rel=1e-3)
    assert caps[2] == pytest.approx(80, rel=1e-3)

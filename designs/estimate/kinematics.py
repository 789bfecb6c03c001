"""How long moves take that speed up and slow down: straight lines, and whole loops with their corners."""

import numpy as np

from designs.estimate.sections import Floats
from designs.profiles.model import Axes


def line_time(length: Floats | float, speed: Floats, acceleration: float, ends: Floats | float) -> Floats:
    """Seconds of one straight move that starts and ends at the speed `ends`; mm, mm/s, mm/s²."""
    ends = np.minimum(ends, speed)
    peak = np.sqrt(np.minimum(speed**2, ends**2 + acceleration * length))
    ramps = (peak**2 - ends**2) / acceleration
    time: Floats = 2 * (peak - ends) / acceleration + (length - ramps) / np.maximum(peak, 1e-9)
    return time


def corner_speeds(before: Floats, after: Floats, jerk: Axes) -> Floats:
    """Highest speed through each corner, from unit directions (2, k): no axis may jump by more than its
    jerk."""
    jump = np.abs(after - before)
    limits: Floats = np.minimum(jerk.x / np.maximum(jump[0], 1e-6), jerk.y / np.maximum(jump[1], 1e-6))
    return limits


def path_times(lengths: Floats, speeds: Floats, corners: Floats, acceleration: float) -> Floats:
    """Seconds of every move of a path, planned with full look-ahead.

    `corners` (k,) limits the speed at which each move is entered. From a limit c at distance d the speed
    can be at most √(c² + 2·a·d), so the speed at every corner is the least of these over all corners: two
    running minima instead of a planner's two passes.
    """
    before = np.concatenate((speeds[:1], speeds[:-1]))
    limit = np.minimum(corners, np.minimum(speeds, before)) ** 2
    limit = np.append(limit, np.minimum(limit[:1], speeds[-1:] ** 2))
    where = 2 * acceleration * np.concatenate(([0.0], np.cumsum(lengths)))
    ahead = np.minimum.accumulate(limit - where) + where
    back = np.minimum.accumulate((limit + where)[::-1])[::-1] - where
    square = np.maximum(np.minimum(ahead, back), 0)
    enter, leave = square[:-1], square[1:]
    top = np.minimum(speeds**2, acceleration * lengths + (enter + leave) / 2)
    peak = np.sqrt(np.maximum(top, np.maximum(enter, leave)))
    ramps = (2 * peak**2 - enter - leave) / (2 * acceleration)
    time: Floats = (2 * peak - np.sqrt(enter) - np.sqrt(leave)) / acceleration
    return time + np.maximum(lengths - ramps, 0) / np.maximum(peak, 1e-9)

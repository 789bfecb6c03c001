"""Walls: how long the outer and inner ones are in every layer, what they leave inside, and how corners
slow them.

Some layers are looked at closely (their loops and depths); what is learnt there, always as a share of the
outline, which is known exactly in every layer, is interpolated to the layers between.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from designs.estimate.beads import bead_spacing
from designs.estimate.depths import Depths, measure
from designs.estimate.kinematics import corner_speeds, path_times
from designs.estimate.loops import Loops, link
from designs.estimate.sections import Floats, Ints, Sections
from designs.profiles.model import Axes, Process

MOST_LAYERS = 48
MOST_SEGMENTS = 40_000
OUTSIDE = 0.98  # where less of the contours than this is outside, bodies overlap
SHARPEST = 2.2  # radians; sharper corners are cut off
SMALL_LOOP = 40.8  # mm; PrusaSlicer prints loops up to this length at its speed for small perimeters
# Half thicknesses in mm from which a wall gets one bead a side, and its inside half a bead and one a side.
SINGLE, DOUBLE_INNER, FULL_INNER = 0.37, 0.55, 0.74


@dataclass(frozen=True, slots=True)
class Close:
    """The layers looked at closely: their numbers, their loops and their depths."""

    layers: Ints
    loops: Loops
    depths: Depths

    @property
    def bodies_overlap(self) -> bool:
        """Whether any of these layers has contours inside of a body."""
        return bool((self.depths.outside[self.layers] < OUTSIDE).any())


@dataclass(frozen=True, slots=True)
class Walls:
    """Per layer (layers,): lengths of walls in mm, number of loops, area inside the walls in mm² (`core`)
    and of the walls themselves (`band`) in mm², share of the outline on small loops, number of `reflex`
    places that part the infill, and the `spread` of the outline about its middle in mm."""

    outer: Floats
    inner: Floats
    loops: Floats
    core: Floats
    band: Floats
    small: Floats
    reflex: Floats
    spread: Floats


def look(sections: Sections) -> Close:
    """Choose layers evenly, fewer where they have many segments, and look at them."""
    per_layer = max(1.0, len(sections.layer) / sections.layers)
    number = int(min(MOST_LAYERS, sections.layers, max(8, MOST_SEGMENTS / per_layer)))
    layers = np.unique(np.linspace(0, sections.layers - 1, number).round().astype(int))
    wanted = np.zeros(sections.layers, bool)
    wanted[layers] = True
    some = sections.some(wanted)
    return Close(layers, link(some), measure(some, 0.4))


def walls(close: Close, outlines: Floats, areas: Floats, process: Process) -> Walls:
    """Lengths of walls in every layer, from the layers looked at."""
    width = bead_spacing(process.widths.walls, process.layer_mm)
    half = process.widths.walls / 2
    depth, thin = close.depths.depth, close.depths.opposite
    scale = process.widths.walls / 0.45
    outer = np.where(thin, np.where(depth < SINGLE * scale, 0.5, 1.0) * (depth > 0.05), 1.0)
    inner_thin = np.where(depth < DOUBLE_INNER * scale, 0.0, np.where(depth < FULL_INNER * scale, 0.5, 1.0))
    inner = np.where(thin, inner_thin, 1.0)
    border = half + (process.walls - 0.5) * width
    every = _Interpolated(close, len(outlines))
    outlines, areas = outlines * every.between(close.depths.outside), _true_areas(every, areas)
    outline = np.maximum(_per_layer(close.depths.layer, close.depths.weight, len(outlines)), 1e-9)
    grown = every.loops_sum(_growth(close.loops)) / np.maximum(outlines, 1e-9)
    shares = [every.share(values * close.depths.weight, outline) for values in (outer, inner)]
    lost = every.share(np.where(thin, np.minimum(depth, border), border) * close.depths.weight, outline)
    core = np.clip(areas - outlines * (lost + grown * border**2 / 2), 0, areas)
    return Walls(
        outer=outlines * shares[0] * np.maximum(1 + grown * half, 0),
        inner=outlines * shares[1] * np.maximum(1 + grown * (half + width), 0) * (process.walls - 1),
        loops=every.loops_sum(_starts(close.loops).astype(float)) * every.between(close.depths.outside),
        core=core,
        band=np.maximum(areas - core, 0) * process.walls * width / border,
        small=every.small_share(width),
        reflex=every.loops_sum(_reflex(close.loops)),
        spread=every.spread(),
    )


def slowdown(close: Close, speeds: Floats, acceleration: float, jerk: Axes) -> Floats:
    """How much longer contours take than length / speed, in every layer (layers,), for `speeds` per layer."""
    loops = close.loops
    lengths = loops.lengths()
    step = (loops.end - loops.start) / np.maximum(lengths, 1e-9)
    corners = corner_speeds(step[:, loops.previous()], step, jerk)
    first = _starts(loops)
    corners[first] = np.minimum(corners[first], min(jerk.x, jerk.y))
    speed = speeds[loops.layer]
    time = path_times(lengths, speed, corners, acceleration)
    every = _Interpolated(close, len(speeds))
    planned = _per_layer(loops.layer, time, len(speeds))
    ideal = _per_layer(loops.layer, lengths / speed, len(speeds))
    return every.between(np.where(ideal > 0, planned / np.maximum(ideal, 1e-9), 1))


def _true_areas(every: "_Interpolated", areas: Floats) -> Floats:
    """Areas where no body counts twice: from the scan lines, which are less exact, where bodies overlap."""
    close = every.close
    doubtful = (close.depths.outside < OUTSIDE) & (areas > 0)
    share = np.where(doubtful, close.depths.area / np.maximum(areas, 1e-9), 1)
    return areas * every.between(share)


def _starts(loops: Loops) -> NDArray[np.bool_]:
    return np.diff(loops.loop, prepend=-1) > 0


def _growth(loops: Loops) -> Floats:
    """Millimetres that a contour gains at each corner when it moves inwards by one: minus at convex ones."""
    turns = np.clip(loops.turns(), -SHARPEST, SHARPEST)
    gained: Floats = -2 * np.tan(turns / 2)
    return gained


def _per_layer(layer: Ints, values: Floats, layers: int) -> Floats:
    sums: Floats = np.bincount(layer, values, layers).astype(float)
    return sums


def _reflex(loops: Loops) -> Floats:
    """1 at each reflex corner where the contour turns back against the lines of infill: there they are
    parted."""
    step = loops.end - loops.start
    turned = np.stack((step[0] + step[1], step[0] - step[1]))
    back = turned * turned[:, loops.previous()] < 0
    parted: Floats = back.mean(axis=0) * (loops.turns() < 0)
    return parted


class _Interpolated:
    """Sums over the layers looked at, as functions of every layer."""

    def __init__(self, close: Close, layers: int) -> None:
        self.close, self.layers = close, layers

    def between(self, values: Floats) -> Floats:
        """`values` (layers,), right at the layers looked at, made right between them."""
        return np.interp(np.arange(self.layers), self.close.layers, values[self.close.layers])

    def share(self, values: Floats, outline: Floats) -> Floats:
        """What the crossings sum to, for each millimetre of outline."""
        return self.between(_per_layer(self.close.depths.layer, values, self.layers) / outline)

    def loops_sum(self, values: Floats) -> Floats:
        """What the segments of the loops sum to."""
        return self.between(_per_layer(self.close.loops.layer, values, self.layers))

    def small_share(self, inset: float) -> Floats:
        """Share of the outline that lies on loops so short that they are printed slowly."""
        loops = self.close.loops
        lengths = loops.lengths()
        around = np.bincount(loops.loop, lengths) if len(loops.loop) else np.zeros(0)
        small = lengths * (around[loops.loop] - 2 * np.pi * inset <= SMALL_LOOP)
        both = _per_layer(loops.layer, small, self.layers), _per_layer(loops.layer, lengths, self.layers)
        return self.between(both[0] / np.maximum(both[1], 1e-9))

    def spread(self) -> Floats:
        """Root mean square distance of the outline from its middle, mm."""
        loops = self.close.loops
        lengths, middle = loops.lengths(), (loops.start + loops.end) / 2
        total = np.maximum(_per_layer(loops.layer, lengths, self.layers), 1e-9)
        square = np.zeros(self.layers)
        for axis in middle:
            mean = _per_layer(loops.layer, lengths * axis, self.layers) / total
            square += _per_layer(loops.layer, lengths * (axis - mean[loops.layer]) ** 2, self.layers) / total
        return self.between(np.sqrt(square))

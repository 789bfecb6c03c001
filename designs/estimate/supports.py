"""Supports: columns of bits that fall from overhangs until they meet the piece or the bed."""

from dataclasses import dataclass
from math import radians, tan

import numpy as np

from designs.estimate import bitplanes as bits
from designs.estimate.bitplanes import Planes
from designs.estimate.sections import Floats
from designs.profiles.model import Process

MARGIN = 1.5  # mm by which PrusaSlicer lets supports reach out from under what they hold
STEPS = 4  # pixels of reach over which a slope is measured, so that its angle is known well enough


@dataclass(frozen=True, slots=True)
class Supports:
    """Per layer (layers,): area of columns and of the dense interface under the piece, mm²; border of the
    columns, mm."""

    column: Floats
    interface: Floats
    border: Floats


def no_supports(layers: int) -> Supports:
    """Nothing, in every layer."""
    return Supports(np.zeros(layers), np.zeros(layers), np.zeros(layers))


def supports(layer: Planes, process: Process, pixel: float) -> Supports:
    """The columns under everything flatter than the process's angle."""
    s, layers = process.supports, len(layer)
    flat, steep = _overhangs(layer, process, pixel)
    gap = max(1, round(s.xy_gap * process.widths.walls / pixel))
    contact = max(1, round(s.contact_mm / process.layer_mm))
    cell = s.spacing_mm / 2  # columns fill whole cells of their pattern
    dense = 1 + s.interface_layers
    found = np.zeros((3, layers))
    falling = np.zeros_like(layer[:1])
    recent = [falling] * dense
    for here in range(layers - 1, -1, -1):
        above = here + contact
        beside = layer[here : here + 1]
        recent = [_reaching(flat[above : above + 1], beside, MARGIN, pixel), *recent[:-1]]
        falling = (
            falling | _reaching(steep[above : above + 1], beside, MARGIN + cell, pixel)
        ) & ~bits.dilate(beside, gap)
        interface = falling & np.bitwise_or.reduce(recent)
        edges = bits.count(falling ^ bits.shift_x(falling, 1)) + bits.count(falling[:, 1:] ^ falling[:, :-1])
        found[:, here] = bits.count(falling)[0], bits.count(interface)[0], edges[0]
    square = pixel * pixel
    return Supports((found[0] - found[1]) * square, found[1] * square, found[2] * pixel)


def _overhangs(layer: Planes, process: Process, pixel: float) -> tuple[Planes, Planes]:
    """What reaches over the layer below further than the angle allows: in one step; and also in several."""
    reach = process.layer_mm / tan(radians(process.supports.angle_deg))
    free = layer & ~bits.below(layer)
    free[0] = 0
    flat = free & ~bits.dilate_square(_from_below(layer, max(1, int(pixel / reach))))
    steep = free & ~bits.dilate(_from_below(layer, max(1, round(STEPS * pixel / reach))), STEPS)
    return flat, flat | steep


def _from_below(layer: Planes, down: int) -> Planes:
    """In every layer what the one so many layers lower has; the lowest stands for all below it."""
    return layer[np.maximum(np.arange(len(layer)) - down, 0)]


def _reaching(overhang: Planes, layer: Planes, margin: float, pixel: float) -> Planes:
    """The overhang and a margin around it (mm), as far as the layer it stands beside leaves room."""
    if not len(overhang) or not overhang.any():
        return np.zeros_like(layer)
    return bits.dilate_box(overhang, min(63, max(1, round(margin / pixel)))) & ~layer

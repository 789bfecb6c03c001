"""What fills the inside of the walls in every layer: sparse infill, solid, top, bridges. Found on bit planes.

Sparse is what has enough of the piece above and below it for the shell; the rest is solid. Solid with air
above is top; over sparse infill it is a bridge; over air (below the first layer there is the bed) it is
an open bridge.
"""

from dataclasses import dataclass

import numpy as np

from designs.estimate import bitplanes as bits
from designs.estimate.bitplanes import Planes
from designs.estimate.runs import Runs, runs
from designs.estimate.sections import Floats, Sections
from designs.profiles.model import Process

FINEST = 0.8  # mm from outline to infill; a pixel is this or a whole part of it, so that eroding fits
PARTS = (4, 3, 2, 1)
GROWN = 3.0  # mm by which PrusaSlicer lets tops and open bridges reach under their neighbours
OVERHANG = 0.25  # mm; what reaches less far over the layer below is held by it
NARROW = 0.25  # mm; sparse infill narrower than twice this is printed solid
ANCHOR = 0.6  # mm; narrower bridges over sparse infill are printed as solid


@dataclass(frozen=True, slots=True)
class Regions:
    """The runs of lines of each region (see `runs`), and the area of the layer and of its inside, mm²
    (layers,)."""

    area: Floats
    inside: Floats
    pixel: float
    sparse_pieces: Floats
    sparse: Runs
    solid: Runs
    top: Runs
    bridge: Runs
    open_bridge: Runs


def pixel_size(sections: Sections, budget: float) -> float:
    """The finest of our pixel sizes (mm) at which the planes have at most `budget` pixels."""
    for parts in PARTS:
        layers, rows, columns = bits.shape(sections, FINEST / parts)
        if layers * rows * columns <= budget:
            break
    return FINEST / parts


def regions(layer: Planes, process: Process, pixel: float) -> Regions:
    """Regions of all layers, from the bit planes of the piece at a size from `pixel_size`."""
    inside = bits.each_layer(lambda one: bits.erode(one, int(FINEST / pixel)), layer)
    held = bits.each_layer(lambda one: bits.dilate(one, max(1, round(OVERHANG / pixel))), layer)
    hanging = inside & ~bits.below(held)
    hanging[0] = 0
    open_bridge = _grown(hanging, inside, pixel)
    top = _grown(inside & ~bits.above(layer), inside, pixel) & ~open_bridge
    top[0] = 0
    sparse = _sparse(inside, top, open_bridge, process, pixel)
    plain = bits.each_layer(bits.without_slivers, inside & ~(sparse | top | open_bridge))
    bridge = _opened(plain & bits.below(sparse), round(ANCHOR / pixel))
    found = (sparse, plain & ~bridge, top, bridge, open_bridge)
    square = pixel * pixel
    filled = [runs(one, pixel) for one in found]
    pieces = _pieces(sparse)
    return Regions(bits.count(layer) * square, bits.count(inside) * square, pixel, pieces, *filled)


def _sparse(inside: Planes, top: Planes, bottom: Planes, process: Process, pixel: float) -> Planes:
    """Inside, with enough layers above and below that are inside too and neither top nor bottom."""
    up = max(process.top_layers, int(np.ceil(process.top_min_mm / process.layer_mm)))
    down = max(process.bottom_layers, int(np.ceil(process.bottom_min_mm / process.layer_mm)))
    closed = bits.all_of_next(inside & ~top, up - 1, +1) & bits.all_of_next(inside & ~bottom, down - 1, -1)
    closed[:down] = 0
    closed[len(closed) - up :] = 0
    return _opened(closed, round(NARROW / pixel))


def _opened(planes: Planes, steps: int) -> Planes:
    """Without what is narrower than twice so many pixels."""
    if steps == 0:
        return planes
    return bits.each_layer(lambda one: bits.dilate(bits.erode(one, steps), steps), planes)


def _grown(planes: Planes, within: Planes, pixel: float) -> Planes:
    reach = round(GROWN / pixel)
    return bits.each_layer(lambda one: bits.dilate_box(one, reach), planes) & within


def _pieces(planes: Planes) -> Floats:
    found: Floats = np.maximum(bits.each_layer(bits.pieces, planes), 0)
    return found

"""A desk tray: one long trough for pens, a short one and a round one for what rolls away."""

import numpy as np

from makerlab.demo.objects.plates import plate, rectangle
from makerlab.demo.objects.surfaces import Points, Triangles


def build(width: float = 172.0, depth: float = 92.0, height: float = 18.0, wall: float = 5.0) -> Triangles:
    """Triangles (n, 3, 3) in mm."""
    inner, share = width - 2 * wall, (depth - 3 * wall) / 2
    long, short = share * 1.1, share * 0.9
    y = -(depth / 2 - wall - short / 2)
    rest = inner - wall - short
    pens = _trough(inner, long, 0, depth / 2 - wall - long / 2)
    coins = _trough(short, short, -(inner - short) / 2, y)
    clips = _trough(rest, short, (inner - rest) / 2, y)
    outline = rectangle(width, depth, long / 2 + wall, 1.5)
    return plate(outline, height, pockets=[pens, coins, clips], floor=2.0, foot=2.0, brim=1.6, cove=7.0)


def _trough(width: float, depth: float, x: float, y: float) -> Points:
    return np.add(rectangle(width, depth, depth / 2 - 0.01, 1.5), [x, y])

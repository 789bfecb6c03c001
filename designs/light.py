"""Light: two soft lamps and a sky, hollows that are darker, and shadows on the ground and on the piece
itself.
"""

import numpy as np
from numpy.typing import NDArray

from designs.mesh import Box
from designs.raster import draw
from designs.views import Floats, Planes, boxes, facing, moved, seen_by

KEY = np.array([-0.30, -0.62, 0.72], np.float32)
FILL = np.array([0.90, -0.20, 0.30], np.float32)
KEY_COLOUR = np.array([1.0, 0.965, 0.91], np.float32) * np.float32(1.0)
FILL_COLOUR = np.array([0.78, 0.87, 1.0], np.float32) * np.float32(0.34)
SKY_COLOUR = np.array([0.93, 0.96, 1.0], np.float32) * np.float32(0.36)
GROUND_COLOUR = np.array([1.0, 0.95, 0.90], np.float32) * np.float32(0.15)
HALF = np.float32(0.5)
WRAP = np.float32(0.12)
GLOSS = np.float32(28)
GLOSS_AMOUNT = np.float32(0.11)
RIM_AMOUNT = np.float32(0.10)
LAMP_DISTANCE = np.float32(1.4)  # times the diagonal of the piece
MAP_SIZE = 192  # cells along the edge of the ground's shadow map
LAMP_MAP_SIZE = 512
NOWHERE = np.float32(-1e9)  # height of what the lamp does not see


def blurred(picture: Floats, radius: int, rounds: int = 2) -> Floats:
    """Box blur along both axes, repeated; edges are continued."""
    for _ in range(rounds):
        for axis in (0, 1):
            picture = _box(picture, radius, axis)
    return picture


def _box(picture: Floats, radius: int, axis: int) -> Floats:
    if radius < 1:
        return picture
    pad = [(radius + 1, radius) if i == axis else (0, 0) for i in range(picture.ndim)]
    total = np.cumsum(np.pad(picture, pad, mode="edge"), axis=axis, dtype=np.float64)
    width = 2 * radius + 1
    ahead, behind = np.split(total, [width], axis=axis)[1], np.split(total, [-width], axis=axis)[0]
    return ((ahead - behind) / width).astype(np.float32)


def shaded(
    colour: Floats, lamp: Floats, *, points: Floats, normals: Floats, views: Floats, sky: Floats, lit: Floats
) -> Floats:
    """Linear light from points (m, 3) of one colour, with unit normals and directions to the eye (m, 3).

    `sky` (m,) is 1 where nothing is near, `lit` (m,) is 1 where the key lamp reaches.
    """
    key = unit(lamp - points)
    wrapped = np.clip((np.einsum("ij,ij->i", normals, key) + WRAP) / (1 + WRAP), 0, 1) * lit
    fill = np.clip(normals @ unit(FILL), 0, 1) * sky
    up = (normals[:, 2] * HALF + HALF) * sky
    light = np.outer(wrapped, KEY_COLOUR) + np.outer(fill, FILL_COLOUR)
    light += np.outer(up, SKY_COLOUR) + np.outer(sky - up, GROUND_COLOUR)
    half = unit(views + key)
    gloss = GLOSS_AMOUNT * np.clip(np.einsum("ij,ij->i", normals, half), 0, 1) ** GLOSS * lit
    rim = RIM_AMOUNT * (1 - np.clip(np.einsum("ij,ij->i", normals, views), 0, 1)) ** 3 * sky
    light *= colour
    light += (gloss + rim)[:, None]
    return light


def lamp_over(box: Box) -> Floats:
    """Where the key lamp stands over a piece: near enough to shade a large plane softly."""
    low, high = np.array(box, np.float32)
    diagonal = np.sqrt(((high - low) ** 2).sum())
    place: Floats = (low + high) / 2 + unit(KEY) * (LAMP_DISTANCE * diagonal)
    return place


def open_sky(height: Floats, mask: NDArray[np.bool_], pixel_mm: float) -> Floats:
    """How little of the sky is hidden by what stands nearer in the picture: 1 open, 0 closed.

    `height` is the distance towards the viewer in mm, shape (size, size). Eight directions, three distances.
    """
    field = np.where(mask, height, np.float32(-1e9))
    hidden = np.zeros_like(field)
    for step in (3, 8, 20):
        reach = np.float32(step * pixel_mm)
        for across, down in ((1, 0), (0, 1), (1, 1), (1, -1)):
            rise = [_rise(field, sign * across * step, sign * down * step, reach) for sign in (1, -1)]
            hidden += rise[0] + rise[1]
    closed = blurred(np.where(mask, hidden / 24, 0).astype(np.float32), 1, 1)
    sky: Floats = np.clip(1 - np.float32(1.5) * closed, 0.18, 1)
    return sky


def _rise(field: Floats, across: int, down: int, reach: np.float32) -> Floats:
    """How steeply it rises towards a neighbour, 0 to 1; what is much nearer is another part and hides
    little.
    """
    slope = (np.roll(field, (down, across), (0, 1)) - field) / reach
    rise: Floats = np.clip(slope, 0, 1) * np.clip(1.6 - slope / 4, 0, 1)
    return rise


class KeyLight:
    """What the key lamp sees of a piece: it decides what lies in the shadow of the piece itself."""

    def __init__(self, triangles: Floats, both: bool) -> None:
        self.frame = _lamp_axes()
        facets = seen_by(triangles, moved(self.frame.T, np.zeros(3)), None if both else facing)
        low, high = facets.bounds()
        self.scale = (LAMP_MAP_SIZE - 4) / (float(max(high[0] - low[0], high[1] - low[1])) or 1.0)
        self.offset = 2 - low[:2] * np.float32(self.scale)
        facets.scale(self.scale, self.offset)
        near = draw(facets.planes, LAMP_MAP_SIZE)
        self.heights = np.where(near.mask, near.near, NOWHERE)

    def at(self, points: Floats, normals: Floats) -> Floats:
        """How much of the lamp reaches the points (m, 3): 0 in the shadow of the piece, 1 outside."""
        slack = np.float32(3.0 / self.scale)
        columns, rows, heights = self._places(points + normals * slack)
        return _mean_lit(self.heights, columns, rows, heights + slack)

    def hides(self, points: Floats) -> NDArray[np.bool_]:
        """Whether the piece lies over points (m, 3) of the ground, as the lamp sees it."""
        columns, rows, _ = (
            values.clip(-1, LAMP_MAP_SIZE).astype(np.int32) for values in self._places(points)
        )
        inside = (columns >= 0) & (columns < LAMP_MAP_SIZE) & (rows >= 0) & (rows < LAMP_MAP_SIZE)
        return inside & (self.heights[rows * inside, columns * inside] > NOWHERE)

    def _places(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Columns and rows of the map, and heights towards the lamp."""
        seen = points @ self.frame.T
        columns = seen[:, 0] * self.scale + self.offset[0]
        return columns, LAMP_MAP_SIZE - seen[:, 1] * self.scale - self.offset[1], seen[:, 2]


def _mean_lit(heights: Floats, columns: Floats, rows: Floats, own: Floats) -> Floats:
    lit = np.zeros(len(own), np.int32)
    taps = ((0.0, 0.0), (1.6, 0.7), (-0.7, 1.6), (-1.6, -0.7), (0.7, -1.6))
    for across, down in taps:
        column = (columns + across).astype(np.int32).clip(0, LAMP_MAP_SIZE - 1)
        row = (rows + down).astype(np.int32).clip(0, LAMP_MAP_SIZE - 1)
        lit += heights[row, column] <= own
    share: Floats = (lit / len(taps)).astype(np.float32)
    return share


def _lamp_axes() -> Floats:
    towards = unit(KEY)
    right = np.cross([0, 0, 1], towards)
    right /= np.linalg.norm(right)
    return np.array([right, np.cross(towards, right), towards], np.float32)


def unit(vectors: Floats) -> Floats:
    """Vectors (…, 3) at length 1; zero stays zero."""
    lengths = np.sqrt(np.einsum("...i,...i->...", vectors, vectors))
    result = vectors / np.where(lengths > 0, lengths, np.float32(1))[..., None]
    return result.astype(np.float32, copy=False)


def _on_map(planes: Planes) -> NDArray[np.bool_]:
    chosen: NDArray[np.bool_] = np.asarray(boxes(planes, MAP_SIZE)[1].all(axis=0))
    return chosen


class Ground:
    """The shadow on the ground: a dark line of contact, a soft body, and the key lamp's shadow."""

    def __init__(self, triangles: Floats, box: Box, key: KeyLight) -> None:
        low, high = np.array(box, np.float32)
        self.level = float(low[2])
        self._edge = 2.2 * float(max(high[0] - low[0], high[1] - low[1], 1.15 * (high[2] - low[2]), 1e-6))
        self._corner = (low[:2] + high[:2]) / 2 - self._edge / 2
        cell, tall = self._edge / MAP_SIZE, float(high[2] - low[2])
        height = self._height(triangles)
        contact = blurred(np.exp(-height / (1.5 * cell)).astype(np.float32), 2)
        body = blurred(np.exp(-height / max(0.35 * tall, cell)).astype(np.float32), 9)
        cast = blurred(self._shaded(key), 6, 3)
        self.darkness = np.clip(0.46 * contact + 0.34 * body + 0.17 * cast, 0, 0.8) * self._window()

    def _height(self, triangles: Floats) -> Floats:
        """How high over each cell the piece begins, mm; very high where nothing is."""
        scale = MAP_SIZE / self._edge
        matrix, shift = np.diag((scale, scale, -1)), -self._corner * scale
        from_below = moved(matrix, (*shift, self.level))
        below = draw(seen_by(triangles, from_below, _on_map).planes, MAP_SIZE)
        return np.where(below.mask, -below.near, np.float32(1e9))

    def _shaded(self, key: KeyLight) -> Floats:
        """1 in cells that the key lamp does not reach, 0 in the others; first row at the back."""
        middles = self._corner[:, None] + (np.arange(MAP_SIZE, dtype=np.float32) + HALF) * (
            self._edge / MAP_SIZE
        )
        x, y = np.meshgrid(middles[0], middles[1][::-1])
        points = np.stack((x, y, np.full_like(x, self.level)), axis=-1, dtype=np.float32)
        return key.hides(points.reshape(-1, 3)).reshape(x.shape).astype(np.float32)

    def _window(self) -> Floats:
        """Fades out towards the edge of the map, so that no edge shows."""
        ramp = np.clip(np.minimum(np.arange(MAP_SIZE), np.arange(MAP_SIZE)[::-1]) / 12, 0, 1).astype(
            np.float32
        )
        return ramp[:, None] * ramp[None, :]

    def at(self, eye: NDArray[np.float64], rays: Floats) -> Floats:
        """Darkness 0 to 1 where rays (…, 3) from the eye meet the ground."""
        falls = rays[..., 2] < -1e-6
        length = np.where(falls, (self.level - eye[2]) / np.where(falls, rays[..., 2], -1), 0)
        x = (eye[0] + length * rays[..., 0] - self._corner[0]) * (MAP_SIZE / self._edge) - 0.5
        y = (eye[1] + length * rays[..., 1] - self._corner[1]) * (MAP_SIZE / self._edge) - 0.5
        inside = falls & (x >= 0) & (y >= 0) & (x < MAP_SIZE - 1) & (y < MAP_SIZE - 1)
        return np.where(inside, self._sampled(np.where(inside, x, 0), np.where(inside, y, 0)), 0).astype(
            np.float32
        )

    def _sampled(self, x: Floats, y: Floats) -> Floats:
        """Between the four cells around; the map's first row is the furthest back."""
        table = self.darkness[::-1]
        column, row = x.astype(np.int32), y.astype(np.int32)
        right, up = x - column, y - row
        lower = table[row, column] * (1 - right) + table[row, column + 1] * right
        upper = table[row + 1, column] * (1 - right) + table[row + 1, column + 1] * right
        sampled: Floats = lower * (1 - up) + upper * up
        return sampled

"""A picture of a piece, without GL and without a display: `render(mesh) -> PNG`."""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from designs.camera import Camera, aimed
from designs.check.edges import balanced
from designs.light import Ground, KeyLight, lamp_over, open_sky, shaded, unit
from designs.mesh import Box, Mesh
from designs.preview import small_enough
from designs.raster import Seen, draw
from designs.smooth import SMOOTH_UP_TO, Surface
from designs.views import Facets, Floats

Colour = tuple[int, int, int]

TERRACOTTA: Colour = (222, 118, 78)
FINER = 2  # pixels drawn for each one of the picture, along each edge
FAR = 8  # sizes of the piece
FINE_ENOUGH = 1_500_000  # triangles: several for each pixel
STEEP = np.float32(4)  # pixels of distance from pixel to pixel: beyond, an outline may lie between them
PIXELS_AT_ONCE = 1 << 14  # what one step touches stays in the processor's cache
HALF = np.float32(0.5)
GAMMA = np.float32(2.2)
KNEE = np.float32(0.8)


def render(
    mesh: Mesh,
    size: int = 512,
    colour: Colour = TERRACOTTA,
    background: Colour | None = None,
    *,
    two_sided: bool | None = None,
) -> bytes:
    """A PNG of `size` × `size` pixels; transparent around the piece and its shadow unless `background` is
    given.

    `two_sided` draws the inside of open surfaces as well; by default the mesh is looked at to decide.
    """
    both = not balanced(mesh.triangles) if two_sided is None else two_sided
    mesh, box = _drawable(mesh)
    camera, facets = aimed(mesh.triangles, box, size * FINER, both)
    key = KeyLight(mesh.triangles, both)
    light = _piece(mesh.triangles, facets, camera, _Lamps(lamp_over(box), key, _linear(colour)))
    return _png(_on_ground(light, Ground(mesh.triangles, box, key), camera, size), background)


def parse_colour(text: str) -> Colour:
    """`#de764e` as (222, 118, 78); raises ValueError."""
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def _drawable(mesh: Mesh) -> tuple[Mesh, Box]:
    """What can be drawn well and in bounded memory, and the box that it fills.

    Many times its size away, single precision would blur it. What is far finer than the picture becomes as
    coarse as for the browser.
    """
    low, high = box = mesh.bounds
    size = max(end - start for start, end in zip(low, high, strict=True))
    near = max(map(abs, (*low, *high))) <= FAR * size
    if near and len(mesh) <= FINE_ENOUGH:
        return mesh, box
    mesh = mesh.placed() if len(mesh) <= FINE_ENOUGH else small_enough(mesh).mesh()
    return mesh, mesh.bounds


@dataclass(frozen=True, slots=True)
class _Lamps:
    """Where the key lamp stands, what it sees, and the linear light that the piece throws back."""

    place: Floats
    key: KeyLight
    colour: Floats


def _piece(triangles: Floats, facets: Facets, camera: Camera, lamps: _Lamps) -> Floats:
    """Linear light times cover, and cover, of the piece alone, shape (size, size, 4) of the final picture."""
    seen, size = draw(facets.planes, camera.size), camera.size // FINER
    chosen, weight = samples(seen, camera.scale if len(facets.number) > SMOOTH_UP_TO else None)
    shown = np.zeros((size, size, 4), np.float32)
    if len(chosen):
        shader = _Shader(Surface(triangles, facets.number, seen.triangle.reshape(-1)), seen, camera, lamps)
        blocks = range(0, len(chosen), PIXELS_AT_ONCE)
        light = np.concatenate([shader.light(chosen[i : i + PIXELS_AT_ONCE]) for i in blocks])
        row, column = np.divmod(chosen, camera.size)
        place = row // FINER * size + column // FINER
        for channel, values in enumerate((*light.T, np.float32(1))):
            shown[..., channel] = np.bincount(place, values * weight, size * size).reshape(size, size)
    return shown


class _Shader:
    """Light at pixels of a picture."""

    def __init__(self, surface: Surface, seen: Seen, camera: Camera, lamps: _Lamps) -> None:
        self.surface, self.camera, self.lamps = surface, camera, lamps
        self.near, self.sky = seen.near.reshape(-1), _sky(seen, camera)

    def light(self, pixels: NDArray[np.int32]) -> Floats:
        """Linear light, shape (m, 3)."""
        size = self.camera.size
        row, column = np.divmod(pixels, size)
        rays = self.camera.rays(column + HALF, size - row - HALF)
        points = self.camera.eye.astype(np.float32) + rays / self.near[pixels, None]
        views = unit(-rays)
        normals = self.surface.normals(pixels, points)
        normals[np.einsum("ij,ij->i", normals, views) < -0.3] *= -1
        return shaded(
            self.lamps.colour,
            self.lamps.place,
            points=points,
            normals=normals,
            views=views,
            sky=self.sky[row // 2, column // 2],
            lit=self.lamps.key.at(points, normals),
        )


def samples(seen: Seen, scale: float | None) -> tuple[NDArray[np.int32], Floats]:
    """Pixels of the fine picture that are shaded, and the share that each has of a pixel of the final one.

    Four pixels that show one triangle are shaded as one. For a fine mesh, given the camera's `scale`, so are
    four that lie near to each other: only at outlines would the difference be seen.
    """
    four = np.stack(_fours(seen.triangle))
    covered = four.min(axis=0) >= 0
    calm = covered & (four == four[0]).all(axis=0)
    if scale is not None:
        near = np.stack(_fours(seen.near))
        most = near.max(axis=0)
        calm |= covered & ((most - near.min(axis=0)) * np.float32(scale) < STEEP * most)
    weight = np.where(seen.mask, np.float32(1 / FINER**2), np.float32(0))
    for number, part in enumerate(_fours(weight)):
        part[calm] = 0 if number else 1
    chosen = np.flatnonzero(weight).astype(np.int32)
    return chosen, weight.reshape(-1)[chosen]


def _fours(picture: NDArray[Any]) -> list[NDArray[Any]]:
    """Views of a picture: of each square of 2 × 2 pixels the first, the second …"""
    return [picture[down::FINER, across::FINER] for down in range(FINER) for across in range(FINER)]


def _sky(seen: Seen, camera: Camera) -> Floats:
    """Open sky at half the size."""
    near, mask = seen.near[::2, ::2], seen.mask[::2, ::2]
    height = np.where(mask, -1 / np.where(mask, near, 1), 0).astype(np.float32)
    return open_sky(height, mask, 2 * camera.distance / camera.scale)


def _on_ground(small: Floats, ground: Ground, camera: Camera, size: int) -> Floats:
    """Put the piece over its shadow, in place: light times cover, and cover, shape (size, size, 4)."""
    places = np.arange(size, dtype=np.float32) * FINER + FINER * HALF
    shadow = ground.at(camera.eye, camera.rays(places[None, :], places[::-1, None])) * _frame(size)
    small[..., 3] += (1 - small[..., 3]) * shadow
    return small


def _frame(size: int) -> Floats:
    """Fades to 0 at the border of the picture, so that no shadow is cut off."""
    inwards = np.minimum(np.arange(size), np.arange(size)[::-1]).astype(np.float32)
    ramp = np.clip(inwards / np.float32(0.12 * size), 0, 1)
    ramp = ramp * ramp * (3 - 2 * ramp)
    frame: Floats = ramp[:, None] * ramp[None, :]
    return frame


def _linear(colour: Colour) -> Floats:
    """Light of a colour as written in style sheets."""
    light: Floats = (np.array(colour, np.float32) / np.float32(255)) ** GAMMA
    return light


def _png(picture: Floats, background: Colour | None) -> bytes:
    light, cover = picture[..., :3], picture[..., 3:]
    if background is None:
        own = (light / np.maximum(cover, 1e-6)).astype(np.float32, copy=False)
        shown = np.concatenate([_toned(own), cover], axis=2)
    else:
        shown = _toned(light + (1 - cover) * _linear(background))
    image = Image.fromarray((shown * 255 + HALF).astype(np.uint8), "RGBA" if background is None else "RGB")
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=4)
    return out.getvalue()


def _toned(light: Floats) -> Floats:
    """Light as a colour from 0 to 1; what is very bright is compressed gently instead of cut off."""
    above = np.maximum(light - KNEE, 0)
    toned: Floats = np.minimum(light, KNEE) + above / (1 + above / (1 - KNEE))
    colour: Floats = toned ** np.float32(1 / GAMMA)
    return colour

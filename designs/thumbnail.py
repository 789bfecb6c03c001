"""A picture of a piece, without GL and without a display: `render(mesh) -> PNG`."""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from designs.camera import Camera, aimed
from designs.check.edges import edges
from designs.light import Ground, KeyLight, lamp_over, open_sky, shaded, unit
from designs.mesh import Mesh
from designs.preview import small_enough
from designs.raster import Floats, Seen, rasterise
from designs.smooth import SMOOTH_UP_TO, Surface

Colour = tuple[int, int, int]

TERRACOTTA: Colour = (222, 118, 78)
FINER = 2  # pixels drawn for each one of the picture, along each edge
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
    both = not edges(mesh.triangles).watertight if two_sided is None else two_sided
    triangles = _not_too_fine(mesh.placed()).triangles
    camera, screen = aimed(triangles, size * FINER)
    light = _piece(triangles, screen, camera, colour, both)
    return _png(_on_ground(light, Ground(triangles), camera, size), background)


def parse_colour(text: str) -> Colour:
    """`#de764e` as (222, 118, 78); raises ValueError."""
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def _not_too_fine(mesh: Mesh) -> Mesh:
    """What is far finer than the picture, as coarse as for the browser: it would only fill the memory."""
    return mesh if len(mesh) <= FINE_ENOUGH else small_enough(mesh).mesh()


def _piece(triangles: Floats, screen: Floats, camera: Camera, colour: Colour, both: bool) -> Floats:
    """Linear light times cover, and cover, of the piece alone, shape (size, size, 4) of the final picture."""
    facing = np.ones(len(screen), np.bool_) if both else _facing(screen)
    triangles = triangles[facing]
    seen = rasterise(screen[facing], camera.size)
    chosen, weight = samples(seen, camera.scale if len(triangles) > SMOOTH_UP_TO else None)
    shown = np.zeros((camera.size // FINER, camera.size // FINER, 4), np.float32)
    if len(chosen):
        shader = _Shader(triangles, seen, camera, colour)
        blocks = range(0, len(chosen), PIXELS_AT_ONCE)
        light = np.concatenate([shader.light(chosen[i : i + PIXELS_AT_ONCE]) for i in blocks])
        row, column = np.divmod(chosen, camera.size)
        place = row // FINER * (camera.size // FINER) + column // FINER
        for channel, values in enumerate((*light.T, np.float32(1))):
            shown[..., channel] = np.bincount(place, values * weight, shown[..., 0].size).reshape(
                shown.shape[:2]
            )
    return shown


class _Shader:
    """Light at pixels of a picture in which triangles were seen."""

    def __init__(self, triangles: Floats, seen: Seen, camera: Camera, colour: Colour) -> None:
        self.camera, self.colour = camera, _linear(colour)
        self.near, self.sky = seen.near.reshape(-1), _sky(seen, camera)
        self.lamp, self.key = lamp_over(triangles), KeyLight(triangles)
        named, self.number = _used(triangles, seen.triangle.reshape(-1))
        self.surface = Surface(named)

    def light(self, pixels: NDArray[np.int32]) -> Floats:
        """Linear light, shape (m, 3)."""
        size = self.camera.size
        row, column = np.divmod(pixels, size)
        rays = self.camera.rays(column + HALF, size - row - HALF)
        points = self.camera.eye.astype(np.float32) + rays / self.near[pixels, None]
        views = unit(-rays)
        normals = self.surface.normals(self.number[pixels], points)
        normals[np.einsum("ij,ij->i", normals, views) < -0.3] *= -1
        return shaded(
            self.colour,
            self.lamp,
            points=points,
            normals=normals,
            views=views,
            sky=self.sky[row // 2, column // 2],
            lit=self.key.at(points, normals),
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


def _facing(screen: Floats) -> NDArray[np.bool_]:
    """Triangles whose corners run anticlockwise in the picture."""
    one, two = screen[:, 1, :2] - screen[:, 0, :2], screen[:, 2, :2] - screen[:, 0, :2]
    facing: NDArray[np.bool_] = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0] > 0
    return facing


def _used(triangles: Floats, number: NDArray[np.int32]) -> tuple[Floats, NDArray[np.int32]]:
    """Only the triangles that are named, and their new numbers; what was -1 means nothing any more."""
    named = np.zeros(len(triangles) + 1, np.bool_)
    named[number] = True
    named[-1] = False
    return triangles[named[:-1]], (np.cumsum(named, dtype=np.int32) - 1)[number]


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

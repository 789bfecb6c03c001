"""A picture of a piece, without GL and without a display: `render(mesh) -> PNG`."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from designs.camera import Camera, aimed
from designs.check.edges import edges
from designs.light import Ground, key_light, lamp_over, open_sky, shaded, unit
from designs.mesh import Mesh
from designs.raster import Floats, Seen, rasterise
from designs.smooth import corner_normals

Colour = tuple[int, int, int]

TERRACOTTA: Colour = (222, 118, 78)
FINER = 2  # pixels drawn for each one of the picture, along each edge
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
    triangles = mesh.placed().triangles
    camera, screen = aimed(triangles, size * FINER)
    light = _piece(triangles, screen, camera, colour, both)
    return _png(_on_ground(light, Ground(triangles), camera, size), background)


def parse_colour(text: str) -> Colour:
    """`#de764e` as (222, 118, 78); raises ValueError."""
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def _piece(triangles: Floats, screen: Floats, camera: Camera, colour: Colour, both: bool) -> Floats:
    """Linear light and cover of the piece alone, shape (size, size, 4)."""
    size = camera.size
    facing = np.ones(len(screen), np.bool_) if both else _facing(screen)
    triangles, screen = triangles[facing], screen[facing]
    seen = rasterise(screen, size)
    if not seen.mask.any():
        return np.zeros((size, size, 4), np.float32)
    pixels = np.flatnonzero(seen.mask).astype(np.int32)
    rays = camera.rays(pixels % size + HALF, size - pixels // size - HALF)
    points = camera.eye.astype(np.float32) + rays / seen.near.reshape(-1)[pixels, None]
    views = unit(-rays)
    normals = _normals(*_used(triangles, seen.triangle.reshape(-1)[pixels]), points, views)
    sky = _sky(seen, camera).reshape(-1)[pixels]
    lit = key_light(triangles, points, normals)
    picture = np.zeros((size * size, 4), np.float32)
    picture[pixels, :3] = shaded(
        _linear(colour), lamp_over(triangles), points=points, normals=normals, views=views, sky=sky, lit=lit
    )
    picture[pixels, 3] = 1
    return picture.reshape(size, size, 4)


def _facing(screen: Floats) -> NDArray[np.bool_]:
    """Triangles whose corners run anticlockwise in the picture."""
    one, two = screen[:, 1, :2] - screen[:, 0, :2], screen[:, 2, :2] - screen[:, 0, :2]
    facing: NDArray[np.bool_] = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0] > 0
    return facing


def _used(triangles: Floats, number: NDArray[np.int32]) -> tuple[Floats, NDArray[np.int32]]:
    """Only the triangles that are named, and their new numbers."""
    named = np.zeros(len(triangles), np.bool_)
    named[number] = True
    return triangles[named], (np.cumsum(named, dtype=np.int32) - 1)[number]


def _normals(triangles: Floats, number: NDArray[np.int32], points: Floats, views: Floats) -> Floats:
    """Unit normals at points of triangles, between those at the corners; turned towards the viewer."""
    weights = _weights(triangles, number, points)
    corners = corner_normals(triangles)
    normals = weights[0][:, None] * corners[number, 0]
    normals += weights[1][:, None] * corners[number, 1]
    normals += weights[2][:, None] * corners[number, 2]
    normals[np.einsum("ij,ij->i", normals, views) < -0.3] *= -1
    return unit(normals)


def _weights(triangles: Floats, number: NDArray[np.int32], points: Floats) -> Floats:
    """Barycentric weights, shape (3, m), of points near the planes of their triangles."""
    a, b, c = triangles.transpose(1, 0, 2)
    one, two = b - a, c - a
    d11, d12, d22 = (np.einsum("ij,ij->i", p, q) for p, q in ((one, one), (one, two), (two, two)))
    scale = d11 * d22 - d12 * d12
    scale = np.where(scale > 0, scale, 1)
    u = (d22[:, None] * one - d12[:, None] * two) / scale[:, None]
    v = (d11[:, None] * two - d12[:, None] * one) / scale[:, None]
    away = points - a[number]
    second = np.einsum("ij,ij->i", away, u[number]).clip(0, 1)
    third = np.einsum("ij,ij->i", away, v[number]).clip(0, 1)
    return np.stack([np.clip(1 - second - third, 0, 1), second, third])


def _sky(seen: Seen, camera: Camera) -> Floats:
    """Open sky at each pixel, worked out at half the size."""
    near, mask = seen.near[::2, ::2], seen.mask[::2, ::2]
    height = np.where(mask, -1 / np.where(mask, near, 1), 0).astype(np.float32)
    half = open_sky(height, mask, 2 * camera.distance / camera.scale)
    return np.repeat(np.repeat(half, 2, axis=0), 2, axis=1)


def _on_ground(light: Floats, ground: Ground, camera: Camera, size: int) -> Floats:
    """Put the piece over its shadow: light times cover, and cover, shape (size, size, 4)."""
    halves = light[0::FINER] + light[1::FINER]
    quarters = (halves[:, 0::FINER] + halves[:, 1::FINER]) / (FINER * FINER)
    small = quarters.astype(np.float32, copy=False)
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

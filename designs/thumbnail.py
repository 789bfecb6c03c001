"""A picture of a piece, without GL and without a display: `render(mesh) -> PNG`."""

import io

import numpy as np
from PIL import Image

from designs.camera import Camera, aimed
from designs.check.edges import edges
from designs.light import Ground, key_light, open_sky, shaded
from designs.mesh import Mesh
from designs.raster import Floats, Seen, rasterise
from designs.smooth import corner_normals

Colour = tuple[int, int, int]

TERRACOTTA: Colour = (222, 118, 78)
FINER = 2  # pixels drawn for each one of the picture, along each edge
GAMMA = 2.2


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
    low, high = (np.array(end) for end in Mesh(triangles).bounds)
    camera = aimed(low, high, triangles, size * FINER)
    light = _piece(triangles, camera, size * FINER, np.array(colour, np.float32), both)
    return _png(_on_ground(light, Ground(triangles), camera, size), background)


def _piece(triangles: Floats, camera: Camera, size: int, colour: Floats, both: bool) -> Floats:
    """Linear light and cover of the piece alone, shape (size, size, 4)."""
    screen = camera.projected(triangles)
    if not both:
        facing = _facing(screen)
        triangles, screen = triangles[facing], screen[facing]
    seen = rasterise(screen, size)
    pixels = np.flatnonzero(seen.mask)
    rays = camera.rays(size).reshape(-1, 3)[pixels]
    points = (camera.eye + rays / seen.near.reshape(-1)[pixels, None]).astype(np.float32)
    views = -rays / np.sqrt(np.einsum("ij,ij->i", rays, rays))[:, None]
    normals = _normals(triangles, seen.triangle.reshape(-1)[pixels], points, views)
    sky = _sky(seen, camera).reshape(-1)[pixels]
    lit = key_light(triangles, points, normals)
    picture = np.zeros((size * size, 4), np.float32)
    picture[pixels, :3] = shaded((colour / 255) ** GAMMA, normals, views, sky, lit)
    picture[pixels, 3] = 1
    return picture.reshape(size, size, 4)


def _facing(screen: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Triangles whose corners run anticlockwise in the picture."""
    one, two = screen[:, 1, :2] - screen[:, 0, :2], screen[:, 2, :2] - screen[:, 0, :2]
    facing: np.ndarray[tuple[int], np.dtype[np.bool_]] = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0] > 0
    return facing


def _normals(triangles: Floats, number: np.ndarray, points: Floats, views: Floats) -> Floats:
    """Unit normals at points of triangles, between those at the corners; turned towards the viewer."""
    weights = _weights(triangles, number, points)
    normals = np.einsum("mc,mcd->md", weights, corner_normals(triangles)[number])
    normals /= np.sqrt(np.einsum("ij,ij->i", normals, normals) + 1e-20)[:, None]
    normals[np.einsum("ij,ij->i", normals, views) < -0.3] *= -1
    return normals


def _weights(triangles: Floats, number: np.ndarray, points: Floats) -> Floats:
    """Barycentric weights, shape (m, 3), of points near the planes of their triangles."""
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
    return np.stack([np.clip(1 - second - third, 0, 1), second, third], axis=1)


def _sky(seen: Seen, camera: Camera) -> Floats:
    """Open sky at each pixel, worked out at half the size."""
    near, mask = seen.near[::2, ::2], seen.mask[::2, ::2]
    height = np.where(mask, -1 / np.where(mask, near, 1), 0).astype(np.float32)
    half = open_sky(height, mask, 2 * camera.distance / camera.scale)
    return np.repeat(np.repeat(half, 2, axis=0), 2, axis=1)


def _on_ground(light: Floats, ground: Ground, camera: Camera, size: int) -> Floats:
    """Put the piece over its shadow: light times cover, and cover, shape (size, size, 4)."""
    small = light.reshape(size, FINER, size, FINER, 4).mean(axis=(1, 3))
    rays = camera.rays(size * FINER)[FINER // 2 :: FINER, FINER // 2 :: FINER]
    shadow = ground.at(camera.eye, rays)
    small[..., 3] += (1 - small[..., 3]) * shadow
    return small


def _png(picture: Floats, background: Colour | None) -> bytes:
    cover = picture[..., 3:]
    if background is not None:
        behind = (np.array(background, np.float32) / 255) ** GAMMA
        picture = np.concatenate([picture[..., :3] + (1 - cover) * behind, np.ones_like(cover)], axis=2)
        cover = picture[..., 3:]
    linear = picture[..., :3] / np.where(cover > 0, cover, 1)
    shown = np.concatenate([_toned(linear) ** (1 / GAMMA), cover], axis=2)
    image = Image.fromarray((shown * 255 + 0.5).astype(np.uint8), "RGBA")
    if background is not None:
        image = image.convert("RGB")
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _toned(linear: Floats) -> Floats:
    """Bright light is compressed gently instead of cut off."""
    knee = np.float32(0.75)
    above = np.maximum(linear - knee, 0)
    toned: Floats = np.where(linear > knee, knee + above / (1 + above / (1 - knee)), linear)
    return np.clip(toned, 0, 1)

"""The demo's objects can be printed: closed, outward, standing, within the bed, thick enough."""

import re

import numpy as np
import pytest
from numpy.typing import NDArray

from makerlab.demo.objects import OBJECTS, PALETTE, PARTNERS, SHOP, WORKSHOP, DemoObject
from makerlab.demo.objects.plates import contains, plate, polygon, rectangle, triangulate
from makerlab.demo.objects.surfaces import Triangles, inset, ring

MINI_BED = 180.0
THINNEST = 1.2

each_object = pytest.mark.parametrize("design", OBJECTS, ids=lambda design: design.key)


@pytest.fixture(scope="module")
def built() -> dict[str, Triangles]:
    return {design.key: design.build() for design in OBJECTS}


def directed_edges(triangles: Triangles) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every edge as one number, once in its own direction and once reversed."""
    corners, index = np.unique(triangles.reshape(-1, 3), axis=0, return_inverse=True)
    faces = index.reshape(-1, 3)
    start, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    return start * len(corners) + end, end * len(corners) + start


def assert_closed(triangles: Triangles) -> None:
    """Each edge belongs to exactly two triangles, which run along it in opposite directions."""
    edges, reversed_edges = directed_edges(triangles)
    assert len(np.unique(edges)) == len(edges)
    assert np.array_equal(np.sort(edges), np.sort(reversed_edges))


def volume(triangles: Triangles) -> float:
    a, b, c = np.moveaxis(triangles.astype(float), 1, 0)
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6)


def normals(triangles: Triangles) -> NDArray[np.float64]:
    t = triangles.astype(float)
    return np.cross(t[:, 1] - t[:, 0], t[:, 2] - t[:, 0])


def depths(triangles: Triangles, samples: int) -> NDArray[np.float64]:
    """How far a ray goes inward from sampled places until it meets the surface again, mm."""
    area = np.linalg.norm(normals(triangles), axis=1)
    chosen = np.random.default_rng(7).choice(len(triangles), samples, replace=False, p=area / area.sum())
    inward = -normals(triangles)[chosen]
    inward /= np.linalg.norm(inward, axis=1, keepdims=True)
    starts = triangles[chosen].astype(float).mean(axis=1)
    return np.array([first_hit(triangles, s, d) for s, d in zip(starts, inward, strict=True)])


def first_hit(triangles: Triangles, start: NDArray[np.float64], way: NDArray[np.float64]) -> float:
    """Möller and Trumbore's intersection with all triangles at once."""
    a = triangles[:, 0].astype(float)
    e1, e2 = triangles[:, 1] - a, triangles[:, 2] - a
    p = np.cross(way, e2)
    scale = np.einsum("ij,ij->i", e1, p)
    scale[np.abs(scale) < 1e-12] = np.inf
    u = np.einsum("ij,ij->i", start - a, p) / scale
    q = np.cross(start - a, e1)
    v, t = q @ way / scale, np.einsum("ij,ij->i", e2, q) / scale
    hits = t[(u >= -1e-9) & (v >= -1e-9) & (u + v <= 1 + 1e-9) & (t > 1e-3)]
    return float(hits.min())


@each_object
def test_is_closed_and_oriented(design: DemoObject, built: dict[str, Triangles]) -> None:
    assert_closed(built[design.key])


@each_object
def test_faces_outward_around_a_positive_volume(design: DemoObject, built: dict[str, Triangles]) -> None:
    assert volume(built[design.key]) > 2_000


@each_object
def test_has_no_triangle_without_area(design: DemoObject, built: dict[str, Triangles]) -> None:
    assert np.linalg.norm(normals(built[design.key]), axis=1).min() > 1e-5


@each_object
def test_rests_flat_on_the_bed(design: DemoObject, built: dict[str, Triangles]) -> None:
    triangles = built[design.key]
    standing = (triangles[:, :, 2] == 0).all(axis=1)
    area = np.linalg.norm(normals(triangles)[standing], axis=1).sum() / 2
    assert triangles[:, :, 2].min() == 0
    assert area > 100


@each_object
def test_fits_the_smallest_bed(design: DemoObject, built: dict[str, Triangles]) -> None:
    assert np.ptp(built[design.key].reshape(-1, 3), axis=0).max() <= MINI_BED


@each_object
def test_is_fine_enough_and_not_too_heavy(design: DemoObject, built: dict[str, Triangles]) -> None:
    triangles = built[design.key]
    assert triangles.dtype == np.float32
    assert triangles.shape[1:] == (3, 3)
    assert 5_000 <= len(triangles) <= 60_000


@each_object
def test_is_built_the_same_each_time(design: DemoObject, built: dict[str, Triangles]) -> None:
    assert np.array_equal(design.build(), built[design.key])


@each_object
def test_prints_without_supports(design: DemoObject, built: dict[str, Triangles]) -> None:
    """Above the first millimetre hardly any surface leans out by more than 57° from upright."""
    triangles = built[design.key]
    normal = normals(triangles)
    area = np.linalg.norm(normal, axis=1) / 2
    hanging = normal[:, 2] / (2 * area) < -np.sin(np.radians(57))
    assert area[hanging & (triangles[:, :, 2].min(axis=1) > 1)].sum() < 30


@each_object
def test_walls_are_thick_enough(design: DemoObject, built: dict[str, Triangles]) -> None:
    found = depths(built[design.key], 150)
    assert np.percentile(found, 3) >= THINNEST


@pytest.mark.parametrize("key", ["vase-welle", "kerzenhalter-kelch", "haken-neigung"])
def test_takes_parameters(key: str, built: dict[str, Triangles]) -> None:
    design = next(design for design in OBJECTS if design.key == key)
    taller = design.build(height=np.ptp(built[key][..., 2]) + 10)
    assert_closed(taller)
    assert np.ptp(taller[..., 2]) > np.ptp(built[key][..., 2]) + 5


def test_keys_and_names_are_unique() -> None:
    assert len({design.key for design in OBJECTS}) == len(OBJECTS) >= 10
    assert len({design.name for design in OBJECTS}) == len(OBJECTS)


@each_object
def test_is_described(design: DemoObject) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", design.key)
    assert 2 <= len(re.findall(r"[.!?](?= |$)", design.story)) <= 3
    assert design.partner in PARTNERS
    assert set(design.colours) <= set(PALETTE)
    assert set(design.stock) == {WORKSHOP, SHOP}
    assert design.price_cents >= 500
    assert len(design.tags) >= 2


def test_colours_have_hex_values() -> None:
    assert all(re.fullmatch(r"#[0-9A-F]{6}", colour.hex) for colour in PALETTE)


def test_a_plate_with_holes_and_pockets_is_closed() -> None:
    hole = ring(4.0, 24, 0)[:, :2] + [12, 0]
    pocket = ring(5.0, 24, 0)[:, :2] - [10, 0]
    piece = plate(rectangle(60, 40, 8, 1.0), 5.0, holes=[hole], pockets=[pocket])
    assert_closed(piece)
    assert 0 < volume(piece) < 60 * 40 * 5 - 5 * np.pi * 16


def test_an_outline_of_too_few_points_is_refused() -> None:
    arms = np.array([(-5.0, 0), (45, 0), (45, 30), (40, 30), (40, 10), (0, 10), (0, 30), (-5, 30)])
    hole = ring(1.0, 12, 0)[:, :2] + [20, 8.5]
    with pytest.raises(ValueError, match="too far apart"):
        triangulate([arms, hole])


def test_inset_moves_edges_by_the_distance() -> None:
    square = np.array([(0.0, 0), (10, 0), (10, 10), (0, 10)])
    assert np.allclose(inset(square, 1), [(1, 1), (9, 1), (9, 9), (1, 9)])


def test_inset_refuses_to_fold_a_tight_curve() -> None:
    with pytest.raises(ValueError, match="thicker than its curves"):
        inset(ring(2.0, 40, 0), 2.5)


def test_contains_knows_inside_from_outside() -> None:
    hexagon = polygon(6, 10, 1, 0.5)
    assert contains(hexagon, np.array([(0.0, 0), (20, 0), (0, 8)])).tolist() == [True, False, True]

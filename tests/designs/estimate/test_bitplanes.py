"""Bit planes against the same operations on plain arrays of booleans."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from designs.estimate import bitplanes as bits
from designs.estimate.regions import regions
from designs.estimate.runs import runs
from designs.estimate.sections import cut
from designs.mesh import Mesh
from designs.profiles import load
from tests.designs.shapes import box, ring, together

SQUARE = np.ones((3, 3), bool)


def random_layers(seed: int = 7) -> NDArray[np.bool_]:
    """Three layers of blobs on 40 × 128 pixels, with an empty border as `rasterise` leaves it."""
    noise = np.random.default_rng(seed).random((3, 40, 128))
    blobs = ndimage.gaussian_filter(noise, (0, 2, 2)) > 0.5
    blobs[:, :8] = blobs[:, -8:] = blobs[:, :, :8] = blobs[:, :, -8:] = False
    return blobs


def packed(layers: NDArray[np.bool_]) -> bits.Planes:
    return np.packbits(layers, axis=2, bitorder="little").view(np.uint64)


def unpacked(planes: bits.Planes) -> NDArray[np.bool_]:
    return np.unpackbits(planes.view(np.uint8), axis=2, bitorder="little").astype(bool)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (bits.erode_diamond, ndimage.binary_erosion),
        (bits.erode_square, lambda one: ndimage.binary_erosion(one, SQUARE)),
        (bits.dilate_diamond, ndimage.binary_dilation),
        (bits.dilate_square, lambda one: ndimage.binary_dilation(one, SQUARE)),
        (lambda p: bits.dilate_box(p, 5), lambda one: ndimage.binary_dilation(one, np.ones((11, 11), bool))),
        (bits.without_slivers, lambda one: ndimage.binary_opening(one, np.ones((2, 2), bool))),
    ],
)
def test_morphology_is_that_of_single_pixels(ours, theirs) -> None:  # type: ignore[no-untyped-def]
    layers = random_layers()
    expected = np.stack([theirs(one) for one in layers])
    np.testing.assert_array_equal(unpacked(ours(packed(layers))), expected)


@pytest.mark.parametrize("by", [0, 1, -1, 5, -5])
def test_rows_shift_across_words(by: int) -> None:
    layers = random_layers()
    np.testing.assert_array_equal(unpacked(bits.shift_x(packed(layers), by)), np.roll(layers, by, axis=2))


@pytest.mark.parametrize(("count", "direction"), [(0, 1), (1, 1), (2, -1), (5, 1)])
def test_all_of_next_looks_at_so_many_layers(count: int, direction: int) -> None:
    layers = np.random.default_rng(3).random((9, 4, 64)) < 0.8
    padded = np.pad(layers, ((count, count), (0, 0), (0, 0)))
    expected = np.ones_like(layers)
    for step in range(count + 1):
        start = count + direction * step
        expected &= padded[start : start + len(layers)]
    np.testing.assert_array_equal(unpacked(bits.all_of_next(packed(layers), count, direction)), expected)


def test_pieces_are_counted_less_their_holes() -> None:
    layers = random_layers()
    whole = [ndimage.label(one, SQUARE)[1] for one in layers]
    holes = [ndimage.label(~one)[1] - 1 for one in layers]
    np.testing.assert_array_equal(bits.pieces(packed(layers)), np.subtract(whole, holes))


@pytest.mark.parametrize("overlapping", [False, True])
def test_the_raster_of_a_ring_has_its_area(overlapping: bool) -> None:
    sections = cut(ring(200, 100).placed().triangles, 0.2, 0.2)
    planes = bits.rasterise(sections, 0.2, overlapping)
    np.testing.assert_allclose(bits.count(planes) * 0.04, sections.areas(), rtol=0.02, atol=3)


def test_overlapping_bodies_fill_their_common_part_once() -> None:
    mesh = together(box(20, 20, 1), box(20, 20, 1, at=(10, 0, 0)))
    planes = bits.rasterise(cut(mesh.placed().triangles, 0.2, 0.2), 0.1, overlapping=True)
    np.testing.assert_allclose(bits.count(planes) * 0.01, 600, rtol=0.02)


def test_a_small_hole_in_the_mesh_does_not_flood_the_layer() -> None:
    triangles = ring(200, 100).triangles
    sections = cut(Mesh(np.delete(triangles, [40, 900, 7000], axis=0)).placed().triangles, 0.2, 0.2)
    whole = cut(ring(200, 100).placed().triangles, 0.2, 0.2)
    area = bits.count(bits.rasterise(sections, 0.2)) * 0.04
    np.testing.assert_allclose(area, whole.areas(), rtol=0.05, atol=6)


def test_runs_sum_to_the_area_and_know_their_number() -> None:
    """A square of 12.8 mm: diagonals 0.1414 mm apart, each as long as it should be."""
    layers = np.zeros((1, 160, 192), bool)
    layers[0, 10:138, 20:148] = True
    found = runs(packed(layers), 0.1)
    assert found.area[0] == pytest.approx(12.8**2)
    assert found.total(lambda length: np.array([length]))[0] == pytest.approx(12.8**2, rel=0.02)
    assert found.width[0] == pytest.approx(12.8 * np.sqrt(2), rel=0.02)


def test_a_box_is_solid_below_and_above_and_sparse_between() -> None:
    process = load().process("0.20")
    sections = cut(box(20, 20, 10).placed().triangles, 0.2, 0.2)
    found = regions(bits.rasterise(sections, 0.2), process, 0.2)
    np.testing.assert_array_equal(np.flatnonzero(found.sparse.area), np.arange(4, 44))
    assert np.flatnonzero(found.solid.area > 10).tolist() == [0, 1, 2, 3, 45, 46, 47, 48]
    assert np.flatnonzero(found.bridge.area).tolist() == [44]
    assert np.flatnonzero(found.top.area).tolist() == [49]
    assert found.inside == pytest.approx((20 - 1.6) ** 2, rel=0.03)

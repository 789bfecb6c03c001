"""Fine meshes are treated in blocks, and calm pixels shaded once: the results are the same."""

import subprocess
import sys

import numpy as np
import pytest

from designs.check.bodies import bodies
from designs.check.edges import balanced, edges
from designs.estimate import bitplanes as bits
from designs.mesh import BLOCK, STL_RECORD
from designs.preview import small_enough
from designs.raster import Seen, rasterise
from designs.thumbnail import samples
from designs.views import facing, moved, seen_by
from tests.designs.shapes import box, ring, together

PEAK = """
from designs.check import judge
from designs.preview import preview
from designs.thumbnail import render
from tests.designs.shapes import ring
mesh = judge(ring(600, 500))[1].placed()
render(mesh, two_sided=False)
preview(mesh)
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def test_what_repeats_the_layer_below_is_worked_out_once() -> None:
    planes = np.zeros((6, 3, 1), np.uint64)
    planes[2:5] = 7
    seen: list[int] = []

    def work(some: bits.Planes) -> bits.Planes:
        seen.extend(some[:, 0, 0].tolist())
        return some + np.uint64(1)

    np.testing.assert_array_equal(bits.each_layer(work, planes), planes + np.uint64(1))
    assert seen == [0, 7, 0]


def test_a_stack_of_different_layers_is_worked_out_in_order() -> None:
    planes = np.arange(10, dtype=np.uint64).reshape(10, 1, 1)
    np.testing.assert_array_equal(bits.each_layer(bits.count, planes), [0, 1, 1, 2, 1, 2, 2, 3, 1, 2])


def test_a_piece_that_stands_in_its_place_is_not_copied() -> None:
    placed = box(at=(3, 4, 5)).placed()
    assert placed.bounds == ((-10, -10, 0), (10, 10, 20))
    assert placed.placed() is placed


def test_files_of_several_blocks_hold_every_triangle(tmp_path) -> None:  # type: ignore[no-untyped-def]
    piece = ring(100, 50)
    assert len(piece) > BLOCK
    piece.write_stl(tmp_path / "ring.stl")
    written = np.frombuffer((tmp_path / "ring.stl").read_bytes()[84:], STL_RECORD)
    np.testing.assert_array_equal(written["corners"], piece.triangles)
    np.testing.assert_allclose(np.linalg.norm(written["normal"], axis=1), 1, rtol=1e-5)


def test_bodies_of_several_blocks_hang_together() -> None:
    split = bodies(together(ring(200, 100), box(at=(100, 0, 0)), ring(100, 60, radius=70)).triangles)
    assert len(split) == 3
    assert np.bincount(split.labels).tolist() == [40_000, 12, 12_000]


def test_a_coarser_mesh_fits_and_keeps_its_shape() -> None:
    small = small_enough(ring(400, 300), 200_000)
    assert small.file_bytes <= 200_000
    np.testing.assert_allclose(small.mesh().size_mm, (80, 80, 20), atol=1)


def test_points_are_moved_by_a_matrix_in_every_block() -> None:
    triangles = ring(200, 100).triangles
    matrix = np.array([[0, 1, 0], [2, 0, 0], [0, 0, -1]], np.float32)
    expected = triangles @ matrix + np.float32(5)
    planes = seen_by(triangles, moved(matrix, [5, 5, 5])).planes
    np.testing.assert_allclose(planes.transpose(2, 0, 1), expected, atol=1e-4)


def test_only_what_faces_the_viewer_is_kept() -> None:
    from_above = seen_by(box().triangles, moved(np.eye(3), np.zeros(3)), facing)
    assert len(from_above.number) == 2
    assert (box().triangles[from_above.number, :, 2] == box().bounds[1][2]).all()


@pytest.mark.parametrize("size", [40, 700])
def test_triangles_of_a_pixel_and_large_ones_cover_the_same(size: int) -> None:
    """A ring drawn small has triangles below a pixel, drawn large it has long ones; its area tells."""
    corners = ring(100, 50).triangles * np.float32(size / 100)
    drawn = rasterise(corners + np.float32(size / 2), size)
    outer, inner = 0.4 * size, 0.2 * size
    assert drawn.mask.sum() == pytest.approx(np.pi * (outer**2 - inner**2), rel=0.02)
    assert drawn.near.max() == pytest.approx(size / 2 + 0.1 * size, rel=0.01)


def test_a_sum_finds_open_and_misdirected_edges_as_the_sort_does() -> None:
    whole = ring(40, 30).triangles
    misdirected = whole.copy()
    misdirected[7] = misdirected[7, ::-1]
    for triangles in (whole, whole[1:], misdirected, np.concatenate((whole, whole))):
        assert balanced(triangles) == edges(triangles).balanced


def seen(triangle: list[list[int]], near: float | list[list[float]] = 1.0) -> Seen:
    numbers = np.array(triangle, np.int32)
    return Seen(numbers, np.broadcast_to(np.array(near, np.float32), numbers.shape).copy())


def test_four_pixels_of_one_triangle_are_shaded_as_one() -> None:
    chosen, weight = samples(seen([[4, 4, 4, 5], [4, 4, 4, -1]]), None)
    assert dict(zip(chosen.tolist(), weight.tolist(), strict=True)) == {0: 1, 2: 0.25, 3: 0.25, 6: 0.25}


def test_of_a_fine_mesh_four_near_pixels_are_shaded_as_one_but_not_across_an_outline() -> None:
    steps = [[1.0, 1.0, 1.0, 0.5], [1.0, 1.0, 1.0, 0.5]]
    chosen, weight = samples(seen([[1, 2, 5, 6], [3, 4, 7, 8]], steps), 100.0)
    assert dict(zip(chosen.tolist(), weight.tolist(), strict=True)) == {
        0: 1,
        2: 0.25,
        3: 0.25,
        6: 0.25,
        7: 0.25,
    }


def test_a_fine_mesh_needs_little_memory() -> None:
    """600,000 triangles, check, picture and preview: the mesh itself has 22 MB."""
    done = subprocess.run([sys.executable, "-c", PEAK], capture_output=True, text=True, check=True)
    assert int(done.stdout) / 1024 < 240

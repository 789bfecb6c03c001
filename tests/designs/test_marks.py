"""Marks show where a mesh is open, crowded, mixed up or full of crumbs: the same that the check counts."""

import struct
from pathlib import Path

import numpy as np
import pytest

from designs.check import check
from designs.check.edges import edges
from designs.check.marks import CODES, HEAD, MAGIC, marks
from designs.mesh import Mesh
from designs.read import read
from tests.designs.shapes import CORPUS, box, ring, together

EMPTY = "mikedh_stl_empty_bin.stl"  # is refused
PIECES = sorted(path for path in (CORPUS / "files").glob("*") if path.name != EMPTY)


def test_a_sound_piece_has_no_marks() -> None:
    assert len(marks(ring())) == 0
    assert marks(ring()).packed() == HEAD.pack(MAGIC, 0, 0, 0, 0, 0)


def test_a_hole_is_marked_along_its_rim() -> None:
    whole = box(20, 20, 20)
    found = marks(Mesh(whole.triangles[1:]))
    assert (len(found.open), len(found.crowded), len(found.misdirected)) == (3, 0, 0)
    rim = {tuple(corner) for corner in found.open.reshape(-1, 3).tolist()}
    assert rim == {tuple(corner) for corner in (whole.triangles[0] - 10).tolist()}


def test_a_triangle_turned_round_is_marked_on_its_three_sides() -> None:
    triangles = box().triangles.copy()
    triangles[4] = triangles[4][::-1]
    found = marks(Mesh(triangles))
    assert (len(found.open), len(found.misdirected)) == (0, 3)


def test_boxes_that_touch_along_an_edge_are_marked_there() -> None:
    found = marks(together(box(), box(at=(20, 20, 0))))
    lengths = np.linalg.norm(found.crowded[:, 0] - found.crowded[:, 1], axis=1)
    assert lengths.tolist() == [20.0]


def test_crumbs_are_marked_at_their_middle() -> None:
    found = marks(together(box(), box(0.2, 0.2, 0.2, at=(30, 0, 0))))
    assert found.crumbs.shape == (1, 3)
    assert found.crumbs[0] == pytest.approx((30.1 - 15.1, 0.1 - 10, 0.1 - 10), abs=0.03)


def test_only_a_bounded_number_is_sent_and_the_rest_is_counted() -> None:
    found = marks(Mesh(np.random.default_rng(1).random((3000, 3, 3), np.float32)), most=100)
    assert len(found) <= 100
    assert len(found) + found.left_out == 9000
    assert len(marks(Mesh(np.random.default_rng(1).random((60000, 3, 3), np.float32))).packed()) <= 200_000


def test_triangles_without_area_mark_nothing() -> None:
    flat = np.zeros((1, 3, 3), np.float32)
    assert len(marks(together(box(), Mesh(flat + 20)))) == 0
    assert len(marks(Mesh(flat)).open) == 0


def test_the_file_holds_what_its_head_says() -> None:
    found = marks(together(Mesh(box().triangles[1:]), box(0.2, 0.2, 0.2, at=(30, 0, 0))))
    data = found.packed()
    assert struct.unpack("<4sIIIII", data[:24]) == (MAGIC, 3, 0, 0, 1, 0)
    assert len(data) == 24 + 4 * (3 * 6 + 3)


@pytest.mark.parametrize("path", PIECES, ids=lambda path: path.name)
def test_marks_are_as_many_as_the_check_counts(path: Path) -> None:
    mesh = read(path)
    found, seams = marks(mesh, most=10**9), edges(mesh.triangles)
    assert (len(found.open), len(found.crowded), len(found.misdirected)) == (
        seams.open if len(mesh) else 0,
        seams.crowded,
        seams.misdirected,
    )
    dust = [problem.values["bodies"] for problem in check(mesh).problems if problem.code == CODES[3]]
    assert len(found.crumbs) == sum(dust)

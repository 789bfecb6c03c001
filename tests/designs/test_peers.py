"""Others agree: numpy-stl and trimesh read what we write, and see the same piece in it."""

from pathlib import Path

import numpy as np
import pytest
import stl
import trimesh

from designs.check import check
from designs.mesh import STL_RECORD, Mesh, unit_normals
from designs.read import read
from tests.designs.shapes import box, ring, together

PIECES = {"box": box(10, 20, 30), "ring": ring(), "two": together(box(), box(at=(40, 0, 0)))}


@pytest.fixture(params=PIECES, ids=str)
def piece(request: pytest.FixtureRequest) -> Mesh:
    return PIECES[request.param]


def test_our_record_is_the_one_of_numpy_stl() -> None:
    theirs = stl.mesh.Mesh.dtype
    assert STL_RECORD.itemsize == theirs.itemsize == 50
    ours = [STL_RECORD[name] for name in ("normal", "corners")]
    assert ours == [theirs[name] for name in ("normals", "vectors")]


def test_numpy_stl_reads_the_corners_and_normals_that_we_write(piece: Mesh, tmp_path: Path) -> None:
    path = tmp_path / "piece.stl"
    piece.write_stl(path)
    found = stl.mesh.Mesh.from_file(str(path), calculate_normals=False)
    assert np.array_equal(found.vectors, piece.triangles)
    assert np.allclose(found.normals, unit_normals(piece.triangles))


def test_we_read_what_numpy_stl_writes(piece: Mesh, tmp_path: Path) -> None:
    path = tmp_path / "piece.stl"
    theirs = stl.mesh.Mesh(np.zeros(len(piece), stl.mesh.Mesh.dtype))
    theirs.vectors[:] = piece.triangles
    theirs.save(str(path))
    assert np.array_equal(read(path).triangles, piece.triangles)


def test_trimesh_judges_our_file_as_we_do(piece: Mesh, tmp_path: Path) -> None:
    path = tmp_path / "piece.stl"
    piece.write_stl(path)
    theirs, ours = trimesh.load(path, force="mesh"), check(piece)
    assert (theirs.is_watertight, theirs.is_winding_consistent) == (ours.watertight, ours.oriented)
    assert theirs.volume == pytest.approx(ours.volume_mm3, rel=1e-5)
    assert theirs.body_count == ours.bodies

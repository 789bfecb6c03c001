"""Objects that are their own mirror image: no edge may be taken for its twin."""

import numpy as np

from designs.check.edges import edges
from designs.mesh import Mesh
from tests.designs.shapes import together


def _tetrahedron(mirrored: bool) -> Mesh:
    """A closed piece on an edge that, with its mirror image, once had the hash sum of its twin."""
    side = np.float32(-1 if mirrored else 1)
    one = np.array([-25.441442489624023, 15.897578239440918, 108], np.float32)
    two = np.array([-26.488428115844727, 14.084146499633789, 108], np.float32)
    corners = np.array([one, two, [-20, 5, 108], [-22, 10, 120]], np.float32)
    corners[:, 1] *= side
    faces = np.array([(0, 1, 2), (0, 3, 1), (1, 3, 2), (2, 3, 0)])
    return Mesh(corners[faces[:, ::-1] if mirrored else faces])


def test_edges_that_mirror_each_other_are_not_the_same_edge() -> None:
    found = edges(together(_tetrahedron(False), _tetrahedron(True)).triangles)
    assert found.watertight
    assert found.oriented
    assert found.crowded == 0

"""The same form is known again however it lies; forms that only look alike are not taken for it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from designs.mesh import Mesh
from designs.shape import same, shape
from makerlab.demo.objects import OBJECTS

FACES = "021123456576014154263367042246135375"  # corners of a cube's triangles
THING = next(thing for thing in OBJECTS if thing.key == "schluessel-blatt")


@pytest.fixture(scope="module")
def leaf() -> Mesh:
    return Mesh(np.asarray(THING.build(), np.float32)).placed()


def turned(seed: int) -> np.ndarray:
    """A rotation at random."""
    q, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    return q * np.sign(np.linalg.det(q))


@given(st.integers(0, 10_000), st.floats(0.01, 300), st.floats(-2000, 2000))
def test_a_mesh_moved_turned_and_scaled_is_the_same_form(
    leaf: Mesh, seed: int, scale: float, away: float
) -> None:
    moved = (leaf.triangles.astype(np.float64) @ turned(seed).T + away * 0.01) * scale
    order = np.random.default_rng(seed).permutation(len(moved))
    assert same(shape(leaf), shape(Mesh(moved[order].astype(np.float32))))


@pytest.mark.parametrize("stretch", [(1.01, 1, 1), (1, 0.99, 1), (1, 1, 1.02)])
def test_a_mesh_stretched_by_one_per_cent_is_another(leaf: Mesh, stretch: tuple[float, ...]) -> None:
    assert not same(shape(leaf), shape(Mesh(leaf.triangles * np.array(stretch, np.float32))))


def test_boxes_of_other_proportions_are_other_forms() -> None:
    corners = np.array([[x, y, z] for z in (0, 1) for y in (0, 1) for x in (0, 1)], np.float32)
    cube = corners[np.array([int(one) for one in FACES]).reshape(12, 3)]
    boxes = [(1, 1, 1), (1, 1, 1.005), (1, 2, 3), (1, 2, 3.02), (2, 2, 1)]
    found = [shape(Mesh(cube * np.array(box, np.float32))) for box in boxes]
    assert not any(same(one, other) for n, one in enumerate(found) for other in found[n + 1 :])


@pytest.mark.parametrize("faces", [np.zeros((0, 3, 3)), np.zeros((4, 3, 3))])
def test_without_surface_there_is_no_form(faces: np.ndarray) -> None:
    found = shape(Mesh(faces.astype(np.float32)))
    assert found == []
    assert not same(found, found)

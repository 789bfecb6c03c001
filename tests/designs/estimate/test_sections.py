"""Cuts: areas, outlines, loops and depths of shapes whose measures are known."""

from math import pi

import numpy as np
import pytest

from designs.estimate.depths import measure
from designs.estimate.loops import link
from designs.estimate.sections import cut, layer_count
from designs.estimate.walls import look, walls
from designs.mesh import Mesh
from designs.profiles import load
from tests.designs.shapes import box, ring, together


def test_every_layer_of_a_box_has_its_area_and_outline() -> None:
    sections = cut(box(30, 20, 10).placed().triangles, 0.2, 0.2)
    assert sections.layers == 50
    np.testing.assert_allclose(sections.areas(), 600, rtol=1e-6)
    np.testing.assert_allclose(sections.outlines(), 100, rtol=1e-6)


def test_the_first_layer_may_have_a_height_of_its_own() -> None:
    assert (
        cut(box(10, 10, 10.04).placed().triangles, 0.24, 0.28).layers == layer_count(10.04, 0.24, 0.28) == 36
    )


def test_a_piece_inside_out_has_negative_areas() -> None:
    sections = cut(box().flipped().placed().triangles, 0.2, 0.2)
    np.testing.assert_allclose(sections.areas(), -400, rtol=1e-6)
    np.testing.assert_allclose(sections.reversed().areas(), 400, rtol=1e-6)


def test_areas_of_all_layers_sum_to_the_volume() -> None:
    mesh = ring(200, 100)
    volume = 2 * pi**2 * 30 * 10**2
    assert cut(mesh.placed().triangles, 0.2, 0.2).areas().sum() * 0.2 == pytest.approx(volume, rel=0.005)


def test_a_piece_thinner_than_a_layer_has_one() -> None:
    assert cut(box(10, 10, 0.05).placed().triangles, 0.2, 0.2).layers == 1


def test_segments_become_closed_loops_in_order() -> None:
    sections = cut(ring().placed().triangles, 0.2, 0.2)
    middle = np.zeros(sections.layers, bool)
    middle[50] = True
    loops = link(sections.some(middle))
    assert loops.count == 2
    np.testing.assert_array_equal(loops.end, loops.start[:, np.argsort(loops.previous())])
    turned = np.bincount(loops.loop, loops.turns()) / (2 * pi)
    np.testing.assert_allclose(sorted(turned), [-1, 1], atol=1e-9)


def test_an_open_piece_gives_loops_that_end() -> None:
    mesh = Mesh(box().triangles[:-1])
    loops = link(cut(mesh.placed().triangles, 0.2, 0.2))
    assert len(loops.layer) > 0
    assert np.isfinite(loops.turns()).all()


def test_depth_is_half_the_thickness_of_a_wall() -> None:
    depths = measure(cut(box(60, 2, 5).placed().triangles, 0.2, 0.2), 0.1)
    assert np.median(depths.depth[depths.opposite]) == pytest.approx(1)
    assert depths.area == pytest.approx(120, rel=0.02)


def test_walls_of_a_box_run_where_they_should() -> None:
    """A box of 20 mm: middles of the lines 0.225 and 0.632 mm inside, infill from 0.836 mm on."""
    sections = cut(box(20, 20, 2).placed().triangles, 0.2, 0.2)
    spacing = 0.45 - 0.2 * (1 - pi / 4)
    found = walls(look(sections), sections.outlines(), sections.areas(), load().process("0.20"))
    np.testing.assert_allclose(found.outer, 4 * (20 - 0.45), rtol=1e-3)
    np.testing.assert_allclose(found.inner, 4 * (20 - 0.45 - 2 * spacing), rtol=1e-3)
    np.testing.assert_allclose(found.core, (20 - 0.45 - 3 * spacing) ** 2, rtol=1e-3)
    np.testing.assert_allclose(found.loops, 1)


def test_a_wall_of_one_millimetre_has_two_outer_lines_and_nothing_inside() -> None:
    sections = cut(box(60, 0.9, 2).placed().triangles, 0.2, 0.2)
    found = walls(look(sections), sections.outlines(), sections.areas(), load().process("0.20"))
    np.testing.assert_allclose(found.outer, 120, rtol=0.02)
    np.testing.assert_allclose(found.inner, 0, atol=3)
    np.testing.assert_allclose(found.core, 0, atol=2)


def test_contours_inside_of_another_body_do_not_count() -> None:
    mesh = together(box(20, 20, 2), box(10, 10, 2, at=(5, 5, 0)))
    depths = measure(cut(mesh.placed().triangles, 0.2, 0.2), 0.05)
    np.testing.assert_allclose(depths.outside, 80 / 120, rtol=0.01)
    np.testing.assert_allclose(depths.area, 400, rtol=0.01)

"""Checks: exact on real models, and a sentence for everything that is wrong."""

import csv
from pathlib import Path

import numpy as np
import pytest

from designs.check import Check, check, judge
from designs.mesh import Mesh
from designs.read import read
from tests.designs.shapes import CORPUS, box, ring, together

MANIFEST = CORPUS / "manifest.csv"
ROWS = (
    [row for row in csv.DictReader(MANIFEST.read_text().splitlines()) if row["watertight"]]
    if MANIFEST.exists()
    else []
)


def codes(found: Check) -> set[str]:
    """The codes of the problems of a check."""
    return {problem.code for problem in found.problems}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_real_models_are_judged_exactly(row: dict[str, str]) -> None:
    found = check(read(CORPUS / "files" / row["file"]))
    assert found.triangles == int(row["triangles"])
    assert (str(found.watertight), str(found.oriented)) == (row["watertight"], row["oriented"])
    assert found.volume_mm3 == pytest.approx(float(row["volume_mm3"]), abs=6e-4, rel=2e-9)
    assert found.size_mm == pytest.approx([float(row[f"bbox_{axis}"]) for axis in "xyz"], abs=6e-4)
    edges = {problem.code: problem.values.get("edges") for problem in found.problems}
    assert edges.get("open_edges") == (int(row["open_edges"]) or None)


def test_a_sound_piece_has_no_problem() -> None:
    found = check(box())
    assert (found.watertight, found.oriented, found.bodies, found.problems) == (True, True, 1, ())
    assert found.volume_mm3 == pytest.approx(8000)
    assert found.printable


def test_a_row_comes_back_as_the_same_check() -> None:
    found = check(together(box(), box(0.1, 0.1, 0.1, at=(30, 0, 0))))
    assert Check.from_row(found.as_row()).as_row() == found.as_row()


def test_open_edges_are_counted() -> None:
    found = check(Mesh(ring().triangles[5:]))
    assert not found.watertight
    assert not found.oriented
    assert [problem.values for problem in found.problems if problem.code == "open_edges"] == [{"edges": 15}]


def test_an_inverted_piece_is_turned_and_that_is_said() -> None:
    found, turned = judge(ring().flipped())
    assert codes(found) == {"inverted"}
    assert found.volume_mm3 == pytest.approx(check(ring()).volume_mm3)
    assert np.array_equal(turned.triangles, ring().triangles)


def test_a_cavity_is_no_inverted_body() -> None:
    found = check(together(box(), box(5, 5, 5, at=(3, 3, 3)).flipped()))
    assert found.bodies == 2
    assert found.volume_mm3 == pytest.approx(8000 - 125)
    assert found.problems == ()


def test_only_the_inverted_body_is_turned() -> None:
    found = check(
        together(box(), box(5, 5, 5, at=(30, 3, 3)).flipped(), box(2, 2, 2, at=(9, 9, 9)).flipped())
    )
    assert found.volume_mm3 == pytest.approx(8000 + 125 - 8)
    assert [problem.values for problem in found.problems] == [{"bodies": 1, "of": 3}]


def test_one_turned_triangle_is_a_mix_up() -> None:
    triangles = ring().triangles.copy()
    triangles[17] = triangles[17, ::-1]
    found = check(Mesh(triangles))
    assert found.watertight
    assert not found.oriented
    assert codes(found) == {"mixed_orientation"}


def test_doubled_shells_are_named() -> None:
    found = check(together(ring(), ring()))
    assert codes(found) == {"doubled"}
    assert found.problems[0].values == {"triangles": 3600}


def test_touching_boxes_are_said_to_touch() -> None:
    found = check(together(box(), box(at=(20, 20, 0))))
    assert codes(found) == {"touching_edges"}


def test_loose_dust_is_named() -> None:
    dust = [box(0.1, 0.1, 0.1, at=(30 + n, 0, 0)) for n in range(7)]
    found = check(together(box(), *dust))
    assert found.bodies == 8
    assert [problem.values for problem in found.problems] == [{"bodies": 7, "smaller_than_mm": 0.4}]


def test_triangles_without_area_do_no_harm() -> None:
    spike = np.zeros((1, 3, 3), np.float32)
    found = check(together(box(), Mesh(spike)))
    assert found.watertight
    assert "degenerate" in codes(found)


def test_minus_zero_is_zero() -> None:
    triangles = box().triangles.copy()
    triangles[3][triangles[3] == 0] = -0.0
    assert check(Mesh(triangles)).watertight


@pytest.mark.parametrize(
    ("mesh", "code"),
    [
        (box(20, 20, 0.01), "flat"),
        (box(20, 20, 0), "flat"),
        (Mesh(np.array([[[0, 0, 0], [9, 0, 0], [0, 9, 9]]], np.float32)), "no_volume"),
        (box(300, 300, 401), "too_large"),
        (box(10, 10, 100_000), "too_large"),
    ],
    ids=["thin", "flat", "one triangle", "wide", "100 m tall"],
)
def test_what_cannot_be_printed_is_an_error(mesh: Mesh, code: str) -> None:
    found = check(mesh)
    assert code in codes(found)
    assert not found.printable


def test_a_piece_may_lie_down_to_fit() -> None:
    assert codes(check(box(300, 20, 20), {"long": (100, 310, 50)})) == set()
    assert codes(check(box(300, 20, 60), {"long": (100, 310, 50)})) == set()
    assert codes(check(box(300, 120, 60), {"long": (100, 310, 50)})) == {"too_large"}


@pytest.mark.parametrize(
    ("edge", "code", "scaled"), [(0.1, "maybe_metres", 100.0), (3, "maybe_inches", 76.2)]
)
def test_inches_and_metres_are_guessed_and_said(edge: float, code: str, scaled: float) -> None:
    found = check(box(edge, edge, edge))
    assert codes(found) == {code}
    assert found.problems[0].values["scaled_mm"] == pytest.approx([scaled] * 3)


def test_what_lies_far_away_is_said_to_be_moved() -> None:
    assert codes(check(box(at=(5000, 0, 0)))) == {"far_away"}
    assert box(at=(5000, 0, 0)).placed().bounds == ((-10, -10, 0), (10, 10, 20))


def test_random_triangles_are_judged() -> None:
    soup = np.random.default_rng(1).uniform(0, 100, (60_000, 3, 3)).astype(np.float32)
    found = check(Mesh(soup))
    assert (found.bodies, found.watertight) == (60_000, False)
    assert "open_edges" in codes(found)


def test_bodies_do_not_depend_on_the_order_of_triangles() -> None:
    many = together(*(box(3, 3, 3, at=(5 * n + 0.5, 0.5, 0.5)) for n in range(40)), ring(200, 100))
    shuffled = Mesh(many.triangles[np.random.default_rng(2).permutation(len(many))])
    assert check(many).bodies == check(shuffled).bodies == 41


def test_what_the_reader_noticed_is_passed_on(tmp_path: Path) -> None:
    box().write_stl(tmp_path / "piece.stl")
    with (tmp_path / "piece.stl").open("ab") as file:
        file.write(b"!")
    assert codes(check(read(tmp_path / "piece.stl"))) == {"trailing_bytes"}

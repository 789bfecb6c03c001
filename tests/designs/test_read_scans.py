"""PLY and OFF: read as their programs write them, refused before the parser where they promise too much."""

from pathlib import Path

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from designs.check import check
from designs.errors import DesignError, Refused
from designs.inspect import inspect
from designs.limits import Limits
from designs.read import read
from tests.designs.shapes import box, ring

PLY = b"ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n"
PLY += b"element face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n9 0 0\n0 9 0\n"
OFF = b"OFF\n# by hand\n4 1 0\n0 0 0\n9 0 0\n9 9 0\n0 9 0\n"
HUGE = b"element face 4294967295\n"


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def refusal(path: Path, limits: Limits = Limits()) -> str:  # noqa: B008 (frozen)
    with pytest.raises(Refused) as caught:
        read(path, limits=limits)
    return caught.value.code


def theirs() -> trimesh.Trimesh:
    return trimesh.Trimesh(**trimesh.triangles.to_kwargs(ring(20, 10).triangles))


@pytest.mark.parametrize(
    ("name", "options"), [("a.ply", {"encoding": "ascii"}), ("b.ply", {"encoding": "binary"}), ("c.off", {})]
)
def test_a_closed_piece_stays_closed_in_every_form(
    tmp_path: Path, name: str, options: dict[str, str]
) -> None:
    theirs().export(tmp_path / name, **options)
    found = check(read(tmp_path / name))
    ours = check(ring(20, 10))
    assert (found.triangles, found.watertight, found.oriented) == (400, True, True)
    assert found.volume_mm3 == pytest.approx(ours.volume_mm3, rel=1e-4)


def test_polygons_become_triangles(tmp_path: Path) -> None:
    mesh = read(written(tmp_path / "a.off", OFF + b"4 0 1 2 3\n"))
    assert len(mesh) == 2
    assert mesh.size_mm == (9, 9, 0)


def test_an_upload_of_a_scan_is_inspected_like_any_other(tmp_path: Path) -> None:
    theirs().export(tmp_path / "piece.ply")
    found = inspect(tmp_path / "piece.ply", tmp_path / "out", seconds=60)
    assert found.check.watertight
    assert found.thumbnail.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.ply", b"", "empty_file"),
        ("a.ply", b"<html>nothing</html>", "wrong_kind"),
        ("a.off", b"PK\x03\x04" + b"\0" * 80, "wrong_kind"),
        ("a.ply", b"solid piece\nendsolid\n", "not_understood"),
        ("a.ply", PLY.replace(b"end_header", b""), "not_understood"),
        ("a.ply", PLY.replace(b"element face 1\n", HUGE), "too_many_triangles"),
        ("a.ply", PLY.replace(b"element vertex 3", b"element vertex 4294967295"), "truncated"),
        ("a.ply", PLY, "no_triangles"),
        ("a.ply", PLY + b"3 0 1 7\n", "bad_index"),
        ("a.ply", PLY + b"3 0 1 -4\n", "bad_index"),
        ("a.ply", PLY.replace(b"9 0 0", b"nan 0 0") + b"3 0 1 2\n", "not_a_number"),
        ("a.ply", PLY.replace(b"9 0 0", b"1e30 0 0") + b"3 0 1 2\n", "out_of_range"),
        ("a.off", b"OFF\n8 99999999999 0\n", "too_many_triangles"),
        ("a.off", b"OFF\n99999999 8 0\n", "truncated"),
        ("a.off", b"OFF\nnothing\n", "not_understood"),
        ("a.off", OFF + b"3 0 1 9\n", "not_understood"),
    ],
)
def test_what_is_broken_is_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    assert refusal(written(tmp_path / name, content)) == code


def test_a_file_beyond_the_limit_never_reaches_the_parser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs().export(tmp_path / "a.ply")
    monkeypatch.setattr(trimesh, "load_mesh", None)
    assert refusal(tmp_path / "a.ply", Limits(triangles=399)) == "too_many_triangles"


@settings(max_examples=60)
@given(tail=st.binary(max_size=200), kind=st.sampled_from(["ply", "off"]))
def test_whatever_follows_the_head_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, tail: bytes, kind: str
) -> None:
    path = written(tmp_path_factory.mktemp("any") / f"a.{kind}", (PLY if kind == "ply" else OFF) + tail)
    try:
        assert np.isfinite(read(path).triangles).all()
    except DesignError as error:
        assert error.message  # noqa: PT017 (both ends are fine, a crash is not)


def test_a_box_of_a_scanner_has_its_size(tmp_path: Path) -> None:
    trimesh.Trimesh(**trimesh.triangles.to_kwargs(box().triangles)).export(tmp_path / "a.off")
    assert read(tmp_path / "a.off").size_mm == box().size_mm

"""STL: what is read, what is said about it, and what is refused."""

import struct
from pathlib import Path

import numpy as np
import pytest
from stl import mesh as numpy_stl

from designs.errors import Refused
from designs.limits import Limits
from designs.mesh import Mesh
from designs.read import read
from tests.designs.shapes import ascii_stl, box, ring


def refusal(path: Path, **limits: int) -> str:
    """The code of the refusal of a file."""
    with pytest.raises(Refused) as refused:
        read(path, limits=Limits(**limits))
    assert refused.value.message.endswith(".")
    return refused.value.code


@pytest.fixture
def stl(tmp_path: Path) -> Path:
    """Where the test's file goes."""
    return tmp_path / "piece.stl"


def binary(mesh: Mesh, count: int | None = None, header: bytes = b"") -> bytes:
    """Binary STL with a header and a count of our choice."""
    records = b"".join(struct.pack("<12fH", 0, 0, 0, *t.reshape(-1).tolist(), 0) for t in mesh.triangles)
    return header.ljust(80, b" ") + struct.pack("<I", len(mesh) if count is None else count) + records


def test_what_we_write_we_read(stl: Path) -> None:
    ring().write_stl(stl)
    assert np.array_equal(read(stl).triangles, ring().triangles)


def test_numpy_stl_reads_what_we_write(stl: Path) -> None:
    ring().write_stl(stl)
    theirs = numpy_stl.Mesh.from_file(str(stl), calculate_normals=False)
    assert np.array_equal(theirs.vectors, ring().triangles)
    assert np.allclose(np.linalg.norm(theirs.normals, axis=1), 1, atol=1e-5)


def test_ascii_is_read_exactly(stl: Path) -> None:
    stl.write_text(ascii_stl(ring().triangles))
    assert np.array_equal(read(stl).triangles, ring().triangles)


@pytest.mark.parametrize(
    "text",
    [
        ascii_stl(box().triangles).replace("\n", "\r\n"),
        ascii_stl(box().triangles).replace("\n", "\r"),
        ascii_stl(box().triangles).replace("\n", " "),
        ascii_stl(box().triangles).replace(" ", "\t"),
        ascii_stl(box().triangles).upper(),
        "\ufeff\n \n" + ascii_stl(box().triangles),
        ascii_stl(box().triangles, "a solid facet of vertex endsolid"),
        ascii_stl(box().triangles, "x" * 300_000),
        ascii_stl(box().triangles, ""),
        ascii_stl(box().triangles).replace("facet normal 0 0 0", "facet normal nan -nan inf"),
        ascii_stl(box().triangles).rstrip(),
        ascii_stl(box().triangles[:6]) + ascii_stl(box().triangles[6:], "second"),
    ],
    ids=[
        "crlf",
        "cr",
        "one line",
        "tabs",
        "upper",
        "bom",
        "words",
        "long name",
        "no name",
        "nan",
        "bare",
        "two",
    ],
)
def test_ascii_in_many_hands_is_read(stl: Path, text: str) -> None:
    stl.write_bytes(text.encode())
    assert np.array_equal(read(stl).triangles, box().triangles)


def test_ascii_larger_than_one_block_is_read_whole(stl: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("designs.read.stl.TEXT_AT_ONCE", 1000)
    stl.write_text(ascii_stl(ring().triangles))
    assert np.array_equal(read(stl).triangles, ring().triangles)


def test_binary_that_begins_with_solid_is_accepted(stl: Path) -> None:
    stl.write_bytes(binary(box(), header=b"solid made by someone\n"))
    assert len(read(stl)) == 12


def test_binary_whose_header_looks_like_another_format_is_accepted(stl: Path) -> None:
    stl.write_bytes(binary(box(), header=b"<html>"))
    assert len(read(stl)) == 12


def test_trailing_bytes_are_said(stl: Path) -> None:
    stl.write_bytes(binary(box()) + b"abc")
    assert [(note.code, note.values) for note in read(stl).notes] == [("trailing_bytes", {"bytes": 3})]


def test_a_missing_last_line_is_said(stl: Path) -> None:
    stl.write_text(ascii_stl(box().triangles).rpartition("endsolid")[0])
    assert [note.code for note in read(stl).notes] == ["no_end"]


def test_nothing_is_said_about_a_good_file(stl: Path) -> None:
    stl.write_text(ascii_stl(box().triangles))
    assert read(stl).notes == ()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\x01" * 50, "too_short"),
        (binary(box(), 0)[:84], "no_triangles"),
        (b"solid nothing\nendsolid nothing\n", "no_triangles"),
        (binary(box(), 2**32 - 1), "truncated"),
        (binary(box(), 13), "truncated"),
        (binary(box())[:-1], "truncated"),
        (ascii_stl(box().triangles)[:1000].encode(), "truncated"),
        (ascii_stl(box().triangles).replace("20", "20,5").encode(), "decimal_comma"),
        (ascii_stl(box().triangles).replace("20", "2o").encode(), "not_understood"),
        (ascii_stl(box().triangles).replace("endloop", "vertex 1 2 3\nendloop").encode(), "not_understood"),
        (b"solid x\nfacet normal 0 0 1 outer loop vertex 1 2 endloop endfacet endsolid", "not_understood"),
        (b"solid " + b"x" * 20_000_000, "no_triangles"),
        (b"solid x\n" + b"1 " * 10_000_000, "not_understood"),
        (b"<!doctype html><title>Not found</title>" + b" " * 200, "wrong_kind"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "wrong_kind"),
        (b"PK\x03\x04" + b"\0" * 200, "wrong_kind"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_bad_files_are_refused(stl: Path, content: bytes, code: str) -> None:
    stl.write_bytes(content)
    assert refusal(stl) == code


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (float("nan"), "not_a_number"),
        (float("inf"), "not_a_number"),
        (float("-inf"), "not_a_number"),
        (1e30, "out_of_range"),
        (1e7, "out_of_range"),
    ],
)
def test_impossible_coordinates_are_refused(stl: Path, number: float, code: str) -> None:
    triangles = box().triangles.copy()
    triangles[7, 1, 2] = number
    stl.write_bytes(binary(Mesh(triangles)))
    assert refusal(stl) == code


def test_numbers_beyond_single_precision_are_refused(stl: Path) -> None:
    stl.write_text(ascii_stl(box().triangles).replace("20", "1e300"))
    assert refusal(stl) == "not_a_number"


def test_specks_are_refused(stl: Path) -> None:
    box(1e-9, 1e-9, 1e-9).write_stl(stl)
    assert refusal(stl) == "too_small"


def test_limits_are_ours(stl: Path) -> None:
    ring().write_stl(stl)
    assert refusal(stl, triangles=3599) == "too_many_triangles"
    assert refusal(stl, file_bytes=1000) == "file_too_large"
    stl.write_text(ascii_stl(ring().triangles))
    assert refusal(stl, triangles=3599) == "too_many_triangles"


def test_an_endless_text_is_refused_early(stl: Path) -> None:
    stl.write_bytes(b"solid x\n" + b" " * 10_000_000)
    assert refusal(stl, line_bytes=5_000_000) == "not_understood"


def test_other_endings_are_refused(tmp_path: Path) -> None:
    for name in ("piece.step", "piece", "piece.stl.exe"):
        (tmp_path / name).write_bytes(binary(box()))
        assert refusal(tmp_path / name) == "wrong_kind"


def test_the_kind_can_be_given(tmp_path: Path) -> None:
    (tmp_path / "0af3").write_bytes(binary(box()))
    assert len(read(tmp_path / "0af3", kind="stl")) == 12

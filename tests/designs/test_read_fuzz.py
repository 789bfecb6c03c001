"""Whatever the bytes are: a mesh or Refused, never another error, and a mesh can always be judged."""

import contextlib
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designs.check import check
from designs.errors import Refused
from designs.limits import Limits
from designs.mesh import Mesh
from designs.preview import preview
from designs.read import read
from designs.thumbnail import render
from tests.designs.shapes import ascii_stl, box, components, item, mesh_xml, model_xml, use

SMALL = Limits(triangles=1000, file_bytes=1 << 20, unpacked_bytes=1 << 20)
MODEL = model_xml(mesh_xml(1, box()) + components(2, use("component", 1)), item(2)).encode()
OBJ = b"v 0 0 0\nv 9 0 0\nv 0 9 0\nv 0 0 9\nf 1 3 2\nf 1/1 2//2 -1\nf 2 3 4\nf 1 4 3\n"
EDITS = st.lists(
    st.tuples(st.integers(0, 4000), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=5
)
WORDS = (
    *[
        "solid",
        "facet",
        "normal",
        "outer",
        "loop",
        "vertex",
        "endloop",
        "endfacet",
        "endsolid",
        "1",
        "nan",
        ",",
    ],
    "\n",
)
ODD = (0.0, -0.0, 1.0, 1e-9, 1e-38, 1e6, -1e6, 3.0000002, 100.0)

fuzzed = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def binary_box() -> bytes:
    """A box as binary STL."""
    records = np.zeros(12, np.dtype([("n", "<f4", 3), ("c", "<f4", (3, 3)), ("a", "<u2")]))
    records["c"] = box().triangles
    return bytes(80) + (12).to_bytes(4, "little") + records.tobytes()


def zipped(model: bytes) -> bytes:
    """A model in its archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("3D/3dmodel.model", model)
    return out.getvalue()


def edited(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """The data with some places cut out and others put in."""
    for at, length, new in edits:
        start = at % (len(data) + 1)
        data = data[:start] + new + data[start + length :]
    return data


def judged(path: Path, data: bytes) -> None:
    """Read and judge; only Refused is allowed to come out."""
    path.write_bytes(data)
    with contextlib.suppress(Refused):
        check(read(path, limits=SMALL)).as_row()


@fuzzed
@given(data=st.binary(max_size=400), ending=st.sampled_from(["stl", "3mf", "obj"]))
def test_any_bytes(tmp_path: Path, data: bytes, ending: str) -> None:
    judged(tmp_path / f"x.{ending}", data)


@fuzzed
@given(edits=EDITS)
def test_damaged_binary_stl(tmp_path: Path, edits: list[tuple[int, int, bytes]]) -> None:
    judged(tmp_path / "x.stl", edited(binary_box(), edits))


@fuzzed
@given(edits=EDITS)
def test_damaged_ascii_stl(tmp_path: Path, edits: list[tuple[int, int, bytes]]) -> None:
    judged(tmp_path / "x.stl", edited(ascii_stl(box().triangles).encode(), edits))


@fuzzed
@given(words=st.lists(st.sampled_from(WORDS)))
def test_shuffled_ascii_stl(tmp_path: Path, words: list[str]) -> None:
    judged(tmp_path / "x.stl", ("solid " + " ".join(words)).encode())


@fuzzed
@given(edits=EDITS)
def test_damaged_archive(tmp_path: Path, edits: list[tuple[int, int, bytes]]) -> None:
    judged(tmp_path / "x.3mf", edited(zipped(MODEL), edits))


@fuzzed
@given(edits=EDITS)
def test_damaged_model(tmp_path: Path, edits: list[tuple[int, int, bytes]]) -> None:
    judged(tmp_path / "x.3mf", zipped(edited(MODEL, edits)))


@fuzzed
@given(edits=EDITS)
def test_damaged_obj(tmp_path: Path, edits: list[tuple[int, int, bytes]]) -> None:
    judged(tmp_path / "x.obj", edited(OBJ, edits))


@settings(max_examples=60)
@given(numbers=st.lists(st.sampled_from(ODD), min_size=9, max_size=90))
def test_any_triangles_can_be_judged_and_pictured(numbers: list[float]) -> None:
    triangles = np.array(numbers[: len(numbers) // 9 * 9], np.float32).reshape(-1, 3, 3)
    check(Mesh(triangles)).as_row()
    assert render(Mesh(triangles), 16).startswith(b"\x89PNG")
    assert len(preview(Mesh(triangles))) < 5000


@settings(max_examples=60)
@given(st.permutations(range(12)), st.lists(st.integers(0, 2), min_size=12, max_size=12), st.integers(-9, 9))
def test_order_and_place_do_not_change_the_verdict(order: list[int], turns: list[int], away: int) -> None:
    triangles = np.stack(
        [np.roll(box().triangles[n], turn, axis=0) for n, turn in zip(order, turns, strict=True)]
    )
    found = check(Mesh(triangles + np.float32(away)))
    assert (found.watertight, found.oriented, found.bodies) == (True, True, 1)
    assert found.volume_mm3 == pytest.approx(8000)

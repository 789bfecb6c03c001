"""Inspection: what a stranger's file leaves behind, and that nothing else happens."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from designs.errors import Refused
from designs.inspect import inspect
from designs.mesh import Mesh
from designs.preview import preview
from designs.read import read
from designs.smooth import corner_normals
from designs.thumbnail import parse_colour, render
from tests.designs.shapes import box, ring


def picture(png: bytes) -> np.ndarray:
    """The pixels of a PNG."""
    return np.asarray(Image.open(io.BytesIO(png)))


def unpacked(data: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Corners (v, 3) in mm and triangles (t, 3) of a preview, read as a browser does."""
    magic, corners, triangles, *low, step = struct.unpack_from("<4sIIffff", data)
    assert magic == b"MLP1"
    steps = np.frombuffer(data, "<u2", 3 * corners, 28).reshape(-1, 3)
    faces = np.frombuffer(data, "<u4", 3 * triangles, 28 + 4 * -(-3 * corners // 2)).reshape(-1, 3)
    return steps * step + np.array(low), faces


# ---- inspect


def test_a_piece_is_checked_turned_centred_and_pictured(tmp_path: Path) -> None:
    box(10, 20, 30, at=(100, 100, 100)).flipped().write_stl(tmp_path / "piece.stl")
    found = inspect(tmp_path / "piece.stl", tmp_path / "out")
    assert found.check.volume_mm3 == 6000
    assert [problem.code for problem in found.check.problems] == ["inverted"]
    assert read(found.mesh).bounds == ((-5, -10, 0), (5, 10, 30))
    assert picture(found.thumbnail.read_bytes()).shape == (512, 512, 4)
    assert unpacked(found.preview.read_bytes())[1].shape == (12, 3)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "mesh.stl",
        "thumbnail.png",
        "preview.mlp",
    }


def test_a_refusal_keeps_its_words_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "piece.stl").write_bytes(bytes(80) + b"\xff\xff\xff\xff" + bytes(100))
    with pytest.raises(Refused) as refused:
        inspect(tmp_path / "piece.stl", tmp_path / "out")
    assert refused.value.code == "truncated"
    assert refused.value.values == {"announced": 2**32 - 1, "found": 2}
    assert list((tmp_path / "out").iterdir()) == []


def test_too_little_memory_is_one_sentence(tmp_path: Path) -> None:
    ring(1000, 500).write_stl(tmp_path / "piece.stl")
    with pytest.raises(Refused) as refused:
        inspect(tmp_path / "piece.stl", tmp_path / "out", memory_mb=200)
    assert refused.value.code == "too_much_memory"


def test_too_little_time_is_one_sentence(tmp_path: Path) -> None:
    box().write_stl(tmp_path / "piece.stl")
    with pytest.raises(Refused) as refused:
        inspect(tmp_path / "piece.stl", tmp_path / "out", seconds=0.01)
    assert refused.value.code == "too_slow"


def test_a_quarter_of_a_million_triangles_stay_within_the_limits(tmp_path: Path) -> None:
    ring(1000, 125).write_stl(tmp_path / "piece.stl")
    assert inspect(tmp_path / "piece.stl", tmp_path / "out").check.watertight


def test_random_triangles_stay_within_the_limits(tmp_path: Path) -> None:
    soup = np.random.default_rng(1).uniform(0, 100, (60_000, 3, 3)).astype(np.float32)
    Mesh(soup).write_stl(tmp_path / "piece.stl")
    assert inspect(tmp_path / "piece.stl", tmp_path / "out").check.bodies == 60_000


def test_the_kind_colour_and_machines_are_passed_on(tmp_path: Path) -> None:
    box().write_stl(tmp_path / "0a1b")
    found = inspect(
        tmp_path / "0a1b", tmp_path / "out", kind="stl", colour="#0000ff", volumes={"small": (9, 9, 9)}
    )
    assert [problem.code for problem in found.check.problems] == ["too_large"]
    red, _, blue, _ = picture(found.thumbnail.read_bytes())[256, 256]
    assert blue > red


# ---- thumbnail


def test_the_surroundings_are_transparent_and_the_piece_is_not() -> None:
    pixels = picture(render(box(), 128))
    assert pixels[0, 0, 3] == 0
    assert pixels[64, 64, 3] == 255


def test_there_is_a_shadow_on_the_ground() -> None:
    cover = picture(render(box(), 128))[..., 3]
    assert ((cover > 20) & (cover < 150)).sum() > 100


def test_a_background_fills_the_picture() -> None:
    pixels = picture(render(box(), 64, background=(10, 200, 30)))
    assert pixels.shape == (64, 64, 3)
    assert pixels[0, 0].tolist() == pytest.approx([10, 200, 30], abs=1)


def test_each_side_of_a_box_has_its_own_light() -> None:
    pixels = picture(render(box(), 256))
    shades = {tuple(pixels[row, column, :3] // 16) for row, column in ((70, 128), (150, 90), (150, 190))}
    assert len(shades) == 3


def test_a_round_piece_is_smooth_and_a_box_is_not() -> None:
    around = ring(24, 12).triangles
    smooth = corner_normals(around)
    middles = np.stack([30 * around[..., 0], 30 * around[..., 1], 0 * around[..., 2]], axis=-1)
    middles /= np.hypot(around[..., 0], around[..., 1])[..., None]
    outwards = (around - middles) / 10
    assert np.einsum("nci,nci->nc", smooth, outwards).min() > 0.99
    assert np.allclose(np.abs(corner_normals(box().triangles)).max(axis=2), 1)


def test_the_inside_of_an_open_piece_is_drawn() -> None:
    half = Mesh(box().triangles[:2][:, ::-1])
    assert picture(render(half, 64))[..., 3].max() == 255


@pytest.mark.parametrize(
    "triangles",
    [
        [[[0, 0, 0], [9, 0, 0], [0, 9, 0]]],
        [[[0, 0, 0], [0, 0, 0], [0, 0, 0.1]]],
        [[[0, 0, 0], [0, 0, 9], [0, 0, 5]]],
        [[[0, 0, 0], [1e5, 0, 0], [0, 1e-3, 0]]],
    ],
)
@pytest.mark.parametrize("two_sided", [True, False])
def test_odd_triangles_still_give_a_picture(triangles: list[object], two_sided: bool) -> None:
    mesh = Mesh(np.array(triangles, np.float32))
    assert picture(render(mesh, 32, two_sided=two_sided)).shape == (32, 32, 4)


def test_colours_are_read_as_in_style_sheets() -> None:
    assert parse_colour("#de764e") == (222, 118, 78)
    with pytest.raises(ValueError, match="unpack"):
        parse_colour("#de76")


# ---- preview


def test_a_small_mesh_is_kept_whole() -> None:
    corners, faces = unpacked(preview(ring()))
    assert len(faces) == 3600
    assert np.abs(np.sort(corners[faces].ravel()) - np.sort(ring().triangles.ravel())).max() < 0.002


def test_a_large_mesh_fits_into_a_megabyte_and_keeps_its_shape() -> None:
    fine = ring(800, 400)
    data = preview(fine)
    corners, faces = unpacked(data)
    assert len(data) <= 1_000_000
    assert len(faces) > 20_000
    assert corners.max(axis=0) == pytest.approx(fine.bounds[1], abs=0.5)
    coarse = Mesh(corners[faces].astype(np.float32))
    from designs.check.edges import volume

    assert volume(coarse.triangles) == pytest.approx(volume(fine.triangles), rel=0.02)


def test_loose_triangles_fit_too() -> None:
    soup = np.random.default_rng(1).uniform(0, 100, (60_000, 3, 3)).astype(np.float32)
    assert len(preview(Mesh(soup))) <= 1_000_000

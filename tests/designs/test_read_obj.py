"""OBJ: corners and faces in all their spellings."""

from pathlib import Path

import numpy as np
import pytest

from designs.errors import Refused
from designs.limits import Limits
from designs.read import read

SQUARE = "v 0 0 0\nv 10 0 0\nv 10 10 0 1.0\nv 0 10 0 0.5 0.5 0.5\n"


def read_text(folder: Path, text: str, **limits: int) -> np.ndarray:
    """The triangles of an OBJ file with this text."""
    (folder / "piece.obj").write_text(text)
    return read(folder / "piece.obj", limits=Limits(**limits)).triangles


@pytest.mark.parametrize(
    "faces",
    [
        "f 1 2 3\nf 1 3 4",
        "f 1 2 3 4",
        "f -4 -3 -2 -1",
        "f 1/1 2/2 3/3 4/4\n",
        "f 1//1 2//1 3//1 4//1",
        "# a comment\no name\nvn 0 0 1\nvt 0 0\nusemtl red\nf\t1/1/1\t2/2/1 3/3/1 4/4/1",
    ],
)
def test_faces_are_read(tmp_path: Path, faces: str) -> None:
    expected = [[[0, 0, 0], [10, 0, 0], [10, 10, 0]], [[0, 0, 0], [10, 10, 0], [0, 10, 0]]]
    assert read_text(tmp_path, SQUARE + faces).tolist() == expected


def test_corners_may_follow_faces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("designs.read.obj.LINES_AT_ONCE", 20)
    text = SQUARE + "f 1 2 3\nv 0 0 9\nf -1 1 2\n"
    assert read_text(tmp_path, text)[1].tolist() == [[0, 0, 9], [0, 0, 0], [10, 0, 0]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hello\n", "no_triangles"),
        (SQUARE, "no_triangles"),
        (SQUARE + "f 1 2", "no_triangles"),
        (SQUARE + "f 1 2 5", "bad_index"),
        (SQUARE + "f 0 1 2", "bad_index"),
        (SQUARE + "f -5 1 2", "bad_index"),
        (SQUARE + "f 1 2 99999999999999999999", "bad_index"),
        (SQUARE + "f a b c", "not_understood"),
        ("v 1,5 0 0\n" + SQUARE, "not_understood"),
        ("v 1 2\n" + SQUARE, "not_understood"),
        (SQUARE.replace("10", "nan") + "f 1 2 3", "not_a_number"),
        ("<html>", "wrong_kind"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_text(tmp_path, text)
    assert refused.value.code == code


def test_limits_are_ours(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="more than 1 triangles"):
        read_text(tmp_path, SQUARE + "f 1 2 3 4", triangles=1)
    with pytest.raises(Refused):
        read_text(tmp_path, SQUARE + "#" * 2000, line_bytes=1000)

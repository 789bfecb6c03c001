"""`python -m designs`: keys, sentences, exit status."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from designs.__main__ import main
from tests.designs.shapes import box


@pytest.fixture
def piece(tmp_path: Path) -> Path:
    """A box as a file."""
    box().write_stl(tmp_path / "box.stl")
    return tmp_path / "box.stl"


def test_check_prints_a_line_of_json_for_each_file(piece: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", str(piece), str(piece)]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 2
    assert rows[0] == {
        "file": str(piece),
        "triangles": 12,
        "size_mm": [20, 20, 20],
        "volume_mm3": 8000,
        "watertight": True,
        "oriented": True,
        "bodies": 1,
        "problems": [],
    }


def test_a_refused_file_is_one_sentence_and_status_two(
    piece: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = piece.with_name("empty.stl")
    empty.touch()
    assert main(["check", str(empty), str(piece)]) == 2
    out, err = capsys.readouterr()
    assert "volume_mm3: 8000" in out
    assert err == f"{empty}: The file is empty; please export it again.\n"


def test_a_missing_file_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", str(tmp_path / "nowhere.stl")]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "no_file"


def test_thumbnail_and_preview_write_where_they_are_told(piece: Path, tmp_path: Path) -> None:
    assert main(["thumbnail", str(piece), "-o", str(tmp_path / "a.png"), "--size", "64"]) == 0
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert main(["preview", str(piece)]) == 0
    assert piece.with_suffix(".mlp").read_bytes().startswith(b"MLP1")


def test_several_files_go_into_a_directory(piece: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.stl"
    box().write_stl(other)
    assert main(["preview", str(piece), str(other), "-o", str(tmp_path / "new")]) == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"box.mlp", "other.mlp"}


def test_help_and_check_import_nothing_heavy(piece: Path) -> None:
    script = (
        "import sys; from designs.__main__ import main; status = main(['check', sys.argv[1]]);"
        "sys.exit(status or any(name in sys.modules for name in ('numba', 'scipy', 'trimesh', 'PIL')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(piece)], cwd=Path(__file__).parents[2], check=False
    )
    assert done.returncode == 0

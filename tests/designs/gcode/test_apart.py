"""The planner in a child process: the same figures, and no compiler stays in the process that asks."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from designs import gcode
from designs.errors import Refused
from designs.gcode import apart
from designs.profiles import load

LINES = "M83\n;LAYER_CHANGE\n;TYPE:Perimeter\n" + "".join(
    f"G1 X{k % 200} Y{k % 180} E0.5 F1800\n" for k in range(400)
)
HEAVY = ("numba", "llvmlite", "scipy")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "plate.gcode").write_text(LINES)
    return tmp_path / "plate.gcode"


def test_the_child_plans_as_we_do(file: Path) -> None:
    here = gcode.time(file, load().machine())
    assert apart.layer_seconds(file, load().machine()) == (here.by_layer.tolist(), here.by_feature)


def test_the_child_weighs_as_we_do(file: Path) -> None:
    material = load().material()
    assert apart.filament_until(file, 3000, material) == gcode.filament_until(file, 3000, material) > 0


def test_a_file_that_is_gone_is_said_to_be_gone(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        apart.filament_until(tmp_path / "gone.gcode", 1, load().material())


def test_a_child_without_time_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "SECONDS", 0)
    with pytest.raises(Refused, match="took too long"):
        apart.layer_seconds(file, load().machine())


def test_no_compiler_stays_where_it_was_asked(file: Path) -> None:
    asks = (
        "import json, sys; from pathlib import Path; from designs.gcode import apart;"
        "from designs.profiles import load; from designs.arrange import arrange;"
        "apart.layer_seconds(Path(sys.argv[1]), load().machine());"
        f"print(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", asks, file], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []

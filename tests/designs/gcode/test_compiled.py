"""Machine code is kept between processes, also where the installation cannot be written; never when stale."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import designs

FILE = "G1 X100 F6000\n"
PLAN = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np
from designs.gcode.planner import _seconds
seconds = _seconds(100.0, 0.0, 50.0, 0.0, 1000.0)
print(seconds, sum(_seconds.stats.cache_hits.values()))
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A copy of the library in a directory that can be read only, as root too: a file stands where the
    cache would."""
    home = tmp_path / "site"
    shutil.copytree(
        Path(designs.__file__).parent, home / "designs", ignore=shutil.ignore_patterns("__pycache__")
    )
    (home / "designs/gcode/__pycache__").write_text("no directory")
    return home


def run(home: Path, cache: Path | None) -> tuple[float, int]:
    """The seconds of one trapezoid, and how often its machine code came from the cache."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA", "XDG", "HOME"))}
    if cache is not None:
        env["XDG_CACHE_HOME"] = str(cache)
    words = [sys.executable, "-B", "-I", "-c", PLAN, str(home)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=env)
    seconds, hits = done.stdout.split()
    return float(seconds), int(hits)


def test_a_read_only_installation_keeps_its_code_in_the_cache_of_the_person(
    installed: Path, tmp_path: Path
) -> None:
    assert run(installed, tmp_path / "cache")[1] == 0
    assert run(installed, tmp_path / "cache")[1] == 1


def test_without_any_place_it_still_works(installed: Path) -> None:
    assert run(installed, None) == (2.05, 0)


def test_changed_sources_are_compiled_anew(installed: Path, tmp_path: Path) -> None:
    """Also where only another file of the package changed, and where its date says nothing."""
    before, _ = run(installed, tmp_path / "cache")
    source = installed / "designs/gcode/planner.py"
    dates = source.stat()
    source.write_text(
        source.read_text()
        .replace("peak = max(peak", "peak =  max(peak")
        .replace("/ cruise)", "/ cruise) + 1")
    )
    os.utime(source, ns=(dates.st_atime_ns, dates.st_mtime_ns))
    after, hits = run(installed, tmp_path / "cache")
    assert (after, hits) == (before + 1, 0)

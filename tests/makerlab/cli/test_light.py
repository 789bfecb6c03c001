"""What a process holds that lives long: nothing heavy that only a few moments of its day need."""

import json
import subprocess
import sys

import pytest

HEAVY = (
    "numba", "llvmlite", "scipy", "trimesh", "stl", "spyrrow", "reportlab", "openpyxl", "xlsxwriter",
    "apprise",
)  # fmt: skip
NOT_TO_WAIT = (*HEAVY, "flask", "flask_security", "numpy", "PIL", "sqlalchemy.orm", "makerlab.models")


def held(module: str, among: tuple[str, ...]) -> list[str]:
    asks = f"import json, sys, {module}; print(json.dumps([name for name in {among} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("process", ["serve", "work"])
def test_it_starts_without_what_is_heavy(process: str) -> None:
    assert held(f"makerlab.cli.{process}", HEAVY) == []


def test_who_waits_for_plates_holds_neither_tables_nor_pages() -> None:
    assert held("makerlab.cli.slicing", NOT_TO_WAIT) == []

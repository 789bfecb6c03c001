from collections.abc import Callable
from pathlib import Path

import pytest

from designs.profiles import Machine, load


@pytest.fixture
def machine() -> Machine:
    return load().machine("prusa-mk3s")


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """A maker of G-code files."""

    def make(text: str | bytes) -> Path:
        path = tmp_path / "file.gcode"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return make

"""Shapes and files that the tests of the geometry library share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.designs import shapes

WriteFile = Callable[..., Path]


@pytest.fixture
def model_file(tmp_path: Path) -> WriteFile:
    """Write a 3MF file: `model` is its XML, or `parts` all its entries."""

    def write(model: str = "", *, name: str = "piece.3mf", parts: dict[str, str] | None = None) -> Path:
        return shapes.write_3mf(tmp_path / name, parts or {"3D/3dmodel.model": model})

    return write

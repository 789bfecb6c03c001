"""Problems of a form that can be drawn on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from designs.check.marks import CODES, marks
from designs.read import read
from makerlab.catalog import words


@dataclass(frozen=True, slots=True)
class Drawn:
    """A kind of mark, for the legend. `code` is one of designs.check.marks.CODES."""

    code: str
    word: str


def drawn(report: Mapping[str, Any]) -> list[Drawn]:
    """The kinds of marks that this form has, in the order of the file; empty: nothing to draw."""
    said = {one.code: one.word for one in words.problems(report)}
    return [Drawn(code, said[code]) for code in CODES if code in said]


def marked(mesh: Path) -> bytes:
    """The marks of one of our own clean meshes as a file (half a second for a million triangles)."""
    return marks(read(mesh, kind="stl")).packed()

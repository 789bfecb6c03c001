"""A small cube as files of all kinds, and designs made of it."""

import io
from collections.abc import Callable
from datetime import datetime

import numpy as np
import pytest
from sqlalchemy.orm import Session

from designs.mesh import STL_RECORD
from makerlab.catalog.actions import submit_design
from makerlab.catalog.intake import TakenIn, take_in
from makerlab.catalog.models import Revision
from makerlab.catalog.printing import PrintSettings
from makerlab.core.settings import Settings
from makerlab.people.models import Account
from tests.makerlab.conftest import Cast

CORNERS = np.array([[x, y, z] for z in (0, 1) for y in (0, 1) for x in (0, 1)], np.float32)
FACES = np.array(
    [
        (0, 2, 1), (1, 2, 3), (4, 5, 6), (5, 7, 6), (0, 1, 4), (1, 5, 4),
        (2, 6, 3), (3, 6, 7), (0, 4, 2), (2, 4, 6), (1, 3, 5), (3, 7, 5),
    ]
)  # fmt: skip


def stl(*edges_mm: float) -> bytes:
    """A binary STL of a box with these edges (one: a cube)."""
    edges = np.array(edges_mm * 3 if len(edges_mm) == 1 else edges_mm, np.float32)
    records = np.zeros(len(FACES), STL_RECORD)
    records["corners"] = (CORNERS * edges)[FACES]
    return b"\0" * 80 + np.uint32(len(FACES)).tobytes() + records.tobytes()


def ascii_stl(edge_mm: float) -> bytes:
    """The same cube as text."""
    facets = []
    for corners in (CORNERS * edge_mm)[FACES]:
        loop = "".join(f"vertex {x} {y} {z}\n" for x, y, z in corners)
        facets.append(f"facet normal 0 0 0\nouter loop\n{loop}endloop\nendfacet\n")
    return ("solid cube\n" + "".join(facets) + "endsolid cube\n").encode()


@pytest.fixture(scope="session")
def taken_once(tmp_path_factory: pytest.TempPathFactory) -> TakenIn:
    """What becomes of a cube of 20 mm; its files lie in a store that no test needs."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("taken"))
    return take_in(io.BytesIO(stl(20)), "cube.stl", PrintSettings(), settings=settings)


Submit = Callable[..., Revision]


@pytest.fixture
def submit(session: Session, cast: Cast, now: datetime, taken_once: TakenIn) -> Submit:
    """A design of a name, submitted by Fatma."""

    def submitted(name: str = "Würfel", by: Account | None = None, **more: object) -> Revision:
        revision = submit_design(session, taken_once, name=name, by=by or cast.fatma, now=now, **more)  # type: ignore[arg-type]
        session.commit()
        return revision

    return submitted


Upload = Callable[..., dict[str, object]]


@pytest.fixture
def upload_form() -> Upload:
    """The fields of the upload page, with a file."""

    def fields(data: bytes, name: str = "cube.stl", **more: object) -> dict[str, object]:
        return {
            "file": (io.BytesIO(data), name), "name": "Würfel", "partner_id": "0", "story": "", "tags": "",
            "process_key": "0.20", "material_key": "pla", "note": "", **more,
        }  # fmt: skip

    return fields

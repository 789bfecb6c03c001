"""A repaired copy is offered with its check, and becomes a revision only when somebody says so."""

from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.mesh import Mesh
from makerlab.catalog.models import Design, Revision
from makerlab.catalog.queries import state_of
from makerlab.catalog.states import RevisionState
from tests.designs.shapes import ring
from tests.makerlab.catalog.conftest import Submit, Upload
from tests.makerlab.conftest import Cast, SignIn


@pytest.fixture
def holed(cast: Cast, sign_in: SignIn, upload_form: Upload, tmp_path: Path, session: Session) -> int:
    """The id of a revision with two small holes, uploaded by Fatma."""
    whole = ring(120, 60)
    Mesh(np.delete(whole.triangles, [5, 900], axis=0)).write_stl(tmp_path / "ring.stl")
    data = upload_form((tmp_path / "ring.stl").read_bytes(), "ring.stl")
    assert sign_in(cast.fatma).post("/katalog/neu", data=data).status_code == 303
    id_ = session.scalars(sa.select(Revision.id)).one()
    session.rollback()
    return id_


def revisions(session: Session) -> list[Revision]:
    found = session.scalars(sa.select(Design).execution_options(populate_existing=True)).one()
    session.expire_all()
    return list(found.revisions)


def test_the_page_of_the_design_offers_a_repair_and_changes_nothing(
    holed: int, cast: Cast, sign_in: SignIn, session: Session
) -> None:
    client = sign_in(cast.fatma)
    assert "Reparatur ansehen" in client.get("/katalog/1").text
    page = client.get(f"/katalog/fassung/{holed}/reparatur").text
    assert "2 kleine Löcher sind geschlossen." in page
    assert "Offene Stellen" in page
    assert "Die Form ist geschlossen und druckbar." in page
    assert len(revisions(session)) == 1


def test_the_repaired_file_can_be_looked_at_elsewhere_first(holed: int, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.fatma).get(f"/katalog/fassung/{holed}/reparatur/datei")
    assert answer.headers["Content-Disposition"] == "attachment; filename=ring-repariert.stl"
    assert int.from_bytes(answer.data[80:84], "little") == len(ring(120, 60))


def test_taken_over_it_is_a_new_revision_that_waits_for_its_review(
    holed: int, cast: Cast, sign_in: SignIn, session: Session
) -> None:
    answer = sign_in(cast.boris).post(f"/katalog/fassung/{holed}/reparatur", data={"seen": "1"})
    assert answer.status_code == 303
    old, new = revisions(session)
    assert (new.number, new.file_name, new.submitted_by.name) == (2, "ring-repariert.stl", "Boris")
    assert (new.process, new.report["watertight"]) == (old.process, True)
    assert state_of(new) is RevisionState.WAITING
    again = sign_in(cast.boris).post(f"/katalog/fassung/{holed}/reparatur", data={"seen": "1"})
    assert again.status_code == 409


def test_what_has_no_such_problem_gets_no_offer(cast: Cast, sign_in: SignIn, submit: Submit) -> None:
    submit()
    assert "Reparatur ansehen" not in sign_in(cast.fatma).get("/katalog/1").text

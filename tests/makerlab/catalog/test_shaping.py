"""Forms that came before their figures get them from the worker, one a turn."""

import io

import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.shape import same
from makerlab.catalog.models import Revision
from makerlab.catalog.shaping import ShapeRound
from makerlab.core.database import make_engine, make_session_factory
from makerlab.core.files import FileStore
from makerlab.core.settings import Settings
from tests.makerlab.catalog.conftest import Submit, Upload, stl
from tests.makerlab.conftest import Cast, SignIn


def test_an_old_form_gets_its_figures_and_a_lost_file_stops_nobody(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit, upload_form: Upload, settings: Settings
) -> None:
    lost = submit("Ohne Datei")  # its mesh lies in another store
    sign_in(cast.fatma).post(
        "/katalog/neu", data={**upload_form(b""), "file": (io.BytesIO(stl(20, 30, 40)), "a.stl")}
    )
    kept = session.scalars(sa.select(Revision).where(Revision.id != lost.id)).one()
    had = kept.shape or []
    session.execute(sa.update(Revision).values(triangles=None, shape=None))
    session.commit()
    engine = make_engine(settings)
    work = ShapeRound(make_session_factory(engine), FileStore(settings.files_dir))
    for _turn in range(3):
        work()
    engine.dispose()
    session.refresh(kept)
    session.refresh(lost)
    assert kept.triangles == 12
    assert same(had, kept.shape or [])
    assert lost.triangles is None

"""The worker's round that works out the figures of forms that came before there were any."""

import sqlalchemy as sa

from designs.read import read
from designs.shape import shape
from makerlab.catalog.models import Revision
from makerlab.core.database import SessionFactory, reading
from makerlab.core.files import FileStore
from makerlab.core.logs import log


class ShapeRound:
    """One revision a turn, the oldest first; see `designs.shape`."""

    def __init__(self, factory: SessionFactory, files: FileStore) -> None:
        self.factory, self.files = factory, files
        self._after = 0  # revisions up to here are done, or broken until the worker starts again

    def __call__(self) -> None:
        wanted = sa.select(Revision.id, Revision.mesh_sha256).where(
            Revision.triangles.is_(None), Revision.id > self._after
        )
        with reading(), self.factory() as session:
            row = session.execute(wanted.order_by(Revision.id).limit(1)).one_or_none()
        if row is None:
            return
        self._after = row.id
        try:
            mesh = read(self.files.path(row.mesh_sha256), kind="stl")  # with no transaction open
            figures = shape(mesh)
        except Exception as error:  # noqa: BLE001 (one broken file must not keep the others waiting)
            log.error("form failed", revision=row.id, exc_info=error)
            return
        with self.factory.begin() as session:
            here = sa.update(Revision).where(Revision.id == row.id)
            session.execute(here.values(triangles=len(mesh), shape=figures))

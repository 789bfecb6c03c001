"""The worker's round that draws pictures no request should wait for."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from makerlab.catalog.models import Picture, Review, Revision
from makerlab.catalog.pictures import rendered
from makerlab.catalog.states import Verdict
from makerlab.core.database import SessionFactory, reading
from makerlab.core.files import FileStore
from makerlab.core.logs import log
from makerlab.materials.models import Colour, Spool

Pair = tuple[int, int]  # revision_id, colour_id


class PictureRound:
    """Draws what approved revisions lack in the colours the lab has of their material, one picture a turn."""

    def __init__(self, factory: SessionFactory, files: FileStore) -> None:
        self.factory, self.files = factory, files
        self._broken: set[Pair] = set()  # tried again when the worker starts again

    def __call__(self) -> None:
        with reading(), self.factory() as session:
            pairs = missing(session, most=len(self._broken) + 1)
            pair = next((pair for pair in pairs if pair not in self._broken), None)
            if pair is None:
                return
            revision, colour = session.get_one(Revision, pair[0]), session.get_one(Colour, pair[1])
        try:
            sha256 = rendered(revision, colour, self.files)  # a second or more, with no transaction open
        except Exception as error:  # noqa: BLE001 (one broken file must not keep the others waiting)
            self._broken.add(pair)
            log.error("picture failed", revision=pair[0], colour=pair[1], exc_info=error)
            return
        self._keep(pair, sha256)

    def _keep(self, pair: Pair, sha256: str) -> None:
        try:
            with self.factory.begin() as session:
                session.add(Picture(revision_id=pair[0], colour_id=pair[1], sha256=sha256))
        except IntegrityError:  # drawn by another process meanwhile: the same picture
            log.info("picture was there", revision=pair[0], colour=pair[1])


def missing(session: Session, *, most: int) -> list[Pair]:
    """Pictures that are not there, of the newest revisions first."""
    approved = sa.exists().where(
        Review.revision_id == Revision.id,
        Review.verdict == Verdict.APPROVED,
        Review.fingerprint == Revision.fingerprint,
    )
    there = sa.exists().where(Picture.revision_id == Revision.id, Picture.colour_id == Spool.colour_id)
    query = (
        sa.select(Revision.id, Spool.colour_id)
        .join(Spool, sa.and_(Spool.material == Revision.material, Spool.emptied_at.is_(None)))
        .where(approved, ~there)
        .distinct()
        .order_by(Revision.id.desc(), Spool.colour_id)
        .limit(most)
    )
    return [(revision_id, colour_id) for revision_id, colour_id in session.execute(query)]

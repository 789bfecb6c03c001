"""Pictures of a revision in its colours, under their hash like every file."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from designs.read import read
from designs.thumbnail import parse_colour, render
from makerlab.catalog.models import Picture, Revision
from makerlab.core.files import FileStore
from makerlab.materials.models import Colour

EDGE_PX = 800


def picture_in(session: Session, revision: Revision, colour: Colour, files: FileStore) -> str:
    """The SHA-256 of the picture in this colour, rendered once and kept (about a second of work)."""
    wanted = sa.select(Picture).where(Picture.revision_id == revision.id, Picture.colour_id == colour.id)
    if found := session.scalar(wanted):
        return found.sha256
    sha256 = files.put_bytes(_rendered(revision, colour, files))
    try:
        with session.begin_nested():
            session.add(Picture(revision_id=revision.id, colour_id=colour.id, sha256=sha256))
    except IntegrityError:  # rendered by another process at the same moment
        return session.scalars(wanted).one().sha256
    session.expire(revision, ["pictures"])
    return sha256


def _rendered(revision: Revision, colour: Colour, files: FileStore) -> bytes:
    mesh = read(files.path(revision.mesh_sha256), kind="stl")
    open_surface = not revision.report.get("watertight", False)
    return render(mesh, size=EDGE_PX, colour=parse_colour(colour.hex), two_sided=open_surface)


def picture_of(revision: Revision, colour: Colour | None = None) -> str:
    """The SHA-256 of the picture in this colour where there is one, else of the revision's own."""
    if colour is not None:
        for picture in revision.pictures:
            if picture.colour_id == colour.id:
                return picture.sha256
    return revision.picture_sha256

"""Pictures of a revision in its colours, under their hash like every file; and light ones for the screens."""

import os
import tempfile
from pathlib import Path

import sqlalchemy as sa
from PIL import Image
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from designs.read import read
from designs.thumbnail import parse_colour, render
from makerlab.catalog.models import Picture, Revision
from makerlab.core.files import FileStore
from makerlab.materials.models import Colour

EDGE_PX = 800
WIDTHS = (320, EDGE_PX)  # px of the WebP pictures; templates/_ui.html writes the same
QUALITY, ALPHA_QUALITY = 70, 85  # of WebP; with less alpha the soft shadow shows steps


def picture_in(session: Session, revision: Revision, colour: Colour, files: FileStore) -> str:
    """The SHA-256 of the picture in this colour, rendered once and kept (about a second of work)."""
    wanted = sa.select(Picture).where(Picture.revision_id == revision.id, Picture.colour_id == colour.id)
    if found := session.scalar(wanted):
        return found.sha256
    sha256 = rendered(revision, colour, files)
    try:
        with session.begin_nested():
            session.add(Picture(revision_id=revision.id, colour_id=colour.id, sha256=sha256))
    except IntegrityError:  # rendered by another process at the same moment
        return session.scalars(wanted).one().sha256
    session.expire(revision, ["pictures"])
    return sha256


def rendered(revision: Revision, colour: Colour, files: FileStore) -> str:
    """Draw the picture and put it into the store; asks nothing of the database. The SHA-256."""
    mesh = read(files.path(revision.mesh_sha256), kind="stl")
    open_surface = not revision.report.get("watertight", False)
    shade = parse_colour(colour.hex)
    return files.put_bytes(render(mesh, size=EDGE_PX, colour=shade, two_sided=open_surface))


def picture_of(revision: Revision, colour: Colour | None = None) -> str:
    """The SHA-256 of the picture in this colour where there is one, else of the revision's own."""
    if colour is not None:
        for picture in revision.pictures:
            if picture.colour_id == colour.id:
                return picture.sha256
    return revision.picture_sha256


def light(sha256: str, width: int, files: FileStore, folder: Path) -> Path:
    """The picture as WebP, at most `width` px wide, made once; `folder` may be lost any time."""
    kept = folder / sha256[:2] / f"{sha256[2:]}-{width}.webp"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        _make(files.path(sha256), kept, width)
    return kept


def _make(source: Path, target: Path, width: int) -> None:
    """Written beside and renamed: a whole file or none, also when two processes make it at once."""
    handle, name = tempfile.mkstemp(prefix=".new-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file, Image.open(source) as picture:
            effort = 4 if width == EDGE_PX else 6  # slower and smaller; large ones are fewer
            picture.thumbnail((width, width), Image.Resampling.LANCZOS)
            picture.save(file, "WEBP", quality=QUALITY, alpha_quality=ALPHA_QUALITY, method=effort)
        Path(name).rename(target)
    finally:
        Path(name).unlink(missing_ok=True)

"""The files behind a design: pictures, the form for the 3D view, marks, what was uploaded."""

from pathlib import Path

import sqlalchemy as sa
from flask import Response, request, send_file

from makerlab.catalog import pictures
from makerlab.catalog.blueprint import ID, blueprint, get_revision
from makerlab.catalog.marking import marked
from makerlab.catalog.models import Collection, Making, Part, Photo, Picture, Revision
from makerlab.core.access import STAFF, Role, allow
from makerlab.core.database import db
from makerlab.core.errors import NotFound
from makerlab.core.language import _
from makerlab.core.web import file_store, settings

FOR_EVER = 31_536_000  # seconds; what stands under its hash never changes


@blueprint.get("/bilder/<sha256>")
@allow(*Role)
def picture(sha256: str) -> Response:
    """A picture that the catalogue knows, to be kept for ever; `?w=320` or `?w=800`: light, as WebP."""
    known = sa.union_all(
        sa.select(Revision.id).where(Revision.picture_sha256 == sha256),
        *(sa.select(kind.id).where(kind.sha256 == sha256) for kind in (Picture, Photo, Making, Collection)),
        sa.select(Part.id).where(Part.picture_sha256 == sha256),
    )
    if db.session.scalar(known.limit(1)) is None:
        raise _no_file()
    return serve_picture(sha256)


def serve_picture(sha256: str) -> Response:
    """A picture that the person may see, whole or light as the query asks."""
    if sha256 not in file_store():
        raise _no_file()
    if "w" not in request.args:
        path = file_store().path(sha256)
        return _for_ever(send_file(path, _kind_of(path), max_age=FOR_EVER, etag=sha256))
    width = request.args.get("w", type=int)
    if width not in pictures.WIDTHS:
        raise _no_file()
    small = pictures.light(sha256, width, file_store(), settings().data_dir / "pictures")
    return _for_ever(send_file(small, "image/webp", max_age=FOR_EVER, etag=f"{sha256}-{width}"))


@blueprint.get(f"/katalog/fassung/<{ID}:revision_id>/form")
@allow(*Role)
def preview(revision_id: int) -> Response:
    """The coarse mesh for the 3D view; its format stands in `designs.preview`."""
    sha256 = get_revision(revision_id).preview_sha256
    if sha256 not in file_store():
        raise _no_file()
    response = send_file(file_store().path(sha256), "application/octet-stream", max_age=FOR_EVER, etag=sha256)
    return _for_ever(response)


@blueprint.get(f"/katalog/fassung/<{ID}:revision_id>/stellen")
@allow(*STAFF)
def marks(revision_id: int) -> Response:
    """Where the problems of the form are; the format stands in `designs.check.marks`."""
    sha256 = get_revision(revision_id).mesh_sha256
    if sha256 not in file_store():
        raise _no_file()
    return _for_ever(Response(marked(file_store().path(sha256)), mimetype="application/octet-stream"))


@blueprint.get(f"/katalog/fassung/<{ID}:revision_id>/datei")
@allow(Role.INSTRUCTOR, Role.LIAISON)
def download(revision_id: int) -> Response:
    """The file as it was uploaded."""
    revision = get_revision(revision_id)
    if revision.file_sha256 not in file_store():
        raise _no_file()
    return send_file(
        file_store().path(revision.file_sha256),
        "application/octet-stream",
        as_attachment=True,
        download_name=revision.file_name,
    )


def _kind_of(path: Path) -> str:
    """Drawn pictures are PNG, photos are JPEG: all of them our own."""
    with path.open("rb") as file:
        return "image/jpeg" if file.read(2) == b"\xff\xd8" else "image/png"


def _for_ever(response: Response) -> Response:
    """Kept by the browser of the person signed in, not by anything between."""
    cache = response.cache_control
    cache.no_cache, cache.public = None, False
    cache.private, cache.immutable, cache.max_age = True, True, FOR_EVER
    return response


def _no_file() -> NotFound:
    return NotFound(_("Diese Datei gibt es nicht."), way_out=_("Gehen Sie zurück zum Katalog."))

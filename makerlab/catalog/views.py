"""The page of one design, and the files behind it; the wall of all stands in `catalog.wall.page`."""

import sqlalchemy as sa
from flask import Response, render_template, request, send_file

from designs.profiles import Profiles, load
from makerlab.catalog import browsing, pictures, words
from makerlab.catalog.blueprint import ID, blueprint, get_design, get_revision
from makerlab.catalog.costing import costs
from makerlab.catalog.marking import drawn, marked
from makerlab.catalog.models import Design, Picture, Revision
from makerlab.catalog.queries import state_of
from makerlab.core.access import STAFF, Role, allow
from makerlab.core.database import db
from makerlab.core.errors import NotFound
from makerlab.core.language import _
from makerlab.core.web import file_store, settings

FOR_EVER = 31_536_000  # seconds; what stands under its hash never changes


def print_settings(revision: Revision, profiles: Profiles) -> list[tuple[str, str]]:
    """Label and value of each setting, for `ui.facts`."""
    process = profiles.processes.get(revision.process)
    material = profiles.materials.get(revision.material)
    return [
        (_("Druckart"), process.name if process else revision.process),
        (_("Material"), material.name if material else revision.material),
        (_("Stützen"), _("ja") if revision.supports else _("nein")),
    ]


@blueprint.get(f"/katalog/<{ID}:design_id>")
@allow(*STAFF)
def design(design_id: int) -> str:
    """One design; `fassung` chooses the revision, else the newest."""
    row = get_design(design_id)
    card = browsing.card_of(row)
    revision = _chosen(row)
    profiles = load(settings().profiles_dir)
    return render_template(
        "catalog/design.html",
        design=row,
        card=card,
        revision=revision,
        history=[
            (one, words.STATES[state_of(one, newest=one is card.newest)]) for one in reversed(row.revisions)
        ],
        state=words.STATES[state_of(revision, newest=revision is card.newest)],
        problems=words.problems(revision.report),
        marks=drawn(revision.report),
        costs=costs(revision, profiles),
        sources=words.SOURCES,
        print_settings=print_settings(revision, profiles),
        verdicts=words.VERDICTS,
        currency=settings().currency,
    )


def _chosen(row: Design) -> Revision:
    number = request.args.get("fassung", type=int)
    if number is None:
        return row.revisions[-1]
    for revision in row.revisions:
        if revision.number == number:
            return revision
    raise NotFound(_("Diese Fassung gibt es nicht."), way_out=_("Wählen Sie eine aus der Liste."))


@blueprint.get("/bilder/<sha256>")
@allow(*Role)
def picture(sha256: str) -> Response:
    """A picture that the catalogue knows, to be kept for ever; `?w=320` or `?w=800`: light, as WebP."""
    known = sa.union_all(
        sa.select(Revision.id).where(Revision.picture_sha256 == sha256),
        sa.select(Picture.id).where(Picture.sha256 == sha256),
    )
    if db.session.scalar(known.limit(1)) is None or sha256 not in file_store():
        raise _no_file()
    if "w" not in request.args:
        return _for_ever(send_file(file_store().path(sha256), "image/png", max_age=FOR_EVER, etag=sha256))
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


def _for_ever(response: Response) -> Response:
    """Kept by the browser of the person signed in, not by anything between."""
    cache = response.cache_control
    cache.no_cache, cache.public = None, False
    cache.private, cache.immutable, cache.max_age = True, True, FOR_EVER
    return response


def _no_file() -> NotFound:
    return NotFound(_("Diese Datei gibt es nicht."), way_out=_("Gehen Sie zurück zum Katalog."))

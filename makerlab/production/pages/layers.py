"""The layers of a plate: what the nozzle draws, one after the other, and how long each takes."""

from flask import Response, jsonify, render_template, send_file, url_for

from designs.errors import DesignError
from designs.profiles import load
from makerlab.core.access import Role, allow
from makerlab.core.errors import NotFound
from makerlab.core.language import _
from makerlab.core.web import file_store, settings
from makerlab.production.looking import layers_of, seconds_by_kind
from makerlab.production.models import Plate, Slice
from makerlab.production.pages.frame import ID, blueprint, found
from makerlab.production.pages.words import KINDS_OF_LINES
from makerlab.production.timing import PlateTimes, plate_times

PLATE = f"/platten/<{ID}:plate_id>"
READERS = (Role.INSTRUCTOR, Role.LIAISON)  # whoever may have the files of a design
FOR_EVER = 31_536_000  # seconds; the address holds the slice's key, and a slice never changes


@blueprint.get(f"{PLATE}/schichten")
@allow(*READERS)
def layers(plate_id: int) -> str:
    """The page with the slider."""
    plate = found(Plate, plate_id)
    drawn, _path = layers_of(_sliced(plate), file_store())
    times = _times(plate.slice)
    return render_template(
        "production/layers.html", plate=plate, drawn=drawn, lines=KINDS_OF_LINES,
        by_kind=seconds_by_kind(times.by_feature) if times else {}, total_s=times.total_s if times else None,
        gcode_url=url_for(".layers_gcode", plate_id=plate_id, k=plate.slice_key[:12]),
        times_url=url_for(".layers_times", plate_id=plate_id, k=plate.slice_key[:12]),
    )  # fmt: skip


@blueprint.get(f"{PLATE}/schichten.gcode")
@allow(*READERS)
def layers_gcode(plate_id: int) -> Response:
    """The lines to draw (designs.gcode.drawing), always gzipped."""
    _drawn, path = layers_of(_sliced(found(Plate, plate_id)), file_store())
    response = send_file(path, "text/plain", max_age=FOR_EVER)
    response.content_encoding = "gzip"
    return _kept(response)


@blueprint.get(f"{PLATE}/schichten.json")
@allow(*READERS)
def layers_times(plate_id: int) -> Response:
    """For each layer that is drawn: its number, height (mm) and seconds (null where nobody could plan it)."""
    plate = found(Plate, plate_id)
    drawn, _path = layers_of(_sliced(plate), file_store())
    times = _times(plate.slice)
    by_layer = times.by_layer if times else []
    rows = [
        {"number": number, "z": height, "s": by_layer[number] if number < len(by_layer) else None}
        for number, height in zip(drawn.numbers, drawn.heights, strict=True)
    ]
    return _kept(jsonify(layers=rows, every=drawn.every))


def _sliced(plate: Plate) -> Slice:
    if plate.slice.gcode_sha256 is None or plate.slice.gcode_sha256 not in file_store():
        raise NotFound(
            _("Diese Platte ist noch nicht vorbereitet."), way_out=_("Gehen Sie zurück zum Auftrag.")
        )
    return plate.slice


def _times(slice_: Slice) -> PlateTimes | None:
    """The planner's seconds; None where the machine is unknown by now or the file cannot be planned."""
    try:
        return plate_times(slice_, file_store(), load(settings().profiles_dir))
    except (DesignError, KeyError):
        return None


def _kept(response: Response) -> Response:
    """By the browser of the person signed in, not by anything between."""
    cache = response.cache_control
    cache.no_cache, cache.public, cache.private = None, False, True
    cache.immutable, cache.max_age = True, FOR_EVER
    return response

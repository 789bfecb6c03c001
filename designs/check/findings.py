"""From figures to sentences: what is wrong, and what it means for the print."""

from collections.abc import Iterator, Mapping

import numpy as np

from designs.check.bodies import Bodies
from designs.check.edges import Edges
from designs.mesh import Mesh
from designs.problems import Problem

DUST_MM = 0.4  # the line of a usual nozzle
FLAT_MM = 0.05  # thinner than the thinnest layer in use
METRES_BELOW = 0.5  # of the longest edge, in the unit of the file
INCHES_BELOW = 5.01
FAR_MM = 1000.0


def surface(seams: Edges, triangles: int, repeated: int) -> Iterator[Problem]:
    """Open, doubled, misdirected, touching, degenerate."""
    exported_twice = 4 * repeated > triangles
    if exported_twice:
        yield Problem(
            "doubled",
            "warning",
            f"{repeated} triangles are there twice; the object may have been exported twice.",
            {"triangles": repeated},
        )
    if seams.open:
        yield Problem(
            "open_edges",
            "warning",
            f"The surface is open at {seams.open} edges; holes may print as gaps or be closed.",
            {"edges": seams.open},
        )
    if seams.misdirected:
        yield Problem(
            "mixed_orientation",
            "warning",
            f"At {seams.misdirected} edges inside and outside are mixed up; walls may be missing.",
            {"edges": seams.misdirected},
        )
    if seams.crowded and not exported_twice:
        yield Problem(
            "touching_edges",
            "warning",
            f"The surface touches itself at {seams.crowded} edges; look at the sliced layers there.",
            {"edges": seams.crowded},
        )
    if seams.degenerate:
        yield Problem(
            "degenerate",
            "info",
            f"{seams.degenerate} of {triangles} triangles have no area; they do no harm.",
            {"triangles": seams.degenerate},
        )


def outside(turned: int, bodies: int) -> Iterator[Problem]:
    """Bodies that were inside out."""
    if turned and bodies == 1:
        yield Problem("inverted", "info", "The object was inside out; it has been turned.", {"bodies": 1})
    elif turned:
        words = f"{turned} of {bodies} bodies were inside out; they have been turned."
        yield Problem("inverted", "info", words, {"bodies": turned, "of": bodies})


def pieces(split: Bodies) -> Iterator[Problem]:
    """Bodies too small to be printed beside a large one."""
    dust = int((split.extent < DUST_MM).sum())
    if dust and split.extent.max() > 10 * DUST_MM:
        yield Problem(
            "dust",
            "warning",
            f"{dust} loose parts are smaller than {DUST_MM} mm; they will not print or leave blobs.",
            {"bodies": dust, "smaller_than_mm": DUST_MM},
        )


def dimensions(
    mesh: Mesh, volume: float, seams: Edges, volumes: Mapping[str, tuple[float, float, float]]
) -> Iterator[Problem]:
    """Flat, empty, tiny, in another unit, too large, far away."""
    size = mesh.size_mm
    yield from _unit(size)
    if max(size) >= METRES_BELOW and min(size) < FLAT_MM:
        yield Problem("flat", "error", "The object is flat; give it a thickness of at least one layer.")
    elif _is_empty(volume, size, seams):
        yield Problem("no_volume", "error", "The surface encloses nothing; give the walls a thickness.")
    if volumes and not any(_fits(size, box) for box in volumes.values()):
        yield Problem(
            "too_large",
            "error",
            f"At {_words(size)} mm the object fits no printer; please scale or divide it.",
            {"size_mm": list(size)},
        )
    yield from _place(mesh)


def _unit(size: tuple[float, float, float]) -> Iterator[Problem]:
    longest = max(size)
    if longest >= INCHES_BELOW:
        return
    unit, scale = ("metres", 1000.0) if longest < METRES_BELOW else ("inches", 25.4)
    scaled = tuple(edge * scale for edge in size)
    yield Problem(
        f"maybe_{unit}",
        "warning",
        f"At {longest:.3g} mm the object is tiny; was it drawn in {unit}? Then it has {_words(scaled)} mm.",
        {"scale": scale, "size_mm": list(size), "scaled_mm": list(scaled)},
    )


def _is_empty(volume: float, size: tuple[float, float, float], seams: Edges) -> bool:
    """No volume to speak of; an open surface also when it is only a sheet seen from one side."""
    box = float(np.prod(size))
    return abs(volume) <= 1e-9 * box or (seams.open > 0 and abs(volume) <= 1e-4 * box)


def _fits(size: tuple[float, ...], box: tuple[float, float, float]) -> bool:
    """In some position with its edges along the machine's axes."""
    return all(edge <= room for edge, room in zip(sorted(size), sorted(box), strict=True))


def _place(mesh: Mesh) -> Iterator[Problem]:
    low, high = mesh.bounds
    away = max(abs(one + two) / 2 for one, two in zip(low, high, strict=True))
    if away > FAR_MM:
        words = (
            f"The object lay {away / 1000:.3g} m from the origin; it has been moved to the middle of the bed."
        )
        yield Problem("far_away", "info", words, {"distance_mm": away})


def _words(size: tuple[float, ...]) -> str:
    return " × ".join(f"{edge:.4g}" for edge in size)

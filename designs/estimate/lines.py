"""What the nozzle draws in every layer, in millimetres, and how often it stops to travel."""

from dataclasses import dataclass, replace

import numpy as np

from designs.estimate.beads import bead_spacing
from designs.estimate.constants import Constants
from designs.estimate.sections import Floats
from designs.estimate.supports import Supports
from designs.estimate.survey import Survey
from designs.profiles.model import Process


@dataclass(frozen=True, slots=True)
class Lines:
    """Lengths per layer in mm (layers,) by what is drawn; `retractions` is a number; `fill` is the factor
    by which the regions' runs count, `spacing` the distance between neighbouring lines in mm."""

    outer: Floats
    inner: Floats
    slow_inner: Floats
    solid: Floats
    top: Floats
    bridge: Floats
    sparse: Floats
    skirt: Floats
    support: Floats
    interface: Floats
    retractions: Floats
    fill: Floats
    spacing: Floats
    top_spacing: float


def lines(survey: Survey, process: Process, c: Constants) -> Lines:
    """All lengths. The walls are exact to a part of a pixel, so they say how much area there is to fill."""
    walls, regions = survey.walls, survey.regions
    widths, height = process.widths, process.layer_mm
    spacing = np.full(len(walls.outer), bead_spacing(widths.solid, height))
    spacing[0] = bead_spacing(widths.first_layer, process.first_layer_mm)
    top_spacing = bead_spacing(widths.top, height)
    fill = np.clip(walls.core / np.maximum(regions.inside, 1e-9), 0, 1.5) * (regions.inside > 0)
    density = process.infill.density
    inner = c.inner * walls.inner
    sparse = c.sparse * regions.sparse.area + c.anchor * process.infill.anchor_mm * regions.sparse.width
    found = Lines(
        outer=c.outer * walls.outer,
        inner=inner * (1 - walls.small),
        slow_inner=inner * walls.small,
        solid=c.solid * fill * regions.solid.area / spacing,
        top=c.top * fill * regions.top.area / top_spacing,
        bridge=fill * (c.bridge * regions.bridge.area + c.open_bridge * regions.open_bridge.area) / spacing,
        sparse=fill * density * sparse / spacing,
        skirt=survey.skirt,
        support=_support(survey.supports, process, c),
        interface=c.interface * survey.supports.interface / _support_spacing(process, interface=True),
        retractions=_retractions(survey, c),
        fill=fill,
        spacing=spacing,
        top_spacing=top_spacing,
    )
    return _spiral(found, process.bottom_layers) if process.vase else found


def _spiral(found: Lines, bottom: int) -> Lines:
    """Above its bottom a vase is one wall that never stops."""
    closed = np.arange(len(found.outer)) < bottom
    drawn = ("inner", "slow_inner", "solid", "top", "bridge", "sparse", "retractions", "fill")
    return replace(found, **{name: getattr(found, name) * closed for name in drawn})


def _support(supports: Supports, process: Process, c: Constants) -> Floats:
    return c.support * supports.column / _support_spacing(process) + c.support_border * supports.border


def _support_spacing(process: Process, interface: bool = False) -> float:
    """From line to line: the gap that the process asks for, and the line itself."""
    s = process.supports
    gap = s.interface_spacing_mm if interface else s.spacing_mm
    return gap + bead_spacing(process.widths.support, process.layer_mm)


def _retractions(survey: Survey, c: Constants) -> Floats:
    walls, regions = survey.walls, survey.regions
    sparse = regions.sparse.area > 0
    number: Floats = (
        c.retract_layer * (walls.outer > 0)
        + c.retract_support * (survey.supports.border > 0)
        + c.retract_loop * walls.loops
        + c.retract_reflex * walls.reflex * sparse
        + c.retract_piece * regions.sparse_pieces
        + c.retract_solid * regions.solid.width
    )
    return number

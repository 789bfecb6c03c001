"""The numbers of the model that geometry and motion limits do not give.

Fitted by `python -m bench.fit_estimate` on one half of the corpus, sliced by PrusaSlicer 2.5.0; see
docs/estimate.md.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Constants:
    """Factors are without unit and near 1 where the geometry is right; counts are per thing named."""

    # what is drawn
    outer: float = 1.0
    inner: float = 1.0
    solid: float = 0.98
    top: float = 0.94
    bridge: float = 1.03
    open_bridge: float = 1.10
    sparse: float = 0.99
    anchor: float = 1.1  # of the process's anchor length, at each line of sparse infill
    # what it uses
    wall_volume: float = 0.992  # of the area between outline and infill
    fill_volume: float = 1.0
    # how lines end
    sparse_turn_s: float = 0.045  # from one line of sparse infill to the next
    line_end: float = 0.6  # speed at the end of a line, in jerks
    # how often filament is drawn back
    retract_loop: float = 0.9
    retract_reflex: float = 0.7
    retract_piece: float = 1.37
    retract_solid: float = 0.034
    retract_layer: float = 0.0
    # how far it travels then
    travel_spread: float = 1.0  # mm per mm of spread of the layer
    # supports: lines for the area, and for the border as far as it is longer than the area lets expect
    support: float = 0.93
    support_border: float = 0.24  # mm for each mm of border
    support_turn_s: float = 0.0126  # for each mm of border
    interface: float = 0.36
    retract_support: float = 2.5  # in each layer that has some


FITTED = Constants(
    outer=0.9986,
    inner=0.9824,
    solid=1.044,
    top=1.001,
    bridge=1.017,
    open_bridge=1.114,
    sparse=1.025,
    anchor=1.092,
    wall_volume=1.026,
    fill_volume=0.9725,
    sparse_turn_s=0.04477,
    line_end=0.8783,
    retract_loop=1.314,
    retract_reflex=0.3277,
    retract_piece=1.267,
    retract_solid=0.06456,
    retract_layer=0.006755,
    travel_spread=0.7617,
    support=1.217,
    support_border=0.07254,
    support_turn_s=0.01097,
    interface=1.362,
    retract_support=5,
)

# How far the stated range reaches to both sides: so that it holds the slicer's figure in nine of ten cases.
RANGE_SHARE = 0.08  # of the time
RANGE_OF_SUPPORTS = 0.3  # of the time for supports
RANGE_S = 15.0  # seconds

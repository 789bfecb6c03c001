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
    outer=0.9954,
    inner=0.9787,
    solid=1.043,
    top=1.006,
    bridge=1.033,
    open_bridge=1.083,
    sparse=1.027,
    anchor=1.071,
    wall_volume=1.028,
    fill_volume=0.9708,
    sparse_turn_s=0.04447,
    line_end=0.8863,
    retract_loop=0.8605,
    retract_reflex=0.3909,
    retract_piece=0.731,
    retract_solid=0.05086,
    retract_layer=1.478,
    travel_spread=1.117,
    support=1.218,
    support_border=0.07829,
    support_turn_s=0.01087,
    interface=1.338,
    retract_support=5,
)

# How far the stated range reaches to both sides: so that it holds the slicer's figure in nine of ten cases.
RANGE_SHARE = 0.08  # of the time
RANGE_OF_SUPPORTS = 0.3  # of the time for supports
RANGE_S = 15.0  # seconds

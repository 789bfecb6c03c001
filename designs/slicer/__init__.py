"""Slicing a plate: the port, PrusaSlicer behind it, a fake for tests, and the key of a result."""

from designs.slicer.fake import FakeSlicer
from designs.slicer.find import find_slicer
from designs.slicer.key import slice_key
from designs.slicer.port import Placement, Sliced, SliceJob, Slicer
from designs.slicer.prusaslicer import PrusaSlicer

__all__ = [
    "FakeSlicer",
    "Placement",
    "PrusaSlicer",
    "SliceJob",
    "Sliced",
    "Slicer",
    "find_slicer",
    "slice_key",
]

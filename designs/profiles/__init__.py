"""Machines, processes and materials: data files with a schema, ours and a lab's own."""

from designs.profiles.load import (
    DEFAULT_MACHINE,
    DEFAULT_MATERIAL,
    DEFAULT_PROCESS,
    Profiles,
    load,
    load_strictly,
)
from designs.profiles.model import Limits, Machine, Material, Process
from designs.profiles.prusaslicer import ini_text, prusaslicer_config

__all__ = [
    "DEFAULT_MACHINE",
    "DEFAULT_MATERIAL",
    "DEFAULT_PROCESS",
    "Limits",
    "Machine",
    "Material",
    "Process",
    "Profiles",
    "ini_text",
    "load",
    "load_strictly",
    "prusaslicer_config",
]

"""All pages of the catalogue on their blueprint."""

from makerlab.catalog import (
    agreeing,
    partnering,
    profiling,
    repairing,
    reviewing,
    showing,
    uploading,
    views,
)
from makerlab.catalog.around import pages as around
from makerlab.catalog.blueprint import blueprint
from makerlab.catalog.exchange import pages as exchange
from makerlab.catalog.parts import page as parts
from makerlab.catalog.wall import page as wall
from makerlab.catalog.wall.index import init_index

blueprint.record_once(lambda state: init_index(state.app))

__all__ = [
    "agreeing",
    "around",
    "blueprint",
    "exchange",
    "partnering",
    "parts",
    "profiling",
    "repairing",
    "reviewing",
    "showing",
    "uploading",
    "views",
    "wall",
]

"""The blueprint with all its pages."""

from makerlab.stock import item_pages  # noqa: F401 (its views join the blueprint)
from makerlab.stock.views import blueprint

__all__ = ["blueprint"]

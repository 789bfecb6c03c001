"""The blueprint with all its pages."""

from makerlab.sales import promising, stocktaking, till  # noqa: F401 (their views join the blueprint)
from makerlab.sales.views import blueprint

__all__ = ["blueprint"]

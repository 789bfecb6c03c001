"""The blueprint with all its pages."""

from makerlab.sales import till as _till  # noqa: F401 (its views join the blueprint)
from makerlab.sales.views import blueprint

__all__ = ["blueprint"]

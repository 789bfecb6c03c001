"""The blueprint with all its pages."""

from makerlab.people import taking  # noqa: F401 (its views join the blueprint)
from makerlab.people.views import blueprint

__all__ = ["blueprint"]

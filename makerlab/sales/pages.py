"""The blueprint with all its pages."""

from makerlab.sales import (  # noqa: F401 (their views join the blueprint)
    assembling,
    labelling,
    listing_pages,
    of_design,
    promising,
    royalties,
    scarce,
    stocktaking,
    till,
    visitor_pages,
)
from makerlab.sales.views import blueprint

__all__ = ["blueprint"]

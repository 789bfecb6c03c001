"""All pages of the catalogue on their blueprint."""

from makerlab.catalog import partnering, profiling, repairing, reviewing, uploading, views
from makerlab.catalog.blueprint import blueprint

__all__ = ["blueprint", "partnering", "profiling", "repairing", "reviewing", "uploading", "views"]

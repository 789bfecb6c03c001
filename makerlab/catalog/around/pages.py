"""All of these pages on the catalogue's blueprint."""

from makerlab.catalog.around import bulk, editing, gathering, making, photographing

__all__ = ["bulk", "editing", "gathering", "making", "photographing"]

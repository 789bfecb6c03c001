"""The objects of the demo's catalogue, made by parametric code of our own."""

from makerlab.demo.objects.collection import OBJECTS
from makerlab.demo.objects.model import PALETTE, PARTNERS, SHOP, WORKSHOP, Colour, DemoObject, DemoPartner

__all__ = ["OBJECTS", "PALETTE", "PARTNERS", "SHOP", "WORKSHOP", "Colour", "DemoObject", "DemoPartner"]

"""All blueprints, in the order of the house."""

from flask import Blueprint

from makerlab.materials.views import blueprint as materials
from makerlab.people.views import blueprint as people
from makerlab.sales.pages import blueprint as sales
from makerlab.stock.views import blueprint as stock
from makerlab.training.views import blueprint as training

FEATURES: tuple[Blueprint, ...] = (people, training, materials, stock, sales)

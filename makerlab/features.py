"""All blueprints, in the order of the house."""

from flask import Blueprint

from makerlab.catalog.pages import blueprint as catalog
from makerlab.fleet.views import blueprint as fleet
from makerlab.kiosk.views import blueprint as kiosk
from makerlab.materials.views import blueprint as materials
from makerlab.notices.views import blueprint as notices
from makerlab.people.pages import blueprint as people
from makerlab.production.pages import blueprint as production
from makerlab.sales.pages import blueprint as sales
from makerlab.stock.pages import blueprint as stock
from makerlab.training.views import blueprint as training

FEATURES: tuple[Blueprint, ...] = (
    people,
    notices,
    catalog,
    training,
    materials,
    fleet,
    stock,
    production,
    sales,
    kiosk,
)

"""All blueprints, in the order of the house."""

from flask import Blueprint

from makerlab.people.views import blueprint as people
from makerlab.training.views import blueprint as training

FEATURES: tuple[Blueprint, ...] = (people, training)

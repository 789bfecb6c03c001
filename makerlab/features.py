"""All blueprints, in the order of the house."""

from flask import Blueprint

FEATURES: tuple[Blueprint, ...] = ()

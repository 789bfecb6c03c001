"""Imports every table, for migrations and for tests that build the database."""

from makerlab.catalog import models as catalog
from makerlab.catalog.exchange import models as exchange
from makerlab.core import audit, health, sessions
from makerlab.core.database import Base
from makerlab.fleet import models as fleet
from makerlab.kiosk import models as kiosk
from makerlab.materials import models as materials
from makerlab.notices import models as notices
from makerlab.people import models as people
from makerlab.production import models as production
from makerlab.production import outcome
from makerlab.sales import models as sales
from makerlab.stock import models as stock
from makerlab.training import models as training

__all__ = [
    "Base",
    "audit",
    "catalog",
    "exchange",
    "fleet",
    "health",
    "kiosk",
    "materials",
    "notices",
    "outcome",
    "people",
    "production",
    "sales",
    "sessions",
    "stock",
    "training",
]

metadata = Base.metadata

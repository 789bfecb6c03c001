"""Reads of the fleet that other floors need."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.fleet.models import Printer


def machines_of(session: Session) -> Sequence[str]:
    """Keys of the machine models that the lab has printers of, also of those out of service."""
    return session.scalars(sa.select(Printer.machine).distinct().order_by(Printer.machine)).all()

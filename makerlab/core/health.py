"""Signs of life of the processes beside the web server."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from makerlab.core.database import Base

ALIVE = timedelta(seconds=30)


class ProcessBeat(Base):
    """When a process last said that it lives. `name`: work, slice."""

    __tablename__ = "process_beat"

    name: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    at: Mapped[datetime]


def beat(session: Session, name: str, *, now: datetime) -> None:
    session.merge(ProcessBeat(name=name, at=now))


def alive(session: Session, name: str, *, now: datetime) -> bool:
    row = session.get(ProcessBeat, name)
    return row is not None and abs(now - row.at) < ALIVE

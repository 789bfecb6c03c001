"""Table of imports: what came, how far it got, and what became of it."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from makerlab.core.database import Base
from makerlab.people.models import Account


class ImportState(enum.StrEnum):
    READ = "read"  # sound, shown as a preview, and wanted by nobody yet
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # nothing of it is in the catalogue


class ImportJob(Base):
    """A ZIP of the file store on its way into the catalogue. `done` of `total` files are read."""

    __tablename__ = "import_job"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    file_name: Mapped[str] = mapped_column(sa.String(200))
    state: Mapped[ImportState] = mapped_column(default=ImportState.READ, index=True)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    designs: Mapped[int] = mapped_column(default=0)  # that came into the catalogue
    problem: Mapped[str] = mapped_column(sa.Text, default="")  # a sentence for whoever imports
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    by: Mapped[Account] = relationship()

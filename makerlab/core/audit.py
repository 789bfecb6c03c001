"""Who did what to what, when: the audit log. Values are codes and ids, never names."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from makerlab.core.database import Base
from makerlab.core.ledger import LedgerLine, append, guard


class AuditLine(LedgerLine, Base):
    __tablename__ = "audit_line"

    action: Mapped[str] = mapped_column(sa.String(64), index=True)
    subject: Mapped[str] = mapped_column(sa.String(64), index=True)
    details: Mapped[dict[str, Any]]


guard(AuditLine.__table__)


def record(
    session: Session, action: str, subject: str, *, actor_id: int | None, now: datetime, **details: Any
) -> AuditLine:
    """Append one line, e.g. `record(s, "revision.approved", "revision:7", actor_id=3, now=now)`."""
    line = AuditLine(at=now, actor_id=actor_id, action=action, subject=subject, details=details)
    return append(session, line)

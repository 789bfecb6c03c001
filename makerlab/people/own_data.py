"""All that is stored about a person, to take along: every row that names the account, and their photos.

Rows are found by their foreign keys to the account, in every table there is: a feature that comes to name
people has nothing to register here.
"""

import json
import re
import zipfile
from datetime import date
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.audit import AuditLine
from makerlab.core.database import Base
from makerlab.core.files import FileStore
from makerlab.people.entrance import subjects_of
from makerlab.people.models import Account, SignInFailure

Rows = dict[str, list[dict[str, Any]]]

# What opens a door, or is only there to prove that a line was not changed.
_SECRET = re.compile(r"password|hash|token|uniquifier|handle|encrypted")
_PHOTOS = re.compile(r"(^|_)photo$")  # tables of pictures that a person took


def rows_about(session: Session, account: Account) -> Rows:
    """By table, in the order of the rows."""
    found: Rows = {}
    for table in Base.metadata.sorted_tables:
        if (condition := _about(table, account)) is not None:
            query = sa.select(*_shown(table)).where(condition).order_by(*table.primary_key.columns)
            found[table.name] = [dict(row) for row in session.execute(query).mappings()]
    return {name: rows for name, rows in found.items() if rows}


def _about(table: sa.Table, account: Account) -> sa.ColumnElement[bool] | None:
    own = Account.__table__.c.id
    names = [column for column in table.columns if any(key.column is own for key in column.foreign_keys)]
    conditions = [column == account.id for column in names]
    if table is Account.__table__:
        conditions.append(own == account.id)
    if table is AuditLine.__table__:
        conditions.append(AuditLine.subject == f"account:{account.id}")
    if table is SignInFailure.__table__:
        conditions.append(SignInFailure.subject.in_(subjects_of(account)))
    return sa.or_(*conditions) if conditions else None


def _shown(table: sa.Table) -> list[sa.Column[Any]]:
    return [
        column
        for column in table.columns
        if not isinstance(column.type, sa.LargeBinary) and not _SECRET.search(column.name)
    ]


def write_zip(rows: Rows, files: FileStore, target: IO[bytes]) -> None:
    """`daten.json`, and `fotos/` of those rows; a photo that is not in the store any more is left out."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("daten.json", json.dumps(rows, ensure_ascii=False, indent=1, default=_plain))
        for table, row in ((name, row) for name in rows if _PHOTOS.search(name) for row in rows[name]):
            if row["sha256"] in files:
                name = f"fotos/{table}-{row['id']}.jpg"
                archive.write(files.path(row["sha256"]), name, zipfile.ZIP_STORED)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)

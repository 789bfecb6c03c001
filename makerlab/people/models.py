"""Tables of people and places of work."""

from datetime import datetime

import sqlalchemy as sa
from flask_security import RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from makerlab.core.database import Base

account_role = sa.Table(
    "account_role",
    Base.metadata,
    sa.Column("account_id", sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("role_id", sa.ForeignKey("role.id"), primary_key=True),
)


class Site(Base):
    """A room with printers: the workshop, a camp, a company."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)


class RoleRow(Base, RoleMixin):
    """One row for each `Role`, as Flask-Security wants it."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(32), unique=True)  # type: ignore[assignment]


class Account(Base, UserMixin):
    """A person who signs in: at the kiosk by card or number and PIN, at the desk by e-mail and password."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(8), unique=True)  # on the card, typed before the PIN
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str | None] = mapped_column(sa.String(255), unique=True)  # type: ignore[assignment]
    password: Mapped[str | None] = mapped_column(sa.String(255))
    pin_hash: Mapped[str | None] = mapped_column(sa.String(255))
    language: Mapped[str] = mapped_column(sa.String(16), default="de")
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    created_at: Mapped[datetime]

    site: Mapped[Site | None] = relationship()
    roles: Mapped[list[RoleRow]] = relationship(secondary=account_role, lazy="selectin")  # type: ignore[assignment]


class Passkey(Base, WebAuthnMixin):
    """Flask-Security wants this table even where passkeys are off."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary(1024), unique=True)
    public_key: Mapped[bytes]
    name: Mapped[str] = mapped_column(sa.String(64))


class Card(Base):
    """A QR card of 128 random bits; only its hash is kept. Revoked when lost."""

    __tablename__ = "card"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(foreign_keys=account_id)


class SignInFailure(Base):
    """One wrong PIN, card or password. `subject` is what was tried or from where: `number:4711`,
    `kiosk:10.0.0.5`, `email:<hash>`, `address:10.0.0.5`. Numbers that nobody has count too, else
    waiting would tell them apart.
    """

    __tablename__ = "sign_in_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(64), index=True)
    at: Mapped[datetime]

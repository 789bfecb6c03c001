"""Orders have a priority, a lot, holds and a first piece; printers can be held"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("plate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("printer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held", sa.String(length=32), server_default="", nullable=False))
        batch_op.add_column(sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("forgiven_attempt_id", sa.Integer(), server_default="0", nullable=False)
        )

    with op.batch_alter_table("production_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("priority", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("recipient", sa.String(length=120), server_default="", nullable=False))
        batch_op.add_column(sa.Column("lot", sa.String(length=60), server_default="", nullable=False))
        batch_op.add_column(sa.Column("held", sa.String(length=32), server_default="", nullable=False))
        batch_op.add_column(sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("held_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("held_note", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("forgiven_attempt_id", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "first_piece",
                sa.Enum(
                    "none",
                    "wanted",
                    "to_release",
                    "released",
                    name="firstpiece",
                    native_enum=False,
                    length=32,
                ),
                server_default="none",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("released_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_production_order_held_by_id_account"), "account", ["held_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_production_order_released_by_id_account"), "account", ["released_by_id"], ["id"]
        )

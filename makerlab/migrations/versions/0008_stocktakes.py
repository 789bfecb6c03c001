"""Stocktakes keep what they found, promises what was taken"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stocktake_result",
        sa.Column("stocktake_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "lost",
                "broken",
                "not_booked",
                "other_place",
                "counted_wrong",
                "unknown",
                name="missing",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("movement_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["movement_id"],
            ["stock_movement.id"],
            name=op.f("fk_stocktake_result_movement_id_stock_movement"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_stocktake_result_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["stocktake_id"], ["stocktake.id"], name=op.f("fk_stocktake_result_stocktake_id_stocktake")
        ),
        sa.PrimaryKeyConstraint("stocktake_id", "product_id", name=op.f("pk_stocktake_result")),
    )
    op.create_table(
        "taking",
        sa.Column("movement_id", sa.Integer(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["movement_id"], ["stock_movement.id"], name=op.f("fk_taking_movement_id_stock_movement")
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservation.id"], name=op.f("fk_taking_reservation_id_reservation")
        ),
        sa.PrimaryKeyConstraint("movement_id", name=op.f("pk_taking")),
    )
    with op.batch_alter_table("taking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_taking_reservation_id"), ["reservation_id"], unique=False)

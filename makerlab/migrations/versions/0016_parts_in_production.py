"""Orders for the parts of a piece, and their stock"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part", sa.String(length=60), server_default="", nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_product_design_id_colour_id_finish"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_product_design_id_colour_id_finish_part"),
            ["design_id", "colour_id", "finish", "part"],
        )

    with op.batch_alter_table("production_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("set_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_production_order_set_id"), ["set_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_production_order_part_id_part"), "part", ["part_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_production_order_set_id_production_order"), "production_order", ["set_id"], ["id"]
        )

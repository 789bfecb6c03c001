"""Visitors see chosen designs"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "showing",
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("shown_by_id", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], name=op.f("fk_showing_design_id_design")),
        sa.ForeignKeyConstraint(["shown_by_id"], ["account.id"], name=op.f("fk_showing_shown_by_id_account")),
        sa.PrimaryKeyConstraint("design_id", name=op.f("pk_showing")),
    )

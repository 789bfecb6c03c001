"""Prints that somebody started by hand"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "foreign_print",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("printer_id", sa.Integer(), nullable=False),
        sa.Column("spool_id", sa.Integer(), nullable=True),
        sa.Column("file", sa.String(length=300), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("elapsed_s", sa.Double(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adopted_by_id", sa.Integer(), nullable=True),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("good", sa.Integer(), nullable=True),
        sa.Column("scrap", sa.Integer(), nullable=True),
        sa.Column("milligrams", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["adopted_by_id"], ["account.id"], name=op.f("fk_foreign_print_adopted_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["production_order.id"], name=op.f("fk_foreign_print_order_id_production_order")
        ),
        sa.ForeignKeyConstraint(
            ["printer_id"], ["printer.id"], name=op.f("fk_foreign_print_printer_id_printer")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_foreign_print_revision_id_revision")
        ),
        sa.ForeignKeyConstraint(["spool_id"], ["spool.id"], name=op.f("fk_foreign_print_spool_id_spool")),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["account.id"], name=op.f("fk_foreign_print_started_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_print")),
    )
    with op.batch_alter_table("foreign_print", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_foreign_print_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_foreign_print_printer_id"), ["printer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_foreign_print_started_by_id"), ["started_by_id"], unique=False)
        batch_op.create_index(
            "uq_foreign_print_running",
            ["printer_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

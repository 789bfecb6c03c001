"""Printers keep hours, samples, certificates, limits and a plan of upkeep"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

When = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "preheat",
        sa.Column("printer_id", sa.Integer(), nullable=False),
        sa.Column("tool", sa.Double(), nullable=False),
        sa.Column("bed", sa.Double(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("heated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_preheat_by_id_account")),
        sa.ForeignKeyConstraint(["printer_id"], ["printer.id"], name=op.f("fk_preheat_printer_id_printer")),
        sa.PrimaryKeyConstraint("printer_id", name=op.f("pk_preheat")),
    )
    op.create_table(
        "printed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("printer_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("foreign", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["printer_id"], ["printer.id"], name=op.f("fk_printed_printer_id_printer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printed")),
    )
    with op.batch_alter_table("printed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_printed_printer_id"), ["printer_id"], unique=False)

    op.create_table(
        "sample",
        sa.Column("printer_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tool", sa.Double(), nullable=True),
        sa.Column("tool_target", sa.Double(), nullable=True),
        sa.Column("bed", sa.Double(), nullable=True),
        sa.Column("bed_target", sa.Double(), nullable=True),
        sa.Column("progress", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["printer_id"], ["printer.id"], name=op.f("fk_sample_printer_id_printer")),
        sa.PrimaryKeyConstraint("printer_id", "slot", name=op.f("pk_sample")),
    )
    op.create_table(
        "upkeep_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("printer_id", sa.Integer(), nullable=True),
        sa.Column("every_hours", sa.Integer(), nullable=True),
        sa.Column("every_days", sa.Integer(), nullable=True),
        sa.Column("blocks", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["printer_id"], ["printer.id"], name=op.f("fk_upkeep_task_printer_id_printer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upkeep_task")),
    )
    op.create_table(
        "upkeep_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("printer_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_s", sa.Double(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_upkeep_line_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["printer_id"], ["printer.id"], name=op.f("fk_upkeep_line_printer_id_printer")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["upkeep_task.id"], name=op.f("fk_upkeep_line_task_id_upkeep_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upkeep_line")),
    )
    with op.batch_alter_table("upkeep_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upkeep_line_printer_id"), ["printer_id"], unique=False)

    with op.batch_alter_table("printer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("certificate", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("camera_url", sa.String(length=300), server_default="", nullable=False))
        batch_op.add_column(sa.Column("firmware", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("firmware_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("sight", schema=None) as batch_op:
        batch_op.add_column(sa.Column("run_s", sa.Double(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("printed_s", sa.Double(), server_default="0", nullable=False))

    _count_the_hours()


def _count_the_hours() -> None:
    """What was printed before there was a count: the finished attempts, from start to end."""
    connection = op.get_bind()
    attempt = sa.table(
        "attempt", sa.column("printer_id"), sa.column("started_at", When), sa.column("ended_at", When)
    )
    rows = connection.execute(
        sa.select(attempt).where(attempt.c.started_at.is_not(None), attempt.c.ended_at.is_not(None))
    )
    printed = [
        {"printer_id": row.printer_id, "at": row.ended_at, "seconds": seconds, "foreign": False}
        for row in rows
        if (seconds := (row.ended_at - row.started_at).total_seconds()) > 0
    ]
    if not printed:
        return
    ledger = sa.table(
        "printed",
        sa.column("printer_id"),
        sa.column("at", When),
        sa.column("seconds"),
        sa.column("foreign", sa.Boolean),
    )
    connection.execute(sa.insert(ledger), printed)
    sight = sa.table("sight", sa.column("printer_id"), sa.column("printed_s"))
    total = sa.select(sa.func.sum(ledger.c.seconds)).where(ledger.c.printer_id == sight.c.printer_id)
    connection.execute(sa.update(sight).values(printed_s=sa.func.coalesce(total.scalar_subquery(), 0.0)))

"""Reasons of scrap by piece, and pictures of what lay on the bed"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_photo_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["account.id"], name=op.f("fk_attempt_photo_taken_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_photo")),
        sa.UniqueConstraint("attempt_id", "sha256", name=op.f("uq_attempt_photo_attempt_id_sha256")),
    )
    with op.batch_alter_table("attempt_photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_photo_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempt_photo_taken_by_id"), ["taken_by_id"], unique=False)

    op.create_table(
        "scrap_count",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.CheckConstraint("pieces > 0", name=op.f("ck_scrap_count_some")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_scrap_count_attempt_id_attempt")
        ),
        sa.PrimaryKeyConstraint("attempt_id", "reason", name=op.f("pk_scrap_count")),
    )
    op.execute(
        "INSERT INTO scrap_count (attempt_id, reason, pieces) "
        "SELECT id, scrap_reason, scrap FROM attempt WHERE scrap > 0 AND scrap_reason <> ''"
    )

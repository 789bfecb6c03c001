"""Rates, papers and designs of agreements, contacts, licences, points of a review, settings of estimates"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_contact_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_partner_id"), ["partner_id"], unique=False)

    op.create_table(
        "agreement_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_agreement_document_added_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_document_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_document")),
    )
    with op.batch_alter_table("agreement_document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreement_document_agreement_id"), ["agreement_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_agreement_document_sha256"), ["sha256"], unique=False)

    op.create_table(
        "royalty_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=True),
        sa.Column("share_hundredths", sa.Integer(), nullable=True),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(cents IS NULL) <> (share_hundredths IS NULL)", name=op.f("ck_royalty_rate_one_way")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_royalty_rate_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["account.id"], name=op.f("fk_royalty_rate_set_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_royalty_rate")),
    )
    with op.batch_alter_table("royalty_rate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_royalty_rate_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "agreement_design",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_design_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["design_id"], ["design.id"], name=op.f("fk_agreement_design_design_id_design")
        ),
        sa.PrimaryKeyConstraint("agreement_id", "design_id", name=op.f("pk_agreement_design")),
    )
    with op.batch_alter_table("agreement_design", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_design_design_id"), ["design_id"], unique=False)

    op.create_table(
        "review_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("point", sa.String(length=16), nullable=False),
        sa.Column("good", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_review_point_review_id_review")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_point")),
        sa.UniqueConstraint("review_id", "point", name=op.f("uq_review_point_review_id_point")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("in_series", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("territory", sa.String(length=120), server_default="", nullable=False))

    with op.batch_alter_table("design", schema=None) as batch_op:
        batch_op.add_column(sa.Column("licence", sa.String(length=40), server_default="", nullable=False))

    with op.batch_alter_table("estimate", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("settings_sha256", sa.String(length=64), server_default="", nullable=False)
        )

    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.Enum("person", "company", name="partnerkind", native_enum=False, length=32),
                server_default="person",
                nullable=False,
            )
        )

    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reasons", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(
            sa.Column("sample_sha256", sa.String(length=64), server_default="", nullable=False)
        )
        batch_op.create_index(batch_op.f("ix_review_sample_sha256"), ["sample_sha256"], unique=False)

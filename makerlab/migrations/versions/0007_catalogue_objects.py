"""Designs have photos, further parts, steps after the print and collections"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "collection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection")),
        sa.UniqueConstraint("name", name=op.f("uq_collection_name")),
    )
    with op.batch_alter_table("collection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_collection_sha256"), ["sha256"], unique=False)

    op.create_table(
        "collection_place",
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collection.id"], name=op.f("fk_collection_place_collection_id_collection")
        ),
        sa.ForeignKeyConstraint(
            ["design_id"], ["design.id"], name=op.f("fk_collection_place_design_id_design")
        ),
        sa.PrimaryKeyConstraint("collection_id", "design_id", name=op.f("pk_collection_place")),
    )
    with op.batch_alter_table("collection_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_collection_place_design_id"), ["design_id"], unique=False)

    op.create_table(
        "making",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("finish", "assembly", name="makingkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], name=op.f("fk_making_design_id_design")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_making")),
    )
    with op.batch_alter_table("making", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_making_design_id"), ["design_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_making_sha256"), ["sha256"], unique=False)

    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("alt", sa.String(length=200), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["account.id"], name=op.f("fk_photo_added_by_id_account")),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], name=op.f("fk_photo_design_id_design")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("design_id", "sha256", name=op.f("uq_photo_design_id_sha256")),
    )
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_photo_design_id"), ["design_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_photo_sha256"), ["sha256"], unique=False)

    op.create_table(
        "part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("mesh_sha256", sa.String(length=64), nullable=False),
        sa.Column("picture_sha256", sa.String(length=64), nullable=False),
        sa.Column("preview_sha256", sa.String(length=64), nullable=False),
        sa.Column("process", sa.String(length=32), nullable=False),
        sa.Column("material", sa.String(length=32), nullable=False),
        sa.Column("supports", sa.Boolean(), nullable=False),
        sa.Column("width_mm", sa.Double(), nullable=False),
        sa.Column("depth_mm", sa.Double(), nullable=False),
        sa.Column("height_mm", sa.Double(), nullable=False),
        sa.Column("volume_mm3", sa.Double(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("triangles", sa.Integer(), nullable=True),
        sa.Column("shape", sa.JSON(), nullable=True),
        sa.Column("estimates", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_part_revision_id_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part")),
        sa.UniqueConstraint("revision_id", "position", name=op.f("uq_part_revision_id_position")),
    )
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_part_file_sha256"), ["file_sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_part_picture_sha256"), ["picture_sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_part_triangles"), ["triangles"], unique=False)

    with op.batch_alter_table("design", schema=None) as batch_op:
        batch_op.add_column(sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("edition", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_index(batch_op.f("ix_design_edition"), ["edition"], unique=False)

    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("triangles", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("shape", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("part_name", sa.String(length=60), server_default="", nullable=False))
        batch_op.add_column(sa.Column("part_count", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_index(batch_op.f("ix_revision_triangles"), ["triangles"], unique=False)

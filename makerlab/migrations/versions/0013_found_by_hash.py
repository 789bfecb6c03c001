"""Pictures and meshes are found by their hash"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_part_mesh_sha256"), ["mesh_sha256"], unique=False)

    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_picture_sha256"), ["sha256"], unique=False)

    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_mesh_sha256"), ["mesh_sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_revision_picture_sha256"), ["picture_sha256"], unique=False)

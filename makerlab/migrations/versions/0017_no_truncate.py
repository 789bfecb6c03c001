"""On PostgreSQL a ledger cannot be truncated either"""

from alembic import op

from makerlab.core.ledger import truncate_guard

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in ("audit_line", "filament_movement", "item_movement", "stock_movement"):
            op.execute(truncate_guard(table))

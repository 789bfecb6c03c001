"""Stock keeps sums, promises, stocktakes and bought parts"""

import sqlalchemy as sa
from alembic import op

from makerlab.core.ledger import guard_statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("supplier", sa.String(length=120), nullable=False),
        sa.Column("order_code", sa.String(length=60), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("low_level", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("code", name=op.f("uq_item_code")),
        sa.UniqueConstraint("name", name=op.f("uq_item_name")),
    )
    op.create_table(
        "item_movement",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "received",
                "used",
                "counted",
                "broken",
                "reversed",
                name="itemreason",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("transfer", sa.String(length=32), nullable=True),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("pieces <> 0", name=op.f("ck_item_movement_not_nothing")),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_item_movement_actor_id_account")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_movement_item_id_item")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["item_movement.id"], name=op.f("fk_item_movement_reverses_id_item_movement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_movement")),
        sa.UniqueConstraint("hash", name=op.f("uq_item_movement_hash")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_item_movement_reverses_id")),
    )
    with op.batch_alter_table("item_movement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_movement_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index("ix_item_movement_sums", ["item_id", "pieces"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_movement_transfer"), ["transfer"], unique=False)

    op.create_table(
        "stocktake",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("begun_by_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["begun_by_id"], ["account.id"], name=op.f("fk_stocktake_begun_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["account.id"], name=op.f("fk_stocktake_closed_by_id_account")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_stocktake_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stocktake")),
    )
    op.create_table(
        "ingredient",
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], name=op.f("fk_ingredient_design_id_design")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_ingredient_item_id_item")),
        sa.PrimaryKeyConstraint("design_id", "item_id", name=op.f("pk_ingredient")),
    )
    op.create_table(
        "stock_balance",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.CheckConstraint("pieces >= 0", name=op.f("ck_stock_balance_not_below_zero")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_stock_balance_place_id_place")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_stock_balance_product_id_product")
        ),
        sa.PrimaryKeyConstraint("product_id", "place_id", name=op.f("pk_stock_balance")),
    )
    with op.batch_alter_table("stock_balance", schema=None) as batch_op:
        batch_op.create_index("ix_stock_balance_place", ["place_id", "product_id", "pieces"], unique=False)

    op.create_table(
        "stocktake_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stocktake_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_stocktake_count_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_stocktake_count_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["stocktake_id"], ["stocktake.id"], name=op.f("fk_stocktake_count_stocktake_id_stocktake")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stocktake_count")),
        sa.UniqueConstraint("token", name=op.f("uq_stocktake_count_token")),
    )
    with op.batch_alter_table("stocktake_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stocktake_count_stocktake_id"), ["stocktake_id"], unique=False)

    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.add_column(sa.Column("finish", sa.String(length=32), server_default="", nullable=False))
        batch_op.add_column(sa.Column("low_level", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_product_design_id_colour_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_product_design_id_colour_id_finish"), ["design_id", "colour_id", "finish"]
        )

    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.Enum("event", "company", "other", name="reservedfor", native_enum=False, length=32),
                server_default="other",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("taken", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("released_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_reservation_released_by_id_account"), "account", ["released_by_id"], ["id"]
        )
    _sum_up()
    for statement in guard_statements("item_movement", op.get_bind().dialect.name):
        op.execute(statement)


def _sum_up() -> None:
    """The balances begin with what the ledger says."""
    op.execute(
        "INSERT INTO stock_balance (product_id, place_id, pieces) "
        "SELECT product_id, place_id, sum(pieces) FROM stock_movement GROUP BY product_id, place_id"
    )

"""The first tables"""

import sqlalchemy as sa
from alembic import op

from makerlab.core.ledger import guard_statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "colour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("hex", sa.String(length=7), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_colour")),
        sa.UniqueConstraint("name", name=op.f("uq_colour_name")),
    )
    op.create_table(
        "partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("name", name=op.f("uq_partner_name")),
    )
    op.create_table(
        "process_beat",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_process_beat")),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("name", name=op.f("uq_role_name")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_failure_subject"), ["subject"], unique=False)

    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("name", name=op.f("uq_site_name")),
    )
    op.create_table(
        "slice",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum("queued", "running", "done", "failed", name="slicestate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("beat", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("gcode_sha256", sa.String(length=64), nullable=True),
        sa.Column("gcode_sha1", sa.String(length=40), nullable=True),
        sa.Column("gcode_bytes", sa.Integer(), nullable=True),
        sa.Column("time_s", sa.Double(), nullable=True),
        sa.Column("filament_mm", sa.Double(), nullable=True),
        sa.Column("filament_g", sa.Double(), nullable=True),
        sa.Column("error", sa.String(length=64), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_slice")),
    )
    op.create_table(
        "web_session",
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_web_session")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_session_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("pin_hash", sa.String(length=255), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("fs_webauthn_user_handle", sa.String(length=64), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_account_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_account_fs_uniquifier")),
        sa.UniqueConstraint("fs_webauthn_user_handle", name=op.f("uq_account_fs_webauthn_user_handle")),
        sa.UniqueConstraint("number", name=op.f("uq_account_number")),
    )
    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_agreement_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_partner_id"), ["partner_id"], unique=False)

    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("workshop", "shop", "event", "partner", name="placekind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_place_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("name", name=op.f("uq_place_name")),
    )
    op.create_table(
        "spool",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("material", sa.String(length=32), nullable=False),
        sa.Column("colour_id", sa.Integer(), nullable=False),
        sa.Column("lot", sa.String(length=60), nullable=False),
        sa.Column("maker", sa.String(length=80), nullable=False),
        sa.Column("tare_g", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("emptied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["colour_id"], ["colour.id"], name=op.f("fk_spool_colour_id_colour")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spool")),
        sa.UniqueConstraint("code", name=op.f("uq_spool_code")),
    )
    op.create_table(
        "account_role",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_role_account_id_account")
        ),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_account_role_role_id_role")),
        sa.PrimaryKeyConstraint("account_id", "role_id", name=op.f("pk_account_role")),
    )
    op.create_table(
        "audit_line",
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_audit_line_actor_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_line")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_line_hash")),
    )
    with op.batch_alter_table("audit_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_line_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_line_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_line_subject"), ["subject"], unique=False)

    op.create_table(
        "card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_card_account_id_account")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["account.id"], name=op.f("fk_card_issued_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_card_code_hash")),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_account_id"), ["account_id"], unique=False)

    op.create_table(
        "design",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_design_created_by_id_account")
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_design_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design")),
    )
    with op.batch_alter_table("design", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_design_partner_id"), ["partner_id"], unique=False)

    op.create_table(
        "help_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_help_call_account_id_account")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_help_call_answered_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_call")),
    )
    op.create_table(
        "instruction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_instruction_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["account.id"], name=op.f("fk_instruction_given_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instruction")),
    )
    with op.batch_alter_table("instruction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instruction_account_id"), ["account_id"], unique=False)

    op.create_table(
        "kiosk_draft",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_kiosk_draft_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_kiosk_draft")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_table(
        "printer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("key_encrypted", sa.Text(), nullable=False),
        sa.Column("spool_id", sa.Integer(), nullable=True),
        sa.Column(
            "bed", sa.Enum("clear", "occupied", name="bed", native_enum=False, length=32), nullable=False
        ),
        sa.Column("out_of_service", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_printer_site_id_site")),
        sa.ForeignKeyConstraint(["spool_id"], ["spool.id"], name=op.f("fk_printer_spool_id_spool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printer")),
        sa.UniqueConstraint("code", name=op.f("uq_printer_code")),
        sa.UniqueConstraint("name", name=op.f("uq_printer_name")),
        sa.UniqueConstraint("spool_id", name=op.f("uq_printer_spool_id")),
    )
    op.create_table(
        "bed_declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("printer_id", sa.Integer(), nullable=False),
        sa.Column(
            "bed", sa.Enum("clear", "occupied", name="bed", native_enum=False, length=32), nullable=False
        ),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_bed_declaration_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["printer_id"], ["printer.id"], name=op.f("fk_bed_declaration_printer_id_printer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed_declaration")),
    )
    with op.batch_alter_table("bed_declaration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bed_declaration_printer_id"), ["printer_id"], unique=False)

    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("colour_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["colour_id"], ["colour.id"], name=op.f("fk_product_colour_id_colour")),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], name=op.f("fk_product_design_id_design")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("code", name=op.f("uq_product_code")),
        sa.UniqueConstraint("design_id", "colour_id", name=op.f("uq_product_design_id_colour_id")),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("mesh_sha256", sa.String(length=64), nullable=False),
        sa.Column("picture_sha256", sa.String(length=64), nullable=False),
        sa.Column("preview_sha256", sa.String(length=64), nullable=False),
        sa.Column("process", sa.String(length=32), nullable=False),
        sa.Column("material", sa.String(length=32), nullable=False),
        sa.Column("supports", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("width_mm", sa.Double(), nullable=False),
        sa.Column("depth_mm", sa.Double(), nullable=False),
        sa.Column("height_mm", sa.Double(), nullable=False),
        sa.Column("volume_mm3", sa.Double(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["design.id"], name=op.f("fk_revision_design_id_design")),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["account.id"], name=op.f("fk_revision_submitted_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("design_id", "number", name=op.f("uq_revision_design_id_number")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_design_id"), ["design_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_revision_file_sha256"), ["file_sha256"], unique=False)

    op.create_table(
        "sight",
        sa.Column("printer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("file", sa.String(length=300), nullable=True),
        sa.Column("progress", sa.Double(), nullable=True),
        sa.Column("elapsed_s", sa.Double(), nullable=True),
        sa.Column("left_s", sa.Double(), nullable=True),
        sa.Column("temperatures", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("foreign", sa.Boolean(), nullable=False),
        sa.Column("alarm", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["printer_id"], ["printer.id"], name=op.f("fk_sight_printer_id_printer")),
        sa.PrimaryKeyConstraint("printer_id", name=op.f("pk_sight")),
    )
    op.create_table(
        "estimate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column(
            "source",
            sa.Enum("mesh", "slicer", "planner", "runs", name="source", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("time_s", sa.Double(), nullable=False),
        sa.Column("time_low_s", sa.Double(), nullable=False),
        sa.Column("time_high_s", sa.Double(), nullable=False),
        sa.Column("filament_mm", sa.Double(), nullable=False),
        sa.Column("filament_g", sa.Double(), nullable=False),
        sa.Column("cost_cents", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_estimate_revision_id_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate")),
        sa.UniqueConstraint(
            "revision_id", "machine", "source", name=op.f("uq_estimate_revision_id_machine_source")
        ),
    )
    with op.batch_alter_table("estimate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_estimate_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("colour_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["colour_id"], ["colour.id"], name=op.f("fk_picture_colour_id_colour")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_picture_revision_id_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
        sa.UniqueConstraint("revision_id", "colour_id", name=op.f("uq_picture_revision_id_colour_id")),
    )
    op.create_table(
        "price",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_price_product_id_product")),
        sa.ForeignKeyConstraint(["set_by_id"], ["account.id"], name=op.f("fk_price_set_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price")),
    )
    with op.batch_alter_table("price", schema=None) as batch_op:
        batch_op.create_index("ix_price_version", ["product_id", "valid_from"], unique=False)

    op.create_table(
        "production_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("stock", "event", "company", name="purpose", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("placed_by_id", sa.Integer(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by_id", sa.Integer(), nullable=True),
        sa.Column("cancel_reason", sa.String(length=200), nullable=False),
        sa.Column("problem", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["cancelled_by_id"], ["account.id"], name=op.f("fk_production_order_cancelled_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["placed_by_id"], ["account.id"], name=op.f("fk_production_order_placed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_production_order_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_production_order_revision_id_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_production_order")),
        sa.UniqueConstraint("form_token", name=op.f("uq_production_order_form_token")),
    )
    with op.batch_alter_table("production_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_production_order_placed_by_id"), ["placed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_production_order_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_production_order_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "reservation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=120), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_reservation_made_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_reservation_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
    )
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reservation_product_id"), ["product_id"], unique=False)

    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("approved", "returned", name="verdict", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reviewer_id"], ["account.id"], name=op.f("fk_review_reviewer_id_account")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_review_revision_id_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "plate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("machine", sa.String(length=32), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("slice_key", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["production_order.id"], name=op.f("fk_plate_order_id_production_order")
        ),
        sa.ForeignKeyConstraint(["slice_key"], ["slice.key"], name=op.f("fk_plate_slice_key_slice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plate")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_plate_order_id_number")),
    )
    with op.batch_alter_table("plate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plate_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plate_slice_key"), ["slice_key"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plate_id", sa.Integer(), nullable=False),
        sa.Column("printer_id", sa.Integer(), nullable=False),
        sa.Column("spool_id", sa.Integer(), nullable=True),
        sa.Column("token", sa.String(length=8), nullable=False),
        sa.Column("remote_name", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "claimed",
                "uploading",
                "verified",
                "start_sent",
                "printing",
                "paused",
                "unknown",
                "reported_done",
                "failed",
                "cancelled",
                "resolved",
                "released",
                name="attemptstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("conflict", sa.String(length=64), nullable=False),
        sa.Column("wish", sa.String(length=16), nullable=False),
        sa.Column("wish_reason", sa.String(length=64), nullable=False),
        sa.Column("wish_by_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("file_pos", sa.Integer(), nullable=False),
        sa.Column("remote_gone", sa.Boolean(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=True),
        sa.Column("scrap", sa.Integer(), nullable=True),
        sa.Column("scrap_reason", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["plate_id"], ["plate.id"], name=op.f("fk_attempt_plate_id_plate")),
        sa.ForeignKeyConstraint(["printer_id"], ["printer.id"], name=op.f("fk_attempt_printer_id_printer")),
        sa.ForeignKeyConstraint(["spool_id"], ["spool.id"], name=op.f("fk_attempt_spool_id_spool")),
        sa.ForeignKeyConstraint(["wish_by_id"], ["account.id"], name=op.f("fk_attempt_wish_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("remote_name", name=op.f("uq_attempt_remote_name")),
        sa.UniqueConstraint("token", name=op.f("uq_attempt_token")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_plate_id"), ["plate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempt_printer_id"), ["printer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempt_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_attempt_active_printer",
            ["printer_id"],
            unique=True,
            sqlite_where=sa.text("NOT state IN ('resolved', 'released')"),
            postgresql_where=sa.text("NOT (state IN ('resolved', 'released'))"),
        )

    op.create_table(
        "copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "active", "good", "given_up", name="copystate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("plate_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["production_order.id"], name=op.f("fk_copy_order_id_production_order")
        ),
        sa.ForeignKeyConstraint(["plate_id"], ["plate.id"], name=op.f("fk_copy_plate_id_plate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_copy_order_id_number")),
    )
    with op.batch_alter_table("copy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_copy_plate_id"), ["plate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_copy_state"), ["state"], unique=False)

    op.create_table(
        "attempt_copy",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_copy_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(["copy_id"], ["copy.id"], name=op.f("fk_attempt_copy_copy_id_copy")),
        sa.PrimaryKeyConstraint("attempt_id", "copy_id", name=op.f("pk_attempt_copy")),
    )
    with op.batch_alter_table("attempt_copy", schema=None) as batch_op:
        batch_op.create_index(
            "uq_attempt_copy_active",
            ["copy_id"],
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )

    op.create_table(
        "attempt_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column(
            "from_state",
            sa.Enum(
                "claimed",
                "uploading",
                "verified",
                "start_sent",
                "printing",
                "paused",
                "unknown",
                "reported_done",
                "failed",
                "cancelled",
                "resolved",
                "released",
                name="attemptstate",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "claimed",
                "uploading",
                "verified",
                "start_sent",
                "printing",
                "paused",
                "unknown",
                "reported_done",
                "failed",
                "cancelled",
                "resolved",
                "released",
                name="attemptstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_attempt_event_actor_id_account")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_event_attempt_id_attempt")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_event")),
    )
    with op.batch_alter_table("attempt_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_event_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(
            "uq_attempt_event_end",
            ["attempt_id", "to_state"],
            unique=True,
            sqlite_where=sa.text("to_state IN ('reported_done','failed','cancelled','resolved','released')"),
            postgresql_where=sa.text(
                "to_state IN ('reported_done','failed','cancelled','resolved','released')"
            ),
        )

    op.create_table(
        "attempt_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "prepared",
                "started",
                "removed",
                "finished",
                "checked",
                name="step",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_attempt_step_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_step_attempt_id_attempt")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_step")),
        sa.UniqueConstraint("attempt_id", "step", name=op.f("uq_attempt_step_attempt_id_step")),
    )
    with op.batch_alter_table("attempt_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_step_account_id"), ["account_id"], unique=False)

    op.create_table(
        "filament_movement",
        sa.Column("spool_id", sa.Integer(), nullable=False),
        sa.Column("milligrams", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "received",
                "printed",
                "weighed",
                "scrapped",
                "reversed",
                name="filamentreason",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["account.id"], name=op.f("fk_filament_movement_actor_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_filament_movement_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"],
            ["filament_movement.id"],
            name=op.f("fk_filament_movement_reverses_id_filament_movement"),
        ),
        sa.ForeignKeyConstraint(["spool_id"], ["spool.id"], name=op.f("fk_filament_movement_spool_id_spool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filament_movement")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_filament_movement_attempt_id")),
        sa.UniqueConstraint("hash", name=op.f("uq_filament_movement_hash")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_filament_movement_reverses_id")),
    )
    with op.batch_alter_table("filament_movement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_filament_movement_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_filament_movement_spool_id"), ["spool_id"], unique=False)

    op.create_table(
        "stock_movement",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "produced",
                "received",
                "sold",
                "moved",
                "counted",
                "broken",
                "reversed",
                name="stockreason",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("transfer", sa.String(length=32), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("pieces <> 0", name=op.f("ck_stock_movement_not_nothing")),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["account.id"], name=op.f("fk_stock_movement_actor_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_stock_movement_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_stock_movement_place_id_place")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_stock_movement_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["stock_movement.id"], name=op.f("fk_stock_movement_reverses_id_stock_movement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movement")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_stock_movement_attempt_id")),
        sa.UniqueConstraint("hash", name=op.f("uq_stock_movement_hash")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_stock_movement_reverses_id")),
    )
    with op.batch_alter_table("stock_movement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_movement_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index("ix_stock_movement_sums", ["product_id", "place_id", "pieces"], unique=False)
        batch_op.create_index(batch_op.f("ix_stock_movement_transfer"), ["transfer"], unique=False)

    op.create_table(
        "sale",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("movement_id", sa.Integer(), nullable=False),
        sa.Column("price_id", sa.Integer(), nullable=True),
        sa.Column("receipt", sa.String(length=40), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["movement_id"], ["stock_movement.id"], name=op.f("fk_sale_movement_id_stock_movement")
        ),
        sa.ForeignKeyConstraint(["price_id"], ["price.id"], name=op.f("fk_sale_price_id_price")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sale")),
        sa.UniqueConstraint("form_token", name=op.f("uq_sale_form_token")),
        sa.UniqueConstraint("movement_id", name=op.f("uq_sale_movement_id")),
    )
    _fill_roles()
    _guard_ledgers()


def _fill_roles() -> None:
    names = ("trainee", "instructor", "liaison", "sales", "coordinator", "administrator")
    op.bulk_insert(sa.table("role", sa.column("name", sa.String)), [{"name": name} for name in names])


def _guard_ledgers() -> None:
    """The database itself refuses to change what was booked."""
    dialect = op.get_bind().dialect.name
    for table in ("audit_line", "filament_movement", "stock_movement"):
        for statement in guard_statements(table, dialect):
            op.execute(statement)

"""The officers' desk: who handles a plan, sign-in, sessions, who saw what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("plan", sa.Column("handler", sa.String(length=255), nullable=False, server_default=""))
    for column in ("before", "after"):
        op.add_column("plan_change", sa.Column(column, sa.String(length=255), nullable=False, server_default=""))
    op.create_table(
        "sign_in",
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("link_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.String(length=255), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("browser_hash"),
    )
    op.create_index("ix_sign_in_link_hash", "sign_in", ["link_hash"], unique=True)
    op.create_index("ix_sign_in_officer", "sign_in", ["officer"])
    op.create_index("ix_sign_in_expires_at", "sign_in", ["expires_at"])
    op.create_table(
        "desk_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_desk_session_officer", "desk_session", ["officer"])
    op.create_index("ix_desk_session_created_at", "desk_session", ["created_at"])
    op.create_table(
        "attempt",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attempt_at", "attempt", ["at"])
    op.create_index("ix_attempt_key", "attempt", ["key", "at"])
    op.create_table(
        "desk_view",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer", sa.String(length=255), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("plan_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_desk_view_at", "desk_view", ["at"])
    op.create_index("ix_desk_view_plan_id", "desk_view", ["plan_id"])
    op.create_index("ix_plan_change_at", "plan_change", ["at"])
    op.create_index("ix_plan_handler", "plan", ["handler"])


def downgrade() -> None:
    op.drop_index("ix_plan_handler", "plan")
    op.drop_index("ix_plan_change_at", "plan_change")
    for table in ("desk_view", "attempt", "desk_session", "sign_in"):
        op.drop_table(table)
    for column in ("after", "before"):
        op.drop_column("plan_change", column)
    op.drop_column("plan", "handler")

"""Promises to residents: dates that were moved, what was told once, who is away, what was delivered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("officer", sa.String(length=255), nullable=False),
        sa.Column("deputy", sa.String(length=255), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("set_by", sa.String(length=255), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("officer"),
    )
    op.create_table(
        "told",
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_told_at", "told", ["at"])
    # Plain ADD COLUMN works on both databases; batch mode would copy the tables on SQLite.
    op.add_column("plan_change", sa.Column("old_date", sa.Date(), nullable=True))
    op.add_column("plan_change", sa.Column("new_date", sa.Date(), nullable=True))
    for table in ("outbox", "message"):
        op.add_column(table, sa.Column("change_id", SERIAL, nullable=True))
        op.create_index(f"ix_{table}_change_id", table, ["change_id"])
    op.add_column("message", sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("followed_up_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "followed_up_at")
    op.drop_column("message", "fetched_at")
    for table in ("message", "outbox"):
        op.drop_index(f"ix_{table}_change_id", table)
        op.drop_column(table, "change_id")
    op.drop_column("plan_change", "new_date")
    op.drop_column("plan_change", "old_date")
    op.drop_table("told")
    op.drop_table("absence")

"""Files that residents send along with what they add to a plan, and with which line a photo came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "plan_file",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        sa.Column("change_id", SERIAL, nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_plan_file_plan_id", "plan_file", ["plan_id"])
    op.add_column("photo", sa.Column("change_id", SERIAL, nullable=True))


def downgrade() -> None:
    op.drop_column("photo", "change_id")
    op.drop_index("ix_plan_file_plan_id", "plan_file")
    op.drop_table("plan_file")

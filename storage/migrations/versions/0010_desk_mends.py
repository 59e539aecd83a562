"""What officers need to be sure of: which news a resident never got, who decided and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0004"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("plan_change", sa.Column("about", SERIAL, nullable=True))
    op.add_column("plan_change", sa.Column("decided_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("plan_change", "decided_on")
    op.drop_column("plan_change", "about")

"""How often the ownership of a stack was taken over from a process that had died."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    column = sa.Column("take_overs", sa.Integer, nullable=False, server_default="0")
    op.add_column("leases", column)

"""All stacks below a root are found without looking at every stack."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index("ix_stacks_root_id", "stacks", ["root_id"])

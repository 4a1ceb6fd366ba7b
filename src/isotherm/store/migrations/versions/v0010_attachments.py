"""What is kept beside stacks: change sets, policies and protection."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from isotherm.store.types import Instant, Line, LongText, Serial

revision = "0010"
down_revision = "0009"

_OPTIONS: dict[str, Any] = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (
        ("engine", "InnoDB"),
        ("charset", "utf8mb4"),
        ("collate", "utf8mb4_nopad_bin"),
    )
}


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("seq", Serial, autoincrement=True, nullable=False),
        sa.Column("id", Line(64), nullable=False),
        sa.Column("project_id", Line(64), nullable=False),
        sa.Column("kind", Line(16), nullable=False),
        sa.Column("stack_id", Line(64), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("document", LongText, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_attachments"),
        sa.UniqueConstraint("id", name="uq_attachments_id"),
        sa.Index("ix_attachments_project_id_kind_seq", "project_id", "kind", "seq"),
        sa.Index("ix_attachments_stack_id", "stack_id"),
        **_OPTIONS,
    )

"""Inboxes: what came for a stack and is yet to be taken in by its owner."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from isotherm.store.types import Instant, Line, LongText, Serial

revision = "0003"
down_revision = "0002"

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
        "messages",
        sa.Column("seq", Serial, nullable=False, autoincrement=True),
        sa.Column("id", Line(64), nullable=False),
        sa.Column("stack_id", Line(64), nullable=False),
        sa.Column("taken", sa.Boolean, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("document", LongText, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_messages"),
        sa.UniqueConstraint("id", name="uq_messages_id"),
        sa.Index("ix_messages_at", "at"),
        sa.Index("ix_messages_stack_id_taken_seq", "stack_id", "taken", "seq"),
        sa.ForeignKeyConstraint(
            ["stack_id"], ["stacks.id"], name="fk_messages_stack_id", ondelete="CASCADE"
        ),
        **_OPTIONS,
    )

"""Snapshots of stacks."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from isotherm.store.types import Line, LongText, Serial

revision = "0006"
down_revision = "0005"

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
        "snapshots",
        sa.Column("seq", Serial, autoincrement=True, nullable=False),
        sa.Column("id", Line(64), nullable=False),
        sa.Column("stack_id", Line(64), nullable=False),
        sa.Column("source_id", Line(64), nullable=False),
        sa.Column("document", LongText, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_snapshots"),
        sa.UniqueConstraint("id", name="uq_snapshots_id"),
        sa.ForeignKeyConstraint(
            ["stack_id"], ["stacks.id"], name="fk_snapshots_stack_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_snapshots_source_id"),
        sa.Index("ix_snapshots_stack_id", "stack_id"),
        sa.Index("ix_snapshots_source_id", "source_id"),
        **_OPTIONS,
    )

"""Duties: what some process is to do now and then, one process at a time."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from isotherm.store.types import Line

revision = "0004"
down_revision = "0003"

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
        "duties",
        sa.Column("kind", Line(64), nullable=False),
        sa.Column("key", Line(255), nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("owner", Line(255)),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name="pk_duties"),
        sa.Index("ix_duties_due_at", "due_at"),
        **_OPTIONS,
    )

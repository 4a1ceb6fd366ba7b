"""Servers to which their metadata are sent."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from isotherm.store.types import Instant, Line

revision = "0013"
down_revision = "0012"

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
        "told_servers",
        sa.Column("server_id", Line(255), nullable=False),
        sa.Column("stack_id", Line(64), nullable=False),
        sa.Column("resource", Line(255), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("busy_until", Instant, nullable=True),
        sa.PrimaryKeyConstraint("server_id", name="pk_told_servers"),
        **_OPTIONS,
    )

"""Reports of how traversals went, and how long steps take."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from isotherm.store.types import Line, LongText

revision = "0007"
down_revision = "0006"

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
        "reports",
        sa.Column("stack_id", Line(64), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("document", LongText, nullable=False),
        sa.PrimaryKeyConstraint("stack_id", "number", name="pk_reports"),
        sa.ForeignKeyConstraint(
            ["stack_id"], ["stacks.id"], name="fk_reports_stack_id", ondelete="CASCADE"
        ),
        **_OPTIONS,
    )
    op.create_table(
        "durations",
        sa.Column("type", Line(255), nullable=False),
        sa.Column("kind", Line(16), nullable=False),
        sa.Column("seconds", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("type", "kind", name="pk_durations"),
        **_OPTIONS,
    )

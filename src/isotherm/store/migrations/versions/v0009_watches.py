"""Measures, alarms about them, their history, and actions still to be taken."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from isotherm.store.types import Instant, Line, LongText, Serial

revision = "0009"
down_revision = "0008"

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
        "metric_series",
        sa.Column("id", Line(48), nullable=False),
        sa.Column("project_id", Line(64), nullable=False),
        sa.Column("namespace", Line(255), nullable=False),
        sa.Column("name", Line(255), nullable=False),
        sa.Column("document", LongText, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_metric_series"),
        sa.Index("ix_metric_series_project_id_id", "project_id", "id"),
        **_OPTIONS,
    )
    op.create_table(
        "measures",
        sa.Column("series_id", Line(48), nullable=False),
        sa.Column("period", sa.Integer, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("unit", Line(32), nullable=False),
        sa.Column("document", LongText, nullable=False),
        sa.PrimaryKeyConstraint("series_id", "period", "at", "unit", name="pk_measures"),
        sa.Index("ix_measures_period_at", "period", "at"),
        **_OPTIONS,
    )
    op.create_table(
        "alarms",
        sa.Column("id", Line(64), nullable=False),
        sa.Column("project_id", Line(64), nullable=False),
        sa.Column("name", Line(255), nullable=False),
        sa.Column("look_at", Instant, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("document", LongText, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alarms"),
        sa.UniqueConstraint("project_id", "name", name="uq_alarms_project_id_name"),
        sa.Index("ix_alarms_look_at", "look_at"),
        **_OPTIONS,
    )
    op.create_table(
        "alarm_history",
        sa.Column("seq", Serial, autoincrement=True, nullable=False),
        sa.Column("id", Line(64), nullable=False),
        sa.Column("project_id", Line(64), nullable=False),
        sa.Column("name", Line(255), nullable=False),
        sa.Column("document", LongText, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_alarm_history"),
        sa.UniqueConstraint("id", name="uq_alarm_history_id"),
        sa.Index("ix_alarm_history_project_id_name_seq", "project_id", "name", "seq"),
        **_OPTIONS,
    )
    op.create_table(
        "alarm_calls",
        sa.Column("id", Line(64), nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("document", LongText, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alarm_calls"),
        sa.Index("ix_alarm_calls_due_at", "due_at"),
        **_OPTIONS,
    )

"""Software configurations and deployments."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from isotherm.store.types import Line, LongText, Serial

revision = "0008"
down_revision = "0007"

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
        "software_configs",
        sa.Column("seq", Serial, autoincrement=True, nullable=False),
        sa.Column("id", Line(64), nullable=False),
        sa.Column("project_id", Line(64), nullable=False),
        sa.Column("document", LongText, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_software_configs"),
        sa.UniqueConstraint("id", name="uq_software_configs_id"),
        sa.Index("ix_software_configs_project_id_seq", "project_id", "seq"),
        **_OPTIONS,
    )
    op.create_table(
        "software_deployments",
        sa.Column("seq", Serial, autoincrement=True, nullable=False),
        sa.Column("id", Line(64), nullable=False),
        sa.Column("project_id", Line(64), nullable=False),
        sa.Column("server_id", Line(255), nullable=False),
        sa.Column("config_id", Line(64), nullable=False),
        sa.Column("status", Line(255)),
        sa.Column("document", LongText, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_software_deployments"),
        sa.UniqueConstraint("id", name="uq_software_deployments_id"),
        sa.ForeignKeyConstraint(
            ["config_id"], ["software_configs.id"], name="fk_software_deployments_config_id"
        ),
        sa.Index("ix_software_deployments_project_id_seq", "project_id", "seq"),
        sa.Index("ix_software_deployments_server_id", "server_id"),
        sa.Index("ix_software_deployments_config_id", "config_id"),
        **_OPTIONS,
    )

"""The first tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from isotherm.store.types import Instant, Line, LongText, Prose, Serial

revision = "0001"
down_revision = None

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
    _create_sources()
    _create_stacks()
    _create_traversals()
    _create_resources()
    _create_events()


def _create(name: str, *parts: sa.Column[Any] | sa.Constraint | sa.Index) -> None:
    op.create_table(name, *parts, **_OPTIONS)


def _references(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")


def _belongs_to_stack(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["stack_id"], ["stacks.id"], name=f"fk_{table}_stack_id", ondelete="CASCADE"
    )


def _create_sources() -> None:
    _create(
        "contents",
        sa.Column("id", Line(64), nullable=False),
        sa.Column("body", LongText, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contents"),
    )
    _create(
        "sources",
        sa.Column("id", Line(64), nullable=False),
        sa.Column("template_id", Line(64), nullable=False),
        sa.Column("files_id", Line(64), nullable=False),
        sa.Column("environment", LongText, nullable=False),
        sa.Column("touched_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.Index("ix_sources_template_id", "template_id"),
        sa.Index("ix_sources_files_id", "files_id"),
        _references("sources", "template_id", "contents"),
        _references("sources", "files_id", "contents"),
    )


def _create_stacks() -> None:
    _create(
        "stacks",
        sa.Column("id", Line(64), nullable=False),
        sa.Column("name", Line(255), nullable=False),
        sa.Column("live_name", Line(255)),
        sa.Column("project_id", Line(64), nullable=False),
        sa.Column("user_id", Line(64), nullable=False),
        sa.Column("username", Line(255), nullable=False),
        sa.Column("action", Line(16), nullable=False),
        sa.Column("status", Line(16), nullable=False),
        sa.Column("status_reason", Prose, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant),
        sa.Column("deleted_at", Instant),
        sa.Column("source_id", Line(64), nullable=False),
        sa.Column("previous_source_id", Line(64)),
        sa.Column("disable_rollback", sa.Boolean, nullable=False),
        sa.Column("timeout_mins", sa.Integer),
        sa.Column("tags", Prose, nullable=False),
        sa.Column("parent_id", Line(64)),
        sa.Column("parent_resource", Line(255)),
        sa.Column("root_id", Line(64)),
        sa.Column("document", LongText, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stacks"),
        sa.UniqueConstraint("project_id", "live_name", name="uq_stacks_project_id_live_name"),
        sa.Index("ix_stacks_project_id_name", "project_id", "name"),
        sa.Index("ix_stacks_project_id_created_at", "project_id", "created_at"),
        sa.Index("ix_stacks_deleted_at", "deleted_at"),
        sa.Index("ix_stacks_parent_id", "parent_id"),
        sa.Index("ix_stacks_source_id", "source_id"),
        sa.Index("ix_stacks_previous_source_id", "previous_source_id"),
        _references("stacks", "source_id", "sources"),
        _references("stacks", "previous_source_id", "sources"),
    )


def _create_traversals() -> None:
    _create(
        "traversals",
        sa.Column("stack_id", Line(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("operation", Line(16), nullable=False),
        sa.Column("deadline", Instant),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("finished", sa.Boolean, nullable=False),
        sa.Column("cause", Prose, nullable=False),
        sa.Column("document", LongText, nullable=False),
        sa.PrimaryKeyConstraint("stack_id", "number", name="pk_traversals"),
        _belongs_to_stack("traversals"),
    )
    _create(
        "leases",
        sa.Column("stack_id", Line(64), nullable=False),
        sa.Column("traversal", sa.Integer, nullable=False),
        sa.Column("waiting_since", Instant),
        sa.Column("owner", Line(255)),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("stack_id", name="pk_leases"),
        sa.Index("ix_leases_waiting_since", "waiting_since"),
        sa.Index("ix_leases_owner", "owner"),
        _belongs_to_stack("leases"),
    )


def _create_resources() -> None:
    _create(
        "resources",
        sa.Column("seq", Serial, nullable=False, autoincrement=True),
        sa.Column("id", Line(64), nullable=False),
        sa.Column("stack_id", Line(64), nullable=False),
        sa.Column("name", Line(255), nullable=False),
        sa.Column("type", Line(255), nullable=False),
        sa.Column("traversal", sa.Integer, nullable=False),
        sa.Column("action", Line(16), nullable=False),
        sa.Column("status", Line(16), nullable=False),
        sa.Column("status_reason", Prose, nullable=False),
        sa.Column("current", sa.Boolean, nullable=False),
        sa.Column("physical_id", Line(512)),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.Column("document", LongText, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_resources"),
        sa.UniqueConstraint("id", name="uq_resources_id"),
        sa.Index("ix_resources_stack_id_seq", "stack_id", "seq"),
        sa.Index("ix_resources_physical_id", "physical_id"),
        _belongs_to_stack("resources"),
    )


def _create_events() -> None:
    _create(
        "events",
        sa.Column("seq", Serial, nullable=False, autoincrement=True),
        sa.Column("id", Line(64), nullable=False),
        sa.Column("stack_id", Line(64), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("resource_name", Line(255), nullable=False),
        sa.Column("resource_type", Line(255), nullable=False),
        sa.Column("physical_id", Prose),
        sa.Column("action", Line(16), nullable=False),
        sa.Column("status", Line(16), nullable=False),
        sa.Column("status_reason", Prose, nullable=False),
        sa.Column("document", LongText, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_events"),
        sa.UniqueConstraint("id", name="uq_events_id"),
        sa.Index("ix_events_stack_id_seq", "stack_id", "seq"),
        _belongs_to_stack("events"),
    )

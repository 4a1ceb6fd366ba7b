"""The tables. Fields that no query needs live together in a ``document`` column."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
)

from isotherm.store.types import Instant, Line, LongText, Prose, Serial

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Binary, and trailing blanks count: names differ in MariaDB exactly when they differ elsewhere.
_MARIADB: dict[str, Any] = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_nopad_bin",
    "mariadb_engine": "InnoDB",
    "mariadb_charset": "utf8mb4",
    "mariadb_collate": "utf8mb4_nopad_bin",
}


def _stack_key(**options: Any) -> Column[str]:
    return Column("stack_id", Line(64), ForeignKey("stacks.id", ondelete="CASCADE"), **options)


contents = Table(
    "contents",
    metadata,
    Column("id", Line(64), primary_key=True),
    Column("body", LongText, nullable=False),
    **_MARIADB,
)
"""Templates and file sets, once by content."""

sources = Table(
    "sources",
    metadata,
    Column("id", Line(64), primary_key=True),
    Column("template_id", Line(64), ForeignKey("contents.id"), nullable=False, index=True),
    Column("files_id", Line(64), ForeignKey("contents.id"), nullable=False, index=True),
    Column("environment", LongText, nullable=False),
    Column("touched_at", BigInteger, nullable=False),
    **_MARIADB,
)
"""``environment`` is sealed; ``touched_at`` (microseconds of database time) is the last time
that a source was given, so that clearing does not take what is just about to be used."""

stacks = Table(
    "stacks",
    metadata,
    Column("id", Line(64), primary_key=True),
    Column("name", Line(255), nullable=False),
    Column("live_name", Line(255)),
    Column("project_id", Line(64), nullable=False),
    Column("user_id", Line(64), nullable=False),
    Column("username", Line(255), nullable=False),
    Column("action", Line(16), nullable=False),
    Column("status", Line(16), nullable=False),
    Column("status_reason", Prose, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant),
    Column("deleted_at", Instant, index=True),
    Column("source_id", Line(64), ForeignKey("sources.id"), nullable=False, index=True),
    Column("previous_source_id", Line(64), ForeignKey("sources.id"), index=True),
    Column("disable_rollback", Boolean, nullable=False),
    Column("timeout_mins", Integer),
    Column("tags", Prose, nullable=False),
    Column("parent_id", Line(64), index=True),
    Column("parent_resource", Line(255)),
    Column("root_id", Line(64), index=True),
    Column("document", LongText, nullable=False),
    UniqueConstraint("project_id", "live_name"),
    Index(None, "project_id", "name"),
    Index(None, "project_id", "created_at"),
    **_MARIADB,
)
"""``live_name`` is the name while a root stack lives, so that the database keeps it unique."""

traversals = Table(
    "traversals",
    metadata,
    _stack_key(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("operation", Line(16), nullable=False),
    Column("deadline", Instant),
    Column("started_at", Instant, nullable=False),
    Column("finished", Boolean, nullable=False),
    Column("cause", Prose, nullable=False),
    Column("document", LongText, nullable=False),
    **_MARIADB,
)

leases = Table(
    "leases",
    metadata,
    _stack_key(primary_key=True),
    Column("traversal", Integer, nullable=False),
    Column("waiting_since", Instant, index=True),
    Column("owner", Line(255), index=True),
    Column("epoch", Integer, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("take_overs", Integer, nullable=False, server_default="0"),
    **_MARIADB,
)
"""One row a stack, small because every commit reads it: the number of the newest traversal,
since when the stack waits for an owner (null: its traversal is finished and its inbox empty), and
who owns it until when (microseconds of database time), and how often this traversal was taken over
from an owner that had died."""

duties = Table(
    "duties",
    metadata,
    Column("kind", Line(64), primary_key=True),
    Column("key", Line(255), primary_key=True),
    Column("due_at", BigInteger, nullable=False, index=True),
    Column("owner", Line(255)),
    Column("epoch", Integer, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    **_MARIADB,
)
"""Leased like stacks; times are microseconds of database time."""

resources = Table(
    "resources",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("id", Line(64), nullable=False, unique=True),
    _stack_key(nullable=False),
    Column("name", Line(255), nullable=False),
    Column("type", Line(255), nullable=False),
    Column("traversal", Integer, nullable=False),
    Column("action", Line(16), nullable=False),
    Column("status", Line(16), nullable=False),
    Column("status_reason", Prose, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("physical_id", Line(512), index=True),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("document", LongText, nullable=False),
    Index(None, "stack_id", "seq"),
    **_MARIADB,
)

messages = Table(
    "messages",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("id", Line(64), nullable=False, unique=True),
    _stack_key(nullable=False),
    Column("taken", Boolean, nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("document", LongText, nullable=False),
    Index(None, "stack_id", "taken", "seq"),
    **_MARIADB,
)
"""The inboxes. What came for one stack came in the order of ``seq``: its lease row is locked
while a message is added."""

snapshots = Table(
    "snapshots",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("id", Line(64), nullable=False, unique=True),
    _stack_key(nullable=False, index=True),
    Column("source_id", Line(64), ForeignKey("sources.id"), nullable=False, index=True),
    Column("document", LongText, nullable=False),
    **_MARIADB,
)
"""What stacks were made of at a time, and what belongs to it of their objects."""

reports = Table(
    "reports",
    metadata,
    _stack_key(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("document", LongText, nullable=False),
    **_MARIADB,
)
"""How traversals went, step by step."""

durations = Table(
    "durations",
    metadata,
    Column("type", Line(255), primary_key=True),
    Column("kind", Line(16), primary_key=True),
    Column("seconds", Double, nullable=False),
    **_MARIADB,
)
"""How long steps take, as far as that was seen lately."""

engines = Table(
    "engines",
    metadata,
    Column("id", Line(64), primary_key=True),
    Column("host", Line(255), nullable=False),
    Column("hostname", Line(255), nullable=False),
    Column("since", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    **_MARIADB,
)
"""Processes that work on stacks, as far as they say so."""

attachments = Table(
    "attachments",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("id", Line(64), nullable=False, unique=True),
    Column("project_id", Line(64), nullable=False),
    Column("kind", Line(16), nullable=False),
    Column("stack_id", Line(64), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("document", LongText, nullable=False),
    Index(None, "project_id", "kind", "seq"),
    **_MARIADB,
)
"""What is kept beside stacks, also for some that are still to come."""

software_configs = Table(
    "software_configs",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("id", Line(64), nullable=False, unique=True),
    Column("project_id", Line(64), nullable=False),
    Column("document", LongText, nullable=False),
    Index(None, "project_id", "seq"),
    **_MARIADB,
)

software_deployments = Table(
    "software_deployments",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("id", Line(64), nullable=False, unique=True),
    Column("project_id", Line(64), nullable=False),
    Column("server_id", Line(255), nullable=False),
    Column("config_id", Line(64), ForeignKey("software_configs.id"), nullable=False, index=True),
    Column("status", Line(255)),
    Column("document", LongText, nullable=False),
    Index(None, "project_id", "seq"),
    Index(None, "server_id"),
    **_MARIADB,
)
"""Neither belongs to a stack: users have some without one."""

told_servers = Table(
    "told_servers",
    metadata,
    Column("server_id", Line(255), primary_key=True),
    Column("stack_id", Line(64), nullable=False),
    Column("resource", Line(255), nullable=False),
    Column("version", Integer, nullable=False),
    Column("told", Integer, nullable=False),
    Column("busy_until", Instant),
    **_MARIADB,
)
"""Servers that do not ask for what they are told: each change of it is a version, and ``told`` the
last one that was sent."""

metric_series = Table(
    "metric_series",
    metadata,
    Column("id", Line(48), primary_key=True),
    Column("project_id", Line(64), nullable=False),
    Column("namespace", Line(255), nullable=False),
    Column("name", Line(255), nullable=False),
    Column("document", LongText, nullable=False),
    Index(None, "project_id", "id"),
    **_MARIADB,
)

measures = Table(
    "measures",
    metadata,
    Column("series_id", Line(48), primary_key=True),
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, primary_key=True, autoincrement=False),
    Column("unit", Line(32), primary_key=True),
    Column("document", LongText, nullable=False),
    Index(None, "period", "at"),
    **_MARIADB,
)
"""What a series was for the seconds of a period, in one unit."""

alarms = Table(
    "alarms",
    metadata,
    Column("id", Line(64), primary_key=True),
    Column("project_id", Line(64), nullable=False),
    Column("name", Line(255), nullable=False),
    Column("look_at", Instant, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("document", LongText, nullable=False),
    UniqueConstraint("project_id", "name"),
    **_MARIADB,
)

alarm_history = Table(
    "alarm_history",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("id", Line(64), nullable=False, unique=True),
    Column("project_id", Line(64), nullable=False),
    Column("name", Line(255), nullable=False),
    Column("at", Instant, nullable=False, index=True, server_default="0"),
    Column("document", LongText, nullable=False),
    Index(None, "project_id", "name", "seq"),
    **_MARIADB,
)

alarm_calls = Table(
    "alarm_calls",
    metadata,
    Column("id", Line(64), primary_key=True),
    Column("due_at", Instant, nullable=False, index=True),
    Column("document", LongText, nullable=False),
    **_MARIADB,
)
"""Actions of alarms that are still to be taken."""

events = Table(
    "events",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("id", Line(64), nullable=False, unique=True),
    _stack_key(nullable=False),
    Column("at", Instant, nullable=False),
    Column("resource_name", Line(255), nullable=False),
    Column("resource_type", Line(255), nullable=False),
    Column("physical_id", Prose),
    Column("action", Line(16), nullable=False),
    Column("status", Line(16), nullable=False),
    Column("status_reason", Prose, nullable=False),
    Column("document", LongText, nullable=False),
    Index(None, "stack_id", "seq"),
    **_MARIADB,
)

"""Reports of how traversals went, and what was learnt of how long steps take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from isotherm.ports.records import Duration, Report
from isotherm.store.encoding import Encoding
from isotherm.store.rows import REPORTS, Row
from isotherm.store.tables import durations, reports, traversals
from isotherm.store.types import Instant

_KEPT = 10
"""Traversals of a stack whose reports are kept."""

_OF_STACK = select(reports).where(reports.c.stack_id == bindparam("stack"))
_NEWEST = _OF_STACK.order_by(reports.c.number.desc()).limit(1)
_NUMBERED = _OF_STACK.where(reports.c.number == bindparam("wanted"))
_ASKED_FOR = (
    select(reports)
    .join(
        traversals,
        (traversals.c.stack_id == reports.c.stack_id) & (traversals.c.number == reports.c.number),
    )
    .where(
        reports.c.stack_id.in_(bindparam("stacks", expanding=True)),
        traversals.c.started_at >= bindparam("start", type_=Instant),
        traversals.c.started_at <= bindparam("end", type_=Instant),
    )
    .order_by(reports.c.number)
)
REMOVE_OLD = delete(reports).where(
    reports.c.stack_id == bindparam("stack"), reports.c.number <= bindparam("last")
)


def read_report(
    connection: Connection, stack_id: str, number: int | None, encoding: Encoding
) -> Report | None:
    """The report of a traversal, by default the newest."""
    wanted: dict[str, Any] = {"stack": stack_id}
    if number is not None:
        wanted["wanted"] = number
    row = connection.execute(_NEWEST if number is None else _NUMBERED, wanted).first()
    return REPORTS.to_record(row, encoding) if row else None


def read_reports_of(
    connection: Connection,
    stack_ids: Sequence[str],
    span: tuple[datetime, datetime],
    encoding: Encoding,
) -> list[Report]:
    """Those of traversals that were asked for in the span, each stack's oldest first."""
    wanted = {"stacks": list(stack_ids), "start": span[0], "end": span[1]}
    return [REPORTS.to_record(row, encoding) for row in connection.execute(_ASKED_FOR, wanted)]


def read_durations(connection: Connection) -> list[Duration]:
    return [Duration(**row._mapping) for row in connection.execute(select(durations))]


def outdated(reports: Iterable[Row]) -> list[Row]:
    """Parameters of ``REMOVE_OLD``: what goes when these are written."""
    return [
        {"stack": report["stack_id"], "last": report["number"] - _KEPT}
        for report in reports
        if report["number"] > _KEPT
    ]

"""Statements whose form depends on the kind of database, built once for each store."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Insert

from isotherm.store import tables
from isotherm.store.backend import Backend, database_now


@dataclass(frozen=True)
class Statements:
    """Inserts that replace a row of the same key (``put_…``) or leave it alone (``add_…``)."""

    put_resource: Insert
    put_traversal: Insert
    put_snapshot: Insert
    put_report: Insert
    put_duration: Insert
    put_attachment: Insert
    add_attachment: Insert
    put_engine: Insert
    put_config: Insert
    put_deployment: Insert
    put_measure: Insert
    put_alarm: Insert
    add_series: Insert
    add_past: Insert
    add_event: Insert
    add_duty: Insert
    add_content: Insert
    add_source: Insert

    @classmethod
    def of(cls, backend: Backend) -> Statements:
        """The statements as this kind of database has them."""
        return cls(
            put_resource=backend.upsert(tables.resources, ["id"]),
            put_traversal=backend.upsert(tables.traversals, ["stack_id", "number"]),
            put_snapshot=backend.upsert(tables.snapshots, ["id"]),
            put_report=backend.upsert(tables.reports, ["stack_id", "number"]),
            put_duration=backend.upsert(tables.durations, ["type", "kind"]),
            put_attachment=backend.upsert(tables.attachments, ["id"]),
            add_attachment=backend.insert_new(tables.attachments, ["id"]),
            put_engine=backend.upsert(tables.engines, ["id"]),
            put_config=backend.upsert(tables.software_configs, ["id"]),
            put_deployment=backend.upsert(tables.software_deployments, ["id"]),
            put_measure=backend.upsert(tables.measures, ["series_id", "period", "at", "unit"]),
            put_alarm=backend.upsert(tables.alarms, ["id"]),
            add_series=backend.insert_new(tables.metric_series, ["id"]),
            add_past=backend.insert_new(tables.alarm_history, ["id"]),
            # Left alone: an event never changes, and may come twice when a commit is repeated.
            add_event=backend.insert_new(tables.events, ["id"]),
            add_duty=backend.insert_new(tables.duties, ["kind", "key"]),
            add_content=backend.insert_new(tables.contents, ["id"]),
            add_source=backend.insert_new(tables.sources, ["id"]).values(touched_at=database_now()),
        )

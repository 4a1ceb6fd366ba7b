"""What is there: rows and objects, without what differs from run to run."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from isotherm.core.values import reveal
from isotherm.ports.records import Resource
from isotherm.ports.store import StackQuery
from isotherm.testing.local_world import LocalWorld
from isotherm.testing.stage import Stage

Seen = Mapping[str, list[str]]
"""Descriptions by kind."""

MASKS = [
    (re.compile(p), by)
    for p, by in (
        (r'(?<="payload": ")[A-Za-z0-9+/]{40,}={0,2}(?=")', "KEY"),
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID"),
        (r"\b[0-9a-f]{64}\b", "DIGEST"),
        (r"(?<![0-9a-z])[0-9a-f]{32}\b", "ID"),
        (r'(?<="id": ")\d+(?=")', "NUMBER"),
        (r"\b[0-9a-f]{8}-\d\b", "KEY"),
        (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?", "TIME"),
        (r"fa:16:3e(:[0-9a-f]{2}){3}", "MAC"),
        (r"\b(10|203|172|192)\.\d+\.\d+\.\d+\b(?!/)", "ADDRESS"),
        (r"(\b|(?<=\\n))(stack|s)(-[a-z0-9]+)+\b", "NAME"),
        (r"req-[-\w]+", "REQUEST"),
        (r"(?<=&Signature=)[\w%]+", "SIGNATURE"),
        # Members of groups that grow and shrink: another name with every change.
        (r'(?<=")[a-z2-7]{12}(?=")', "MEMBER"),
    )
]
MOVING = frozenset(
    {"created_at", "updated_at", "launched_at", "revision_number", "token", "mac_address",
     "fingerprint", "public_key", "private_key", "events", "migrations", "actions", "host",
     "segmentation_id", "user_data", "hostname", "attached_at", "host_id", "reservation_id",
     "attach_time", "signature", "state_at", "evaluated_at", "owner_roles",
     "password_hash", "updated", "created", "names", "serial", "number"}
)  # fmt: skip
"""Fields that differ from run to run, or count what was tried."""


async def seen(stage: Stage, world: LocalWorld) -> Seen:
    store = stage.store
    stacks = await store.stacks(StackQuery(project_id=stage.project_id, show_nested=True))
    rows = [_row(row) for each in stacks for row in await store.resources(each.id)]
    return {
        "stacks": sorted(f"{'nested' if s.parent_id else 'root'} {s.status}" for s in stacks),
        "rows": sorted(rows),
        **{kind: sorted(map(_masked, found)) for kind, found in world.objects().items()},
    }


def _row(row: Resource) -> str:
    known = {
        "name": row.name,
        "type": row.type,
        "status": row.status,
        "current": row.current,
        "physical_id": bool(row.physical_id),
        "properties": row.properties,
        "applying": row.applying,
        "data": row.data,
        "attributes": sorted(row.attributes),
    }
    return _masked(known)


def _masked(value: Any) -> str:
    text = json.dumps(_without(reveal(value)), sort_keys=True, default=str)
    for pattern, by in MASKS:
        text = pattern.sub(by, text)
    return text


def _without(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _without(v) for k, v in value.items() if k not in MOVING}
    if isinstance(value, (list, tuple)):
        return [_without(each) for each in value]
    return value

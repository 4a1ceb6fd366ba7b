"""What somebody has done to the objects of a stack: looked for when asked, and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from isotherm.core.errors import EntityNotFound, ResourceNotFound
from isotherm.core.ids import new_id
from isotherm.core.values import redact
from isotherm.engine.preparing.drifting import Drifted, Drifting, Sight
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Stack
from isotherm.usecases.services import Services
from isotherm.usecases.stacks.attachments import attach, attached

_KIND = "drift"


@dataclass(frozen=True, slots=True)
class ResourceDrift:
    """``differences``: name of the property, what it should be, what it is."""

    name: str
    type: str
    physical_id: str
    sight: str
    expected: Mapping[str, Any]
    differences: Sequence[tuple[str, Any, Any]]


@dataclass(frozen=True, slots=True)
class Detection:
    id: str
    stack: Stack
    at: datetime
    found: tuple[ResourceDrift, ...]

    @property
    def drifted(self) -> int:
        return sum(each.sight in (Sight.MODIFIED, Sight.DELETED) for each in self.found)


async def detect_drift(
    services: Services, caller: Caller, stack: Stack, names: Sequence[str] = ()
) -> Detection:
    """Look at all objects of the stack, or those of these resources. Raises RemoteError."""
    drifting = Drifting(services.definer, services.clock)
    seen = await drifting.of(stack, frozenset(names) or None)
    now = services.clock.now()
    detection = Detection(new_id(), stack, now, tuple(map(_told, seen)))
    before = await attached(services, stack, _KIND)
    fresh = {each.name: _kept(each) for each in detection.found}
    known = {} if before is None or not names else dict(before["found"])
    content = {"id": detection.id, "at": now.isoformat(), "found": {**known, **fresh}}
    await attach(services, stack, _KIND, content)
    return detection


async def detect_one(
    services: Services, caller: Caller, stack: Stack, name: str
) -> tuple[ResourceDrift, datetime]:
    """Raises ResourceNotFound."""
    detection = await detect_drift(services, caller, stack, [name])
    if not detection.found:
        raise ResourceNotFound(name, stack.name)
    return detection.found[0], detection.at


async def last_detection(services: Services, stack: Stack) -> Detection | None:
    found = await attached(services, stack, _KIND)
    return None if found is None else _read(stack, found)


async def find_detection(services: Services, caller: Caller, detection_id: str) -> Detection:
    """The last one of its stack; older ones are not known any more. Raises EntityNotFound."""
    for each in await services.store.attachments.of_project(caller.project_id, _KIND):
        if each.content["id"] == detection_id:
            stack = await services.store.stack(each.stack_id)
            if stack is not None:
                return _read(stack, each.content)
    raise EntityNotFound("Drift detection", detection_id)


def _told(drifted: Drifted) -> ResourceDrift:
    row = drifted.row
    return ResourceDrift(
        name=row.name,
        type=row.type,
        physical_id=row.physical_id or "",
        sight=drifted.sight,
        expected=redact(row.properties),
        differences=[
            (name, redact(change.after), redact(change.before))
            for name, change in drifted.differences.items()
        ],
    )


def _kept(each: ResourceDrift) -> dict[str, Any]:
    return {
        "type": each.type,
        "physical_id": each.physical_id,
        "sight": str(each.sight),
        "expected": dict(each.expected),
        "differences": [list(difference) for difference in each.differences],
    }


def _read(stack: Stack, content: Mapping[str, Any]) -> Detection:
    found = [
        ResourceDrift(
            name=name, **{**kept, "differences": [tuple(each) for each in kept["differences"]]}
        )
        for name, kept in content["found"].items()
    ]
    return Detection(content["id"], stack, datetime.fromisoformat(content["at"]), tuple(found))

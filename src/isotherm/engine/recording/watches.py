"""Records of alarms: how they are made and changed, and what follows from a change of state."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from isotherm.core.arns import Arn, parse_arn
from isotherm.core.errors import Refused
from isotherm.core.ids import new_id
from isotherm.kit.watches import Watch
from isotherm.ports.watches import Call, Past, WatchStore

_ALARMS = uuid.UUID("9e0f5c3a-0a37-4d3c-9d5f-7c1c2c9c2f51")
_SIGNALLED = re.compile(
    r"/(?P<project>[^/]+)/stacks/(?P<name>[^/]+)/(?P<id>[^/]+)"
    r"/resources/(?P<resource>[^/]+)/signal$"
)


def require_actions(project_id: str, actions: Collection[str]) -> None:
    """Raises Refused for what cannot be done."""
    for action in actions:
        target = target_of(action)
        if target is None:
            raise Refused(
                "Only resources of stacks can be signalled, by their ARN or address;"
                " other actions are not supported yet."
            )
        if target.project_id != project_id:
            raise Refused("An action names a resource of another project.")


async def put_watch(
    store: WatchStore, now: datetime, project_id: str, wish: Mapping[str, Any]
) -> None:
    """Make the alarm, or change it: its state stays what it is. ``wish`` has the fields of a
    watch. Raises Refused."""
    name = str(wish["name"])
    for field in ("alarm_actions", "ok_actions", "insufficient_actions"):
        require_actions(project_id, wish.get(field, ()))
    before = await store.watch(project_id, name)
    if before is None:
        alarm_id = str(uuid.uuid5(_ALARMS, f"{project_id} {name}"))
        watch = Watch(
            **wish, id=alarm_id, state_at=now, project_id=project_id, updated_at=now, look_at=now
        )
    else:
        watch = Watch(
            **wish,
            state=before.state,
            reason=before.reason,
            state_at=before.state_at,
            id=before.id,
            project_id=project_id,
            updated_at=now,
            look_at=now,
            version=before.version + 1,
        )
    verb = "created" if before is None else "updated"
    past = past_of(watch, "ConfigurationUpdate", f'Alarm "{name}" {verb}', now)
    await store.put_watch(watch, past)


async def remove_watch(store: WatchStore, now: datetime, project_id: str, name: str) -> bool:
    """Whether there was one."""
    past = Past(
        id=new_id(),
        project_id=project_id,
        name=name,
        at=now,
        kind="ConfigurationUpdate",
        summary=f'Alarm "{name}" deleted',
    )
    return await store.remove_watch(project_id, name, past)


def state_changed(before: Watch, after: Watch, now: datetime) -> Past:
    return past_of(
        after,
        "StateUpdate",
        f"Alarm updated from {before.state} to {after.state}",
        now,
        oldState=before.state.value,
        newState=after.state.value,
        stateReason=after.reason,
    )


def past_of(of: Watch | Call, kind: str, summary: str, now: datetime, **data: str) -> Past:
    return Past(
        id=new_id(),
        project_id=of.project_id,
        name=of.name,
        at=now,
        kind=kind,
        summary=summary,
        data=dict(data),
    )


def calls_of(watch: Watch, now: datetime) -> list[Call]:
    """What follows from the state that the alarm has now."""
    return [
        Call(
            id=new_id(),
            project_id=watch.project_id,
            name=watch.name,
            due_at=now,
            action=action,
            body={"alarm": watch.name, "reason": watch.reason},
        )
        for action in watch.actions(watch.state)
    ]


def target_of(action: str) -> Arn | None:
    """The resource that an action signals: an ARN, or an address that ends in one; the query is
    of no use, as nobody else has to be let in."""
    found = parse_arn(action)
    if found is None and action.startswith(("http://", "https://")):
        path = unquote(urlsplit(action).path)
        found = parse_arn(path[path.find("arn:") :]) if "arn:" in path else _native(path)
    return found if found is not None and found.resource else None


def _native(path: str) -> Arn | None:
    """From the address that users of the project signal."""
    found = _SIGNALLED.search(path)
    if found is None:
        return None
    return Arn(found["project"], found["name"], found["id"], f"/resources/{found['resource']}")


def shown(action: str) -> str:
    """Without what opens it."""
    return action.partition("?")[0]

"""Records of alarms: how they are made and changed, and what follows from a change of state."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from isotherm.core.errors import Refused
from isotherm.core.ids import new_id
from isotherm.engine.recording.alarm_actions import is_webhook, require_actions, target_of
from isotherm.kit.suppression import asked_by, followed
from isotherm.kit.watches import Hold, State, Watch
from isotherm.ports.records import replace
from isotherm.ports.watches import Call, Past, WatchStore

_AGAIN_AFTER = timedelta(seconds=55)
"""Less than the minute after which an alarm is judged again."""
_ALARMS = uuid.UUID("9e0f5c3a-0a37-4d3c-9d5f-7c1c2c9c2f51")


async def put_watch(
    store: WatchStore, now: datetime, project_id: str, wish: Mapping[str, Any]
) -> None:
    """Make the alarm, or change it: its state stays what it is. ``wish`` has the fields of a
    watch. Raises Refused."""
    name = str(wish["name"])
    for field in ("alarm_actions", "ok_actions", "insufficient_actions"):
        require_actions(project_id, wish.get(field, ()))
    owner = wish.get("owner")
    while (before := await store.watch(project_id, name)) is not None:
        if owner and before.owner != owner:
            raise Refused(f"There is an alarm {name} already.")
        changed = _changed(before, wish, now)
        if await store.conclude(changed, _configured(changed, "updated", now)):
            return
    alarm_id = str(uuid.uuid5(_ALARMS, f"{project_id} {name}"))
    watch = Watch(
        **wish, id=alarm_id, state_at=now, project_id=project_id, updated_at=now, look_at=now
    )
    await store.put_watch(watch, _configured(watch, "created", now))


def _changed(before: Watch, wish: Mapping[str, Any], now: datetime) -> Watch:
    """What was not asked for is as at first, but for what the alarm has become by now."""
    return Watch(
        **{**wish, "tags": before.tags, "owner": before.owner},
        state=before.state,
        reason=before.reason,
        reason_data=before.reason_data,
        state_at=before.state_at,
        acted_at=before.acted_at,
        id=before.id,
        project_id=before.project_id,
        updated_at=now,
        look_at=now,
        version=before.version + 1,
        **_kept_hold(before),
    )


def _kept_hold(before: Watch) -> dict[str, Any]:
    if not before.suppressor:
        return {"acted_state": before.state}
    return {
        "hold": before.hold,
        "held_since": before.held_since,
        "acted_state": before.acted_state,
    }


def _configured(watch: Watch, verb: str, now: datetime) -> Past:
    return past_of(watch, "ConfigurationUpdate", f'Alarm "{watch.name}" {verb}', now)


async def wake_composites(store: WatchStore, changed: Collection[Watch], now: datetime) -> None:
    """Alarms about these, and those whose actions they suppress, are judged at once."""
    for project_id in {each.project_id for each in changed}:
        names = {each.name for each in changed if each.project_id == project_id}
        there = await store.watches(project_id)
        about = [each.id for each in there if names & asked_by(each)]
        await store.look_at(about, now)


def outcome_of(
    before: Watch, after: Watch, suppressor: Watch | None, now: datetime
) -> tuple[Watch, Past | None, list[Call]]:
    """What becomes of an alarm that is judged: as it is recorded, what is told of it, and its
    actions, unless they are held back."""
    going_off = suppressor is not None and suppressor.state is State.ALARM
    after, acts = followed(before, after, going_off=going_off, now=now)
    if before.state is not after.state:
        past = state_changed(before, after, now)
    elif before.hold is not after.hold:
        told = f"are suppressed ({after.hold})" if after.hold else "are suppressed no more"
        past = past_of(after, "Action", f"Actions {told}", now)
    else:
        return after, None, []
    if not acts:
        return after, past, []
    # Listeners are told of a change from what they know of.
    known = replace(before, state=before.acted_state) if after.suppressor else before
    return replace(after, acted_at=now), past, calls_of(known, after, now)


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
        version="1.0",
        type="StateUpdate",
        oldState=_state(before),
        newState=_state(after),
    )


def _state(of: Watch) -> dict[str, Any]:
    told: dict[str, Any] = {"stateValue": of.state.value, "stateReason": of.reason}
    if of.reason_data:
        told["stateReasonData"] = json.loads(of.reason_data)
    if of.hold:
        told["actionsSuppressedBy"] = of.hold.value
    return told


def past_of(of: Watch | Call, kind: str, summary: str, now: datetime, **data: Any) -> Past:
    return Past(
        id=new_id(),
        project_id=of.project_id,
        name=of.name,
        at=now,
        kind=kind,
        summary=summary,
        data=dict(data),
        composite=of.composite,
    )


def calls_again(watch: Watch, now: datetime) -> list[Call]:
    """What is signalled for as long as the state lasts, each minute: a group has to grow until it
    is large enough. Webhooks are told of changes alone."""
    if watch.hold is not Hold.NOTHING:
        return []
    lasting = watch.acted_at is not None and now - watch.acted_at >= _AGAIN_AFTER
    calls = calls_of(watch, watch, now) if lasting else []
    return [replace(each, repeats=True) for each in calls if target_of(each.action) is not None]


def calls_of(before: Watch, after: Watch, now: datetime) -> list[Call]:
    """What follows from the state that the alarm has now."""
    return [
        Call(
            id=new_id(),
            project_id=after.project_id,
            name=after.name,
            due_at=now,
            action=action,
            composite=after.composite,
            body=(
                notice_of(before, after)
                if is_webhook(action) and target_of(action) is None
                else {"alarm": after.name, "reason": after.reason}
            ),
        )
        for action in after.actions(after.state)
    ]


def notice_of(before: Watch, after: Watch) -> dict[str, Any]:
    """What webhooks are told, in the form that listeners to CloudWatch know."""
    return {
        "AlarmName": after.name,
        "AlarmDescription": after.description or None,
        "AlarmArn": after.arn,
        "AWSAccountId": after.project_id,
        "OldStateValue": before.state.value,
        "NewStateValue": after.state.value,
        "NewStateReason": after.reason,
        "StateChangeTime": after.state_at.isoformat(timespec="milliseconds"),
        **_trigger(after),
    }


def _trigger(watch: Watch) -> dict[str, Any]:
    if watch.rule:
        return {"AlarmRule": watch.rule}
    told: dict[str, Any] = {
        "EvaluationPeriods": watch.evaluation_periods,
        "DatapointsToAlarm": watch.datapoints,
        "ComparisonOperator": watch.comparison,
        "Threshold": watch.threshold,
        "TreatMissingData": watch.missing,
    }
    if watch.series is not None:
        told |= {
            "MetricName": watch.series.name,
            "Namespace": watch.series.namespace,
            "Statistic": watch.statistic,
            "Period": watch.period,
            "Dimensions": [{"name": k, "value": v} for k, v in watch.series.dimensions],
        }
    return {"Trigger": told}

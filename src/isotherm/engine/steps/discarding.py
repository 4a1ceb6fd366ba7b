"""Removes snapshots: the copies in the cloud that belong to them, then their records."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Mapping
from typing import Any

from isotherm.core.errors import Gone, RemoteError
from isotherm.core.failures import Failure
from isotherm.core.states import Action, Status
from isotherm.engine.interruptions import Overtaken, TimedOut
from isotherm.engine.operations import Discarding
from isotherm.engine.recording.discards import is_about
from isotherm.engine.recording.parts import PHYSICAL_NAME, PROPERTIES, all_parts, parts_of
from isotherm.engine.steps.executor import Result
from isotherm.engine.steps.failures import StepFailed, UnknownType, failure_of
from isotherm.engine.steps.run import Run
from isotherm.engine.waiting.looks import Looks
from isotherm.kit.outcomes import Failed, Pending
from isotherm.ports.records import Resource, Snapshot, replace
from isotherm.template import is_template

log = logging.getLogger(__name__)


async def discard_snapshots(run: Run, which: Discarding) -> Result:
    """What has no copies any more is gone; the rest can be tried again. Raises Fenced."""
    result = Result()
    for snapshot in await run.tools.store.snapshots(run.ledger.stack.id):
        unwanted = (snapshot.action, snapshot.status) == (Action.DELETE, Status.IN_PROGRESS)
        if unwanted or which is Discarding.ALL:
            result.failures += await _discard(run, snapshot)
    result.overtaken = run.halt.overtaken
    result.timed_out = run.halt.timed_out
    return result


async def _discard(run: Run, snapshot: Snapshot) -> list[Failure]:
    ledger, store = run.ledger, run.tools.store
    parts = list(all_parts(snapshot.resources))
    if snapshot.action is not Action.CREATE or snapshot.status is not Status.COMPLETE:
        # What was begun for it may be known by its name only.
        parts += all_parts(await parts_of(store, ledger.stack.id))
    async with asyncio.TaskGroup() as tasks:
        copies = [tasks.create_task(_remove_copy(run, snapshot, *each)) for each in parts]
    failures = [failure for copy in copies if (failure := copy.result()) is not None]
    if run.halt.overtaken or run.halt.timed_out:
        return failures
    asked = [each for each in await store.messages(ledger.stack.id) if is_about(each, snapshot)]
    if failures:
        failed = replace(snapshot, status=Status.FAILED, status_reason=str(failures[0]))
        await ledger.put_snapshot(replace(failed, action=Action.DELETE), asked)
    else:
        await ledger.drop_snapshot(snapshot, asked)
    return failures


async def _remove_copy(
    run: Run, snapshot: Snapshot, path: str, part: Mapping[str, Any]
) -> Failure | None:
    try:
        await _remove(run, snapshot, part)
    except (Overtaken, TimedOut):
        return None
    except (StepFailed, RemoteError) as error:
        log.warning("snapshot %s: the copy of %s is left: %s", snapshot.id, path, error)
        failure = failure_of(str(part["name"]), "", error)
        return dataclasses.replace(failure, path=path)
    return None


async def _remove(run: Run, snapshot: Snapshot, part: Mapping[str, Any]) -> None:
    type_name = str(part["type"])
    resource_type = run.types.get(type_name)
    if resource_type is None:
        if is_template(type_name):
            return
        raise UnknownType(type_name)
    if resource_type.nests:
        return
    ctx = run.context(_row(run, part))
    ctx.snapshot_id, ctx.kept = snapshot.id, part.get("resource_data") or {}
    looks = Looks(run.halt, run.tools.settings.first_poll)
    while True:
        try:
            outcome = await run.ask(lambda: resource_type.discard(ctx))
        except Gone:
            return  # somebody was faster
        if isinstance(outcome, Failed):
            raise StepFailed.of(outcome)
        if not isinstance(outcome, Pending):
            return
        await looks.wait(outcome.poll_after)


def _row(run: Run, part: Mapping[str, Any]) -> Resource:
    """The resource as it was: it may be long gone."""
    now = run.tools.clock.now()
    return Resource(
        id="",
        stack_id=run.ledger.stack.id,
        name=str(part["name"]),
        type=str(part["type"]),
        traversal=0,
        action=Action.SNAPSHOT,
        status=Status.COMPLETE,
        physical_id=part.get("resource_id"),
        physical_name=str(part.get(PHYSICAL_NAME) or ""),
        properties=part.get(PROPERTIES) or {},
        created_at=now,
        updated_at=now,
    )

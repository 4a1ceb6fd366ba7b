"""Why a stack is not where it should be: the first cause in its tree, and what can be done."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import RemoteError
from isotherm.core.states import Action, Status
from isotherm.engine.recording.remedies import (
    RemedyVerb,
    can_adopt,
    can_go_on_with,
    refusal_of,
)
from isotherm.engine.recording.stack_moves import STACK_TYPE
from isotherm.planning.decision import ABORTED
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Event, Resource, Stack
from isotherm.ports.store import EventQuery
from isotherm.template import is_template
from isotherm.usecases.access import live_stack
from isotherm.usecases.definitions import definition_of
from isotherm.usecases.services import Services
from isotherm.usecases.software import awaited_deployment

_REQUEST = re.compile(r"\s*\(Request-ID: ([^)\s]+)\)")


class Trouble(IntEnum):
    """Of what kind a cause is; the smaller counts more."""

    FAILED = 0
    ABORTED = 1
    """It only ended because something else had failed."""
    WAITS = 2
    """At a hook, for somebody."""
    WORKS = 3
    """It has not come to its end yet."""


@dataclass(frozen=True, slots=True)
class Place:
    """A resource on the way down to the cause, and the stack that it is in."""

    stack: Stack
    resource: str
    type: str
    state: str
    physical_id: str


@dataclass(frozen=True, slots=True)
class Cause:
    """``way``: the resources from the stack that was asked for down to the culprit. ``kind`` and
    ``request_id`` are empty where nobody said them. ``template``: where the culprit stands, as
    file, line and column where the template was given as text."""

    trouble: Trouble
    way: tuple[Place, ...]
    kind: str
    message: str
    request_id: str
    since: datetime
    template: str = ""
    hook: str = ""
    server: str = ""
    """That has been told what to do, and has not reported yet."""
    orders: tuple[RemedyVerb, ...] | None = ()
    """What can be ordered for the culprit; None where nothing is left of it."""
    settled: bool = False
    """What had failed inside of it has been put right by hand."""

    @property
    def culprit(self) -> Place:
        return self.way[-1]


@dataclass(frozen=True, slots=True)
class Why:
    """``cause`` is None where nothing is wrong; ``next`` are things that can be done."""

    stack: Stack
    cause: Cause | None
    next: tuple[str, ...] = ()


async def explain_stack(services: Services, caller: Caller, name: str, stack_id: str) -> Why:
    """Raises EntityNotFound."""
    stack = await live_stack(services, caller, name, stack_id)
    causes = await _causes(services, stack)
    cause = min(causes, key=lambda each: (each.trouble, each.since), default=None)
    if (cause is None or cause.trouble > Trouble.ABORTED) and _went_wrong(stack):
        cause = await _told_by_events(services, stack) or cause
    if cause is None:
        return Why(stack, None)
    cause = replace(cause, template=await _template_place(services, cause.way))
    return Why(stack, cause, tuple(_next_steps(cause)))


def _went_wrong(stack: Stack) -> bool:
    return stack.status is Status.FAILED or stack.action is Action.ROLLBACK


async def _causes(services: Services, stack: Stack) -> list[Cause]:
    """All that has failed or is not done, each as deep in the tree as it can be told."""
    children = {child.id: child for child in await services.store.children(stack.id)}
    found: list[Cause] = []
    for row in await services.store.resources(stack.id):
        trouble = _trouble_of(row)
        if trouble is None:
            continue
        place = _place(stack, row)
        child = children.get(row.physical_id or "")
        inside = await _causes(services, child) if child is not None else []
        deeper = [each for each in inside if each.trouble <= trouble or trouble is Trouble.WORKS]
        if deeper:
            found += [replace(each, way=(place, *each.way)) for each in deeper]
        else:
            orders = _orders(services, row, nests=child is not None)
            cause = replace(_cause(trouble, place, row), orders=orders)
            if child is not None and _failed_inside(row):
                cause = _settled(cause)
            works = trouble is Trouble.WORKS
            found.append(await _with_server(services, row, cause) if works else cause)
    return found


def _failed_inside(row: Resource) -> bool:
    return row.failure is not None and row.failure.path.count("resources.") > 1


def _settled(cause: Cause) -> Cause:
    return replace(
        cause, settled=True, message=f"what had failed in it is settled; {cause.message}"
    )


def _trouble_of(row: Resource) -> Trouble | None:
    if row.pause is not None and not row.pause.cleared:
        return Trouble.WAITS
    if row.status is Status.FAILED:
        aborted = row.failure is not None and row.failure.kind == ABORTED
        return Trouble.ABORTED if aborted else Trouble.FAILED
    return Trouble.WORKS if row.status is Status.IN_PROGRESS else None


def _orders(services: Services, row: Resource, *, nests: bool) -> tuple[RemedyVerb, ...]:
    """Those that would not be refused, the most likely first."""
    verbs = [RemedyVerb.RETRY]
    if not can_go_on_with(row):
        verbs.append(RemedyVerb.FORGET)
    else:
        verbs += [RemedyVerb.REPLACE] if row.physical_id else []
        verbs.append(RemedyVerb.SKIP)
        verbs += [RemedyVerb.ADOPT] if can_adopt(row, services.registry.get(row.type)) else []
    return tuple(each for each in verbs if not refusal_of(row, each, nests=nests))


def _place(stack: Stack, row: Resource) -> Place:
    state = f"{row.action}_{row.status}"
    return Place(stack, row.name, row.type, state, row.physical_id or "")


def _cause(trouble: Trouble, place: Place, row: Resource) -> Cause:
    failure, hook = row.failure, ""
    message = failure.text if failure is not None else row.status_reason
    if trouble is Trouble.WAITS and row.pause is not None:
        hook = row.pause.hook
        message = f"it waits until its hook {hook} is cleared"
    elif trouble is Trouble.WORKS:
        what = f"its {row.action}"
        if not row.current:
            what = f"the {row.action} of {row.physical_id or 'an attempt'}, which it had before,"
        message = f"{what} has not come to an end yet"
    return Cause(
        trouble,
        (place,),
        kind=failure.kind if failure is not None else "",
        message=_without_request(message),
        request_id=(failure.request_id if failure is not None else "") or _request_in(message),
        since=row.updated_at,
        hook=hook,
    )


async def _with_server(services: Services, row: Resource, cause: Cause) -> Cause:
    """A deployment is at work until its server reports: which one, and since when it knows."""
    resource_type = services.registry.get(row.type)
    if resource_type is None or not resource_type.deploys:
        return cause
    awaited = await awaited_deployment(services.store.software, row)
    if awaited is None:
        return cause
    return replace(
        cause,
        message=f"server {awaited.server_id} has not reported yet on deployment {awaited.id} "
        f"({awaited.action}, config {awaited.config_id})",
        since=awaited.updated_at or awaited.created_at,
        server=awaited.server_id,
    )


def _request_in(message: str) -> str:
    named = _REQUEST.search(message)
    return named[1] if named else ""


def _without_request(message: str) -> str:
    return _REQUEST.sub("", message)


async def _told_by_events(services: Services, stack: Stack) -> Cause | None:
    """The first failure since the stack was last sound, where no row shows it any more."""
    family = await _family(services, stack)
    events = await services.store.events(EventQuery(stack_ids=list(family)))
    for event in _since_sound(events, stack):
        if event.status is Status.FAILED and event.resource_type != STACK_TYPE:
            inside = family[event.stack_id]
            place = Place(
                inside,
                event.resource_name,
                event.resource_type,
                f"{event.action}_{event.status}",
                event.physical_id or "",
            )
            message = event.status_reason
            return Cause(
                Trouble.FAILED,
                (*await _way_to(services, inside, family), place),
                kind="",
                message=_without_request(message),
                request_id=_request_in(message),
                since=event.at,
                orders=None,
            )
    return None


async def _way_to(
    services: Services, stack: Stack, family: Mapping[str, Stack]
) -> tuple[Place, ...]:
    """The resources from the stack that was asked for down to a stack of its family."""
    above = family.get(stack.parent_id or "")
    if above is None:
        return ()
    rows = await services.store.resources(above.id, stack.parent_resource)
    here = [_place(above, row) for row in rows if row.physical_id == stack.id]
    return (*await _way_to(services, above, family), *here)


def _since_sound(events: Sequence[Event], stack: Stack) -> Iterator[Event]:
    """Events after the stack last came well to the end of anything but a roll-back."""
    begin = 0
    for at, event in enumerate(events):
        own = event.stack_id == stack.id and event.resource_type == STACK_TYPE
        if own and event.status is Status.COMPLETE and event.action is not Action.ROLLBACK:
            begin = at + 1
    return iter(events[begin:])


async def _family(services: Services, stack: Stack) -> dict[str, Stack]:
    family = {stack.id: stack}
    for child in await services.store.children(stack.id):
        family |= await _family(services, child)
    return family


async def _template_place(services: Services, way: tuple[Place, ...]) -> str:
    """Where a template that somebody wrote says what the last on the way is to be: of a member of a
    group, what the group is to be. Only its path where clients have sent it without lines."""
    while len(way) > 1 and not is_template(way[-2].type):
        way = way[:-1]
    culprit, above = way[-1], way[-2].type if len(way) > 1 else ""
    path = f"resources.{culprit.resource}"
    try:
        definition = await definition_of(services, culprit.stack)
    except (InvalidDocument, RemoteError):
        return ""
    told = definition.resources.get(culprit.resource)
    if told is None:
        return ""
    file = above if is_template(above) else ""
    at = told.position
    if at is None or at.line == 1:
        return f"{file}: {path}" if file else path
    return f"{file or at.file}:{at.line}:{at.column}: {path}"


_HINTS = {
    "OverLimit": "free something, or ask for more quota",
    "Forbidden": "ask whether the stack's owner may do this",
    "Unauthorized": "ask whether the stack's owner may do this",
    "NotFound": "make what it refers to, or name something else",
    "EntityNotFound": "make what it refers to, or name something else",
    "BadRequest": "correct the property that the cloud refuses",
    "StackValidationFailed": "correct the template",
    "ConnectFailure": "wait until the service of the cloud answers again",
    "ServiceUnavailable": "wait until the service of the cloud answers again",
    "Timeout": "give the stack more time",
}


def _next_steps(cause: Cause) -> Iterator[str]:
    """Commands and hints, the most likely first."""
    root = cause.way[0].stack.name
    address = "/".join(each.resource for each in cause.way)
    if cause.trouble is Trouble.WAITS:
        yield f"clear the hook: {_clearing(cause, root, address)}"
        return
    if cause.settled:
        yield f"have the stack go on: openstack stack update --existing {root}"
    elif hint := _HINTS.get(cause.kind):
        yield hint
    if cause.trouble is Trouble.WORKS:
        yield f"wait; or end it: isotherm release {root}"
    if cause.orders is None:
        yield "mend the cause, and update the stack: nothing is left of that attempt"
        return
    if cause.server:
        yield f"see what its agent does: openstack console log show {cause.server}"
        yield f"have the server do it anew: isotherm retry {root} {address}"
    for verb in cause.orders:
        if not (cause.server and verb is RemedyVerb.RETRY):
            command = f"isotherm {verb} {root} {address}{_OBJECT.get(verb, '')}"
            yield f"{_order(verb, cause.culprit)}: {command}"


def _order(verb: RemedyVerb, culprit: Place) -> str:
    if verb is RemedyVerb.SKIP and not culprit.physical_id:
        return "go on as if it were done"
    return _ORDERS[verb]


_ORDERS = {
    RemedyVerb.RETRY: "do it again",
    RemedyVerb.REPLACE: "make another one",
    RemedyVerb.SKIP: "take what is there as it is",
    RemedyVerb.ADOPT: "give it an object of yours",
    RemedyVerb.FORGET: "leave its object where it is",
}
_OBJECT = {RemedyVerb.ADOPT: " ID"}


def _clearing(cause: Cause, root: str, address: str) -> str:
    """The client has options for some hooks only; a signal clears any."""
    if cause.hook.startswith("pre-"):
        return f"openstack stack hook clear {root} {address} --{cause.hook}"
    data = json.dumps({"unset_hook": cause.hook})
    stack, resource = cause.culprit.stack.id, cause.culprit.resource
    return f"openstack stack resource signal --data '{data}' {stack} {resource}"

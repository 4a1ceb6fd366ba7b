"""Why a stack is not where it should be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.claims import claim_one
from tests.desk import Desk

from isotherm.core.failures import Failure
from isotherm.core.states import Action, Status
from isotherm.engine.recording.remedies import RemedyVerb
from isotherm.engine.recording.starting import Starter
from isotherm.kit.software import Deployment
from isotherm.ports.records import Event, Operation, Pause, Resource, Stack, Traversal, replace
from isotherm.ports.store import Fence, Writes
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.actions import run_action
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.why import Trouble, Why, explain_stack
from isotherm.usecases.unsticking import RemedyRequest, unstick_resource

OUTER = """\
heat_template_version: 2021-04-16
resources:
  site: {type: kid.yaml}
  disk: {type: OS::Heat::TestResource}
"""
KID = """\
heat_template_version: 2021-04-16
resources:
  app:
    type: OS::Heat::TestResource
"""


async def create(desk: Desk) -> Stack:
    source = SourceRequest(template=OUTER, files={"kid.yaml": KID})
    return await create_stack(desk.services, desk.caller, CreateRequest(name="web", source=source))


def row(desk: Desk, stack: Stack, name: str, after: float = 0, **fields: Any) -> Resource:
    kind = "kid.yaml" if name == "site" else "OS::Heat::TestResource"
    at = desk.clock.now() + timedelta(seconds=after)
    return desk.row(stack.id, name, kind, updated_at=at, **fields)


def failed(text: str, kind: str = "BadRequest", request_id: str = "") -> dict[str, Any]:
    failure = Failure(kind, "resources.x", text, request_id)
    return {"status": Status.FAILED, "failure": failure, "status_reason": str(failure)}


async def nested_in(desk: Desk, stack: Stack) -> Stack:
    """The stack behind ``site``, being created."""
    child = replace(
        stack,
        id=f"{stack.id}-site",
        name="web-site",
        parent_id=stack.id,
        parent_resource="site",
        root_id=stack.id,
        source_id=await desk.store.put_source(
            replace(await desk.store.source(stack.source_id), template=KID)
        ),
    )
    traversal = Traversal(
        stack_id=child.id, number=1, operation=Operation.CREATE, started_at=desk.clock.now()
    )
    await Starter(desk.store, desk.bus, desk.clock).start(child, traversal)
    return child


async def why(desk: Desk, stack: Stack) -> Why:
    return await explain_stack(desk.services, desk.caller, "web", stack.id)


async def test_the_first_failure_in_the_tree_is_the_cause(desk: Desk) -> None:
    stack = await create(desk)
    child = await nested_in(desk, stack)
    no_room = failed("no room", "OverLimit", "req-1")
    await desk.settle(child.id, row(desk, child, "app", 1, **no_room), status=Status.FAILED)
    site = row(desk, stack, "site", 2, physical_id=child.id, **failed("inside"))
    disk = row(desk, stack, "disk", 3, **failed("late"))
    await desk.settle(stack.id, site, disk, status=Status.FAILED)
    found = await why(desk, stack)
    cause = found.cause
    assert cause is not None
    assert [each.resource for each in cause.way] == ["site", "app"]
    assert (cause.kind, cause.message, cause.request_id) == ("OverLimit", "no room", "req-1")
    assert cause.template == "kid.yaml:3:3: resources.app"
    assert found.next[0] == "free something, or ask for more quota"
    assert "do it again: isotherm retry web site/app" in found.next


async def test_of_a_member_of_a_group_it_tells_where_the_group_stands(desk: Desk) -> None:
    """Nobody wrote the template that the members are in."""
    stack = await create(desk)
    child = await nested_in(desk, stack)
    member = row(desk, child, "app", 1, **failed("no room"))
    await desk.settle(child.id, member, status=Status.FAILED)
    group = row(desk, stack, "site", 2, physical_id=child.id, **failed("inside"))
    group = replace(group, type="OS::Heat::ResourceGroup")
    await desk.settle(stack.id, group, status=Status.FAILED)
    found = await why(desk, stack)
    assert found.cause is not None
    assert [each.resource for each in found.cause.way] == ["site", "app"]
    assert found.cause.template.endswith("resources.site")
    assert "go on as if it were done: isotherm skip web site/app" in found.next


async def test_what_has_been_settled_inside_lets_the_stack_go_on(desk: Desk) -> None:
    stack = await create(desk)
    child = await nested_in(desk, stack)
    mended = row(desk, child, "app", 1, action=Action.CHECK, status=Status.COMPLETE)
    await desk.settle(child.id, mended, status=Status.FAILED)
    inside = Failure("BadRequest", "resources.site.resources.app", "no such type")
    site = row(desk, stack, "site", 2, physical_id=child.id, **failed("no such type"))
    await desk.settle(stack.id, replace(site, failure=inside), status=Status.FAILED)
    found = await why(desk, stack)
    assert found.cause is not None
    assert [each.resource for each in found.cause.way] == ["site"]
    assert found.cause.message == "what had failed in it is settled; no such type"
    assert found.next[0] == "have the stack go on: openstack stack update --existing web"
    assert "correct the property that the cloud refuses" not in found.next


async def test_what_was_only_ended_counts_less(desk: Desk) -> None:
    stack = await create(desk)
    ended = row(desk, stack, "site", 1, **failed("CREATE aborted", "Aborted"))
    guilty = row(desk, stack, "disk", 2, **failed("no"))
    await desk.settle(stack.id, ended, guilty, status=Status.FAILED)
    cause = (await why(desk, stack)).cause
    assert cause is not None
    assert cause.culprit.resource == "disk"


@pytest.mark.parametrize("hook", ["pre-create", "post-create"])
async def test_a_stack_that_waits_tells_for_what(desk: Desk, hook: str) -> None:
    stack = await create(desk)
    pause = Pause(hook=hook, traversal=1)
    waiting = row(desk, stack, "disk", action=Action.INIT, pause=pause)
    working = row(desk, stack, "site", status=Status.IN_PROGRESS)
    await desk.settle(stack.id, waiting, working, status=Status.IN_PROGRESS)
    found = await why(desk, stack)
    assert found.cause is not None
    assert (found.cause.trouble, found.cause.hook) == (Trouble.WAITS, hook)
    assert len(found.next) == 1
    assert hook in found.next[0]


async def test_a_stack_at_work_tells_what_takes_longest(desk: Desk) -> None:
    stack = await create(desk)
    busy: dict[str, Any] = {"status": Status.IN_PROGRESS}
    rows = row(desk, stack, "site", 2, **busy), row(desk, stack, "disk", 1, **busy)
    await desk.settle(stack.id, *rows, status=Status.IN_PROGRESS)
    found = await why(desk, stack)
    assert found.cause is not None
    assert (found.cause.trouble, found.cause.culprit.resource) == (Trouble.WORKS, "disk")
    assert any("isotherm release web" in each for each in found.next)


async def test_a_deployment_tells_which_server_it_waits_for_and_since_when(desk: Desk) -> None:
    stack = await create(desk)
    told_at = desk.clock.now() - timedelta(minutes=7)
    deployment = Deployment(
        id="d-1",
        project_id=stack.project_id,
        server_id="s-1",
        config_id="v-1",
        action="CREATE",
        status="IN_PROGRESS",
        created_at=told_at,
    )
    await desk.store.software.put_deployment(deployment)
    busy: dict[str, Any] = {"status": Status.IN_PROGRESS, "physical_id": "d-1"}
    waiting = replace(row(desk, stack, "disk", **busy), type="OS::Heat::SoftwareDeployment")
    await desk.settle(stack.id, waiting, status=Status.IN_PROGRESS)
    found = await why(desk, stack)
    assert found.cause is not None
    assert found.cause.message == (
        "server s-1 has not reported yet on deployment d-1 (CREATE, config v-1)"
    )
    assert found.cause.since == told_at
    assert "have the server do it anew: isotherm retry web disk" in found.next
    assert "see what its agent does: openstack console log show s-1" in found.next


async def test_what_was_rolled_back_is_told_by_events(desk: Desk) -> None:
    stack = await create(desk)
    broken = row(desk, stack, "disk", **failed("no (HTTP 400) (Request-ID: req-7)"))
    lost = await desk.settle(stack.id, status=Status.FAILED)
    rolled_back = replace(lost, action=Action.ROLLBACK, status=Status.COMPLETE)
    await _record(desk, rolled_back, desk.event(broken))
    found = await why(desk, stack)
    assert found.cause is not None
    assert found.cause.culprit.resource == "disk"
    assert found.cause.request_id == "req-7"
    assert found.cause.message.endswith("no (HTTP 400)")


async def test_of_what_is_rolled_back_nothing_is_left_to_be_done_again(desk: Desk) -> None:
    """The way leads down to the culprit all the same."""
    stack = await create(desk)
    child = await nested_in(desk, stack)
    lease = await claim_one(desk.store, "engine", child.id, 40)
    assert lease is not None
    broken = desk.event(row(desk, child, "app", **failed("no")))
    await desk.store.commit(Fence(lease=lease), Writes(events=[broken]))
    await desk.store.release(lease)
    await desk.settle(child.id)
    site = row(desk, stack, "site", physical_id=child.id)
    lost = await desk.settle(stack.id, site, status=Status.FAILED)
    rolled_back = replace(lost, action=Action.ROLLBACK, status=Status.COMPLETE)
    await _record(desk, rolled_back, desk.event(site))
    found = await why(desk, stack)
    assert found.cause is not None
    assert [each.resource for each in found.cause.way] == ["site", "app"]
    assert found.next == ("mend the cause, and update the stack: nothing is left of that attempt",)


async def _record(desk: Desk, stack: Stack, event: Event) -> None:
    await run_action(desk.services, desk.caller, "web", stack.id, "check")
    lease = await claim_one(desk.store, "engine", stack.id, 40)
    traversal = await desk.store.traversal(stack.id)
    assert lease is not None
    assert traversal is not None
    present = replace(stack, traversal=traversal.number)
    writes = Writes(stack=present, traversal=traversal, events=[event])
    await desk.store.commit(Fence(lease=lease), writes)


async def test_nothing_is_wrong_with_what_is_complete(desk: Desk) -> None:
    stack = await create(desk)
    await desk.settle(stack.id, row(desk, stack, "disk"))
    assert await why(desk, stack) == Why((await desk.store.stack(stack.id)) or stack, None)


@pytest.mark.parametrize(
    ("name", "fields", "orders"),
    [
        ("disk", failed("no"), "retry skip adopt"),
        ("disk", {**failed("no"), "physical_id": "d-1"}, "retry replace skip adopt"),
        ("value", failed("no"), "retry skip"),
        ("disk", {**failed("no"), "action": Action.DELETE, "physical_id": "d-1"}, "retry forget"),
        ("site", {**failed("no"), "physical_id": "its stack"}, "retry replace"),
        ("site", {**failed("no"), "action": Action.DELETE, "physical_id": "its stack"}, "retry"),
    ],
)
async def test_what_can_be_done_is_nothing_that_is_refused(
    desk: Desk, name: str, fields: dict[str, Any], orders: str
) -> None:
    """On the way out an object is neither made anew nor another one's; a stack is no object."""
    stack = await create(desk)
    child = await nested_in(desk, stack)
    await desk.settle(child.id)
    if fields.get("physical_id") == "its stack":
        fields = {**fields, "physical_id": child.id}
    stuck = row(desk, stack, name, **fields)
    kind = {"value": "OS::Heat::Value", "disk": "OS::Cinder::Volume"}.get(name, stuck.type)
    stuck = replace(stuck, type=kind)
    await desk.settle(stack.id, stuck, status=Status.FAILED)
    told = [each for each in (await why(desk, stack)).next if ": isotherm" in each]
    offered = [each.partition(": isotherm ")[2].split()[0] for each in told]
    assert offered == orders.split()
    for verb in map(RemedyVerb, offered):
        request = RemedyRequest(verb, physical_id="other")
        await unstick_resource(desk.services, desk.caller, ("web", stack.id), name, request)
        if verb in (RemedyVerb.RETRY, RemedyVerb.REPLACE):  # which begin an operation
            await desk.settle(stack.id, stuck, status=Status.FAILED)


async def test_the_removal_of_what_was_replaced_is_told_as_that(desk: Desk) -> None:
    stack = await create(desk)
    going = row(
        desk,
        stack,
        "disk",
        action=Action.DELETE,
        status=Status.IN_PROGRESS,
        physical_id="d-0",
        current=False,
    )
    lease = await claim_one(desk.store, "engine", stack.id, 40)
    assert lease is not None
    await desk.store.commit(Fence(lease=lease), Writes(resources=[going]))
    found = await why(desk, stack)
    assert found.cause is not None
    assert found.cause.message == (
        "the DELETE of d-0, which it had before, has not come to an end yet"
    )
    assert "leave its object where it is: isotherm forget web disk" in found.next

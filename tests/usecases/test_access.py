"""Whose access counts: that of who asks, and that by which the service acts afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from tests.asgi import send
from tests.desk import TEMPLATE, Desk

from isotherm.api.native import build_application
from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import Denied, EntityNotFound, Forbidden, RemoteError
from isotherm.core.values import Secret, Value
from isotherm.engine.recording.starting import Starter
from isotherm.ports.cloud import Caller, NotAuthenticated
from isotherm.ports.records import Operation, Stack, Traversal, replace
from isotherm.testing.token_cloud import TokenCloud, a_caller
from isotherm.usecases.access import find_stack, project_of_stacks, require_not_a_stranger
from isotherm.usecases.resources import show_metadata, show_recorded
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.actions import run_action
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.delete import delete_stack
from isotherm.usecases.stacks.update import UpdateRequest, update_stack

SOURCE = SourceRequest(template=TEMPLATE)


async def orphaned(desk: Desk) -> Stack:
    """A stack whose creator has left: the delegation gives no access."""
    stack = await create_stack(desk.services, desk.caller, CreateRequest(name="web", source=SOURCE))
    stack = await desk.settle(stack.id, *desk.rows(stack.id))
    desk.cloud.trusts.clear()
    return stack


@pytest.fixture
def colleague(desk: Desk) -> Caller:
    """Somebody else of the project."""
    return replace(a_caller("demo"), user_id="colleague-user", username="colleague")


@pytest.mark.parametrize("what", ["update", "delete", "check"])
async def test_a_colleague_takes_over_when_the_creator_has_left(
    desk: Desk, colleague: Caller, what: str
) -> None:
    stack = await orphaned(desk)
    if what == "update":
        request = UpdateRequest(source=SOURCE)
        await update_stack(desk.services, colleague, "web", stack.id, request)
    elif what == "delete":
        await delete_stack(desk.services, colleague, "web", stack.id)
    else:
        await run_action(desk.services, colleague, "web", stack.id, what)
    present = await desk.store.stack(stack.id)
    assert present is not None
    assert [present.credentials["trust_id"]] == desk.cloud.trusts
    assert (present.user_id, present.username) == (stack.user_id, stack.username)


async def test_a_delegation_that_gives_access_stays(desk: Desk, colleague: Caller) -> None:
    stack = await create_stack(desk.services, desk.caller, CreateRequest(name="web", source=SOURCE))
    await desk.settle(stack.id, *desk.rows(stack.id))
    await delete_stack(desk.services, colleague, "web", stack.id)
    present = await desk.store.stack(stack.id)
    assert present is not None
    assert present.credentials == stack.credentials
    assert len(desk.cloud.trusts) == 1


async def test_a_delegation_that_is_not_needed_does_not_stay(desk: Desk, colleague: Caller) -> None:
    stack = await orphaned(desk)
    await delete_stack(desk.services, colleague, "web", stack.id)
    (kept,) = desk.cloud.trusts
    desk.cloud.trusts.clear()
    await delete_stack(desk.services, colleague, "web", stack.id)  # it is going already
    assert desk.cloud.trusts == []
    present = await desk.store.stack(stack.id)
    assert present is not None
    assert present.credentials["trust_id"] == kept


class RevokedToken(TokenCloud):
    """The token is in the cache, and over."""

    async def delegate(self, caller: Caller) -> Value:
        raise NotAuthenticated


async def test_a_token_that_turns_out_to_be_over_is_answered_with_401(desk: Desk) -> None:
    desk.cloud.__class__ = RevokedToken
    body = {"stack_name": "web", "template": TEMPLATE}
    answer = await send(
        build_application(desk.services),
        "POST",
        "/v1/demo-project/stacks",
        body,
        {"x-auth-token": "demo-token"},
    )
    assert answer.status == 401
    assert "www-authenticate" in answer.headers


@pytest.mark.parametrize("errors", [(), (Denied("'top-secret' is none of yours", status=403),)])
async def test_a_hidden_name_that_does_not_exist_is_not_quoted(
    desk: Desk, errors: tuple[RemoteError, ...]
) -> None:
    template: dict[str, Any] = {
        "heat_template_version": "2021-04-16",
        "parameters": {"kind": {"type": "string", "hidden": True}},
        "resources": {
            "v": {
                "type": "OS::Cinder::Volume",
                "properties": {"size": 1, "volume_type": {"get_param": "kind"}},
            }
        },
    }
    desk.cloud.names.fail("list", "volume_type", *errors)
    source = SourceRequest(template=template, parameters={"kind": "top-secret"})
    with pytest.raises(InvalidDocument) as refused:
        await create_stack(desk.services, desk.caller, CreateRequest(name="web", source=source))
    assert "top-secret" not in str(refused.value)
    assert "'******'" in str(refused.value)


async def test_a_stack_user_reads_of_its_own_stack_only(desk: Desk) -> None:
    stack = await create_stack(desk.services, desk.caller, CreateRequest(name="web", source=SOURCE))
    await desk.settle(stack.id, *desk.rows(stack.id))
    agent = a_caller("demo", roles=("heat_stack_user",))
    with pytest.raises(Forbidden):
        await show_metadata(desk.services, agent, ("web", stack.id), "a")
    assert await show_metadata(desk.services, desk.caller, ("web", stack.id), "a") == {}
    own = replace(stack, stack_user_project_id=agent.project_id)
    require_not_a_stranger(agent, own)


async def test_a_user_of_a_nested_stack_finds_it_where_the_root_has_none(desk: Desk) -> None:
    root = await create_stack(desk.services, desk.caller, CreateRequest(name="web", source=SOURCE))
    kin = {"parent_id": root.id, "parent_resource": "in", "root_id": root.id}
    child = replace(root, id="child", name="web-in", **kin)
    begun = Traversal(
        stack_id=child.id, number=1, operation=Operation.CREATE, started_at=desk.clock.now()
    )
    await Starter(desk.store, desk.bus, desk.clock).start(child, begun)
    home = {"project_id": "home", "project_name": root.id, "roles": ("heat_stack_user",)}
    agent = replace(a_caller("demo"), **home)
    await desk.settle(child.id, housed="home")
    assert (await find_stack(desk.services, agent, "web-in")).id == child.id
    assert await project_of_stacks(desk.services, agent) == root.project_id
    stranger = replace(agent, project_id="of that name, too")
    with pytest.raises(EntityNotFound):
        await find_stack(desk.services, stranger, "web-in")
    assert await project_of_stacks(desk.services, stranger) == stranger.project_id


async def test_a_server_reads_its_metadata_in_clear_and_people_do_not(desk: Desk) -> None:
    stack = await create_stack(desk.services, desk.caller, CreateRequest(name="web", source=SOURCE))
    first, *others = desk.rows(stack.id)
    told = replace(first, metadata={"file": {"content": Secret("key=s3cret")}})
    agent = a_caller("demo", roles=("heat_stack_user",))
    await desk.settle(stack.id, told, *others, housed=agent.project_id)
    identity = ("web", stack.id)
    for caller, content in ((agent, "key=s3cret"), (desk.caller, "******")):
        expected = {"file": {"content": content}}
        assert await show_metadata(desk.services, caller, identity, first.name) == expected
        # By the API of CloudFormation: cfn-init is often given the keys of a person.
        found = await show_recorded(desk.services, caller, identity, first.name)
        assert found.metadata == {"file": {"content": "key=s3cret"}}

"""Policies of stacks: which changes an update may make."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.desk import TEMPLATE, Desk

from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest, create_stack
from isotherm.usecases.stacks.delete import delete_stack
from isotherm.usecases.stacks.protection import (
    Affected,
    StackProtected,
    is_protected,
    policy_of,
    protect,
    put_policy,
    require_allowed,
)
from isotherm.usecases.stacks.update import UpdateRequest, update_stack

MODIFY = Affected("web", "OS::Nova::Server", "update")
REPLACE = Affected("web", "OS::Nova::Server", "replace")
DELETE = Affected("disk", "OS::Cinder::Volume", "delete")
CREATE = Affected("more", "OS::Nova::Server", "create")
ALL = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Statement": list(statements)})


def deny(**more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": "Update:*", "Principal": "*", "Resource": "*", **more}


@pytest.mark.parametrize(
    ("statements", "change"),
    [
        ([ALL], MODIFY),
        ([ALL], DELETE),
        ([deny()], CREATE),
        ([ALL, deny(Resource="LogicalResourceId/disk")], MODIFY),
        ([ALL, deny(Action="Update:Replace")], MODIFY),
        ([ALL, deny(Action=["Update:Replace", "Update:Delete"])], MODIFY),
        ([ALL, deny(NotAction="Update:Modify")], MODIFY),
        ([ALL, deny(Condition={"StringEquals": {"ResourceType": ["OS::Cinder::*"]}})], MODIFY),
    ],
)
def test_what_is_let_through(statements: list[dict[str, Any]], change: Affected) -> None:
    require_allowed(policy(*statements), [change])


@pytest.mark.parametrize(
    ("statements", "change"),
    [
        ([], MODIFY),
        ([deny()], MODIFY),
        ([ALL, deny(Resource="LogicalResourceId/w*")], MODIFY),
        ([ALL, deny(Resource=["LogicalResourceId/x", "LogicalResourceId/web"])], REPLACE),
        ([ALL, deny(Action="Update:Delete")], DELETE),
        ([ALL, deny(NotAction="Update:Modify")], REPLACE),
        ([{**ALL, "Resource": "LogicalResourceId/web"}], DELETE),
        ([ALL, deny(Condition={"StringLike": {"ResourceType": "OS::Nova::*"}})], MODIFY),
    ],
)
def test_what_is_kept_from_changing(statements: list[dict[str, Any]], change: Affected) -> None:
    with pytest.raises(StackProtected, match=f"Action denied by stack policy: .*{change.name}"):
        require_allowed(policy(*statements), [CREATE, change])


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"Statement": 7}',
        policy({"Effect": "Maybe", "Action": "Update:*", "Resource": "*"}),
        policy({"Effect": "Allow", "Resource": "*"}),
        policy({"Effect": "Allow", "Action": "Update:*"}),
        policy({**ALL, "Condition": {"DateLessThan": {}}}),
        policy(*[ALL] * 1000),
    ],
)
async def test_what_is_no_policy_is_refused(desk: Desk, text: str) -> None:
    stack = await made(desk)
    with pytest.raises(BadRequest):
        await put_policy(desk.services, stack, text)


async def made(desk: Desk) -> Any:
    request = CreateRequest(name="web", source=SourceRequest(template=TEMPLATE))
    stack = await create_stack(desk.services, desk.caller, request)
    return await desk.settle(stack.id, desk.row(stack.id, "a", "OS::Heat::TestResource"))


async def test_a_policy_holds_for_every_update(desk: Desk) -> None:
    stack = await made(desk)
    await put_policy(desk.services, stack, policy(deny()))
    assert await policy_of(desk.services, stack) == policy(deny())
    source = SourceRequest(template={**TEMPLATE, "resources": {}, "outputs": {}})
    request = UpdateRequest(source=source)
    with pytest.raises(StackProtected):
        await update_stack(desk.services, desk.caller, "web", stack.id, request)
    await put_policy(desk.services, stack, policy(ALL))
    await update_stack(desk.services, desk.caller, "web", stack.id, request)


async def test_a_protected_stack_is_not_deleted(desk: Desk) -> None:
    stack = await made(desk)
    assert not await is_protected(desk.services, stack)
    await protect(desk.services, stack, enabled=True)
    with pytest.raises(StackProtected, match="TerminationProtection"):
        await delete_stack(desk.services, desk.caller, "web", stack.id)
    await protect(desk.services, stack, enabled=False)
    await delete_stack(desk.services, desk.caller, "web", stack.id)

"""Users that are made for resources of a stack, in a project that goes with it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from isotherm.core.errors import Lost
from isotherm.core.states import Action, Status
from isotherm.core.values import reveal
from isotherm.engine.probe import Point
from isotherm.ports.records import Operation
from isotherm.resources.orchestration.access import AccessKey, AccessPolicy, User
from isotherm.resources.orchestration.resource_group import ResourceGroup
from isotherm.resources.orchestration.wait_condition_handle import WaitConditionHandle
from isotherm.testing.scene import KillAt, Scene, play

TYPES = (WaitConditionHandle(), ResourceGroup())
HANDLE = {"type": "OS::Heat::WaitConditionHandle"}


def template(*handles: str, **more: Any) -> str:
    resources = {**dict.fromkeys(handles, HANDLE), **more}
    return json.dumps({"heat_template_version": "2021-04-16", "resources": resources})


async def made(scene: Scene, source: str) -> str:
    stack_id = await scene.create(source)
    assert (await scene.settle(stack_id)).status is Status.COMPLETE
    return stack_id


async def deleted(scene: Scene, stack_id: str) -> None:
    if (await scene.stack(stack_id)).action is not Action.DELETE:
        await scene.delete(stack_id)
    stack = await scene.settle(stack_id)
    assert (stack.action, stack.status) == (Action.DELETE, Status.COMPLETE)
    assert scene.world.domain.users == {}
    assert scene.world.domain.projects == set()


def test_each_handle_has_a_user_in_the_project_of_its_stack() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template("a", "b"))
            project = f"project-{stack_id}"
            rows, stack = await scene.rows(stack_id), await scene.stack(stack_id)
            assert stack.stack_user_project_id == project
            assert scene.world.domain.users.keys() == {row.physical_id for row in rows.values()}
            assert {row.reference for row in rows.values()} == scene.world.domain.users.keys()
            told = reveal(rows["a"].attributes)
            token = f"token of {rows['a'].physical_id}"
            address = (
                f"http://isotherm.test/v1/{project}/stacks/stack/{stack_id}/resources/a/signal"
            )
            assert (told["token"], told["endpoint"], told["signal"]) == (token, address, "null")
            assert told["curl_cli"] == (
                f"curl -i -X POST -H 'X-Auth-Token: {token}' "
                "-H 'Content-Type: application/json' -H 'Accept: application/json' " + address
            )
            await scene.update(stack_id, template("a"))
            await scene.settle(stack_id)
            assert list(scene.world.domain.users) == [rows["a"].physical_id]
            assert (await scene.stack(stack_id)).stack_user_project_id == project
            await deleted(scene, stack_id)

    play(scenario, types=TYPES)


def test_who_logs_in_by_itself_is_told_how() -> None:
    async def scenario(scene: Scene) -> None:
        handle = {**HANDLE, "properties": {"signal_transport": "HEAT_SIGNAL"}}
        async with scene.worker():
            stack_id = await made(scene, template(h=handle))
            row = (await scene.rows(stack_id))["h"]
        project, password = scene.world.domain.users[str(row.physical_id)]
        told = reveal(row.attributes)
        assert (told["token"], told["endpoint"], told["curl_cli"]) == (None, None, None)
        assert json.loads(told["signal"]) == {
            "auth_url": "http://identity.test/v3",
            "domain_id": "domain",
            "region_name": "RegionOne",
            "username": row.physical_name,
            "user_id": row.physical_id,
            "password": password,
            "project_id": project,
            "alarm_url": (
                f"http://isotherm.test/v1/{project}/stacks/stack/{stack_id}/resources/h/signal"
            ),
        }

    play(scenario, types=TYPES)


def test_stacks_in_a_stack_share_its_project_and_it_goes_with_the_last() -> None:
    async def scenario(scene: Scene) -> None:
        group = {
            "type": "OS::Heat::ResourceGroup",
            "properties": {"count": 2, "resource_def": HANDLE},
        }
        async with scene.worker():
            stack_id = await made(scene, template(g=group))
            assert scene.world.domain.projects == {f"project-{stack_id}"}
            assert len(scene.world.domain.users) == 2
            await deleted(scene, stack_id)

    play(scenario, types=TYPES)


def test_a_user_whose_making_got_no_answer_is_found_again() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.domain.lost = Lost("no answer")
        async with scene.worker():
            stack_id = await made(scene, template("h"))
            assert scene.world.domain.made == 1
            row = (await scene.rows(stack_id))["h"]
            assert scene.world.domain.users.keys() == {row.physical_id}
            assert reveal(row.attributes["token"]) == f"token of {row.physical_id}"
            await deleted(scene, stack_id)

    play(scenario, types=TYPES)


@pytest.mark.parametrize("action", ["create", "delete"])
@pytest.mark.parametrize("point", list(Point), ids=lambda p: p.value)
def test_no_user_is_left_or_made_twice_when_workers_die(point: Point, action: str) -> None:
    async def scenario(scene: Scene) -> None:
        if action == "create":
            async with scene.worker(KillAt(point, "h")):
                stack_id = await scene.create(template("h"))
                await scene.clock.sleep(20)
            async with scene.worker():
                assert (await scene.settle(stack_id)).status is Status.COMPLETE
                assert scene.world.domain.made == 1
        else:
            async with scene.worker():
                stack_id = await made(scene, template("h"))
            await scene.delete(stack_id)
            async with scene.worker(KillAt(point, "h")):
                await scene.clock.sleep(20)
        async with scene.worker():
            await deleted(scene, stack_id)

    play(scenario, types=TYPES)


@pytest.mark.parametrize("nested", [False, True])
def test_users_do_not_get_in_while_the_stack_rests(nested: bool) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            domain = scene.world.domain
            group = {"type": "OS::Heat::ResourceGroup", "properties": {"resource_def": HANDLE}}
            stack_id = await made(scene, template(group=group) if nested else template("a"))
            users = domain.users.keys()
            assert (len(users), domain.disabled) == (1, set())
            for operation, shut_out in (
                (Operation.SUSPEND, set(users)),
                (Operation.RESUME, set()),
                (Operation.SUSPEND, set(users)),
            ):
                await scene.start(stack_id, operation)
                assert (await scene.settle(stack_id)).status is Status.COMPLETE
                assert domain.disabled == shut_out
            await deleted(scene, stack_id)

    play(scenario, types=TYPES)


def test_no_user_is_made_where_nobody_needs_one() -> None:
    async def scenario(scene: Scene) -> None:
        handle = {**HANDLE, "properties": {"signal_transport": "NO_SIGNAL"}}
        async with scene.worker():
            stack_id = await made(scene, template(h=handle))
            assert scene.world.domain.projects == set()
            told = (await scene.rows(stack_id))["h"].attributes
            assert reveal(told["signal"]) == "{}"
            # What is not there hides nothing.
            assert [told[name] for name in ("token", "endpoint", "curl_cli")] == [None] * 3
            await deleted(scene, stack_id)

    play(scenario, types=TYPES)


def test_users_and_their_keys_come_and_go_with_the_resources() -> None:
    async def scenario(scene: Scene) -> None:
        policy = {"type": "OS::Heat::AccessPolicy", "properties": {"AllowedResources": ["h"]}}
        login = {"Password": "chosen"}
        given = {"Policies": [{"get_resource": "policy"}], "LoginProfile": login}
        user = {"type": "AWS::IAM::User", "properties": given}
        named = {"UserName": {"get_resource": "user"}}
        key = {"type": "AWS::IAM::AccessKey", "properties": named}
        everything = {"policy": policy, "user": user, "key": key}
        async with scene.worker():
            stack_id = await made(scene, template("h", **everything))
            rows, domain = await scene.rows(stack_id), scene.world.domain
            user_id = str(rows["user"].physical_id)
            assert domain.users[user_id][1] == "chosen"
            assert rows["user"].reference == rows["user"].physical_name
            assert rows["policy"].reference == "policy"
            told = reveal(rows["key"].attributes)
            assert told["UserName"] == rows["user"].physical_name
            assert domain.keys[rows["key"].physical_id or ""] == (user_id, told["SecretAccessKey"])
            assert rows["key"].reference == rows["key"].physical_id
            del everything["key"]
            await scene.update(stack_id, template("h", **everything))
            await scene.settle(stack_id)
            assert (domain.keys, user_id in domain.users) == ({}, True)
            await deleted(scene, stack_id)

    play(scenario, types=(*TYPES, AccessPolicy(), User(), AccessKey()))


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        ({"type": "AWS::IAM::User", "properties": {"Policies": ["none"]}}, "no access policy none"),
        ({"type": "AWS::IAM::AccessKey", "properties": {"UserName": "none"}}, "find user none"),
    ],
)
def test_users_and_keys_of_what_is_not_there(resource: dict[str, Any], reason: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(template(it=resource))
            stack = await scene.settle(stack_id)
            assert stack.status is Status.FAILED
            assert reason in stack.status_reason
            await deleted(scene, stack_id)

    play(scenario, types=(*TYPES, AccessPolicy(), User(), AccessKey()))

"""OS::Mistral::*: what the cloud then has, and what it has run."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import LOOK_EVERY, Document, Stack, attr, document, ref, resource

from isotherm.kit.services.workflow import CRON_TRIGGER, EXECUTION, WORKFLOW

pytestmark = pytest.mark.slow

SAY = {
    "name": "say",
    "action": "std.echo",
    "input": {"output": "<% $.word %>"},
    "publish": {"said": "<% task().result %>"},
}
TALKING: dict[str, Any] = {
    "type": "direct",
    "input": {"word": "hello"},
    "output": {"said": "<% $.said %>", "resource_id": "<% $.word %>"},
    "tasks": [SAY],
}


async def eventually(found: Callable[[], Awaitable[Any]]) -> Any:
    for _ in range(400):
        if (result := await found()) is not None:
            return result
        await asyncio.sleep(LOOK_EVERY)
    raise AssertionError("it never came")


async def signal(account: Account, stack: Stack, name: str, body: Any) -> None:
    path = f"/stacks/{stack.name}/{stack.id}/resources/{name}/signal"
    url = f"{account.local_url}/v1/{account.project_id}{path}"
    headers = {"X-Auth-Token": account.token}
    async with account.http.post(url, json=body, headers=headers) as reply:
        assert reply.status == 200, await reply.text()


async def test_workflow_is_changed_in_place_and_run_by_signals(account: Account, name: str) -> None:
    def template(**changed: Any) -> Document:
        properties = {**TALKING, **changed}
        return document(
            {"flow": resource("OS::Mistral::Workflow", **properties)},
            data=attr("flow", "data"),
            runs=attr("flow", "executions"),
        )

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template(description="one"))
    flow = stack.ids["flow"]
    assert stack.outputs["data"] == {"name": flow, "input": {"word": "hello"}}
    shown = await cloud.show(WORKFLOW, flow)
    assert (shown["name"], shown["input"]) == (flow, "word")
    policies = {"wait_after": 0, "retry": {"count": 1, "delay": 1}}
    task = {**TALKING["tasks"][0], "policies": policies}
    await stacks.update(stack, template(description="two", tags=["a"], tasks=[task]))
    assert stack.ids["flow"] == flow
    shown = await cloud.show(WORKFLOW, flow)
    assert shown["tags"] == ["a"]
    assert "two" in shown["definition"]
    assert "wait-after" in shown["definition"]
    await signal(account, stack, "flow", {"input": {"word": "bye"}})

    async def runs() -> Any:
        told = (await stacks.attributes(stack, "flow"))["executions"]
        return told if told and told[0]["state"] == "SUCCESS" else None

    (run,) = await eventually(runs)
    assert run["output"]["said"] == "bye"
    await stacks.delete(stack)
    assert await account.gone(WORKFLOW, flow)
    assert await account.gone(EXECUTION, run["id"])


async def test_what_triggers_a_workflow(account: Account, name: str) -> None:
    stack = await account.stacks.create(
        name,
        document(
            {
                "flow": resource("OS::Mistral::Workflow", **TALKING),
                "queue": resource("OS::Zaqar::Queue"),
                "message": resource(
                    "OS::Zaqar::MistralTrigger",
                    queue_name=ref("queue"),
                    workflow_id=ref("flow"),
                    input={"word": "message"},
                ),
                "cron": resource(
                    "OS::Mistral::CronTrigger",
                    pattern="0 0 1 1 *",
                    workflow={"name": ref("flow"), "input": {"word": "cron"}},
                    count=3,
                ),
            },
            left=attr("cron", "remaining_executions"),
            next=attr("cron", "next_execution_time"),
        ),
    )
    assert stack.outputs["left"] == 3
    assert stack.outputs["next"].endswith("-01-01 00:00:00")
    path = f"/queues/{stack.ids['queue']}/messages"
    await account.cloud.call("message", "POST", path, {"messages": [{"body": {"n": 1}}]})

    async def run() -> Any:
        listed = await account.cloud.list(EXECUTION, workflow_name=stack.ids["flow"])
        return next((each for each in listed if each["state"] == "SUCCESS"), None)

    ended = await account.cloud.show(EXECUTION, (await eventually(run))["id"])
    assert json.loads(ended["output"])["said"] == "message"
    assert json.loads(ended["params"])["env"]["notification"]["body"] == {"n": 1}
    cron = stack.ids["cron"]
    await account.stacks.delete(stack)
    assert await account.gone(CRON_TRIGGER, cron)


async def test_external_resource_is_what_its_workflows_say(account: Account, name: str) -> None:
    def template(word: str, **more: Any) -> Document:
        act = {"workflow": ref("flow")}
        return document(
            {
                "flow": resource("OS::Mistral::Workflow", **TALKING),
                "thing": resource(
                    "OS::Mistral::ExternalResource",
                    actions={"CREATE": act, "UPDATE": act, "DELETE": act},
                    input={"word": word},
                    **more,
                ),
            },
            said=attr("thing", "output", "said"),
        )

    stack = await account.stacks.create(name, template("one"))
    assert (stack.ids["thing"], stack.outputs["said"]) == ("one", "one")
    await account.stacks.update(stack, template("two"))
    assert (stack.ids["thing"], stack.outputs["said"]) == ("two", "two")
    flow = stack.ids["flow"]
    assert len(await account.cloud.list(EXECUTION, workflow_name=flow)) == 2
    await account.stacks.delete(stack)
    assert await account.cloud.list(EXECUTION, workflow_name=flow) == []

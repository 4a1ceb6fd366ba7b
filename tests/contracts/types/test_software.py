"""Software configurations and deployments: what servers are told, and report."""

from __future__ import annotations

import base64
import email
import json
from dataclasses import replace
from email.message import Message
from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource
from yarl import URL

from isotherm.kit.services.compute import SERVER

pytestmark = pytest.mark.slow

SMALL_SERVER: dict[str, Any] = {
    "image": "cirros",
    "flavor": "m1.tiny",
    "networks": [{"network": "private"}],
}


async def ask(account: Account, method: str, path: str, body: Any = None) -> Any:
    url = f"{account.local_url}/v1/{account.project_id}{path}"
    headers = {"X-Auth-Token": account.token}
    async with account.http.request(method, url, json=body, headers=headers) as reply:
        assert reply.status < 300, await reply.text()
        return await reply.json() if reply.status == 200 else None


async def told(account: Account, server: str) -> list[dict[str, Any]]:
    answer = await ask(account, "GET", f"/software_deployments/metadata/{server}")
    found: list[dict[str, Any]] = answer["metadata"]
    return found


async def user_data(account: Account, server_id: str) -> str:
    """What the server boots with."""
    shown = await account.cloud.show(replace(SERVER, microversion="2.3"), server_id)
    return base64.b64decode(shown["OS-EXT-SRV-ATTR:user_data"]).decode()


def content_of(part: Message) -> str:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def values(config: dict[str, Any]) -> dict[str, Any]:
    return {each["name"]: each["value"] for each in config["inputs"]}


async def test_configs_are_records_that_clients_see(account: Account, name: str) -> None:
    types = {"n": "Number", "b": "Boolean", "l": "CommaDelimitedList", "j": "Json"}
    inputs = [{"name": "foo"}, *({"name": each, "type": types[each]} for each in types)]
    stack = await account.stacks.create(
        name,
        document(
            {
                "text": resource("OS::Heat::SoftwareConfig", config="echo", inputs=inputs),
                "data": resource("OS::Heat::StructuredConfig", config={"a": {"get_input": "foo"}}),
                "cloud": resource("OS::Heat::CloudConfig", cloud_config={"runcmd": ["ls"]}),
                "parts": resource(
                    "OS::Heat::SoftwareComponent",
                    configs=[{"tool": "script", "config": "a", "actions": ["CREATE"]}],
                ),
                "mime": resource(
                    "OS::Heat::MultipartMime",
                    parts=[{"config": ref("cloud")}, {"config": "#!/bin/sh", "filename": "f.sh"}],
                ),
            },
            mime=attr("mime", "config"),
        ),
    )
    shown = await ask(account, "GET", f"/software_configs/{stack.ids['text']}")
    assert shown["software_config"]["group"] == "Heat::Ungrouped"
    assert shown["software_config"]["inputs"] == [
        {"name": "foo", "description": "", "type": "String", "default": ""},
        {"name": "n", "description": "", "type": "Number", "default": 0},
        {"name": "b", "description": "", "type": "Boolean", "default": False},
        {"name": "l", "description": "", "type": "CommaDelimitedList", "default": []},
        {"name": "j", "description": "", "type": "Json", "default": {}},
    ]
    cloud = await ask(account, "GET", f"/software_configs/{stack.ids['cloud']}")
    assert cloud["software_config"]["config"] == "#cloud-config\nruncmd:\n- ls\n"
    assert "#cloud-config" in stack.outputs["mime"]
    assert 'filename="f.sh"' in stack.outputs["mime"]
    await account.stacks.delete(stack)
    assert (await ask(account, "GET", "/software_configs"))["software_configs"] == []


async def test_structured_content_is_filled_in(account: Account, name: str) -> None:
    stack = await account.stacks.create(
        name,
        document(
            {
                "config": resource(
                    "OS::Heat::StructuredConfig",
                    config={"a": {"take": "foo"}, "b": [{"take": "none"}]},
                    inputs=[{"name": "foo"}],
                ),
                "deployed": resource(
                    "OS::Heat::StructuredDeployment",
                    config=ref("config"),
                    server=name,
                    input_key="take",
                    input_values={"foo": {"z": 1}},
                    signal_transport="NO_SIGNAL",
                ),
            }
        ),
    )
    (config,) = await told(account, name)
    assert config["config"] == {"a": {"z": 1}, "b": [None]}
    await account.stacks.delete(stack)
    assert await told(account, name) == []


async def test_an_output_that_nobody_declares_has_an_error(account: Account, name: str) -> None:
    begun = await account.stacks.begin(
        name,
        document(
            {
                "config": resource("OS::Heat::SoftwareConfig", outputs=[{"name": "result"}]),
                "deployed": resource(
                    "OS::Heat::SoftwareDeployment",
                    config=ref("config"),
                    server=name,
                    signal_transport="NO_SIGNAL",
                ),
            },
            there=attr("deployed", "result"),
            missing=attr("deployed", "nope"),
        ),
    )
    shown: dict[str, Any] = {"stack_status": "CREATE_IN_PROGRESS"}
    while shown["stack_status"] == "CREATE_IN_PROGRESS":
        shown = (await ask(account, "GET", f"/stacks/{name}/{begun.id}"))["stack"]
    assert shown["stack_status"] == "CREATE_COMPLETE", shown["stack_status_reason"]
    errors = {each["output_key"]: each.get("output_error", "") for each in shown["outputs"]}
    why = "The Referenced Attribute (deployed nope) is incorrect."
    assert errors.keys() == {"there", "missing"}
    assert not errors["there"]
    assert errors["missing"].endswith(why)
    await account.stacks.delete(begun)


async def test_a_server_reports_by_a_signed_address(account: Account, name: str) -> None:
    begun = await account.stacks.begin(
        name,
        document(
            {
                "config": resource("OS::Heat::SoftwareConfig", outputs=[{"name": "result"}]),
                "deployed": resource(
                    "OS::Heat::SoftwareDeployment", config=ref("config"), server=name
                ),
            },
            result=attr("deployed", "result"),
        ),
    )
    found: list[dict[str, Any]] = []
    while not found:
        found = await told(account, name)
    given = values(found[0])
    assert given["deploy_signal_verb"] == "POST"
    report = {"result": "fine", "deploy_status_code": 0}
    async with account.http.post(
        URL(given["deploy_signal_id"], encoded=True), json=report
    ) as reply:
        assert reply.status == 200
    await account.stacks.settle(begun)
    assert begun.outputs["result"] == "fine"
    await account.stacks.delete(begun)


async def test_a_server_that_is_there_finds_its_deployments(account: Account, name: str) -> None:
    def template(transport: str) -> Document:
        return document(
            {
                "server": resource("OS::Heat::DeployedServer", software_config_transport=transport),
                "deployed": resource(
                    "OS::Heat::SoftwareDeployment",
                    server=ref("server"),
                    signal_transport="NO_SIGNAL",
                ),
            },
            agent=attr("server", "os_collect_config"),
        )

    stack = await account.stacks.create(name, template("POLL_SERVER_CFN"))
    path = f"/stacks/{stack.name}/{stack.id}/resources/server/metadata"
    metadata = (await ask(account, "GET", path))["metadata"]
    assert [values(each)["deploy_action"] for each in metadata["deployments"]] == ["CREATE"]
    agent = metadata["os-collect-config"]
    assert agent == stack.outputs["agent"]
    assert agent["collectors"] == ["cfn", "local"]
    assert agent["cfn"]["path"] == "server.Metadata"
    assert agent["cfn"]["stack_name"] == stack.name
    await account.stacks.update(stack, template("POLL_SERVER_HEAT"))
    agent = (await ask(account, "GET", path))["metadata"]["os-collect-config"]
    assert agent["collectors"] == ["heat", "local"]
    assert agent["heat"]["stack_id"] == f"{stack.name}/{stack.id}"
    assert agent["heat"]["resource_name"] == "server"
    await account.stacks.delete(stack)


async def test_a_new_server_boots_with_what_its_agent_needs(
    account: Account, admin: Account, name: str
) -> None:
    stack = await account.stacks.create(
        name,
        document(
            {
                "config": resource("OS::Heat::CloudConfig", cloud_config={"runcmd": ["ls"]}),
                "server": resource(
                    "OS::Nova::Server",
                    **SMALL_SERVER,
                    user_data_format="SOFTWARE_CONFIG",
                    user_data=ref("config"),
                ),
                "raw": resource(
                    "OS::Nova::Server",
                    **SMALL_SERVER,
                    user_data_format="RAW",
                    user_data=ref("config"),
                ),
            },
            agent=attr("server", "os_collect_config"),
        ),
    )
    booted = await user_data(admin, stack.ids["server"])
    parts = {part.get_filename(): part for part in email.message_from_string(booted).walk()}
    assert parts["cfn-init-data"].get_content_type() == "text/x-cfninitdata"
    first = json.loads(content_of(parts["cfn-init-data"]))
    assert first == {"deployments": [], "os-collect-config": stack.outputs["agent"]}
    assert stack.outputs["agent"]["collectors"] == ["ec2", "cfn", "local"]
    assert parts["part-handler.py"].get_content_type() == "text/part-handler"
    assert content_of(parts["user-data"]) == "#cloud-config\nruncmd:\n- ls\n"
    assert await user_data(admin, stack.ids["raw"]) == "#cloud-config\nruncmd:\n- ls\n"
    await account.stacks.delete(stack)


@pytest.mark.parametrize("kind", ["SoftwareDeploymentGroup", "StructuredDeploymentGroup"])
async def test_a_group_deploys_to_each_of_its_servers(
    account: Account, name: str, kind: str
) -> None:
    def template(type_name: str, *servers: str) -> Document:
        named = {each: f"{name}-{each}" for each in servers}
        return document(
            {
                "config": resource("OS::Heat::StructuredConfig", config={"a": 1}),
                "group": {
                    **resource(
                        type_name, config=ref("config"), servers=named, signal_transport="NO_SIGNAL"
                    ),
                    "update_policy": {"rolling_update": {"max_batch_size": 1}},
                },
            },
            printed=attr("group", "deploy_stdouts"),
            code=attr("group", "deploy_status_codes", "b"),
        )

    former = f"OS::Heat::{kind.removesuffix('Group')}s"
    stack = await account.stacks.create(name, template(former, "a", "b"))
    group = stack.ids["group"]
    assert stack.outputs["printed"] == {"a": None, "b": None}
    assert len(await told(account, f"{name}-a")) == 1
    await account.stacks.update(stack, template(f"OS::Heat::{kind}", "b", "c"))
    assert stack.ids["group"] == group, "another name of the type changes nothing"
    assert stack.outputs["printed"] == {"b": None, "c": None}
    assert await told(account, f"{name}-a") == []
    assert len(await told(account, f"{name}-c")) == 1
    await account.stacks.delete(stack)
    assert await told(account, f"{name}-b") == []


async def test_a_group_has_its_servers_do_something_new_in_batches(
    account: Account, name: str
) -> None:
    def template(release: str) -> Document:
        group = resource(
            "OS::Heat::SoftwareDeploymentGroup",
            config=ref("config"),
            servers={each: f"{name}-{each}" for each in "abc"},
            input_values={"release": release},
            actions=["UPDATE"],
        )
        batches = {"rolling_update": {"max_batch_size": 2}}
        config = resource("OS::Heat::SoftwareConfig", inputs=[{"name": "release"}])
        return document({"config": config, "group": {**group, "update_policy": batches}})

    stack = await account.stacks.create(name, template("1"))
    body = {"template": template("2"), "disable_rollback": True}
    await ask(account, "PUT", f"/stacks/{name}/{stack.id}", body)
    while not (await told(account, f"{name}-b") and await told(account, f"{name}-c")):
        assert await told(account, f"{name}-a") == []
    assert await told(account, f"{name}-a") == [], "it waits until the others have reported"
    await account.stacks.delete(stack)


async def test_one_that_failed_does_not_have_to_do_what_failed_again(
    account: Account, name: str
) -> None:
    def template(release: str) -> Document:
        servers = {each: f"{name}-{each}" for each in "ab"}
        group = resource(
            "OS::Heat::SoftwareDeploymentGroup",
            config=ref("config"),
            servers=servers,
            input_values={"release": release},
        )
        batches = {"rolling_update": {"max_batch_size": 1}}
        config = resource("OS::Heat::SoftwareConfig", inputs=[{"name": "release"}])
        return document({"config": config, "group": {**group, "update_policy": batches}})

    async def report(server: str, release: str, code: int) -> None:
        found: list[dict[str, Any]] = []
        while not found or values(found[0])["release"] != release:
            found = await told(account, f"{name}-{server}")
        address = URL(values(found[0])["deploy_signal_id"], encoded=True)
        async with account.http.post(address, json={"deploy_status_code": code}) as answer:
            assert answer.status == 200

    async def begin(release: str) -> None:
        body = {"template": template(release), "disable_rollback": True}
        await ask(account, "PUT", f"/stacks/{name}/{stack.id}", body)

    stack = await account.stacks.begin(name, template("1"))
    await report("a", "1", 0)
    await report("b", "1", 0)
    await account.stacks.settle(stack)
    await begin("2")
    await report("b", "2", 0)
    await report("a", "2", 1)
    while True:
        shown = (await ask(account, "GET", f"/stacks/{name}/{stack.id}"))["stack"]
        if shown["stack_status"] == "UPDATE_FAILED":
            break
    before = await told(account, f"{name}-a")
    await begin("3")
    await report("b", "3", 0)
    found = before
    while all(each in before for each in found):
        found = await told(account, f"{name}-a")
    assert [values(each)["release"] for each in found if each not in before] == ["3"]
    await account.stacks.delete(stack)

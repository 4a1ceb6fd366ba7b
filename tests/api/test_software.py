"""Software configurations and deployments by the native API."""

from __future__ import annotations

from typing import Any

import pytest
from tests.api.test_native import ROOT, Client
from tests.desk import Desk

CONFIGS, DEPLOYMENTS = f"{ROOT}/software_configs", f"{ROOT}/software_deployments"


@pytest.fixture
def client(desk: Desk) -> Client:
    return Client(desk)


async def new_config(client: Client, **given: Any) -> dict[str, Any]:
    answer = await client("POST", CONFIGS, given)
    assert answer.status == 200, answer.data
    config: dict[str, Any] = answer.data["software_config"]
    return config


async def new_deployment(client: Client, **given: Any) -> dict[str, Any]:
    answer = await client("POST", DEPLOYMENTS, given)
    assert answer.status == 200, answer.data
    deployment: dict[str, Any] = answer.data["software_deployment"]
    return deployment


async def test_a_config_is_shown_with_all_its_fields(client: Client) -> None:
    made = await new_config(
        client,
        name="a",
        group="script",
        config="echo $foo",
        inputs=[{"name": "foo", "default": "1"}],
        outputs=[{"name": "bar"}],
        options={"a": 1},
    )
    assert made == {
        "id": made["id"],
        "name": "a",
        "group": "script",
        "creation_time": made["creation_time"],
        "config": "echo $foo",
        "inputs": [{"name": "foo", "type": "String", "default": "1"}],
        "outputs": [{"name": "bar", "type": "String", "error_output": False}],
        "options": {"a": 1},
    }
    shown = await client("GET", f"{CONFIGS}/{made['id']}")
    assert shown.data == {"software_config": made}


async def test_everything_of_a_config_may_be_left_out(client: Client) -> None:
    made = await new_config(client)
    expected: dict[str, Any] = {
        "name": None,
        "group": None,
        "config": None,
        "inputs": [],
        "outputs": [],
    }
    assert expected.items() <= made.items()
    assert made["options"] == {}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"type": "Number", "default": "4"}, {"type": "Number", "default": 4}),
        ({"type": "Json", "default": {"x": 1}}, {"type": "Json", "default": {"x": 1}}),
        ({"type": "Json", "default": [1]}, {"type": "Json", "default": "[1]"}),
        (
            {"type": "CommaDelimitedList", "default": "a,b"},
            {"type": "CommaDelimitedList", "default": ["a", "b"]},
        ),
        ({"default": 5}, {"type": "String", "default": "5"}),
        ({"default": None}, {"type": "String", "default": ""}),
        ({"type": None}, {"type": "String"}),
        (
            {"replace_on_change": True, "description": "D"},
            {"description": "D", "type": "String", "replace_on_change": True},
        ),
        ({"value": "v"}, {"type": "String", "value": "v"}),
    ],
)
async def test_inputs_get_their_forms(
    client: Client, given: dict[str, Any], shown: dict[str, Any]
) -> None:
    made = await new_config(client, inputs=[{"name": 3, **given}])
    assert made["inputs"] == [{"name": "3", **shown}]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": "x" * 256}, "name must be a text of at most 255"),
        ({"group": {"a": 1}}, "group must be a text"),
        ({"inputs": {"a": 1}}, "inputs must be a list"),
        ({"inputs": ["a"]}, "an input must be a map"),
        ({"inputs": [{"nam": "x"}]}, "an input has no nam"),
        ({"inputs": [{"default": "x"}]}, "an input has no name"),
        ({"inputs": [{"name": "x", "type": "Odd"}]}, "'Odd' is no type"),
        ({"inputs": [{"name": "x", "type": "Number", "default": "n"}]}, "x: 'n' is not a number"),
        ({"inputs": [{"name": "x", "type": "Boolean", "default": "yes"}]}, "x: 'yes' is neither"),
        ({"outputs": [{"name": "x", "error_output": "z"}]}, "x: 'z' is neither true nor false"),
    ],
)
async def test_fields_of_the_wrong_form_are_refused(
    client: Client, given: dict[str, Any], told: str
) -> None:
    answer = await client("POST", CONFIGS, given)
    assert answer.status == 400
    assert told in answer.data["error"]["message"]


async def test_configs_are_listed_newest_first_without_what_they_hold(client: Client) -> None:
    first, second = await new_config(client, name="1"), await new_config(client, name="2")
    listed = (await client("GET", CONFIGS)).data["software_configs"]
    assert [each["id"] for each in listed] == [second["id"], first["id"]]
    assert set(listed[0]) == {"id", "name", "group", "creation_time"}
    page = await client("GET", f"{CONFIGS}?limit=1&marker={second['id']}")
    assert [each["id"] for each in page.data["software_configs"]] == [first["id"]]
    everywhere = await client("GET", f"{CONFIGS}?global_tenant=true")
    assert everywhere.status == 403


async def test_a_deployment_is_made_changed_and_removed(client: Client) -> None:
    config = await new_config(client)
    made = await new_deployment(client, config_id=config["id"], server_id="s1")
    assert made == {
        "id": made["id"],
        "server_id": "s1",
        "input_values": {},
        "output_values": None,
        "action": None,
        "status": None,
        "status_reason": "None",
        "config_id": config["id"],
        "creation_time": made["creation_time"],
    }
    path = f"{DEPLOYMENTS}/{made['id']}"
    done = {"status": "COMPLETE", "status_reason": "ok", "output_values": {"bar": "x"}}
    changed = (await client("PUT", path, done)).data["software_deployment"]
    assert changed == {**made, **done, "updated_time": changed["updated_time"]}
    again = (await client("PUT", path, {"input_values": {"foo": 3}})).data["software_deployment"]
    assert again["input_values"] == {"foo": 3}
    assert again["output_values"] == {"bar": "x"}
    assert (await client("GET", path)).data["software_deployment"] == again
    assert (await client("DELETE", path)).status == 204
    assert (await client("GET", path)).status == 404
    assert (await client("DELETE", path)).status == 404


async def test_deployments_are_listed_by_server(client: Client) -> None:
    config = await new_config(client)
    first = await new_deployment(client, config_id=config["id"], server_id="s1")
    second = await new_deployment(client, config_id=config["id"], server_id="s2")
    listed = (await client("GET", DEPLOYMENTS)).data["software_deployments"]
    assert listed == [first, second]
    of_server = await client("GET", f"{DEPLOYMENTS}?server_id=s2")
    assert of_server.data["software_deployments"] == [second]


async def test_a_server_finds_its_configs_by_name(client: Client) -> None:
    for name in ("b", "a"):
        config = await new_config(client, name=name)
        await new_deployment(client, config_id=config["id"], server_id="s1")
    found = (await client("GET", f"{DEPLOYMENTS}/metadata/s1")).data["metadata"]
    assert [each["name"] for each in found] == ["a", "b"]
    assert set(found[0]) >= {"config", "inputs", "outputs", "options"}
    assert (await client("GET", f"{DEPLOYMENTS}/metadata/s2")).data == {"metadata": []}


async def test_a_config_in_use_stays(client: Client) -> None:
    config = await new_config(client)
    made = await new_deployment(client, config_id=config["id"], server_id="s1")
    refused = await client("DELETE", f"{CONFIGS}/{config['id']}")
    assert refused.status == 409
    assert refused.data["error"]["type"] == "InvalidRestrictedAction"
    await client("DELETE", f"{DEPLOYMENTS}/{made['id']}")
    assert (await client("DELETE", f"{CONFIGS}/{config['id']}")).status == 204
    assert (await client("GET", f"{CONFIGS}/{config['id']}")).status == 404


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 404),
        ({"config_id": "nope", "server_id": "s"}, 404),
        ({"config_id": "CONFIG"}, 400),
        ({"config_id": "CONFIG", "server_id": None}, 400),
        ({"config_id": "CONFIG", "server_id": "x" * 256}, 400),
        ({"config_id": "CONFIG", "server_id": "s", "status": ["x"]}, 400),
        ({"config_id": "CONFIG", "server_id": "s", "status_reason": {"a": 1}}, 400),
    ],
)
async def test_deployments_of_the_wrong_form_are_refused(
    client: Client, given: dict[str, Any], status: int
) -> None:
    if given.get("config_id") == "CONFIG":
        given = given | {"config_id": (await new_config(client))["id"]}
    assert (await client("POST", DEPLOYMENTS, given)).status == status
    assert (await client("GET", DEPLOYMENTS)).data == {"software_deployments": []}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"server_id": 5}, {"server_id": "5"}),
        ({"server_id": ""}, {"server_id": ""}),
        ({"status": 7, "action": "ODD"}, {"status": "7", "action": "ODD"}),
        ({"status_reason": "y" * 300}, {"status_reason": "y" * 300}),
        ({"input_values": [1]}, {"input_values": [1]}),
        ({"input_values": "x"}, {"input_values": "x"}),
    ],
)
async def test_fields_of_deployments_take_what_they_are_given(
    client: Client, given: dict[str, Any], shown: dict[str, Any]
) -> None:
    config = await new_config(client)
    made = await new_deployment(client, **{"config_id": config["id"], "server_id": "s", **given})
    assert {name: made[name] for name in shown} == shown


async def test_what_is_empty_in_a_change_stays_as_it_is(client: Client) -> None:
    config = await new_config(client)
    made = await new_deployment(
        client, config_id=config["id"], server_id="s", status="A", input_values={"a": 1}
    )
    path = f"{DEPLOYMENTS}/{made['id']}"
    nothing = {"status": "", "action": "", "input_values": {}, "output_values": {}, "config_id": ""}
    changed = (await client("PUT", path, nothing)).data["software_deployment"]
    assert changed == {**made, "updated_time": changed["updated_time"]}
    said = (await client("PUT", path, {"output_values": [1], "status": 5})).data
    assert said["software_deployment"].items() >= {"output_values": [1], "status": "5"}.items()


async def test_what_belongs_to_another_project_is_not_there(desk: Desk, client: Client) -> None:
    config = await new_config(client)
    made = await new_deployment(client, config_id=config["id"], server_id="s1")
    other = Client(desk, "other")
    root = "/v1/other-project"
    for path in (f"software_configs/{config['id']}", f"software_deployments/{made['id']}"):
        assert (await other("GET", f"{root}/{path}")).status == 404
        assert (await other("DELETE", f"{root}/{path}")).status == 404
    asked = {"config_id": config["id"], "server_id": "s1"}
    assert (await other("POST", f"{root}/software_deployments", asked)).status == 404
    metadata = await other("GET", f"{root}/software_deployments/metadata/s1")
    assert metadata.data == {"metadata": []}


async def test_a_project_has_room_for_so_many() -> None:
    settings = {"max_software_configs_per_tenant": 1, "max_software_deployments_per_tenant": 1}
    client = Client(Desk(**settings))
    config = await new_config(client)
    await new_deployment(client, config_id=config["id"], server_id="s1")
    too_many = await client("POST", CONFIGS, {})
    assert (too_many.status, too_many.data["error"]["type"]) == (400, "RequestLimitExceeded")
    asked = {"config_id": config["id"], "server_id": "s1"}
    assert (await client("POST", DEPLOYMENTS, asked)).status == 400

"""Stacks given up and taken over by the real client, also with data of another service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.clients.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("adoption")]

TEMPLATE = str(Path(__file__).parents[2] / "examples" / "11-snapshots" / "template.yaml")
EXPORTED = Path(__file__).parent / "exported_by_the_reference.json"
"""Of a stack with a value, a random string, a handle, a nested stack and a group."""
ENABLED = "[DEFAULT]\nenable_stack_abandon = true\nenable_stack_adopt = true\n"


@pytest.fixture(scope="module")
def giving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose operator lets stacks be given up and taken over."""
    running = Service(tmp_path_factory.mktemp("giving") / "state", ENABLED)
    running.start()
    yield running
    running.stop()


def objects(service: Service) -> dict[str, list[str]]:
    """Ids of all servers and volumes."""
    return {
        kind: sorted(each["ID"] for each in service.read(kind, "list"))
        for kind in ("server", "volume")
    }


def test_a_stack_is_given_up_and_taken_over(giving: Service, tmp_path: Path) -> None:
    giving.create_stack(TEMPLATE, "pair")
    password = giving.read("stack", "output", "show", "pair", "password")["output_value"]
    before, file = objects(giving), tmp_path / "pair.json"
    giving.openstack("stack", "export", "--output-file", str(file), "pair")
    exported = json.loads(file.read_text())
    assert (exported["action"], exported["status"]) == ("CREATE", "COMPLETE")
    giving.openstack("stack", "abandon", "--output-file", str(file), "pair")
    assert giving.settle("pair") == ""
    assert json.loads(file.read_text())["resources"] == exported["resources"]
    assert objects(giving) == before, "the objects stay"

    giving.openstack("stack", "adopt", "--adopt-file", str(file), "taken")
    assert giving.settle("taken") == "ADOPT_COMPLETE"
    assert objects(giving) == before, "and none is made"
    assert giving.read("stack", "output", "show", "taken", "password")["output_value"] == password
    giving.openstack("stack", "update", "--existing", "taken")
    assert giving.settle("taken") == "UPDATE_COMPLETE"
    assert objects(giving) == before
    giving.delete_stack("taken")
    assert objects(giving) == {"server": [], "volume": []}


def test_what_the_reference_exported_is_taken_over(giving: Service) -> None:
    data: dict[str, Any] = json.loads(EXPORTED.read_text())
    giving.openstack("stack", "adopt", "--adopt-file", str(EXPORTED), "moved")
    assert giving.settle("moved") == "ADOPT_COMPLETE"
    inner = data["resources"]["n"]["resources"]
    values = {
        "o": data["resources"]["r"]["resource_data"]["value"],
        "no": inner["cr"]["resource_data"]["value"],
    }
    for output, value in values.items():
        assert giving.read("stack", "output", "show", "moved", output)["output_value"] == value
    listed = giving.read("stack", "resource", "list", "-n", "2", "moved")
    ids = {each["resource_name"]: each["physical_resource_id"] for each in listed}
    members = data["resources"]["g"]["resources"]
    assert {name: ids[name] for name in members} == {
        name: each["resource_id"] for name, each in members.items()
    }
    giving.openstack("stack", "update", "--existing", "--parameter", "p=other", "moved")
    assert giving.settle("moved") == "UPDATE_COMPLETE"
    assert giving.read("stack", "output", "show", "moved", "o")["output_value"] == values["o"]
    giving.delete_stack("moved")


HOT = "2021-04-16"
OURS = ("physical_name", "structured_data", "encrypted_param_names")
"""What we export, and another service does not."""


def deep() -> dict[str, Any]:
    """A stack with a template, a group and a group that scales, which hold groups of templates."""
    number = {"text": {"type": "string", "default": "one"}}
    pair = {"count": 2, "resource_def": {"type": "OS::Heat::RandomString"}}
    leaf = {
        "volume": {"type": "OS::Cinder::Volume", "properties": {"size": 1}},
        "name": {"type": "OS::Heat::Value", "properties": {"value": {"get_param": "text"}}},
        "pair": {"type": "OS::Heat::ResourceGroup", "properties": pair},
    }
    member = {"type": "leaf.json", "properties": {"text": {"get_param": "text"}}}
    several = {"count": 2, "resource_def": member}
    chain = {"resources": ["leaf.json"], "resource_properties": member["properties"]}
    middle = {
        "group": {"type": "OS::Heat::ResourceGroup", "properties": several},
        "chain": {"type": "OS::Heat::ResourceChain", "properties": chain},
    }
    scaled = {"min_size": 1, "max_size": 3, "desired_capacity": 2, "resource": member}
    files = {
        file: json.dumps({"heat_template_version": HOT, "parameters": number, "resources": each})
        for file, each in (("leaf.json", leaf), ("middle.json", middle))
    }
    top = {
        "middle": {"type": "middle.json", "properties": member["properties"]},
        "scaled": {"type": "OS::Heat::AutoScalingGroup", "properties": scaled},
    }
    template = {"heat_template_version": HOT, "parameters": number, "resources": top}
    return {"template": template, "files": files, "timeout_mins": 5}


def without(data: Any, names: tuple[str, ...]) -> Any:
    if not isinstance(data, dict):
        return data
    return {name: without(each, names) for name, each in data.items() if name not in names}


def identities(service: Service, stack: str) -> list[tuple[str, str]]:
    """Of all objects in the tree but stacks: types and physical ids."""
    found = service.get(f"/orchestration/v1/{service.project}/stacks/{stack}")["stack"]
    path = f"/orchestration/v1/{service.project}/stacks/{stack}/{found['id']}/resources"
    listed = service.get(f"{path}?nested_depth=5")["resources"]
    apart = ("OS::Cinder::Volume", "OS::Heat::RandomString")
    rows = [each for each in listed if each["resource_type"] in apart]
    return sorted((each["resource_type"], each["physical_resource_id"]) for each in rows)


@pytest.mark.parametrize("taken_out", [(), OURS], ids=["our data", "data as another service's"])
def test_groups_of_templates_in_templates_keep_all_their_objects(
    giving: Service, tmp_path: Path, taken_out: tuple[str, ...]
) -> None:
    stacks, file = f"/orchestration/v1/{giving.project}/stacks", tmp_path / "deep.json"
    giving.send("POST", stacks, {"stack_name": "deep", **deep()})
    assert giving.settle("deep") == "CREATE_COMPLETE"
    before = identities(giving, "deep")
    assert len(before) == 15, "five leaves, with a volume and two texts each"
    giving.openstack("stack", "abandon", "--output-file", str(file), "deep")
    assert giving.settle("deep") == ""
    file.write_text(json.dumps(without(json.loads(file.read_text()), taken_out)))

    giving.openstack("stack", "adopt", "--adopt-file", str(file), "taken")
    assert giving.settle("taken") == "ADOPT_COMPLETE"
    assert identities(giving, "taken") == before
    for parameter in ("text=one", "text=two"):
        giving.openstack("stack", "update", "--existing", "--parameter", parameter, "taken")
        assert giving.settle("taken") == "UPDATE_COMPLETE"
        assert identities(giving, "taken") == before
    assert len(objects(giving)["volume"]) == 5
    giving.delete_stack("taken")
    assert objects(giving) == {"server": [], "volume": []}


def test_data_that_does_not_fit_is_refused_or_fails_and_harms_nothing(
    giving: Service, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.json"
    for text in ("{}", "[]", "no: [", '{"template": {"heat_template_version": 1}, "resources": 5}'):
        file.write_text(text)
        refusal = giving.refused("stack", "adopt", "--adopt-file", str(file), "wrong")
        assert "Invalid adopt data" in refusal or "parsing" in refusal, refusal
    volume = giving.read("volume", "create", "--size", "1", "kept")["id"]
    resources = {
        "here": {"type": "OS::Cinder::Volume", "properties": {"size": 1}},
        "lost": {"type": "OS::Cinder::Volume", "properties": {"size": 1}},
    }
    data = {
        "template": {"heat_template_version": "2021-04-16", "resources": resources},
        "resources": {"here": {"resource_id": volume}, "lost": {"resource_id": "nowhere"}},
    }
    file.write_text(json.dumps(data))
    giving.openstack("stack", "adopt", "--adopt-file", str(file), "wrong")
    assert giving.settle("wrong") == "ADOPT_FAILED"
    giving.delete_stack("wrong")
    assert giving.read("volume", "show", volume)["status"] == "available"
    giving.openstack("volume", "delete", volume)


def test_where_the_operator_has_not_said_so_nothing_is_given_up_or_taken_over(
    service: Service, tmp_path: Path
) -> None:
    file = tmp_path / "template.yaml"
    file.write_text("heat_template_version: 2021-04-16\n")
    service.create_stack(str(file), "kept")
    for verb in ("abandon", "export"):
        assert "Stack Abandon is not supported" in service.refused("stack", verb, "kept")
    adopted = ("stack", "adopt", "--adopt-file", str(EXPORTED), "moved")
    assert "Stack Adopt is not supported" in service.refused(*adopted)
    service.delete_stack("kept")

"""``isotherm timeline`` against a service: of a stack, and of one that is gone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.clients.service import Service

pytestmark = pytest.mark.slow

TEMPLATE = Path(__file__).parents[2] / "examples" / "01-server-with-volume" / "template.yaml"


def isotherm(service: Service, *arguments: str) -> str:
    """The output of a command of ours."""
    done = service.client("isotherm", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_timeline_of_the_first_example(service: Service) -> None:
    created = service.openstack(
        "stack", "create", "-t", str(TEMPLATE), "--wait", "web", "-f", "value", "-c", "id"
    )
    stack_id = created.strip().splitlines()[-1]
    found = json.loads(isotherm(service, "timeline", "web", "--json"))
    assert (found["action"], found["operation"], found["nested"]) == ("CREATE", 1, {})
    steps = {each["resource_name"]: each for each in found["steps"]}
    attachment = steps["attachment"]
    assert sorted(attachment["waited_for"]) == ["server", "volume"]
    assert attachment["ready"] >= max(steps["server"]["ended"], steps["volume"]["ended"]) - 0.01
    assert found["critical_path"][-1]["resource_name"] == "attachment"
    drawn = isotherm(service, "timeline", "web")
    assert "critical path" in drawn
    assert "━" in drawn

    service.openstack("stack", "delete", "--yes", "--wait", "web")
    gone = json.loads(isotherm(service, "timeline", stack_id, "--json"))
    assert gone["action"] == "DELETE"
    assert {each["step"] for each in gone["steps"]} == {"delete"}


def nested_in(file: str) -> str:
    resource = {"type": file}
    return json.dumps({"heat_template_version": "2021-04-16", "resources": {"inner": resource}})


def test_of_nested_stacks_each_operation_shows_what_took_part_in_it(service: Service) -> None:
    """Also of an operation before, and when all is gone."""
    value = {"type": "OS::Heat::Value", "properties": {"value": "one"}}
    leaf = {"heat_template_version": "2021-04-16", "resources": {"value": value}}
    files = {"middle.json": nested_in("leaf.json"), "leaf.json": json.dumps(leaf)}
    stacks = f"/orchestration/v1/{service.project}/stacks"
    body = {"template": json.loads(nested_in("middle.json")), "files": files, "timeout_mins": 5}
    made = service.send("POST", stacks, {"stack_name": "deep", **body})
    stack_id = made["stack"]["id"]
    assert service.settle("deep") == "CREATE_COMPLETE"
    assert "steps inside inner: --nested shows them" in isotherm(service, "timeline", "deep")
    value["properties"] = {"value": "two"}
    files["leaf.json"] = json.dumps(leaf)
    service.send("PUT", f"{stacks}/deep/{stack_id}", body)
    assert service.settle("deep") == "UPDATE_COMPLETE"
    first = isotherm(service, "timeline", "deep", "--nested", "--operation", "1")
    assert "inner/inner: stack deep-inner-" in first
    assert "inside: inner/inner/value" in first
    assert "--nested" not in first
    service.send("DELETE", f"{stacks}/deep/{stack_id}")
    assert service.settle("deep") == ""
    gone = isotherm(service, "timeline", stack_id, "--nested")
    assert "* value delete" in gone


def rolling(word: str) -> dict[str, object]:
    """Three members, changed one after the other."""
    member = {"type": "OS::Heat::TestResource", "properties": {"value": word}}
    group = {
        "type": "OS::Heat::ResourceGroup",
        "update_policy": {"rolling_update": {"max_batch_size": 1}},
        "properties": {"count": 3, "resource_def": member},
    }
    return {"heat_template_version": "2021-04-16", "resources": {"group": group}}


def test_each_batch_of_a_group_that_rolls_is_shown(service: Service) -> None:
    stacks = f"/orchestration/v1/{service.project}/stacks"
    made = service.send("POST", stacks, {"stack_name": "rolls", "template": rolling("one")})
    assert service.settle("rolls") == "CREATE_COMPLETE"
    service.send("PUT", f"{stacks}/rolls/{made['stack']['id']}", {"template": rolling("two")})
    assert service.settle("rolls") == "UPDATE_COMPLETE"
    found = json.loads(isotherm(service, "timeline", "rolls", "--nested", "--json"))
    batches = found["nested"]["group"]
    changed = [[step["resource_name"] for step in batch["steps"]] for batch in batches]
    assert sorted(changed) == [["0"], ["1"], ["2"]]
    drawn = isotherm(service, "timeline", "rolls", "--nested")
    assert drawn.count("group: stack rolls-group-") == 3
    service.openstack("stack", "delete", "--yes", "--wait", "rolls")

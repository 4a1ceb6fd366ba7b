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

"""Groups, signals, and stacks at rest, by the real client."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from tests.clients.service import Service
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow

TEMPLATE = str(Path(__file__).parents[2] / "examples" / "08-groups" / "template.yaml")


def outputs(service: Service) -> dict[str, Any]:
    found = service.get(f"/orchestration/v1/{service.project}/stacks/groups")
    return {each["output_key"]: each["output_value"] for each in found["stack"]["outputs"]}


def statuses(service: Service) -> list[str]:
    return sorted(
        each["Status"] for each in service.read("server", "list") if "web-" in each["Name"]
    )


def test_the_example_of_groups_lives_and_goes(service: Service) -> None:
    service.create_stack(TEMPLATE, "groups")
    assert outputs(service)["addresses"].keys() == {"0", "1"}
    change = ("--parameter", "size=3", "--parameter", "word=hi")
    service.openstack("stack", "update", "-t", TEMPLATE, *change, "groups")
    assert service.settle("groups") == "UPDATE_COMPLETE"
    assert outputs(service)["addresses"].keys() == {"0", "1", "2"}

    service.openstack("stack", "resource", "signal", "groups", "more_disks")
    end = time.monotonic() + PATIENCE
    while outputs(service)["disks"] != 2:
        assert time.monotonic() < end, "the signal came to nothing"
        time.sleep(0.1)
    assert "signal is not supported" in service.refused(
        "stack", "resource", "signal", "groups", "farm"
    )

    service.openstack("stack", "suspend", "groups")
    assert service.settle("groups") == "SUSPEND_COMPLETE"
    assert statuses(service) == ["SUSPENDED"] * 3
    refusal = service.refused("stack", "update", "-t", TEMPLATE, "groups")
    assert "Updating a stack when it is suspended is not supported" in refusal
    service.openstack("stack", "resume", "groups")
    assert service.settle("groups") == "RESUME_COMPLETE"
    assert statuses(service) == ["ACTIVE"] * 3
    service.delete_stack("groups")

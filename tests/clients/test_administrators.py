"""What an administrator does with the stacks of others, by the real client."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.clients.service import Service

pytestmark = pytest.mark.slow

TEMPLATE = Path(__file__).parents[2] / "examples" / "01-server-with-volume" / "template.yaml"
ADMIN = "isotherm-admin"


def test_an_administrator_looks_after_a_stack_of_another_project(service: Service) -> None:
    """What is made for it is the project's, not the administrator's."""
    service.create_stack(str(TEMPLATE), "theirs")
    stack_id = service.read("stack", "show", "theirs")["id"]
    (listed,) = service.read("stack", "list", cloud=ADMIN)
    assert (listed["ID"], listed["Project"]) == (stack_id, service.project)
    assert "Stack not found" in service.refused("stack", "show", "theirs", cloud=ADMIN)
    names = {
        each["resource_name"]
        for each in service.read("stack", "resource", "list", stack_id, cloud=ADMIN)
    }
    assert names == {
        each["resource_name"] for each in service.read("stack", "resource", "list", "theirs")
    }
    change = ("--existing", "--parameter", "volume_size=20")
    service.openstack("stack", "update", *change, stack_id, cloud=ADMIN)
    assert service.settle("theirs") == "UPDATE_COMPLETE"
    assert [each["Size"] for each in service.read("volume", "list")] == [20]
    assert service.read("volume", "list", cloud=ADMIN) == []
    service.openstack("stack", "check", stack_id, cloud=ADMIN)
    assert service.settle("theirs") == "CHECK_COMPLETE"
    service.openstack("stack", "delete", "--yes", "--wait", stack_id, cloud=ADMIN)
    assert service.read("stack", "list") == []
    assert service.read("volume", "list") == []

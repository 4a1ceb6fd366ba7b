"""Stacks outlive their creators: others of the project go on with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.clients.service import Service

pytestmark = pytest.mark.slow

AS_CAROL = ("--os-username", "carol", "--os-password", "carols")
STACK = str(Path(__file__).parents[2] / "examples" / "01-server-with-volume" / "template.yaml")


def test_a_stack_whose_creator_is_gone_is_updated_and_deleted_by_others(service: Service) -> None:
    admin = "isotherm-admin"
    service.openstack("user", "create", "carol", "--password", "carols", cloud=admin)
    grant = ("role", "add", "--project", "demo", "--user", "carol", "member")
    service.openstack(*grant, cloud=admin)
    service.openstack(*AS_CAROL, "stack", "create", "-t", STACK, "--wait", "carols-stack")
    service.openstack("user", "delete", "carol", cloud=admin)
    size = ("--parameter", "volume_size=20")
    service.openstack("stack", "update", "-t", STACK, *size, "--wait", "carols-stack")
    assert service.read("stack", "show", "carols-stack")["stack_status"] == "UPDATE_COMPLETE"
    service.openstack("stack", "delete", "--yes", "--wait", "carols-stack")
    assert "carols-stack" not in service.openstack("stack", "list")

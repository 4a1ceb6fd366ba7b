"""python-designateclient on what stacks make, and on what it makes itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.clients.service import Service

pytestmark = pytest.mark.slow

TEMPLATE = {
    "heat_template_version": "2018-08-31",
    "resources": {
        "zone": {
            "type": "OS::Designate::Zone",
            "properties": {"name": "stack.example.", "email": "a@example.org"},
        },
        "www": {
            "type": "OS::Designate::RecordSet",
            "properties": {
                "zone": {"get_resource": "zone"},
                "name": "www",
                "type": "A",
                "records": ["10.0.0.1"],
            },
        },
    },
}


def test_what_a_stack_made(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "template.json"
    file.write_text(json.dumps(TEMPLATE))
    service.openstack("stack", "create", "--wait", "-t", str(file), "named")
    assert [each["name"] for each in service.read("zone", "list")] == ["stack.example."]
    assert service.read("zone", "show", "stack.example.")["status"] == "ACTIVE"
    listed = service.read("recordset", "list", "stack.example.")
    assert {each["type"] for each in listed} == {"A", "NS", "SOA"}
    shown = service.read("recordset", "show", "stack.example.", "www.stack.example.")
    assert shown["records"] == "10.0.0.1"
    service.openstack("stack", "delete", "--yes", "--wait", "named")
    assert service.read("zone", "list") == []


def test_what_the_client_makes(service: Service) -> None:
    service.openstack("zone", "create", "--email", "a@example.org", "own.example.")
    records = ["--type", "A", "--record", "10.0.0.1", "--record", "10.0.0.2"]
    service.openstack("recordset", "create", *records, "own.example.", "www")
    service.openstack("recordset", "set", "--ttl", "60", "own.example.", "www.own.example.")
    shown = service.read("recordset", "show", "own.example.", "www.own.example.")
    assert shown["ttl"] == 60
    service.openstack("zone", "set", "--ttl", "600", "own.example.")
    assert service.read("zone", "show", "own.example.")["ttl"] == 600
    service.openstack("recordset", "delete", "own.example.", "www.own.example.")
    service.openstack("zone", "delete", "own.example.")
    assert service.read("zone", "list") == []
    assert service.read("dns", "quota", "list")["zones"] == 10

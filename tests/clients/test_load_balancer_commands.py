"""python-octaviaclient on what stacks make, and on what it makes itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.clients.service import Service

pytestmark = pytest.mark.slow

RESOURCES = {
    "balancer": {
        "type": "OS::Octavia::LoadBalancer",
        "properties": {"name": "front", "vip_subnet": "private-subnet"},
    },
    "listener": {
        "type": "OS::Octavia::Listener",
        "properties": {
            "name": "http",
            "loadbalancer": {"get_resource": "balancer"},
            "protocol": "HTTP",
            "protocol_port": 80,
        },
    },
}
TEMPLATE = {"heat_template_version": "2018-08-31", "resources": RESOURCES}


def test_what_a_stack_made(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "template.json"
    file.write_text(json.dumps(TEMPLATE))
    service.openstack("stack", "create", "--wait", "-t", str(file), "balanced")
    assert [each["name"] for each in service.read("loadbalancer", "list")] == ["front"]
    assert service.read("loadbalancer", "show", "front")["provisioning_status"] == "ACTIVE"
    assert service.read("loadbalancer", "listener", "show", "http")["protocol_port"] == 80
    tree = json.loads(service.openstack("loadbalancer", "status", "show", "front"))
    assert tree["loadbalancer"]["listeners"][0]["name"] == "http"
    assert service.read("loadbalancer", "stats", "show", "front")["active_connections"] == 0
    service.openstack("stack", "delete", "--yes", "--wait", "balanced")
    assert service.read("loadbalancer", "list") == []


def test_what_the_client_makes(service: Service) -> None:
    subnet = ["--vip-subnet-id", "private-subnet"]
    service.openstack("loadbalancer", "create", "--name", "own", *subnet, "--wait")
    listener = ["--protocol", "HTTP", "--protocol-port", "80", "--name", "in", "--wait"]
    service.openstack("loadbalancer", "listener", "create", *listener, "own")
    pool = ["--protocol", "HTTP", "--lb-algorithm", "ROUND_ROBIN", "--name", "work", "--wait"]
    service.openstack("loadbalancer", "pool", "create", *pool, "--listener", "in")
    member = ["--address", "10.0.0.5", "--protocol-port", "80", "--name", "one", "--wait"]
    service.openstack("loadbalancer", "member", "create", *member, "work")
    assert [each["name"] for each in service.read("loadbalancer", "member", "list", "work")] == [
        "one"
    ]
    service.openstack("loadbalancer", "member", "set", "--weight", "7", "--wait", "work", "one")
    assert service.read("loadbalancer", "member", "show", "work", "one")["weight"] == 7
    assert "children" in service.refused("loadbalancer", "delete", "own")
    service.openstack("loadbalancer", "delete", "--cascade", "--wait", "own")
    assert service.read("loadbalancer", "pool", "list") == []


def test_what_an_administrator_offers(service: Service) -> None:
    admin = "isotherm-admin"
    data = ["--provider", "amphora", "--flavor-data", "{}", "--name", "sizes"]
    service.openstack("loadbalancer", "flavorprofile", "create", *data, cloud=admin)
    flavor = ["--name", "small", "--flavorprofile", "sizes"]
    service.openstack("loadbalancer", "flavor", "create", *flavor, cloud=admin)
    assert [each["name"] for each in service.read("loadbalancer", "flavor", "list")] == ["small"]
    service.openstack("loadbalancer", "flavor", "delete", "small", cloud=admin)
    service.openstack("loadbalancer", "flavorprofile", "delete", "sizes", cloud=admin)
    assert service.read("loadbalancer", "quota", "defaults", "show")["member"] in (-1, "unlimited")

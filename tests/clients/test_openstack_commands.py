"""The ordinary commands on the built-in cloud: create, list, show, delete of each kind."""

from __future__ import annotations

import pytest
from tests.clients.service import Service

pytestmark = pytest.mark.slow

# What is created, and the further arguments that this takes.
KINDS = {
    "server": ["--image", "cirros", "--flavor", "m1.tiny", "--network", "private"],
    "volume": ["--size", "1"],
    "network": [],
    "subnet": ["--network", "private", "--subnet-range", "10.77.0.0/24"],
    "port": ["--network", "private"],
    "router": [],
    "security group": [],
    "keypair": [],
    "image": ["--disk-format", "raw", "--container-format", "bare"],
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_user_can_create_list_show_and_delete(service: Service, kind: str) -> None:
    words = kind.split()
    name = f"made-{'-'.join(words)}"
    quiet = ["-f", "value", "-c", "name"]
    if kind == "keypair":
        service.openstack(*words, "create", name)
    else:
        service.openstack(*words, "create", *KINDS[kind], name, *quiet)
    listed = service.read(*words, "list")
    assert name in [each["Name"] for each in listed]
    shown = service.read(*words, "show", name)
    assert shown["name"] == name
    service.openstack(*words, "delete", *(["--wait"] if kind == "server" else []), name)
    assert name not in [each["Name"] for each in service.read(*words, "list")]


def test_floating_ips_have_no_names(service: Service) -> None:
    made = service.read("floating", "ip", "create", "public")
    listed = service.read("floating", "ip", "list")
    assert made["floating_ip_address"] in [each["Floating IP Address"] for each in listed]
    shown = service.read("floating", "ip", "show", made["id"])
    assert shown["floating_network_id"] == made["floating_network_id"]
    service.openstack("floating", "ip", "delete", made["id"])
    assert service.read("floating", "ip", "list") == []


def test_an_administrator_makes_flavors(service: Service) -> None:
    admin = "isotherm-admin"
    service.openstack("flavor", "create", "--ram", "64", "--disk", "1", "tiny", cloud=admin)
    assert "tiny" in [each["Name"] for each in service.read("flavor", "list")]
    assert service.read("flavor", "show", "tiny")["ram"] == 64
    service.openstack("flavor", "delete", "tiny", cloud=admin)
    assert {each["Name"] for each in service.read("flavor", "list")} >= {
        "m1.tiny",
        "m1.small",
        "m1.medium",
    }
    assert "403" in service.refused("flavor", "create", "--ram", "64", "mine")


def test_what_is_there_from_the_start(service: Service) -> None:
    networks = service.read("network", "list")
    assert {"private", "public"} <= {each["Name"] for each in networks}
    assert "cirros" in [each["Name"] for each in service.read("image", "list")]
    kinds = {each["Type"] for each in service.read("catalog", "list")}
    assert kinds >= {
        "identity",
        "compute",
        "block-storage",
        "volumev3",
        "network",
        "image",
        "orchestration",
    }

"""The command line clients of object store, shares, clusters, containers, databases and leases,
on what stacks make and on what they make themselves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.clients.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ROOM = {
    "resource_type": "virtual:instance",
    "amount": 1,
    "vcpus": 1,
    "memory_mb": 64,
    "disk_gb": 1,
}
TIME = {"start_date": "2099-01-01 00:00", "end_date": "2099-01-02 00:00"}
KIND = {"coe": "kubernetes", "image": "cirros", "external_network": "public"}
RESOURCES = {
    "box": ("OS::Swift::Container", {"name": "p-files"}),
    "share": ("OS::Manila::Share", {"share_protocol": "NFS", "size": 1, "name": "p-share"}),
    "kind": ("OS::Magnum::ClusterTemplate", {"name": "p-kind", **KIND}),
    "cluster": ("OS::Magnum::Cluster", {"name": "p-cluster", "cluster_template": "p-kind"}),
    "app": ("OS::Zun::Container", {"name": "p-app", "image": "cirros"}),
    "db": ("OS::Trove::Instance", {"name": "p-db", "flavor": "m1.tiny", "size": 1}),
    "lease": ("OS::Blazar::Lease", {"name": "p-lease", **TIME, "reservations": [ROOM]}),
}


def template() -> str:
    resources = {
        name: {"type": kind, "properties": properties}
        for name, (kind, properties) in RESOURCES.items()
    }
    resources["cluster"]["properties"] = {
        "name": "p-cluster",
        "cluster_template": {"get_resource": "kind"},
    }
    return json.dumps({"heat_template_version": "2021-04-16", "resources": resources})


@pytest.mark.parametrize(
    ("kind", "name", "column"),
    [
        ("container", "p-files", "Name"),
        ("share", "p-share", "Name"),
        ("coe cluster template", "p-kind", "name"),
        ("coe cluster", "p-cluster", "name"),
        ("appcontainer", "p-app", "name"),
        ("database instance", "p-db", "Name"),
        ("reservation lease", "p-lease", "name"),
    ],
)
def test_what_a_stack_made(made: Service, kind: str, name: str, column: str) -> None:
    listed = made.read(*kind.split(), "list")
    assert name in [each[column] for each in listed]
    assert name in json.dumps(made.read(*kind.split(), "show", name))


@pytest.fixture(scope="module")
def made(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Service:
    file: Path = tmp_path_factory.mktemp("template") / "template.json"
    file.write_text(template())
    service.openstack("stack", "create", "--wait", "-t", str(file), "platforms")
    return service


def test_what_the_clients_make(service: Service) -> None:
    service.openstack("container", "create", "own-files")
    service.openstack("container", "delete", "own-files")
    assert "404" in service.refused("container", "show", "own-files")
    service.openstack("share", "create", "NFS", "1", "--name", "own-share")
    assert "own-share" in service.openstack("share", "list")
    service.openstack("share", "delete", "own-share")
    service.openstack("appcontainer", "run", "--name", "own-app", "cirros", "sleep", "9")
    assert "own-app" in service.openstack("appcontainer", "list")
    service.openstack("appcontainer", "delete", "--force", "own-app")
    assert "own-app" not in service.openstack("appcontainer", "list")

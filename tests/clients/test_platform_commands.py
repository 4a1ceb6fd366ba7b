"""The command line clients of object store, shares, clusters, containers, databases and leases,
on what stacks make and on what they make themselves."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from tests.clients.service import Service

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("platform commands"),
]

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
def made(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    file: Path = tmp_path_factory.mktemp("template") / "template.json"
    file.write_text(template())
    service.openstack("stack", "create", "--wait", "-t", str(file), "platforms")
    yield service
    service.delete_stack("platforms")


def test_what_the_clients_make(service: Service) -> None:
    """All by one process, which is told one command after the other."""
    names = service.say(
        "container create own-files",
        "container list -f value -c Name",
        "container delete own-files",
        "share create NFS 1 --name own-share",
        "share list -f value -c Name",
        "share resize own-share 2",
        "share delete own-share",
        "appcontainer run --name own-app cirros sleep 9",
        "appcontainer list -f value -c name",
        "appcontainer delete --force own-app",
    ).splitlines()
    assert {"own-files", "own-share", "own-app"} <= set(names)


def test_clusters_databases_and_leases_of_their_own(service: Service) -> None:
    kind = "resource_type=virtual:instance,affinity=False,resource_properties="
    room = f"{kind},amount=1,vcpus=1,memory_mb=64,disk_gb=1"
    when = ("--start-date", TIME["start_date"], "--end-date", TIME["end_date"])
    service.openstack("reservation", "lease", "create", "--reservation", room, *when, "own-lease")
    told = service.say(
        "coe cluster template create own-kind --coe kubernetes --image cirros"
        " --external-network public",
        "coe cluster create --cluster-template own-kind --node-count 2 own-cluster",
        "database instance create own-db --flavor m1.tiny --size 1 --datastore mysql"
        " --datastore-version 8.0",
        "reservation lease list -f value -c name",
        "reservation lease delete own-lease",
        "database db create own-db shop",
        "database user create own-db reader secret1",
        "database db list own-db -f value",
        "database user list own-db -f value -c Name",
        "database instance delete own-db",
        "coe cluster resize own-cluster 3",
        "coe cluster show own-cluster -f value -c node_count",
        "coe cluster delete own-cluster",
    ).splitlines()
    assert {"own-lease", "shop", "reader", "3"} <= set(told)
    while "own-cluster" in str(service.control("GET", "objects?seeded=false")):
        time.sleep(0.1)
    service.openstack("coe", "cluster", "template", "delete", "own-kind")


def test_nodes_and_kinds_that_administrators_make(service: Service) -> None:
    admin = "isotherm-admin"
    made = ("baremetal", "node", "create", "--driver", "ipmi", "--name", "own-node")
    node = service.openstack(*made, "-f", "value", "-c", "uuid", cloud=admin).strip()
    told = service.say(
        "baremetal node set own-node --property cpus=3",
        "baremetal node maintenance set own-node",
        "baremetal node list -f value -c name -c maintenance",
        "baremetal node show own-node -f value -c properties",
        f"baremetal port create --node {node} 52:54:00:00:00:01",
        "baremetal port list --address 52:54:00:00:00:01 -f value -c address",
        "baremetal node delete own-node",
        "share type create own-kind false",
        "share type list -f value -c Name",
        "share type delete own-kind",
        cloud=admin,
    )
    assert "own-node True" in told
    assert "{'cpus': 3}" in told
    assert {"52:54:00:00:00:01", "own-kind"} <= set(told.splitlines())


def test_the_object_stores_own_client(service: Service, tmp_path: Path) -> None:
    """A file in several parts goes up, comes down whole, and goes."""
    (tmp_path / "letter").write_text("hello")
    clouds = yaml.safe_load((service.state / "clouds.yaml").read_text())["clouds"]
    auth = clouds["isotherm"]["auth"]
    where = [f"--os-{name.replace('_', '-')}={value}" for name, value in auth.items()]

    def swift(*command: str) -> str:
        done = service.client("swift", "-V3", *where, *command)
        assert done.returncode == 0, done.stderr
        return done.stdout

    swift("upload", "-S", "3", "own-box", str(tmp_path / "letter"), "--object-name", "letter")
    assert swift("list", "own-box").split() == ["letter"]
    assert swift("download", "own-box", "letter", "-o", "-") == "hello"
    for box in ("own-box", "own-box_segments"):
        swift("delete", box)
    assert "own-box" not in swift("list").split()

"""Samples of what runs on a cloud: clusters, containers, reservations, bare metal, databases."""

from __future__ import annotations

from collections.abc import Mapping

from tests.laws.sweep.samples import NET, PORTS, Sample, made, ref

CLUSTER = {"coe": "kubernetes", "image": "cirros", "external_network": "public"}
TEMPLATES = {
    name: made("OS::Magnum::ClusterTemplate", **CLUSTER, name=f"stack-{name}")
    for name in ("template", "template2")
}
BOX = {"image": "cirros", "command": "sleep 9"}
HOSTS = {name: made("OS::Blazar::Host", name=f"stack-{name}") for name in ("host", "host2")}
TIME = {"start_date": "2099-01-01 00:00", "end_date": "2099-01-02 00:00"}
ROOM = {"resource_type": "virtual:instance", "vcpus": 1, "memory_mb": 64, "disk_gb": 1}
CARD = {"node": "node-1", "address": "52:54:00:00:00:01"}


MYSQL = {"flavor": "m1.tiny", "size": 1}
MEMBER = {"flavor": "m1.tiny", "volume_size": 1}
MONGO = {"datastore_type": "mongodb", "datastore_version": "7.0", "instances": [MEMBER]}


def person(name: str, password: str) -> dict[str, object]:
    return {"name": name, "password": password, "databases": ["one"]}


def lease(amount: int) -> dict[str, object]:
    return {**TIME, "name": "stack-lease", "reservations": [{**ROOM, "amount": amount}]}


RDS = {
    "AllocatedStorage": "1",
    "DBInstanceClass": "db.m1.tiny",
    "DBName": "one",
    "Engine": "MySQL",
    "MasterUsername": "anna",
    "MasterUserPassword": "first",
}

SAMPLES: Mapping[str, Sample] = {
    "AWS::RDS::DBInstance": Sample(
        RDS, {**RDS, "DBInstanceClass": "db.m1.small", "MasterUserPassword": "second"}
    ),
    "OS::Blazar::Host": Sample(
        {"name": "stack-host"},
        None,
        {"name": "stack-host2", "extra_capability": {"gpu": "yes"}},
        user="admin",
    ),
    "OS::Blazar::Host of-the-same-name": Sample(
        {"name": "stack-host"},
        None,
        {"name": "stack-host", "extra_capability": {"gpu": "yes"}},
        user="admin",
    ),
    "OS::Blazar::Lease": Sample(lease(1), None, lease(2)),
    "OS::Ironic::Port": Sample(
        {**CARD, "extra": {"a": "b"}},
        {**CARD, "node": "node-2", "extra": {"c": "d"}, "physical_network": "one"},
        None,
        user="admin",
    ),
    "OS::Magnum::Cluster": Sample(
        {"cluster_template": ref("template")},
        {"cluster_template": ref("template"), "node_count": 3},
        {"cluster_template": ref("template2")},
        TEMPLATES,
    ),
    "OS::Magnum::ClusterTemplate": Sample(
        CLUSTER, {**CLUSTER, "public": True}, {**CLUSTER, "labels": {"a": "b"}}, user="admin"
    ),
    "OS::Magnum::BayModel": Sample(CLUSTER, None, {**CLUSTER, "labels": {"a": "b"}}),
    "OS::Trove::Cluster": Sample(MONGO, None, {**MONGO, "instances": [MEMBER] * 2}),
    "OS::Trove::Instance": Sample(
        {**MYSQL, "databases": [{"name": "one"}], "users": [person("anna", "first")]},
        {
            **MYSQL,
            "name": "stack-new",
            "flavor": "m1.small",
            "databases": [{"name": "one"}, {"name": "two"}],
            "users": [person("anna", "second"), person("bert", "third")],
        },
        {**MYSQL, "datastore_type": "mariadb"},
    ),
    "OS::Trove::Instance growing": Sample(MYSQL, {**MYSQL, "size": 2}, final=True),
    "OS::Zun::Container": Sample(
        {**BOX, "name": "stack-box", "networks": [{"port": ref("port")}]},
        {**BOX, "name": "stack-new", "cpu": 2, "networks": [{"port": ref("port2")}]},
        {**BOX, "name": "stack-box", "networks": [{"port": ref("port")}], "hostname": "h"},
        {**NET, **PORTS},
    ),
}

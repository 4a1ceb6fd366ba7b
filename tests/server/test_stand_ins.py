"""AWS types of load balancers and databases in clouds that have no such services."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.desk import Desk

from isotherm.core.schema import TypeSchema
from isotherm.core.states import Status
from isotherm.kit.plugins import load_plugins, load_registry
from isotherm.kit.registry import Registry, stand_in_of
from isotherm.ports.records import Resource, Stack
from isotherm.resources import STAND_INS
from isotherm.server.errors import ConfigurationError
from isotherm.server.operator_environment import operator_environment
from isotherm.template import Environment, load_environment, merge_environments
from isotherm.testing.local_world import LocalWorld, play_on_local_cloud
from isotherm.testing.stage import Stage
from isotherm.usecases.resource_types import TypeListRequest, list_types

BALANCER, DATABASE = "AWS::ElasticLoadBalancing::LoadBalancer", "AWS::RDS::DBInstance"
TYPES = load_registry().with_stand_ins(STAND_INS)
IMAGES = {"parameter_defaults": {"DBImage": "cirros", "LbImageId": "cirros"}}
SERVERS = {
    name: {
        "type": "OS::Nova::Server",
        "properties": {
            "image": "cirros",
            "flavor": "m1.tiny",
            "networks": [{"network": "private"}],
        },
    }
    for name in ("one", "two")
}
CHECK = {
    "HealthyThreshold": 2,
    "Interval": 10,
    "Target": "HTTP:8081/up",
    "Timeout": 5,
    "UnhealthyThreshold": 3,
}


def database(**properties: str) -> str:
    given = {
        "AllocatedStorage": "1",
        "DBInstanceClass": "db.m1.small",
        "DBName": "shop",
        "Engine": "MySQL",
        "MasterUsername": "anna",
        "MasterUserPassword": "hush",
        **properties,
    }
    return document({"db": {"type": DATABASE, "properties": given}}, "db", "Endpoint.Address")


def balanced(*instances: str) -> str:
    given = {
        "AvailabilityZones": ["nova"],
        "HealthCheck": CHECK,
        "Instances": [{"get_resource": each} for each in instances],
        "Listeners": [{"InstancePort": 8080, "LoadBalancerPort": 80, "Protocol": "HTTP"}],
    }
    lb = {"type": BALANCER, "properties": given}
    return document({**SERVERS, "lb": lb}, "lb", "DNSName")


def document(resources: Mapping[str, Any], name: str, attribute: str) -> str:
    return json.dumps(
        {
            "heat_template_version": "2021-04-16",
            "resources": resources,
            "outputs": {"at": {"value": {"get_attr": [name, attribute]}}},
        }
    )


async def offer(world: LocalWorld, service: str, *, enabled: bool) -> None:
    """A service goes out of the catalogue, or comes back."""
    admin = await world.connect_as("admin")
    for each in (await admin.call("identity", "GET", "/services"))["services"]:
        if each["type"] == service:
            change = {"service": {"enabled": enabled}}
            await admin.call("identity", "PATCH", f"/services/{each['id']}", change)
    world.log_out()


async def stand_in(stage: Stage, stack_id: str, name: str, handle: str) -> str:
    """The stack that stands in for a resource, once its server has reported."""
    rows: Mapping[str, Any] = {}
    child = ""
    while handle not in rows or rows[handle].status is not Status.COMPLETE:
        await stage.clock.sleep(1)
        outer = await stage.rows(stack_id)
        assert outer[name].status is not Status.FAILED, outer[name].status_reason
        child = outer[name].physical_id or ""
        rows = await stage.rows(child) if child else {}
    aws = {"Status": "SUCCESS", "UniqueId": "1", "Reason": "", "Data": ""}
    await stage.signal(child, handle, {"status": "SUCCESS"} if handle == "is_ready" else aws)
    return child


async def complete(stage: Stage, stack_id: str) -> Stack:
    stack = await stage.settle(stack_id)
    assert stack.status is Status.COMPLETE, stack.status_reason
    return stack


def around(environment: Environment | None = None) -> Environment:
    layers = [environment] if environment else []
    return merge_environments([load_environment(IMAGES), *layers])


def test_a_server_with_a_database_stands_in_and_stays_when_the_service_comes() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        stage.types, stage.environment = TYPES, around()
        await offer(world, "database", enabled=False)
        async with stage.worker():
            stack_id = await stage.create(database())
            child = await stand_in(stage, stack_id, "db", "is_ready")
            await complete(stage, stack_id)
            objects = world.objects()
            assert [each["size"] for each in objects["block-storage.volume"]] == [1]
            assert len(objects["compute.server"]) == 1
            assert "database.instance" not in objects
            assert (await stage.rows(stack_id))["db"].attributes["Endpoint.Address"]
            await offer(world, "database", enabled=True)
            await stage.update(stack_id, database(Port="3307"), {})
            await complete(stage, stack_id)
            row = (await stage.rows(stack_id))["db"]
            assert (row.physical_id, row.attributes["Endpoint.Port"]) == (child, "3307")
            await stage.delete(stack_id)
            await complete(stage, stack_id)
            assert world.objects() == {}

    play_on_local_cloud(scenario)


def test_a_server_that_balances_stands_in_and_is_told_of_its_instances() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        stage.types, stage.environment = TYPES, around()
        await offer(world, "load-balancer", enabled=False)
        async with stage.worker():
            stack_id = await stage.create(balanced("one"))
            child = await stand_in(stage, stack_id, "lb", "LB_handle")
            await complete(stage, stack_id)
            inside = (await stage.rows(child))["LB_instance"]
            assert configuration(inside) == [
                "listen port-80",
                "bind *:80",
                "mode http",
                "balance roundrobin",
                "option httpchk GET /up",
                "timeout check 5s",
                *told(world, await stage.rows(stack_id), "one"),
            ]
            await stage.update(stack_id, balanced("one", "two"))
            await complete(stage, stack_id)
            after = (await stage.rows(child))["LB_instance"]
            assert after.physical_id == inside.physical_id
            two = told(world, await stage.rows(stack_id), "one", "two")
            assert sorted(configuration(after)[6:]) == sorted(two)
            await stage.delete(stack_id)
            await complete(stage, stack_id)
            assert world.objects() == {}

    play_on_local_cloud(scenario)


def configuration(row: Resource) -> list[str]:
    """The part of a server's configuration that is about its ports."""
    files: Any = row.present_metadata["AWS::CloudFormation::Init"]
    text = files["config"]["files"]["/etc/haproxy/haproxy.cfg"]["content"]
    return [each.strip() for each in text.splitlines()][text.splitlines().index("listen port-80") :]


def told(world: LocalWorld, rows: Mapping[str, Resource], *names: str) -> list[str]:
    """The lines about these servers."""
    addresses = {
        each["device_id"]: each["fixed_ips"][0]["ip_address"]
        for each in world.objects()["network.port"]
    }
    ids = [str(rows[each].physical_id) for each in names]
    watch = "check port 8081 inter 10s fall 3 rise 2"
    return [f"server {each} {addresses[each]}:8080 {watch}" for each in ids]


def test_servers_of_a_group_join_it_and_stay_when_it_changes() -> None:
    launch = {"ImageId": "cirros", "InstanceType": "m1.tiny"}
    group = {
        "AvailabilityZones": ["nova"],
        "LaunchConfigurationName": {"get_resource": "launch"},
        "MinSize": 1,
        "MaxSize": 1,
        "LoadBalancerNames": [{"get_resource": "lb"}],
    }
    launched = {
        "launch": {"type": "AWS::AutoScaling::LaunchConfiguration", "properties": launch},
        "group": {"type": "AWS::AutoScaling::AutoScalingGroup", "properties": group},
    }

    async def scenario(stage: Stage, world: LocalWorld) -> None:
        stage.types, stage.environment = TYPES, around()
        await offer(world, "load-balancer", enabled=False)
        async with stage.worker():
            template = json.loads(balanced("one"))
            template["resources"] |= launched
            stack_id = await stage.create(json.dumps(template))
            child = await stand_in(stage, stack_id, "lb", "LB_handle")
            await complete(stage, stack_id)
            await complete(stage, child)
            before = configuration((await stage.rows(child))["LB_instance"])
            joined = [each for each in before if " # of " in each]
            assert (len(before), len(joined)) == (8, 1)
            template["resources"]["lb"]["properties"]["Instances"] = []
            await stage.update(stack_id, json.dumps(template))
            await complete(stage, stack_id)
            await complete(stage, child)
            assert configuration((await stage.rows(child))["LB_instance"])[6:] == joined

    play_on_local_cloud(scenario)


OWN = """\
HeatTemplateFormatVersion: 2012-12-12
Resources:
  LB_instance:
    Type: OS::Heat::TestResource
    Metadata:
      AWS::CloudFormation::Init:
        config: {files: {/etc/haproxy/haproxy.cfg: {content: ""}}}
Outputs: {PublicIp: {Value: 192.0.2.7}}
"""


def test_the_operator_has_load_balancers_made_of_a_template_of_his_own(tmp_path: Path) -> None:
    file = tmp_path / "balancer.yaml"
    file.write_text(OWN)
    types = load_plugins((), {"loadbalancer_template": str(file)}).registry
    types = types.with_stand_ins(STAND_INS)
    operators = operator_environment("", types, balancers=str(file))

    async def scenario(stage: Stage, world: LocalWorld) -> None:
        stage.types, stage.environment = types, around(operators)
        async with stage.worker():
            stack_id = await stage.create(balanced("one"))
            await complete(stage, stack_id)
            row = (await stage.rows(stack_id))["lb"]
            assert row.attributes["DNSName"] == "192.0.2.7"
            inside = (await stage.rows(str(row.physical_id)))["LB_instance"]
            assert configuration(inside)[0] == "listen port-80"
            assert "load-balancer.loadbalancer" not in world.objects()

    play_on_local_cloud(scenario)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Resources: {}", "it has no resource LB_instance"),
        (None, "No such file"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_at_the_start(
    tmp_path: Path, text: str | None, why: str
) -> None:
    file = tmp_path / "balancer.yaml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(ConfigurationError, match=f"loadbalancer_template.*{why}"):
        operator_environment("", TYPES, balancers=str(file))


@pytest.mark.parametrize("name", [BALANCER, DATABASE])
def test_a_stand_in_takes_and_tells_what_the_type_does(name: str) -> None:
    real, other = _schema(TYPES, name), _schema(TYPES, stand_in_of(name))
    assert real.properties.keys() <= other.properties.keys()
    assert real.attributes.keys() - {"show"} <= other.attributes.keys()


def _schema(types: Registry, name: str) -> TypeSchema:
    found = types.lookup(name)
    assert found is not None
    return found


async def test_types_that_something_stands_in_for_are_offered_everywhere() -> None:
    desk = Desk()
    services = dataclasses.replace(desk.services, registry=TYPES)
    listed = [each.name for each in await list_types(services, desk.caller, TypeListRequest())]
    assert {BALANCER, DATABASE} <= set(listed)
    assert not [each for each in listed if each.endswith(".template")]

"""Shapes of types that clouds have, made of declarations alone."""

from __future__ import annotations

from typing import Any

import pytest

from isotherm.kit import Entity, EntityType, Failed, Properties, Ready, prop
from isotherm.kit.services import dns, load_balancer
from isotherm.testing.cloud import RecordingCloud
from isotherm.testing.resource_run import ResourceRun

MEMBER = Entity("load-balancer", "member", "/lbaas/pools/{parent}/members", "members")
ALARM = Entity("alarm", "", "/alarms", "alarms", id_field="alarm_id")
RECORD_SET = Entity("dns", "", "/zones/{parent}/recordsets", "recordsets")


class MemberProperties(Properties):
    pool: str = prop("Its pool.", finds="octavia.pool", sends=None)
    address: str = prop("Its address.")
    weight: int = prop("Its share.", default=1, update_allowed=True)
    subnet: str | None = prop("Its subnet.", finds="neutron.subnet")
    tags: list[str] | None = prop("Tags.", clears=[], update_allowed=True)


class Member(EntityType[MemberProperties]):
    entity, parent_property = MEMBER, "pool"
    status_field = "provisioning_status"
    ready_statuses = frozenset({"ACTIVE"})
    failed_statuses = frozenset({"ERROR"})
    gone_statuses = frozenset({"DELETED"})


class AlarmProperties(Properties):
    metric: str = prop("Its metric.", sends="resources_rule.metric", update_allowed=True)
    threshold: float = prop("Its bound.", sends="resources_rule.threshold", update_allowed=True)
    enabled: bool = prop("Whether it is looked at.", default=True, update_allowed=True)


class Alarm(EntityType[AlarmProperties]):
    entity = ALARM
    sends_whole = True


class RecordSetProperties(Properties):
    zone: str = prop("Its zone.", finds="designate.zone", sends=None)
    records: list[str] = prop("Its records.", update_allowed=True)
    ttl: int | None = prop("Seconds to keep it.", update_allowed=True)


class RecordSet(EntityType[RecordSetProperties]):
    entity, parent_property = RECORD_SET, "zone"
    status_field = "status"
    ready_statuses = frozenset({"ACTIVE"})
    failed_statuses = frozenset({"ERROR"})


def begin(kind: EntityType[Any], state: dict[str, Any], **properties: Any) -> ResourceRun:
    run = ResourceRun.begin(kind, properties, RecordingCloud(entities=(kind.entity,)))
    run.world = lambda: [
        each.update(state)
        for each in run.cloud.objects(kind.entity, parent=kind.parent(run.ctx)).values()
    ]
    return run


async def test_a_pool_member_lies_in_its_pool_and_settles() -> None:
    active = {"provisioning_status": "ACTIVE"}
    run = begin(Member(), active, pool="p", address="10.0.0.3", subnet="s", tags=["t"])
    assert isinstance(await run.create(), Ready)
    (call,) = run.cloud.made("create")
    assert (call.parent, call.body["subnet_id"], "pool" in call.body) == ("p", "s", False)
    given = {"pool": "p", "address": "10.0.0.3", "subnet": "s"}
    assert isinstance(await run.update({**given, "weight": 7}), Ready)
    assert run.cloud.made("update")[0].body == {"weight": 7, "tags": []}
    assert isinstance(await run.delete(), Ready)


async def test_a_member_that_goes_wrong_fails() -> None:
    run = begin(Member(), {"provisioning_status": "ERROR"}, pool="p", address="10.0.0.3")
    assert isinstance(await run.create(), Failed)


async def test_an_alarm_keeps_its_rule_in_a_map_of_its_own() -> None:
    run = begin(Alarm(), {}, metric="cpu", threshold=1.5)
    assert isinstance(await run.create(), Ready)
    body = run.cloud.made("create")[0].body
    assert body["resources_rule"] == {"metric": "cpu", "threshold": 1.5}
    assert run.ctx.physical_id == run.cloud.objects(ALARM)[run.ctx.physical_id]["alarm_id"]
    await run.update({"metric": "cpu", "threshold": 2.5, "enabled": False})
    rule = {"resources_rule": {"metric": "cpu", "threshold": 2.5}}
    assert run.cloud.made("update")[0].body == {**rule, "enabled": False}
    await run.update({"metric": "cpu", "threshold": 1.5, "enabled": True})
    live = run.type.live(run.cloud.objects(ALARM)[run.ctx.physical_id])
    assert live == {"metric": "cpu", "threshold": 1.5, "enabled": True}


async def test_a_record_set_is_found_again_in_its_zone() -> None:
    run = begin(RecordSet(), {"status": "ACTIVE"}, zone="z", records=["10.0.0.3"], ttl=60)
    assert isinstance(await run.create(), Ready)
    assert [each.physical_id for each in await run.crash().type.find(run.ctx)] == [
        run.ctx.physical_id
    ]
    await run.update({"zone": "z", "records": ["10.0.0.3"]})
    assert run.cloud.made("update")[0].body == {"ttl": None}


@pytest.mark.parametrize("module", [dns, load_balancer])
def test_services_to_come_are_declared_as_those_that_are_here(module: Any) -> None:
    assert any(isinstance(each, Entity) for each in vars(module).values())

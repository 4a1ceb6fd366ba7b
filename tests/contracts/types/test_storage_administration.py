"""What administrators of block storage make: volume types, QoS specs, quotas."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.block_storage import QOS_SPECS, QUOTA_SET, VOLUME, VOLUME_TYPE
from isotherm.kit.services.identity import PROJECT

pytestmark = pytest.mark.slow


async def test_a_server_begins_with_a_volume_that_others_may_share(
    admin: Account, name: str
) -> None:
    shared = resource("OS::Cinder::VolumeType", name=name, metadata={"multiattach": "<is> True"})
    disk = resource("OS::Cinder::Volume", size=1, volume_type=ref("type"))
    properties: dict[str, Any] = {
        "image": "cirros",
        "flavor": "m1.tiny",
        "networks": [{"subnet": ref("subnet")}],
        "block_device_mapping_v2": [{"volume_id": ref("disk"), "boot_index": -1}],
    }
    servers = {
        "a": resource("OS::Nova::Server", **properties),
        "b": resource("OS::Nova::Server", depends_on="a", **properties),
    }
    place = {
        "net": resource("OS::Neutron::Net"),
        "subnet": resource("OS::Neutron::Subnet", network=ref("net"), cidr="10.78.0.0/24"),
    }
    parts = {"type": shared, "disk": disk, **place, **servers}
    stack = await admin.stacks.create(name, document(parts))
    volume = await admin.cloud.show(VOLUME, stack.ids["disk"])
    assert {each["server_id"] for each in volume["attachments"]} == {stack.ids["a"], stack.ids["b"]}
    await admin.stacks.delete(stack)
    assert await admin.gone(VOLUME, stack.ids["disk"])


async def test_volume_type(admin: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        kind = resource("OS::Cinder::VolumeType", name=name, **properties)
        return document({"type": kind, "project": resource("OS::Keystone::Project")})

    async def projects() -> list[str]:
        path = f"/types/{stack.ids['type']}/os-volume-type-access"
        found = await cloud.call("block-storage", "GET", path)
        return [each["project_id"] for each in found["volume_type_access"]]

    stacks, cloud = admin.stacks, admin.cloud
    given: Any = {"metadata": {"a": "b"}, "description": "d"}
    stack = await stacks.create(name, template(**given))
    ids, kind = stack.ids, stack.ids["type"]
    shown = await cloud.show(VOLUME_TYPE, kind)
    assert (shown["name"], shown["description"], shown["is_public"]) == (name, "d", True)
    assert shown["extra_specs"] == {"a": "b"}
    given = {"metadata": {"c": "d"}, "is_public": False, "projects": [ref("project")]}
    await stacks.update(stack, template(**given))
    assert stack.ids == ids
    shown = await cloud.show(VOLUME_TYPE, kind)
    assert (shown["description"], shown["is_public"]) == ("", False)
    assert shown["extra_specs"] == {"c": "d"}
    assert await projects() == [ids["project"]]
    await stacks.update(stack, template(is_public=False))
    assert await projects() == []
    await stacks.delete(stack)
    assert await admin.gone(VOLUME_TYPE, kind)


async def test_encrypted_volume_type(admin: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        resources = {
            "type": resource("OS::Cinder::VolumeType", name=name),
            "encryption": resource(
                "OS::Cinder::EncryptedVolumeType", volume_type=ref("type"), **properties
            ),
        }
        return document(resources, reference=ref("encryption"))

    async def encryption() -> Any:
        path = f"/types/{stack.ids['type']}/encryption"
        return await cloud.call("block-storage", "GET", path)

    stacks, cloud = admin.stacks, admin.cloud
    stack = await stacks.create(name, template(provider="luks", key_size=256))
    ids = stack.ids
    assert stack.outputs["reference"] == ids["type"]
    shown = await encryption()
    assert (shown["provider"], shown["key_size"]) == ("luks", 256)
    assert shown["control_location"] == "front-end"
    await stacks.update(stack, template(provider="plain", cipher="aes-xts-plain64"))
    assert stack.ids == ids
    shown = await encryption()
    assert (shown["provider"], shown["cipher"]) == ("plain", "aes-xts-plain64")
    assert shown["key_size"] is None
    await stacks.update(stack, document({"type": resource("OS::Cinder::VolumeType", name=name)}))
    assert not await encryption()
    await stacks.delete(stack)


async def test_qos_specs_and_their_association(admin: Account, name: str) -> None:
    def template(types: list[str], **specs: Any) -> Document:
        return document(
            {
                "one": resource("OS::Cinder::VolumeType", name=f"{name}-1"),
                "two": resource("OS::Cinder::VolumeType", name=f"{name}-2"),
                "qos": resource("OS::Cinder::QoSSpecs", name=name, specs=specs),
                "association": resource(
                    "OS::Cinder::QoSAssociation",
                    qos_specs=ref("qos"),
                    volume_types=[ref(each) for each in types],
                ),
            },
            name=attr("qos", "show", "name"),
        )

    async def held() -> set[str]:
        path = f"/qos-specs/{ids['qos']}/associations"
        found = await cloud.call("block-storage", "GET", path)
        return {each["id"] for each in found["qos_associations"]}

    stacks, cloud = admin.stacks, admin.cloud
    stack = await stacks.create(
        name, template(["one"], consumer="front-end", read_iops_sec="100", write_iops_sec="50")
    )
    ids = stack.ids
    shown = await cloud.show(QOS_SPECS, ids["qos"])
    assert (shown["name"], shown["consumer"]) == (name, "front-end")
    assert shown["specs"] == {"read_iops_sec": "100", "write_iops_sec": "50"}
    assert await held() == {ids["one"]}
    await stacks.update(stack, template(["two"], read_iops_sec="200"))
    assert stack.ids == ids
    shown = await cloud.show(QOS_SPECS, ids["qos"])
    assert (shown["consumer"], shown["specs"]) == ("back-end", {"read_iops_sec": "200"})
    assert await held() == {ids["two"]}
    await stacks.delete(stack)
    assert await admin.gone(QOS_SPECS, ids["qos"])


async def test_quota_of_storage(admin: Account, name: str) -> None:
    def template(**limits: int) -> Document:
        project = resource("OS::Keystone::Project")
        given: dict[str, Any] = {"project": ref("project"), **limits}
        return document({"project": project, "quota": resource("OS::Cinder::Quota", **given)})

    async def limits(*names: str) -> list[int]:
        shown = await cloud.show(QUOTA_SET, stack.ids["project"])
        return [shown[each] for each in names]

    stacks, cloud = admin.stacks, admin.cloud
    usual = await cloud.show(QUOTA_SET, "defaults")
    stack = await stacks.create(name, template(volumes=3, gigabytes=-1, backups=2))
    assert await limits("volumes", "gigabytes", "backups") == [3, -1, 2]
    await stacks.update(stack, template(volumes=4, snapshots=1))
    assert await limits("volumes", "snapshots") == [4, 1]
    assert await limits("gigabytes", "backups") == [usual["gigabytes"], usual["backups"]]
    await stacks.delete(stack)
    assert await admin.gone(PROJECT, stack.ids["project"])


async def test_a_quota_below_what_is_used_is_refused(admin: Account, name: str) -> None:
    quota = resource(
        "OS::Cinder::Quota", project=admin.project_id, gigabytes=1, depends_on="volume"
    )
    template = document({"volume": resource("OS::Cinder::Volume", size=2), "quota": quota})
    stack = await admin.stacks.try_create(name, template)
    assert stack.status == "CREATE_FAILED"
    assert "The quota of gigabytes must be at least" in stack.reason

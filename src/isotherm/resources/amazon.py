"""What types of several services share that speak the words of AWS."""

from collections.abc import Sequence
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, prop
from isotherm.kit.services.network import NETWORK, PORT, ROUTER

_NO_SNAPSHOT = (
    "must be given: only snapshots can be made volumes of; for an empty volume, declare an "
    "AWS::EC2::Volume and an AWS::EC2::VolumeAttachment"
)


class Tag(Properties):
    key: str = prop("Name.", name="Key")
    value: str = prop("Value.", name="Value")


class Ebs(Properties):
    delete_on_termination: bool = prop(
        "Whether the volume goes with the instance.", name="DeleteOnTermination", default=True
    )
    iops: float | None = prop("Not used.", name="Iops", implemented=False)
    snapshot: str | None = prop("Snapshot to make it of.", name="SnapshotId", exists="cinder.snapshot")
    size: str | None = prop("Size in GiB.", name="VolumeSize")
    type: str | None = prop("Not used.", name="VolumeType", implemented=False)

    @classmethod
    def problems(cls, given: kit.Values) -> kit.Problems:
        if "SnapshotId" not in kit.given(given):
            yield "SnapshotId", _NO_SNAPSHOT


class BlockDevice(Properties):
    name: str = prop("Device, such as vda.", name="DeviceName")
    ebs: Ebs | None = prop("A volume.", name="Ebs")
    no_device: dict[str, Any] | None = prop("Not used.", name="NoDevice", implemented=False)
    virtual_name: str | None = prop("Not used.", name="VirtualName", implemented=False)


def pairs(tags: Sequence[Tag] | None) -> dict[str, str]:
    return {each.key: each.value for each in tags or ()}


class Tags(Properties):
    """Of what cannot have any in OpenStack."""

    tags: list[Tag] | None = prop("Tags.", name="Tags", items=prop("A tag.", implemented=False), sends=None)


async def external_network(api: kit.CloudApi) -> str:
    """The id of the only one. Raises Refused where there is none, or a choice."""
    found = await api.list(NETWORK, **{"router:external": "True"})
    if len(found) != 1:
        raise kit.Refused(f"Expected 1 external network, found {len(found)}")
    return str(found[0]["id"])


async def router_of(api: kit.CloudApi, network: str) -> kit.Remote | None:
    """The router that a VPC has by itself: it is called like its network. Raises Gone."""
    name = str((await api.show(NETWORK, network))["name"])
    return next((each for each in await api.list(ROUTER, name=name) if each["name"] == name), None)


async def port_of(api: kit.CloudApi, server: str) -> str:
    """The first port of a server. Raises Refused where it has none."""
    for port in await api.list(PORT, device_id=server):
        return str(port["id"])
    raise kit.Refused(f"The server {server} has no port that an address could lead to")

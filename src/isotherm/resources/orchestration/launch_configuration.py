"""AWS::AutoScaling::LaunchConfiguration: what the instances of groups are made of."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, prop, register
from isotherm.kit.services.compute import SERVER
from isotherm.resources.amazon import BlockDevice, Tag


class LaunchConfigurationProperties(Properties):
    ImageId: str | None = prop("Image to boot.", exists="glance.image")
    InstanceType: str | None = prop("Flavor.", exists="nova.flavor")
    InstanceId: str | None = prop("Server to take from what is not given.", exists="nova.server")
    KeyName: str | None = prop("Key pair to let in.", exists="nova.keypair")
    UserData: str | None = prop("Script or data for cloud-init.")
    SecurityGroups: list[Any] | None = prop("Security groups by name or id.")
    KernelId: str | None = prop("Not used.", implemented=False)
    RamDiskId: str | None = prop("Not used.", implemented=False)
    BlockDeviceMappings: list[BlockDevice] | None = prop("Volumes to make and attach at boot.")
    NovaSchedulerHints: list[Tag] | None = prop("Hints for the scheduler.")


@register("AWS::AutoScaling::LaunchConfiguration")
class LaunchConfiguration(kit.NamedType[LaunchConfigurationProperties]):
    """What the instances of groups are made of."""

    def problems(self, properties: kit.Values) -> kit.Problems:
        given = kit.given(properties)
        if "InstanceId" not in given and not {"ImageId", "InstanceType"} <= given:
            yield "", "If without InstanceId, ImageId and InstanceType are required."


async def launched_as(api: kit.CloudApi, given: kit.Values) -> dict[str, kit.Value]:
    """The properties of an instance: those given, and what they lack from the server that they
    name. Raises RemoteError."""
    launched = {name: each for name, each in given.items() if name != "InstanceId" and each is not None}
    if server_id := given.get("InstanceId"):
        server = await api.show(SERVER, str(server_id))
        launched = {**_seen(server), **launched}
    return launched


def _seen(server: kit.Remote) -> dict[str, kit.Value]:
    groups = [each["name"] for each in server.get("security_groups") or ()]
    found = {
        "ImageId": (server.get("image") or {}).get("id"),
        "InstanceType": server["flavor"].get("id") or server["flavor"].get("original_name"),
        "KeyName": server.get("key_name"),
        "SecurityGroups": sorted(set(groups)) or None,
    }
    return {name: each for name, each in found.items() if each}

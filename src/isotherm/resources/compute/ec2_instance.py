"""AWS::EC2::Instance: a server, in the words of AWS."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, prop, register
from isotherm.kit.services.block_storage import VOLUME
from isotherm.kit.services.compute import VOLUME_ATTACHMENT
from isotherm.resources.amazon import BlockDevice, Ebs, Tag, pairs
from isotherm.resources.compute.server.attributes import first_address
from isotherm.resources.compute.server.server import Server


class AttachedVolume(Properties):
    device: str = prop("Device, such as /dev/vdb.", name="Device")
    volume: str = prop("Volume.", name="VolumeId", exists="cinder.volume")


def _unused(name: str, **more: Any) -> Any:
    return prop("Not used.", name=name, implemented=False, **more)


class InstanceProperties(Properties):
    image: str = prop("Image to boot.", name="ImageId", finds="glance.image")
    flavor: str = changeable("Flavor.", name="InstanceType", finds="nova.flavor")
    key: str | None = prop("Key pair to let in.", name="KeyName", exists="nova.keypair")
    zone: str | None = prop("Zone to run in.", name="AvailabilityZone")
    disable_api_termination: str | None = _unused("DisableApiTermination")
    kernel: str | None = _unused("KernelId")
    monitoring: bool | None = _unused("Monitoring")
    placement_group: str | None = _unused("PlacementGroupName")
    private_ip: str | None = _unused("PrivateIpAddress")
    ram_disk: str | None = _unused("RamDiskId")
    groups: list[Any] | None = prop("Security groups by name.", name="SecurityGroups")
    group_ids: list[Any] | None = prop("Security groups by id.", name="SecurityGroupIds")
    interfaces: list[Any] | None = changeable(
        "Network interfaces: ids, or maps with NetworkInterfaceId and DeviceIndex.", name="NetworkInterfaces"
    )
    source_dest_check: bool | None = _unused("SourceDestCheck")
    subnet: str | None = changeable(
        "Subnet, where no interfaces are given.", name="SubnetId", resolves="neutron.subnet"
    )
    tags: list[Tag] | None = changeable("Tags, kept as metadata of the server.", name="Tags")
    hints: list[Tag] | None = prop("Hints for the scheduler.", name="NovaSchedulerHints")
    tenancy: str | None = _unused("Tenancy", allowed=("dedicated", "default"))
    user_data: str | None = prop("Script or data for cloud-init.", name="UserData")
    volumes: list[AttachedVolume] = prop("Volumes to attach.", name="Volumes", default=[])
    devices: list[BlockDevice] | None = prop("Volumes to make and attach at boot.", name="BlockDeviceMappings")


Here = kit.Context[InstanceProperties]


@register("AWS::EC2::Instance")
class Instance(kit.TranslatedType[InstanceProperties]):
    """A server, in the words of AWS."""

    target = Server()
    claims = (
        kit.Claim("port", ("NetworkInterfaces",)),
        kit.Claim("port", ("NetworkInterfaces.NetworkInterfaceId",)),
        kit.Claim("attached volume", ("Volumes.VolumeId",)),
    )
    attributes = (
        attr("AvailabilityZone", doc="Zone it runs in.", source="OS-EXT-AZ:availability_zone"),
        attr("PrivateDnsName", doc="Its first address.", reads=first_address),
        attr("PublicDnsName", doc="Its first address.", reads=first_address),
        attr("PrivateIp", doc="Its first address.", reads=first_address),
        attr("PublicIp", doc="Its first address.", reads=first_address),
    )

    def words(self, props: InstanceProperties, data: kit.Values) -> kit.Fields:
        return {
            "image": props.image,
            "flavor": props.flavor,
            "key_name": props.key or None,
            "availability_zone": props.zone or None,
            "security_groups": [*(props.groups or ()), *(props.group_ids or ())],
            "networks": _networks(props),
            "metadata": pairs(props.tags),
            "scheduler_hints": _hints(props.hints or []) or None,
            "user_data": props.user_data,
            "block_device_mapping": [_device(each) for each in props.devices or ()] or None,
        }

    async def advance(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        """With the volumes, once the server runs."""
        outcome = await super().advance(ctx, remote)
        if isinstance(outcome, kit.Ready) and not await self._attach(ctx):
            return kit.Pending()
        return outcome

    async def make_way(self, ctx: Here) -> None:
        await super().make_way(ctx)
        if not ctx.props.volumes:
            return
        with suppress(kit.Gone):
            own = {each.volume for each in ctx.props.volumes} & await attached_to(ctx)
            for volume in own:
                await ctx.api.drop(VOLUME_ATTACHMENT, volume, parent=ctx.physical_id)
            if own and own & await attached_to(ctx):
                raise kit.Busy("A volume is still being detached", after=0.5)

    async def take_back(self, ctx: Here) -> None:
        await super().take_back(ctx)
        if not await self._attach(ctx):
            raise kit.Busy("A volume is still being attached", after=0.5)

    async def _attach(self, ctx: Here) -> bool:
        """Whether all volumes are attached; calls for those that are not."""
        if not ctx.props.volumes:
            return True
        attached = await attached_to(ctx)
        missing = [each for each in ctx.props.volumes if each.volume not in attached]
        for each in missing:
            body = {"volumeId": each.volume, "device": each.device}
            await ctx.api.create(VOLUME_ATTACHMENT, body, parent=ctx.physical_id)
        if missing:
            return False
        shown = [await ctx.api.show(VOLUME, each.volume) for each in ctx.props.volumes]
        return all(each.get("status") == "in-use" for each in shown)

    def problems(self, properties: kit.Values) -> kit.Problems:
        sure = kit.surely_given(properties)
        if "NetworkInterfaces" in sure and properties["NetworkInterfaces"]:
            for name in ("SecurityGroups", "SecurityGroupIds"):
                if name in sure and properties[name]:
                    yield name, "cannot be used together with NetworkInterfaces"
        for path, device in kit.maps_in(properties, "BlockDeviceMappings"):
            if "Ebs" not in kit.given(device):
                yield f"{path}.Ebs", "must be given: only volumes can be made at boot"

    def implicit_dependencies(self, own: kit.Sibling, others: kit.Siblings) -> kit.Names:
        """What takes its subnet from one router to another."""
        subnet = own.properties.get("SubnetId")
        for other in others:
            moved = other.type == "AWS::EC2::SubnetRouteTableAssociation"
            if moved and subnet is not None and other.properties.get("SubnetId") == subnet:
                yield other.name


async def attached_to(ctx: Here) -> set[str]:
    """Ids of the volumes that the server has. Raises Gone."""
    listed = await ctx.api.list(VOLUME_ATTACHMENT, parent=ctx.physical_id)
    return {str(each["volumeId"]) for each in listed}


def _networks(props: InstanceProperties) -> list[dict[str, str]] | None:
    cards = [
        each if isinstance(each, Mapping) else {"NetworkInterfaceId": each, "DeviceIndex": index}
        for index, each in enumerate(props.interfaces or ())
    ]
    if cards:
        ordered = sorted(cards, key=lambda each: int(each.get("DeviceIndex", 0)))
        return [{"port": each["NetworkInterfaceId"]} for each in ordered]
    return [{"subnet": props.subnet}] if props.subnet else None


def _hints(hints: list[Tag]) -> dict[str, Any]:
    """A hint that is given several times has a list of values."""
    found: dict[str, list[str]] = {}
    for each in hints:
        found.setdefault(each.key, []).append(each.value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def _device(device: BlockDevice) -> dict[str, Any]:
    ebs = device.ebs or Ebs.of({})
    return {
        "device_name": device.name,
        "snapshot_id": ebs.snapshot,
        "volume_size": int(ebs.size) if ebs.size else None,
        "delete_on_termination": ebs.delete_on_termination,
    }

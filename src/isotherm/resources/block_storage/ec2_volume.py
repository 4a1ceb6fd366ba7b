"""AWS::EC2::Volume: a block device, in the words of AWS."""

from isotherm import kit
from isotherm.kit import Properties, prop, register
from isotherm.resources.amazon import Tag, pairs
from isotherm.resources.block_storage.volume import Volume


class Ec2VolumeProperties(Properties):
    zone: str = prop("Zone to create the volume in.", name="AvailabilityZone", immutable=True)
    size: int | None = prop("Size in GiB.", name="Size", immutable=True, ge=1)
    backup: str | None = prop("Backup to restore.", name="SnapshotId", immutable=True, exists="cinder.backup")
    tags: list[Tag] | None = prop("Tags, kept as metadata.", name="Tags", immutable=True)


@register("AWS::EC2::Volume")
class Ec2Volume(kit.TranslatedType[Ec2VolumeProperties]):
    """A block device, in the words of AWS."""

    target = Volume()
    one_of = (("Size", "SnapshotId"),)

    def words(self, props: Ec2VolumeProperties, data: kit.Values) -> kit.Fields:
        return {
            "availability_zone": props.zone or None,
            "size": props.size,
            "backup_id": props.backup or None,
            "metadata": pairs(props.tags),
        }

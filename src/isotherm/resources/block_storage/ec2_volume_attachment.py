"""AWS::EC2::VolumeAttachment: connects a volume to a server, in the words of AWS."""

from isotherm import kit
from isotherm.kit import Properties, prop, register
from isotherm.resources.block_storage.volume_attachment import VolumeAttachment


class Ec2VolumeAttachmentProperties(Properties):
    server: str = prop("Server that gets the volume.", name="InstanceId", immutable=True, exists="nova.server")
    volume: str = prop("Volume to attach.", name="VolumeId", immutable=True, exists="cinder.volume")
    device: str = prop("Device name to use.", name="Device", immutable=True, pattern="/dev/vd[b-z]")


@register("AWS::EC2::VolumeAttachment")
class Ec2VolumeAttachment(kit.TranslatedType[Ec2VolumeAttachmentProperties]):
    """Connects a volume to a server, in the words of AWS."""

    target = VolumeAttachment()
    links = (kit.Link("volume attachment", ("VolumeId", "InstanceId"), details=("Device",)),)
    claims = (kit.Claim("attached volume", ("VolumeId",)),)

    def words(self, props: Ec2VolumeAttachmentProperties, data: kit.Values) -> kit.Fields:
        return {"instance_uuid": props.server, "volume_id": props.volume, "mountpoint": props.device}

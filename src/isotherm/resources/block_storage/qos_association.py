"""OS::Cinder::QoSAssociation: holds volume types to QoS specs."""

from collections.abc import Collection, Set

from isotherm import kit
from isotherm.kit import Properties, prop, register, supported
from isotherm.kit.memberships_type import MEMBERS
from isotherm.kit.services.block_storage import QOS_SPECS


class QosAssociationProperties(Properties):
    qos_specs: str = prop("QoS specs.", finds="cinder.qos_specs")
    volume_types: list[str] = prop(
        "Volume types to hold to them.", items=prop("A volume type.", finds="cinder.vtype"), update_allowed=True
    )


@register("OS::Cinder::QoSAssociation", support=supported("8.0.0"))
class QosAssociation(kit.MembershipsType[QosAssociationProperties]):
    """Holds volume types to QoS specs. The connections are ids of volume types."""

    entity = QOS_SPECS
    extension = "qos-specs"

    def members(self, props: QosAssociationProperties) -> Set[str]:
        return set(props.volume_types)

    async def add(self, ctx: kit.Context[QosAssociationProperties], member: str) -> None:
        await self._call(ctx, f"associate?vol_type_id={member}")

    async def take(self, ctx: kit.Context[QosAssociationProperties], member: str) -> None:
        await self._call(ctx, f"disassociate?vol_type_id={member}")

    async def shown(self, ctx: kit.Context[QosAssociationProperties], members: Collection[str]) -> Set[str]:
        found = await self._call(ctx, "associations")
        return {each["id"] for each in found["qos_associations"]}

    async def _call(self, ctx: kit.Context[QosAssociationProperties], what: str) -> dict[str, list[dict[str, str]]]:
        path = f"{QOS_SPECS.path}/{ctx.props.qos_specs}/{what}"
        return dict(await ctx.api.call("block-storage", "GET", path) or {})

    def live(self, remote: kit.Remote) -> kit.Values:
        return {"volume_types": remote[MEMBERS]}

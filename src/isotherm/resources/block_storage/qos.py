"""OS::Cinder::QoSSpecs and QoSAssociation: how fast volumes of a type may be."""

from collections.abc import Collection, Set
from typing import Any, ClassVar

from isotherm import kit
from isotherm.kit import Properties, changeable, prop, register, supported
from isotherm.kit.memberships_type import MEMBERS
from isotherm.kit.services.block_storage import QOS_SPECS

CONSUMER = "consumer"
"""Who enforces them; stands among the specs, but always has a value."""


class QosSpecsProperties(Properties):
    name: str | None = prop("Name; by default one is made up.")
    specs: dict[str, Any] = changeable("Limits by key; 'consumer' says who enforces them.", merges=True)


@register("OS::Cinder::QoSSpecs", support=supported("7.0.0"))
class QosSpecs(kit.UndatedType[QosSpecsProperties]):
    """How fast volumes of a type may be. By default only administrators may make any."""

    entity = QOS_SPECS
    found_among: ClassVar = {}
    extension = "qos-specs"

    async def make_way(self, ctx: kit.Context[QosSpecsProperties]) -> None:
        """They keep the name that they were made with: an update would take it for a limit."""

    async def take_back(self, ctx: kit.Context[QosSpecsProperties]) -> None:
        """There is nothing that they gave up."""

    async def update(self, ctx: kit.Context[QosSpecsProperties], changes: kit.Changes) -> kit.Outcome:
        before = ctx.recorded.specs if ctx.recorded else {}
        forgotten = sorted(before.keys() - ctx.props.specs.keys() - {CONSUMER})
        wanted = {CONSUMER: "back-end", **ctx.props.specs} if CONSUMER in before else ctx.props.specs
        await ctx.api.update(QOS_SPECS, ctx.physical_id, wanted)
        shown = await ctx.api.show(QOS_SPECS, ctx.physical_id)
        if keys := [each for each in forgotten if each in shown["specs"]]:
            path = f"{QOS_SPECS.path}/{ctx.physical_id}/delete_keys"
            await ctx.api.call("block-storage", "PUT", path, {"keys": keys})
        return kit.Pending(0)

    async def remove(self, ctx: kit.Context[QosSpecsProperties]) -> None:
        """Volume types may still be held to them."""
        await ctx.api.call("block-storage", "GET", f"{QOS_SPECS.path}/{ctx.physical_id}/disassociate_all")
        await super().remove(ctx)

    def live(self, remote: kit.Remote) -> kit.Values:
        return {"name": remote["name"], "specs": {CONSUMER: remote.get(CONSUMER), **remote["specs"]}}


class QosAssociationProperties(Properties):
    qos_specs: str = prop("QoS specs.", finds="cinder.qos_specs")
    volume_types: list[str] = changeable(
        "Volume types to hold to them.", items=prop("A volume type.", finds="cinder.vtype")
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

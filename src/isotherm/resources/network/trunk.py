"""OS::Neutron::Trunk: a port that carries the traffic of others."""

from collections.abc import Sequence
from typing import Any

from isotherm import kit
from isotherm.kit import Named, Properties, attr, changeable, prop, register, supported
from isotherm.kit.services.network import TRUNK
from isotherm.resources.network.network_type import NetworkType


class SubPort(Properties):
    port: str = prop("Port.", finds="neutron.port")
    segmentation_type: str = prop("What keeps its traffic apart.", allowed=("vlan",))
    segmentation_id: int = prop("Number of its VLAN.", ge=1, le=4094)


class TrunkProperties(Named):
    port: str = prop("Port that carries the others.", finds="neutron.port", immutable=True)
    sub_ports: list[SubPort] | None = changeable("Ports that it carries.", by_call=True)
    description: str | None = changeable("Description.", clears="")
    admin_state_up: bool | None = changeable("Whether it is up.", clears=True)


@register("OS::Neutron::Trunk", support=supported("9.0.0"))
class Trunk(NetworkType[TrunkProperties]):
    """A port that carries the traffic of others. One that is down can be neither changed nor
    deleted, so it is up meanwhile."""

    entity = TRUNK
    extension = "trunk"
    attributes = (attr("port_id", doc="Port that carries the others."),)

    async def complete(self, ctx: kit.Context[TrunkProperties], remote: kit.Remote) -> bool:
        """Those whose numbers change go first and come again."""
        if not ctx.changes("sub_ports"):
            return False
        wanted = [kit.create_fields(each) for each in ctx.props.sub_ports or ()]
        present: Sequence[Any] = remote.get("sub_ports") or ()
        leaving = [{"port_id": each["port_id"]} for each in present if each not in wanted]
        coming = [each for each in wanted if each not in present]
        up = remote.get("admin_state_up") is not False
        if (leaving or coming) and not up:
            await ctx.api.update(TRUNK, ctx.physical_id, {"admin_state_up": True})
            up = True
        for verb, ports in (("remove", leaving), ("add", coming)):
            if ports:
                path = f"/trunks/{ctx.physical_id}/{verb}_subports"
                await ctx.api.call("network", "PUT", path, {"sub_ports": ports})
        if up and ctx.props.admin_state_up is False:  # an earlier attempt may have left it up
            await ctx.api.update(TRUNK, ctx.physical_id, {"admin_state_up": False})
            return True
        return bool(leaving or coming)

    async def remove(self, ctx: kit.Context[TrunkProperties]) -> None:
        if ctx.props.admin_state_up is False:
            await ctx.api.update(TRUNK, ctx.physical_id, {"admin_state_up": True})
        await super().remove(ctx)

"""OS::Heat::DeployedServer: a server that is there already, for software deployments."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, deprecated, register, supported
from isotherm.resources import agents


class DeployedServerProperties(Properties):
    name: str | None = changeable("Its name.")
    metadata: dict[str, Any] | None = changeable(
        "Key-value pairs; they reach nobody.", support=deprecated("9.0.0", supported("8.0.0"))
    )
    software_config_transport: str = agents.transport_property()
    deployment_swift_data: agents.SwiftData = changeable(
        "Where its metadata are put in the object store.", default={}, since="9.0.0"
    )


Here = kit.Context[DeployedServerProperties]


@register("OS::Heat::DeployedServer")
class DeployedServer(kit.ResourceType[DeployedServerProperties]):
    """A server that somebody else has made, and whose agent applies deployments."""

    effectless = False
    takes_deployments = True
    name_limit = 53
    name_limit_option = "max_server_name_length"
    attributes = (
        attr("name", doc="Its name.", reads=lambda ctx, _: ctx.props.name or ctx.physical_name),
        attr(
            "os_collect_config", dict, "Settings of its agent.", reads=agents.settings_of, volatile=True, since="9.0.0"
        ),
    )

    async def create(self, ctx: Here) -> kit.Outcome:
        await agents.equip(ctx)
        return kit.Started(ctx.intent.uuid)

    async def advance(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        if agents.SETTINGS not in ctx.data:
            await agents.equip(ctx)  # its user was found again, and nothing else is known of it
            return kit.Pending(0)
        await agents.have_told(ctx)
        return kit.Ready({})

    async def update(self, ctx: Here, changes: kit.Changes) -> kit.Outcome:
        if agents.TRANSPORT & set(changes):
            await agents.equip(ctx)
            ctx.data.pop(agents.TOLD, None)
            return kit.Pending(0)
        return kit.Ready({})

    async def tell(self, ctx: Here, metadata: kit.Values) -> None:
        await agents.tell(ctx, metadata)

    async def delete(self, ctx: Here) -> kit.Outcome:
        await agents.dismiss(ctx)
        return kit.Ready({})

    def own_metadata(self, data: kit.Values) -> kit.Values:
        return agents.own_metadata(data)

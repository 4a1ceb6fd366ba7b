"""OS::Nova::Server: a virtual machine."""

import re
from collections.abc import Awaitable, Mapping
from contextlib import suppress

from isotherm import kit
from isotherm.kit import attr, deprecated, hidden, register, supported
from isotherm.kit.services.compute import INTERFACE, SERVER
from isotherm.kit.services.image import IMAGE
from isotherm.kit.services.network import PORT
from isotherm.resources import agents
from isotherm.resources.compute.server import attributes, changes, copies, interfaces, networks
from isotherm.resources.compute.server.body import create_body, create_entity
from isotherm.resources.compute.server.properties import Here, ServerProperties, problems
from isotherm.resources.compute.server.user_data import SOFTWARE_CONFIG
from isotherm.resources.networking import subnets_of

MOVING = frozenset({"BUILD", "HARD_REBOOT", "MIGRATING", "PASSWORD", "REBOOT", "REBUILD", "RESIZE", "REVERT_RESIZE"})
"""States that pass by themselves."""
WAITING = MOVING | {"RESCUE", "SHUTOFF", "SUSPENDED", "VERIFY_RESIZE"}
CHANGEABLE = frozenset({"ACTIVE", "PAUSED", "SHELVED", "SHELVED_OFFLOADED"}) | (WAITING - MOVING)
"""States that an update need not wait out: somebody may have stopped the server on purpose."""
TASK = "OS-EXT-STS:task_state"
RESTING = frozenset({"SUSPENDED", "ACTIVE"})
"""Stages of being suspended and resumed: the state that is waited for."""


@register("OS::Nova::Server")
class Server(kit.EntityType[ServerProperties]):
    """A virtual machine."""

    entity = SERVER
    keeps_copies = True
    takes_deployments = True
    name_limit = 53
    name_limit_option = "max_server_name_length"
    exclusive = (("block_device_mapping", "block_device_mapping_v2"),)
    status_field = "status"
    failed_statuses = frozenset({"ERROR"})
    gone_statuses = frozenset({"DELETED", "SOFT_DELETED"})
    created_field = "created"
    claims = (
        kit.Claim("port", ("networks.port",)),
        kit.Claim("address", ("networks.fixed_ip",)),
        kit.Claim("floating IP", ("networks.floating_ip",)),
    )
    attributes = (
        attr("name", doc="Its name."),
        attr(
            "addresses",
            dict,
            "Addresses with port, subnets and network, by network.",
            fetched=True,
            volatile=True,
            support=supported("11.0.0", supported()),
        ),
        attr("networks", dict, "Addresses by the network's name and id.", fetched=True, volatile=True),
        attr(
            "first_address",
            None,
            "The first address.",
            reads=attributes.first_address,
            volatile=True,
            support=hidden("5.0.0", deprecated("2014.2", supported("2013.2"))),
        ),
        attr("instance_name", doc="The hypervisor's name for it.", source="OS-EXT-SRV-ATTR:instance_name"),
        attr("accessIPv4", doc="Given IPv4 address.", support=deprecated("14.0.0", supported("2015.1"))),
        attr("accessIPv6", doc="Given IPv6 address.", support=deprecated("14.0.0", supported("2015.1"))),
        attr("console_urls", dict, "Addresses of its consoles by kind.", fetched=True, since="2015.1"),
        attr("tags", list, "Its tags.", since="8.0.0"),
        attr(
            "os_collect_config", dict, "Settings of its agent.", reads=agents.settings_of, volatile=True, since="9.0.0"
        ),
    )

    # -- create: own ports first, then the server ------------------------------------

    async def create(self, ctx: Here) -> kit.Outcome:
        if not ctx.stage and networks.plan_ports(ctx):
            return kit.Pending(0, stage="ports")
        if ctx.props.user_data_format == SOFTWARE_CONFIG and agents.SETTINGS not in ctx.data:
            await agents.equip(ctx, "ec2")
            return kit.Pending(0)
        await networks.make_ports(ctx)
        if ctx.stage == "ports":
            return kit.Pending(0, stage="boot")
        body = await create_body(ctx, networks.requested(ctx))
        remote = await ctx.api.create(create_entity(body), body, beside=kit.fields_beside(ctx.props))
        return kit.Started(str(remote["id"]))

    def find_filters(self, name: str) -> Mapping[str, str]:
        # Compute reads the filter as a pattern: a part without special characters is safe.
        return {"name": max(re.findall(r"[\w-]+", name), key=len, default="")}

    # -- states ------------------------------------------------------------------------

    def judge(self, remote: kit.Remote) -> kit.Outcome:
        status = str(remote.get("status")).split("(")[0]
        if status == "ACTIVE":
            return kit.Ready(remote)
        if status in WAITING:
            return kit.Pending()
        if status == "ERROR":
            return kit.Failed(self.failure_reason(remote))
        return kit.Failed(
            f'Server is not active - Unknown status {status} due to "Unknown"', kind="ResourceUnknownStatus"
        )

    def fault(self, remote: kit.Remote) -> str:
        fault = remote.get("fault") or {}
        return f"Message: {fault.get('message', 'Unknown')}, Code: {fault.get('code', 'Unknown')}"

    async def settle(self, ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
        if remote.get(TASK) or remote.get("status") in MOVING:
            return kit.Pending()
        if remote.get("status") == "VERIFY_RESIZE":
            return await changes.end_resize(ctx, remote)
        return None

    async def advance(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        await agents.have_told(ctx)
        if ctx.stage in RESTING:
            if remote.get("status") == ctx.stage:
                return kit.Ready(remote)
            judged = self.judge(remote)
            return judged if isinstance(judged, kit.Failed) else kit.Pending()
        if ctx.stage in copies.STAGES:
            return await copies.go_on(ctx, remote, self.judge(remote))
        if ctx.stage in changes.STAGES:
            if remote.get("status") in CHANGEABLE and not remote.get(TASK):
                return await changes.go_on(ctx, remote)
            return self.judge(remote)
        return await super().advance(ctx, remote)

    # -- update ------------------------------------------------------------------------

    def replaces(self, changes: kit.Changes, recorded: ServerProperties, desired: ServerProperties) -> bool:
        if "flavor" in changes and desired.flavor_update_policy == "REPLACE":
            return True
        if "image" in changes and (desired.image_update_policy == "REPLACE" or not desired.image):
            return True
        return "user_data" in changes and desired.user_data_update_policy == "REPLACE"

    async def update(self, ctx: Here, changed: kit.Changes) -> kit.Outcome:
        await changes.change_details(ctx, changed)
        return kit.Pending(0, stage="rebuild")

    async def make_way(self, ctx: Here) -> None:
        """Lets go of what only one server can have: existing ports and fixed addresses."""
        own = ctx.data.get(networks.PORTS) or {}
        leaving: list[str] = ctx.data.setdefault(interfaces.LEAVING, [])
        try:
            plugged = await interfaces.plugged(ctx)
        except kit.Gone:
            return
        for key, network in networks.keyed(ctx.props.networks):
            with suppress(kit.Gone):
                if network.port in plugged and network.port not in leaving:
                    await ctx.api.delete(INTERFACE, network.port, parent=ctx.physical_id)
                    leaving.append(network.port)
                elif network.fixed_ip and own.get(key):
                    await ctx.api.update(PORT, own[key], {"fixed_ips": []})
        if leaving and await interfaces.plugged(ctx) & set(leaving):
            raise kit.Busy("A port is still being taken off the server", after=0.5)

    async def take_back(self, ctx: Here) -> None:
        own = ctx.data.get(networks.PORTS) or {}
        plugged = await interfaces.plugged(ctx)
        for key, network in networks.keyed(ctx.props.networks):
            if network.port and network.port not in plugged:
                await ctx.api.create(INTERFACE, {"port_id": network.port}, parent=ctx.physical_id)
            elif network.fixed_ip and own.get(key):
                body = {"fixed_ips": networks.fixed_ips(network)}
                await ctx.api.update(PORT, own[key], body)
        # Floating IPs need not be given up: they lead to whoever was last.
        await networks.lead_floating_ips(ctx)

    # -- suspend and resume ------------------------------------------------------------

    async def suspend(self, ctx: Here) -> kit.Outcome:
        if (await self.status(ctx)) != "SUSPENDED":
            await ctx.api.act(SERVER, ctx.physical_id, "suspend")
        return kit.Pending(0, stage="SUSPENDED")

    async def resume(self, ctx: Here) -> kit.Outcome:
        if (await self.status(ctx)) != "ACTIVE":
            await ctx.api.act(SERVER, ctx.physical_id, "resume")
        return kit.Pending(0, stage="ACTIVE")

    async def status(self, ctx: Here) -> str:
        remote = await ctx.api.show(SERVER, ctx.physical_id)
        return str(remote.get("status"))

    # -- snapshots ---------------------------------------------------------------------

    async def snapshot(self, ctx: Here) -> kit.Outcome:
        return await copies.make(ctx)

    def restorable(self, kept: kit.Values) -> bool:
        return bool(kept.get(copies.COPIED))

    async def restore(self, ctx: Here) -> kit.Outcome:
        return await copies.put_back(ctx)

    async def discard(self, ctx: Here) -> kit.Outcome:
        return await copies.discard(ctx)

    def adopted_data(self, exported: kit.Values) -> kit.Values:
        return networks.adopted_ports(exported)

    # -- delete ------------------------------------------------------------------------

    async def delete(self, ctx: Here) -> kit.Outcome:
        if ctx.keep_copy and ctx.physical_id and (outcome := await self._keep_image(ctx)) is not None:
            return outcome
        await networks.free_floating_ips(ctx, ctx.props.networks)
        if ctx.props.user_data_format == SOFTWARE_CONFIG:
            await agents.dismiss(ctx)
        return await super().delete(ctx)

    async def clear_away(self, ctx: Here) -> kit.Outcome:
        """The own ports: nobody but an administrator may delete one that a server uses."""
        await networks.delete_ports(ctx)
        return kit.Ready()

    def _keep_image(self, ctx: Here) -> Awaitable[kit.Outcome | None]:
        name = {"name": ctx.physical_name}
        return kit.keep_copy(ctx, IMAGE, "active", lambda: ctx.api.act(SERVER, ctx.physical_id, "createImage", name))

    async def advance_delete(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        if ctx.stage != "deleting":
            return await self.delete(ctx)
        return self.judge_delete(remote)

    def judge_delete(self, remote: kit.Remote) -> kit.Outcome:
        """One in error may be on its way out."""
        return kit.Pending() if remote.get(TASK) else super().judge_delete(remote)

    def problems(self, properties: kit.Values) -> kit.Problems:
        yield from problems(properties)

    async def tell(self, ctx: Here, metadata: kit.Values) -> None:
        await agents.tell(ctx, metadata)

    def own_metadata(self, data: kit.Values) -> kit.Values:
        return agents.own_metadata(data)

    def implicit_dependencies(self, own: kit.Sibling, others: kit.Siblings) -> kit.Names:
        """Subnets of its networks: it may get an address from any of them."""
        entries = own.properties.get("networks")
        given = entries if isinstance(entries, list) else []
        for network in given:
            if isinstance(network, Mapping):
                yield from subnets_of(network.get("network"), others)

    async def fetch(self, ctx: Here, attribute: str) -> kit.Value:
        return await attributes.FETCHED[attribute](ctx.api, ctx.physical_id)

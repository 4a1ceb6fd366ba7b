"""OS::Zun::Container: a container, for itself."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, ClassVar
from urllib.parse import urlencode

from isotherm import kit
from isotherm.kit import KEEP, Properties, attr, changeable, prop, register, supported
from isotherm.kit.services.containers import CONTAINER
from isotherm.resources.networking import Connected

SERVICE, VERSION = CONTAINER.service, CONTAINER.microversion


class Mount(Properties):
    volume_id: str | None = prop("Volume.", exists="cinder.volume")
    volume_size: int | None = prop("Size of a new volume in GiB.")
    mount_path: str = prop("Where it is found inside.")

    @classmethod
    def problems(cls, given: kit.Values) -> kit.Problems:
        if len(kit.surely_given(given) & {"volume_id", "volume_size"}) > 1:
            yield "volume_size", "cannot be used together with volume_id"
        if not kit.given(given) & {"volume_id", "volume_size"}:
            yield "", "needs a volume_id or a volume_size"


class Network(Connected):
    network: str | None = prop("Network.", finds="neutron.network")
    fixed_ip: str | None = prop("Address to have there.", exists="ip_addr")
    port: str | None = prop("Existing port.", finds="neutron.port")


def _restarts(policy: str) -> dict[str, str]:
    name, _, count = policy.partition(":")
    return {"Name": name, "MaximumRetryCount": count or "0"}


class ContainerProperties(Properties):
    name: str | None = changeable("Name; by default one is made up.", by_call=True)
    image: str = prop("Image, by name or id.")
    command: str | None = prop("Command to run.")
    cpu: float | None = changeable("Virtual processors.", clears=KEEP)
    memory: int | None = changeable("Memory in MiB.", encodes=str, decodes=int, clears=KEEP)
    environment: dict[str, Any] | None = prop("Variables of its environment.")
    workdir: str | None = prop("Folder that commands run in.")
    labels: dict[str, Any] | None = prop("Labels.")
    image_pull_policy: str | None = prop("When the image is fetched.", allowed=("ifnotpresent", "always", "never"))
    restart_policy: str | None = prop(
        "What is done when it ends: no, on-failure[:COUNT], always, unless-stopped.", encodes=_restarts, reads=None
    )
    interactive: bool | None = prop("Whether its input stays open.")
    tty: bool | None = prop("Whether it has a terminal.", since="14.0.0")
    image_driver: str | None = prop("Where the image comes from.", allowed=("docker", "glance"))
    hints: dict[str, Any] | None = prop("Hints for the scheduler.", reads=None, since="10.0.0")
    hostname: str | None = prop("Name of its host.", since="10.0.0")
    security_groups: list[Any] = prop("Security groups, by name or id.", default=[], since="10.0.0")
    mounts: list[Mount] | None = prop("Volumes.", sends=None, reads=None)
    networks: list[Network] | None = changeable("Where it is connected.", sends=None, reads=None, since="11.0.0")


Here = kit.Context[ContainerProperties]


@register("OS::Zun::Container", support=supported("9.0.0"))
class Container(kit.EntityType[ContainerProperties]):
    """A container, for itself."""

    entity = CONTAINER
    found_among: ClassVar = {}
    status_field = "status"
    ready_statuses = frozenset({"Running", "Stopped", "Created", "Paused"})
    failed_statuses = frozenset({"Error", "Dead", "Unknown"})
    gone_statuses = frozenset({"Deleted"})
    claims = (kit.Claim("port", ("networks.port",)),)
    attributes = (attr("name", doc="Its name."), attr("addresses", dict, "Its addresses, by network.", volatile=True))

    def create_body(self, ctx: Here) -> kit.Fields:
        mounts, nets = list(_mounts(ctx.props)), list(_nets(ctx.props))
        more = {"mounts": mounts or None, "nets": nets or None}
        return {**super().create_body(ctx), **{name: each for name, each in more.items() if each}}

    async def create(self, ctx: Here) -> kit.Outcome:
        """Made and started by one call."""
        path, body = f"{CONTAINER.path}?run=true", self.create_body(ctx)
        made = await ctx.api.call(SERVICE, "POST", path, body, microversion=VERSION)
        return kit.Started(str(made["uuid"]), made)

    async def update(self, ctx: Here, changes: kit.Changes) -> kit.Outcome:
        if "name" in changes:
            await _act(ctx, "rename", name=ctx.props.name or ctx.physical_name)
        return await super().update(ctx, changes)

    async def complete(self, ctx: Here, remote: kit.Remote) -> bool:
        """Leaves the networks that are not wanted any more, then joins those that are new."""
        if not ctx.changes("networks"):
            return False
        before = {_place(each): each for each in (ctx.recorded and ctx.recorded.networks) or ()}
        wanted = {_place(each): each for each in ctx.props.networks or ()}
        there = set(remote.get("addresses") or ())
        for place in before.keys() - wanted.keys():
            with suppress(kit.Gone):
                await _act(ctx, "network_detach", **_named(before[place]))
        for place, each in wanted.items():
            if place not in before and each.network not in there:
                await _act(ctx, "network_attach", **_named(each), fixed_ip=each.fixed_ip or "")
        return True

    async def remove(self, ctx: Here) -> None:
        path = f"{CONTAINER.path}/{ctx.physical_id}?force=true"
        await ctx.api.call(SERVICE, "DELETE", path, microversion=VERSION)

    async def make_way(self, ctx: Here) -> None:
        await self._move(ctx, "network_detach", attached=False)

    async def take_back(self, ctx: Here) -> None:
        await self._move(ctx, "network_attach", attached=True)

    async def _move(self, ctx: Here, verb: str, *, attached: bool) -> None:
        remote = await ctx.api.look(CONTAINER, ctx.physical_id) or {}
        networks = (remote.get("addresses") or {}).values()
        there = {str(each.get("port")) for addresses in networks for each in addresses}
        for each in ctx.props.networks or ():
            if remote and each.port and (each.port in there) is not attached:
                await _act(ctx, verb, port=each.port)

    def fault(self, remote: kit.Remote) -> str:
        return str(remote.get("status_reason") or "Unknown")

    def problems(self, properties: kit.Values) -> kit.Problems:
        policy = properties.get("restart_policy")
        if isinstance(policy, str) and ":" in policy and not policy.startswith("on-failure:"):
            yield "restart_policy", "only on-failure takes a count"


def _mounts(props: ContainerProperties) -> Iterator[dict[str, str]]:
    for each in props.mounts or ():
        what = {"source": each.volume_id} if each.volume_id else {"size": str(each.volume_size)}
        yield {**what, "destination": each.mount_path}


def _nets(props: ContainerProperties) -> Iterator[dict[str, str]]:
    for each in props.networks or ():
        yield {**_named(each), **({"v4-fixed-ip": each.fixed_ip} if each.fixed_ip else {})}


def _named(network: Network) -> dict[str, str]:
    return {"port": network.port} if network.port else {"network": str(network.network)}


def _place(network: Network) -> tuple[str | None, ...]:
    return (network.port, network.network, network.fixed_ip)


async def _act(ctx: Here, verb: str, **said: str) -> None:
    query = urlencode({name: each for name, each in said.items() if each})
    path = f"{CONTAINER.path}/{ctx.physical_id}/{verb}?{query}"
    await ctx.api.call(SERVICE, "POST", path, microversion=VERSION)

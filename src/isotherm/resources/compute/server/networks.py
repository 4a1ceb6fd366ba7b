"""The network cards of a server, and the ports that it brings for them.

An entry of ``networks`` that names a subnet, port details or a floating IP gets a port
of the server's own. Such a port has a name made of the server's and the entry's
content, so that it is found again rather than made twice, and it is recorded in the
private data, so that it goes with the server.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from isotherm import kit
from isotherm.kit.services.network import FLOATING_IP, PORT, SUBNET
from isotherm.resources.compute.server.properties import Here, Network

PORTS = "ports"
"""Key of the private data: id of each own port by the key of its entry; "" while planned."""


def keyed(networks: Sequence[Network] | None) -> Iterator[tuple[str, Network]]:
    """Each entry with a key of its content; equal entries are told apart by a number."""
    seen: dict[str, int] = {}
    for network in networks or ():
        content = json.dumps(network.given(), sort_keys=True)
        digest = hashlib.sha256(content.encode()).hexdigest()[:8]
        seen[digest] = seen.get(digest, 0) + 1
        yield f"{digest}-{seen[digest]}", network


def needs_port(network: Network) -> bool:
    return not network.port and bool(network.subnet or network.port_extra_properties or network.floating_ip)


def plan_ports(ctx: Here) -> bool:
    """Note the ports that a create will bring; whether there are any."""
    planned = {key: "" for key, each in keyed(ctx.props.networks) if needs_port(each)}
    if planned:
        ctx.data[PORTS] = planned
    return bool(planned)


def adopted_ports(exported: kit.Values) -> kit.Values:
    """The private data of a server that is taken over. Another service lists the own ports by
    their ids alone; they go with the server, whatever entries they were made for."""
    listed = exported.get("internal_ports")
    if exported.get(PORTS) is not None or not isinstance(listed, str):
        return exported
    try:
        ids = [each["id"] for each in json.loads(listed)]
    except (ValueError, TypeError, KeyError):
        return exported
    return {**exported, PORTS: {f"adopted-{port}": port for port in ids}}


async def make_ports(ctx: Here) -> None:
    """Make the planned ports that are not there yet, and lead floating IPs to them."""
    ports = dict(ctx.data.get(PORTS) or {})
    for key, network in keyed(ctx.props.networks):
        if key in ports and not ports[key]:
            ports[key] = await _make_port(ctx, key, network)
            ctx.data[PORTS] = dict(ports)
    await lead_floating_ips(ctx)


async def lead_floating_ips(ctx: Here) -> None:
    ports = ctx.data.get(PORTS) or {}
    for key, network in keyed(ctx.props.networks):
        port = network.port or ports.get(key)
        if network.floating_ip and port:
            await ctx.api.update(FLOATING_IP, network.floating_ip, {"port_id": port})


async def delete_ports(ctx: Here, keys: Sequence[str] | None = None) -> None:
    """Delete the own ports of these entries; of all where ``keys`` is None."""
    ports = dict(ctx.data.get(PORTS) or {})
    for key in list(ports) if keys is None else keys:
        port = ports.pop(key, None)
        if port is None:
            continue
        for each in [port] if port else await _named(ctx, key):
            with suppress(kit.Gone):
                await _delete_port(ctx, each)
    ctx.data[PORTS] = ports


async def _delete_port(ctx: Here, port: str) -> None:
    try:
        await ctx.api.delete(PORT, port)
    except kit.Denied:
        # A cloud may keep deleted servers for a while, and their ports plugged.
        if (await ctx.api.show(PORT, port)).get("device_id") != ctx.physical_id:
            raise
        await ctx.api.update(PORT, port, {"device_id": "", "device_owner": ""})
        await ctx.api.delete(PORT, port)


async def free_floating_ips(ctx: Here, networks: Sequence[Network] | None) -> None:
    """Those that lead here; another server may have them by now."""
    own = ctx.data.get(PORTS) or {}
    for key, network in keyed(networks):
        if not network.floating_ip:
            continue
        with suppress(kit.Gone):
            remote = await ctx.api.show(FLOATING_IP, network.floating_ip)
            if remote.get("port_id") in (network.port or own.get(key), None):
                await ctx.api.update(FLOATING_IP, network.floating_ip, {"port_id": None})


def requested(ctx: Here) -> str | list[dict[str, Any]] | None:
    """``networks`` of the create call."""
    if not ctx.props.networks:
        return None
    for network in ctx.props.networks:
        if network.allocate_network:
            return network.allocate_network
    ports = ctx.data.get(PORTS) or {}
    return [_card(network, ports.get(key, "")) for key, network in keyed(ctx.props.networks)]


def _card(network: Network, own_port: str) -> dict[str, Any]:
    port = network.port or own_port
    where = {"port": port} if port else {"uuid": network.network, "fixed_ip": network.fixed_ip}
    return {name: value for name, value in {**where, "tag": network.tag}.items() if value}


def _port_name(ctx: Here, key: str) -> str:
    return f"{ctx.physical_name}-port-{key}"


async def _named(ctx: Here, key: str) -> list[str]:
    name = _port_name(ctx, key)
    return [str(p["id"]) for p in await ctx.api.list(PORT, name=name) if p.get("name") == name]


async def _make_port(ctx: Here, key: str, network: Network) -> str:
    if existing := await _named(ctx, key):
        return existing[0]
    body: dict[str, Any] = {
        "name": _port_name(ctx, key),
        "network_id": await _network_of(ctx, network),
        "fixed_ips": fixed_ips(network),
        "security_groups": await _security_groups(ctx),
        **(kit.create_fields(network.port_extra_properties) if network.port_extra_properties else {}),
    }
    given = {name: value for name, value in body.items() if value is not None}
    return str((await ctx.api.create(PORT, given))["id"])


async def _network_of(ctx: Here, network: Network) -> str:
    if network.network:
        return network.network
    return str((await ctx.api.show(SUBNET, str(network.subnet)))["network_id"])


def fixed_ips(network: Network) -> list[dict[str, str]] | None:
    """What the port is to have there; None leaves the choice to the network."""
    extra = network.port_extra_properties
    if extra is not None and extra.no_fixed_ips:
        return []
    address = {"subnet_id": network.subnet, "ip_address": network.fixed_ip}
    given = {name: value for name, value in address.items() if value}
    return [given] if given else None


async def _security_groups(ctx: Here) -> list[str] | None:
    groups = [await ctx.api.find("neutron.security_group", group) for group in ctx.props.security_groups]
    return groups or None

"""Changes of a server in place: a row of stages, each begun once the server has settled.

Each stage either begins something and names the stage to go on with, or has nothing to
do. All calls may be repeated: a stage that was begun before finds its work done.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from isotherm import kit
from isotherm.kit.services.compute import INTERFACE, SERVER
from isotherm.resources.compute.server.networks import (
    PORTS,
    delete_ports,
    free_floating_ips,
    keyed,
    make_ports,
)
from isotherm.resources.compute.server.properties import Network, ServerProperties, text_values
from isotherm.resources.compute.server.user_data import encode

Here = kit.Context[ServerProperties]
Stage = Callable[[Here, kit.Remote], Awaitable[kit.Outcome | None]]

LEAVING = "leaving"
"""Key of the private data: ids of the ports that an update takes off the server."""


async def change_details(ctx: Here, changes: kit.Changes) -> None:
    """What takes effect at once."""
    if "name" in changes:
        name = ctx.props.name or ctx.physical_name
        await ctx.api.update(SERVER, ctx.physical_id, {"name": name})
    if "metadata" in changes:
        await _put(ctx, "metadata", text_values(ctx.props.metadata))
    if "tags" in changes:
        await set_tags(ctx)
    if "admin_pass" in changes and ctx.props.admin_pass:
        arguments = {"adminPass": ctx.props.admin_pass}
        await ctx.api.act(SERVER, ctx.physical_id, "changePassword", arguments)


async def set_tags(ctx: Here) -> None:
    await _put(ctx, "tags", ctx.props.tags or [])


async def _put(ctx: Here, name: str, value: Any) -> None:
    path = f"/servers/{ctx.physical_id}/{name}"
    await ctx.api.call("compute", "PUT", path, {name: value}, microversion=SERVER.microversion)


async def go_on(ctx: Here, remote: kit.Remote) -> kit.Outcome:
    """Begin the next stage that has something to do."""
    names = list(STAGES)
    for name in names[names.index(ctx.stage) :]:
        if (outcome := await STAGES[name](ctx, remote)) is not None:
            return outcome
    return kit.Ready()


# -- image and flavor ----------------------------------------------------------------


async def _rebuild(ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
    data_changed = "user_data" in ctx.changed and ctx.props.user_data_update_policy == "REBUILD"
    image_changed = "image" in ctx.changed and _id_of(remote, "image") != ctx.props.image
    if not (data_changed or image_changed):
        return None
    arguments: dict[str, Any] = {"imageRef": ctx.props.image or _id_of(remote, "image")}
    if ctx.props.admin_pass:
        arguments["adminPass"] = ctx.props.admin_pass
    if ctx.props.image_update_policy == "REBUILD_PRESERVE_EPHEMERAL":
        arguments["preserve_ephemeral"] = True
    entity = SERVER
    if data_changed:
        entity = replace(SERVER, microversion="2.57")
        arguments["user_data"] = encode(
            ctx.props.user_data, ctx.props.user_data_format, ctx.intent.token
        )
    await ctx.api.act(entity, ctx.physical_id, "rebuild", arguments)
    return kit.Pending(stage="resize")


async def _resize(ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
    if "flavor" not in ctx.changed or _id_of(remote, "flavor") == ctx.props.flavor:
        return None
    await ctx.api.act(SERVER, ctx.physical_id, "resize", {"flavorRef": ctx.props.flavor})
    return kit.Pending(stage="confirm")


async def _confirm(ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
    if "flavor" not in ctx.changed:
        return None
    if remote["status"] == "VERIFY_RESIZE":
        await ctx.api.act(SERVER, ctx.physical_id, "confirmResize")
        return kit.Pending(stage="confirmed")
    return await _confirmed(ctx, remote)


async def _confirmed(ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
    if "flavor" not in ctx.changed:
        return None
    if remote["status"] == "VERIFY_RESIZE":
        return kit.Pending()
    if _id_of(remote, "flavor") != ctx.props.flavor:
        return kit.Failed(
            f"Resizing to '{ctx.props.flavor}' failed, status '{remote['status']}'", kind="Error"
        )
    return None


def _id_of(remote: kit.Remote, part: str) -> str | None:
    """The id of the server's image or flavor; None where it boots from a volume."""
    described = remote.get(part)
    return described.get("id") if isinstance(described, Mapping) else None


# -- networks ------------------------------------------------------------------------


async def _detach(ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
    if "networks" not in ctx.changed:
        return None
    recorded = ctx.recorded.networks if ctx.recorded else None
    staying = {key for key, _ in keyed(ctx.props.networks)}
    removed = {key: each for key, each in keyed(recorded) if key not in staying}
    cards = await _cards(ctx)
    # Where no networks were asked for, compute chose some: they go when others come.
    leaving = _ports_of(ctx, removed, cards) if recorded else sorted(cards)
    ctx.data[LEAVING] = leaving
    await free_floating_ips(ctx, list(removed.values()))
    return kit.Pending(0, stage="unplug")


async def _unplug(ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
    if "networks" not in ctx.changed:
        return None
    for port in ctx.data.get(LEAVING) or ():
        with suppress(kit.Gone):
            await ctx.api.delete(INTERFACE, port, parent=ctx.physical_id)
    return kit.Pending(0, stage="attach")


async def _attach(ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
    if "networks" not in ctx.changed:
        return None
    cards = await _cards(ctx)
    if cards.keys() & set(ctx.data.get(LEAVING) or ()):
        return kit.Pending()
    before = {key for key, _ in keyed(ctx.recorded.networks if ctx.recorded else None)}
    wanted = {key: each for key, each in keyed(ctx.props.networks) if not each.allocate_network}
    await delete_ports(ctx, sorted(before - wanted.keys()))
    added = {key: each for key, each in wanted.items() if key not in before}
    ports = dict(ctx.data.get(PORTS) or {})
    missing = {key: "" for key, each in added.items() if not each.port and key not in ports}
    if missing:
        ctx.data[PORTS] = {**ports, **missing}
        return kit.Pending(0, stage="attach")
    await make_ports(ctx)
    for key, network in added.items():
        port = network.port or ctx.data[PORTS][key]
        if port not in cards:
            body = {"port_id": port, **({"tag": network.tag} if network.tag else {})}
            await ctx.api.create(INTERFACE, body, parent=ctx.physical_id)
    ctx.data.pop(LEAVING, None)
    return None


async def plugged(ctx: Here) -> set[str]:
    """Ids of the ports that the server has. Raises Gone with the server."""
    return set(await _cards(ctx))


async def _cards(ctx: Here) -> dict[str, kit.Remote]:
    """The server's network cards by port."""
    found = await ctx.api.list(INTERFACE, parent=ctx.physical_id)
    return {str(each["port_id"]): each for each in found}


def _ports_of(
    ctx: Here, removed: Mapping[str, Network], cards: Mapping[str, kit.Remote]
) -> list[str]:
    """The ports of these entries; those that compute made are told by network and address."""
    own = ctx.data.get(PORTS) or {}
    found: list[str] = []
    for key, network in removed.items():
        port = network.port or own.get(key)
        if not port:
            port = next(
                (
                    each
                    for each, card in cards.items()
                    if each not in (*found, *own.values()) and _fits(card, network)
                ),
                None,
            )
        if port:
            found.append(port)
    return found


def _fits(card: kit.Remote, network: Network) -> bool:
    addresses = {each.get("ip_address") for each in card.get("fixed_ips") or ()}
    return card.get("net_id") == network.network and (
        not network.fixed_ip or network.fixed_ip in addresses
    )


STAGES: dict[str, Stage] = {
    "rebuild": _rebuild,
    "resize": _resize,
    "confirm": _confirm,
    "confirmed": _confirmed,
    "detach": _detach,
    "unplug": _unplug,
    "attach": _attach,
}

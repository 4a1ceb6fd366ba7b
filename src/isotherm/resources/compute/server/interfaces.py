"""Other networks for a server that exists: what satisfies an entry is kept, with port and address.

An update goes through the stages of ``STAGES``, which may each be repeated: what no entry
wants is taken off, and once it is off, what is missing is put on.
"""

from collections.abc import Mapping

from isotherm import kit
from isotherm.kit.services.compute import INTERFACE
from isotherm.kit.services.network import FLOATING_IP, PORT
from isotherm.resources.compute.server.networks import PORTS, delete_ports, free_floating_ips, keyed, make_ports
from isotherm.resources.compute.server.properties import Here, Network

Cards = Mapping[str, kit.Remote]
"""The interfaces of a server by port."""

LEAVING = "leaving"
"""Key of the private data: ids of the ports that an update takes off the server."""


async def plugged(ctx: Here) -> set[str]:
    """Ids of the ports that the server has. Raises Gone with the server."""
    return set(await _cards(ctx))


async def detach(ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
    """Decide what stays and what goes, and note it before anything is done."""
    if "networks" not in ctx.changed:
        return None
    cards = await _cards(ctx)
    kept = _kept(ctx, cards)
    recorded = ctx.recorded.networks if ctx.recorded else None
    wanted = {each.floating_ip for each in ctx.props.networks or ()}
    await free_floating_ips(ctx, [e for e in recorded or () if e.floating_ip not in wanted])
    _call_own_ports_by_their_new_entries(ctx, kept)
    ctx.data[LEAVING] = sorted(cards.keys() - kept.values() - _by_default(ctx, cards))
    return kit.Pending(0, stage="unplug")


async def unplug(ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
    if "networks" not in ctx.changed:
        return None
    for port in ctx.data.get(LEAVING) or ():
        await ctx.api.drop(INTERFACE, port, parent=ctx.physical_id)
    return kit.Pending(0, stage="unplugged")


async def unplugged(ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
    """Own ports that nothing wants any more go once they are off; new ones are noted."""
    if "networks" not in ctx.changed:
        return None
    cards = await _cards(ctx)
    if cards.keys() & set(ctx.data.get(LEAVING) or ()):
        return kit.Pending()
    wanted = dict(keyed(ctx.props.networks))
    own = dict(ctx.data.get(PORTS) or {})
    off = [key for key in own if key not in wanted and own[key] not in cards]
    await delete_ports(ctx, sorted(off))
    ctx.data.pop(LEAVING, None)
    missing = [key for key in _missing(ctx, cards) if key not in own]
    if missing:
        ctx.data[PORTS] = {**(ctx.data.get(PORTS) or {}), **dict.fromkeys(missing, "")}
    return kit.Pending(0, stage="attach")


async def attach(ctx: Here, remote: kit.Remote) -> kit.Outcome | None:
    if "networks" not in ctx.changed:
        return None
    await make_ports(ctx)
    cards = await _cards(ctx)
    kept = _kept(ctx, cards)
    before = {key for key, _ in keyed(ctx.recorded.networks if ctx.recorded else None)}
    for key, network in keyed(ctx.props.networks):
        port = network.port or (ctx.data.get(PORTS) or {}).get(key) or kept.get(key)
        if port in cards:
            if key not in before:
                await _serve(ctx, str(port), network)
        elif port:
            body = {"port_id": port, **({"tag": network.tag} if network.tag else {})}
            await ctx.api.create(INTERFACE, body, parent=ctx.physical_id)
    if not cards and all(e.allocate_network == "auto" for e in ctx.props.networks or ()):
        await ctx.api.create(INTERFACE, {}, parent=ctx.physical_id)  # compute chooses
    return None


STAGES = {"detach": detach, "unplug": unplug, "unplugged": unplugged, "attach": attach}


async def _cards(ctx: Here) -> Cards:
    found = await ctx.api.list(INTERFACE, parent=ctx.physical_id)
    return {str(each["port_id"]): each for each in found}


def _by_default(ctx: Here, cards: Cards) -> set[str]:
    """Where no networks are asked for compute chooses one; one that is there is as good as any,
    unless it is somebody else's port."""
    if ctx.props.networks:
        return set()
    named = {each.port for each in (ctx.recorded and ctx.recorded.networks) or ()}
    return set([each for each in cards if each not in named][:1])


def _missing(ctx: Here, cards: Cards) -> list[str]:
    """Entries that need a port to be made."""
    kept = _kept(ctx, cards)
    return [
        key
        for key, network in keyed(ctx.props.networks)
        if key not in kept and not network.port and not network.allocate_network
    ]


def _call_own_ports_by_their_new_entries(ctx: Here, kept: Mapping[str, str]) -> None:
    own = dict(ctx.data.get(PORTS) or {})
    entry_of = {port: key for key, port in own.items() if port}
    moved = {key: port for key, port in kept.items() if port in entry_of}
    for port in moved.values():
        del own[entry_of[port]]
    own |= moved
    if own != (ctx.data.get(PORTS) or {}):
        ctx.data[PORTS] = own


async def _serve(ctx: Here, port: str, network: Network) -> None:
    """Make a card that is kept for another entry what that entry says."""
    details = network.port_extra_properties
    body = kit.create_fields(details) if details else {}
    body.pop("mac_address", None)  # it has that already, or would not have been kept
    if body:
        await ctx.api.update(PORT, port, body)
    if network.floating_ip:
        await ctx.api.update(FLOATING_IP, network.floating_ip, {"port_id": port})


def _kept(ctx: Here, cards: Cards) -> dict[str, str]:
    """The card of each entry that has one already, by the entry's key.

    The entries that ask for most have the first choice. A tag is given when a card is put on,
    so one that is asked for anew needs a new card.
    """
    own = ctx.data.get(PORTS) or {}
    before = {key for key, _ in keyed(ctx.recorded.networks if ctx.recorded else None)}
    kept: dict[str, str] = {}
    entries = [(key, each) for key, each in keyed(ctx.props.networks) if not each.allocate_network]
    for key, network in sorted(entries, key=lambda entry: _vagueness(entry[1])):
        if network.tag and key not in before and key not in own:
            continue
        wanted = network.port or own.get(key)
        free = [wanted] if wanted else (each for each in cards if each not in kept.values())
        if port := _first_that_fits(free, network, cards):
            kept[key] = port
    if any(each.allocate_network == "auto" for each in ctx.props.networks or ()):
        kept |= {f"any-{port}": port for port in cards}
    return kept


def _vagueness(network: Network) -> int:
    given = (network.port, network.fixed_ip, network.port_extra_properties, network.subnet)
    return next((place for place, each in enumerate(given) if each), len(given))


def _first_that_fits(ports: kit.Names, network: Network, cards: Cards) -> str | None:
    return next((each for each in ports if each in cards and _fits(cards[each], network)), None)


def _fits(card: kit.Remote, network: Network) -> bool:
    if network.port:
        return True
    fixed: list[kit.Fields] = card.get("fixed_ips") or []
    details = network.port_extra_properties
    if details and details.mac_address not in (None, "", card.get("mac_addr")):
        return False
    if details and details.no_fixed_ips == bool(fixed):
        return False
    return (
        (not network.network or card.get("net_id") == network.network)
        and (not network.subnet or any(e.get("subnet_id") == network.subnet for e in fixed))
        and (not network.fixed_ip or any(e.get("ip_address") == network.fixed_ip for e in fixed))
    )

"""Attributes of a server that need calls of their own."""

from typing import Any

from isotherm import kit
from isotherm.kit.services.compute import SERVER
from isotherm.kit.services.network import NETWORK, PORT, SUBNET

CONSOLES = {"novnc": "vnc", "spice-html5": "spice", "rdp-html5": "rdp", "serial": "serial", "webmks": "mks"}
"""Protocol by kind of console."""

_KEY = "OS-EXT-IPS-MAC:mac_addr"


def first_address(_: Any, remote: kit.Remote) -> str:
    entries = (each for entries in (remote.get("addresses") or {}).values() for each in entries)
    return next((str(each["addr"]) for each in entries), "")


async def addresses(api: kit.CloudApi, server_id: str) -> dict[str, list[dict[str, Any]]]:
    """Addresses with port, subnets and network, by the network's name and by its id."""
    remote = await api.show(SERVER, server_id)
    ports = {p["mac_address"]: p for p in await api.list(PORT, device_id=server_id)}
    result: dict[str, list[dict[str, Any]]] = {}
    for name, entries in (remote.get("addresses") or {}).items():
        extended = [await _extended(api, dict(each), ports.get(each.get(_KEY))) for each in entries]
        result[name] = extended
        for each in extended:
            if each["network"]:
                result[each["network"]["id"]] = extended
    return result


async def _extended(api: kit.CloudApi, entry: dict[str, Any], port: Any) -> dict[str, Any]:
    if port is None:
        return {**entry, "port": None, "subnets": [], "network": None}
    subnets = {each["subnet_id"] for each in port.get("fixed_ips") or ()}
    return {
        **entry,
        "port": port["id"],
        "subnets": [dict(await api.show(SUBNET, each)) for each in sorted(subnets)],
        "network": dict(await api.show(NETWORK, port["network_id"])),
    }


async def networks(api: kit.CloudApi, server_id: str) -> dict[str, list[str]]:
    """Just the addresses, by the network's name and by its id."""
    remote = await api.show(SERVER, server_id)
    ports = {p["mac_address"]: p for p in await api.list(PORT, device_id=server_id)}
    result: dict[str, list[str]] = {}
    for name, entries in (remote.get("addresses") or {}).items():
        result[name] = [each["addr"] for each in entries]
        for each in entries:
            if port := ports.get(each.get(_KEY)):
                result[port["network_id"]] = result[name]
    return result


async def console_urls(api: kit.CloudApi, server_id: str) -> dict[str, str]:
    """URL by kind of console; the cloud's answer where it has none of that kind."""
    found: dict[str, str] = {}
    for kind, protocol in CONSOLES.items():
        body = {"remote_console": {"protocol": protocol, "type": kind}}
        path = f"/servers/{server_id}/remote-consoles"
        try:
            reply = await api.call("compute", "POST", path, body, microversion="2.8")
            found[kind] = reply["remote_console"]["url"]
        except kit.RemoteError as error:
            found[kind] = str(error)
    return found


FETCHED = {"addresses": addresses, "networks": networks, "console_urls": console_urls}

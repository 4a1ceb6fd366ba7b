"""Resize, rebuild, shelve: actions that change more than the state of a server."""

from collections.abc import Mapping
from typing import Any

import msgspec

from isotherm.localcloud.compute import booting, sources
from isotherm.localcloud.compute.entities import FlavorFacts, Server
from isotherm.localcloud.compute.faults import invalid
from isotherm.localcloud.compute.lifecycle import RUNNING, SHUT_DOWN, break_down, reach
from isotherm.localcloud.compute.permissions import check_state
from isotherm.localcloud.compute.placement import NO_VALID_HOST, place, zone_of
from isotherm.localcloud.compute.power import start_task
from isotherm.localcloud.compute.state import Compute, transitions
from isotherm.localcloud.compute.usage import check_flavor_quota, check_metadata_quota
from isotherm.localcloud.exchange import Call


def begin_resize(compute: Compute, call: Call, server: Server, wish: Mapping[str, Any]) -> None:
    """Raises Fault 400, 403, 409."""
    check_state(call, server, "resize", ("active", "stopped"))
    flavor = booting.find_flavor(compute, call.caller, wish["flavorRef"])
    local = not is_volume_backed(compute, server)
    if local and server.flavor.disk and not flavor.disk:
        raise invalid("Resize to zero disk flavor is not allowed.")
    if flavor.id == server.flavor.flavor_id:
        raise invalid("When resizing, instances must change flavor!")
    check_flavor_quota(compute, server.project_id, server.flavor, flavor)
    if server.image_needs is not None and local:
        sources.check_image_needs(server.image_needs, flavor, local=local)
    server.disk_config = wish.get("OS-DCF:diskConfig", server.disk_config)
    start_task(compute, call, server, ("resize", "compute_resize_instance", "resize_prep"))
    facts = msgspec.to_builtins(flavor.facts())
    compute.advance(call, "server.resize", server, flavor=facts)


@transitions.on("server.resize")
def resize(compute: Compute, server: Server, args: dict[str, Any]) -> None:
    server.previous_flavor, server.previous_vm_state = server.flavor, server.vm_state
    server.flavor = msgspec.convert(args["flavor"], FlavorFacts)
    server.launched_at = compute.now()
    reach(compute, server, "resized", server.power_state)


def begin_confirm(compute: Compute, call: Call, server: Server) -> None:
    check_state(call, server, "confirmResize", ("resized",))
    start_task(compute, call, server, ("confirmResize", "compute_confirm_resize", None))
    compute.advance(call, "server.confirm_resize", server)


@transitions.on("server.confirm_resize")
def confirm_resize(compute: Compute, server: Server, args: dict[str, Any]) -> None:
    server.previous_flavor = None
    _return_to_previous_state(compute, server)


def begin_revert(compute: Compute, call: Call, server: Server) -> None:
    check_state(call, server, "revertResize", ("resized",))
    names = ("revertResize", "compute_revert_resize", "resize_reverting")
    start_task(compute, call, server, names)
    compute.advance(call, "server.revert_resize", server)


@transitions.on("server.revert_resize")
def revert_resize(compute: Compute, server: Server, args: dict[str, Any]) -> None:
    if server.previous_flavor is not None:
        server.flavor, server.previous_flavor = server.previous_flavor, None
    server.launched_at = compute.now()
    _return_to_previous_state(compute, server)


def _return_to_previous_state(compute: Compute, server: Server) -> None:
    stopped = server.previous_vm_state == "stopped"
    reach(compute, server, "stopped" if stopped else "active", SHUT_DOWN if stopped else RUNNING)


def begin_rebuild(compute: Compute, call: Call, server: Server, wish: Mapping[str, Any]) -> None:
    """Raises Fault 400, 403, 409."""
    check_state(call, server, "rebuild", ("active", "stopped", "error"))
    image = sources.find_image(
        compute, call.caller, wish["imageRef"], "Cannot find image for rebuild"
    )
    backed = is_volume_backed(compute, server)
    if backed and server.image_id != image.id:
        raise invalid("Unable to rebuild with a different image for a volume-backed server.")
    sources.check_root_image(image, server.flavor, local=not backed)
    check_metadata_quota(compute, server.project_id, wish.get("metadata", {}))
    booting.check_key(compute, call.caller, wish.get("key_name"))
    if not backed:
        server.image_id = image.id
    server.image_needs = sources.needs_of(image, server.flavor)
    server.name = wish.get("name", server.name)
    server.hostname = wish.get("hostname", server.hostname)
    server.description = wish.get("description", server.description)
    server.metadata = dict(wish.get("metadata", server.metadata))
    server.key_name = wish.get("key_name", server.key_name)
    server.user_data = wish.get("user_data", server.user_data)
    server.access_ipv4 = wish.get("accessIPv4", server.access_ipv4)
    server.access_ipv6 = wish.get("accessIPv6", server.access_ipv6)
    server.disk_config = wish.get("OS-DCF:diskConfig", server.disk_config)
    server.previous_vm_state = server.vm_state
    start_task(compute, call, server, ("rebuild", "compute_rebuild_instance", "rebuilding"))
    compute.advance(call, "server.rebuild", server)


@transitions.on("server.rebuild")
def rebuild(compute: Compute, server: Server, args: dict[str, Any]) -> None:
    server.launched_at = compute.now()
    server.fault = None
    _return_to_previous_state(compute, server)


def begin_shelve(compute: Compute, call: Call, server: Server) -> None:
    check_state(call, server, "shelve", ("active", "stopped", "paused", "suspended"))
    start_task(compute, call, server, ("shelve", "compute_shelve_instance", "shelving"))
    compute.advance(call, "server.shelve", server)


@transitions.on("server.shelve")
def shelve(compute: Compute, server: Server, args: dict[str, Any]) -> None:
    """Off its host at once, as a cloud does that does not wait before offloading."""
    server.host, server.availability_zone = None, ""
    reach(compute, server, "shelved_offloaded", SHUT_DOWN)


def begin_unshelve(compute: Compute, call: Call, server: Server) -> None:
    check_state(call, server, "unshelve", ("shelved", "shelved_offloaded"))
    start_task(compute, call, server, ("unshelve", "compute_unshelve_instance", "unshelving"))
    compute.advance(call, "server.unshelve", server)


@transitions.on("server.unshelve")
def unshelve(compute: Compute, server: Server, args: dict[str, Any]) -> None:
    host = place(compute, server)
    if host is None:
        break_down(compute, server, NO_VALID_HOST)
        return
    server.host, server.availability_zone = host, zone_of(compute, host)
    server.launched_at = compute.now()
    reach(compute, server, "active", RUNNING)


def is_volume_backed(compute: Compute, server: Server) -> bool:
    devices = compute.devices_of(server)
    return any(d.boot_index == 0 and d.destination == "volume" for d in devices)

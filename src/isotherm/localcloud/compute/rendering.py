"""Servers as replies show them, by microversion."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.compute.entities import FlavorFacts, Server
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.placement import host_id
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.exchange import Call
from isotherm.localcloud.peers import PortFacts

_BY_VM_STATE = {
    "active": "ACTIVE",
    "building": "BUILD",
    "stopped": "SHUTOFF",
    "resized": "VERIFY_RESIZE",
    "paused": "PAUSED",
    "suspended": "SUSPENDED",
    "rescued": "RESCUE",
    "error": "ERROR",
    "deleted": "DELETED",
    "shelved": "SHELVED",
    "shelved_offloaded": "SHELVED_OFFLOADED",
}
_BY_TASK = {
    "rebooting": "REBOOT",
    "rebooting_hard": "HARD_REBOOT",
    "rebuilding": "REBUILD",
    "resize_prep": "RESIZE",
    "resize_reverting": "REVERT_RESIZE",
    "updating_password": "PASSWORD",
}
# In these states a task has no say in the status.
_TASK_TELLS = ("active", "stopped", "resized", "error", "paused", "suspended", "rescued")
_WITH_PROGRESS = ("ACTIVE", "BUILD", "REBUILD", "RESIZE", "VERIFY_RESIZE")
STATUSES = frozenset({*_BY_VM_STATE.values(), *_BY_TASK.values(), "MIGRATING", "SOFT_DELETED"})


_time = lru_cache(maxsize=4096)(iso_time)


def status_of(server: Server) -> str:
    task = _BY_TASK.get(server.task_state or "")
    if server.vm_state == "error" and task != "REBUILD":
        task = None
    if server.vm_state == "stopped" and task in ("REBOOT", "HARD_REBOOT"):
        task = None
    if task is not None and server.vm_state in _TASK_TELLS:
        return task
    return _BY_VM_STATE[server.vm_state]


def links(call: Call, kind: str, entity_id: str) -> list[dict[str, str]]:
    return [
        {"rel": "self", "href": f"{call.base_url}/compute/v2.1/{kind}/{entity_id}"},
        bookmark(call, kind, entity_id),
    ]


def bookmark(call: Call, kind: str, entity_id: str) -> dict[str, str]:
    return {"rel": "bookmark", "href": f"{call.base_url}/compute/{kind}/{entity_id}"}


def brief(call: Call, server: Server) -> dict[str, Any]:
    return {"id": server.id, "name": server.name, "links": links(call, "servers", server.id)}


def _groups(server: Server) -> list[str]:
    return [server.group_id] if server.group_id else []


_BY_VERSION: dict[str, tuple[int, Callable[[Server], object]]] = {
    "locked": (9, lambda server: server.locked_by is not None),
    "host_status": (16, lambda server: "UP" if server.host else ""),
    "description": (19, lambda server: server.description),
    "tags": (26, lambda server: server.tags),
    "trusted_image_certificates": (63, lambda server: None),
    "server_groups": (71, _groups),
    "locked_reason": (73, lambda server: server.locked_reason),
    "OS-EXT-SRV-ATTR:hostname": (90, lambda server: server.hostname),
    "pinned_availability_zone": (
        96,
        lambda server: (server.pinned_zone or "").split(":")[0] or None,
    ),
}


class ServerView:
    """Shows servers to one call; made once for all servers of a list."""

    def __init__(self, compute: Compute, call: Call) -> None:
        self._compute = compute
        self._call = call
        self._minor = minor_of(call)
        self._admin = call.caller.is_admin

    def show(self, server: Server) -> dict[str, Any]:
        shown = self.listed(server)
        if self._minor >= 71:
            shown["server_groups"] = _groups(server)
        return shown

    def after_change(self, server: Server) -> dict[str, Any]:
        """What old microversions answer to an update or a rebuild: the plain part only."""
        if self._minor >= 75:
            return self.show(server)
        shown = self._plain(server, self._ports(server), extended=False)
        return shown | self._by_version(server, without=("host_status",))

    def listed(self, server: Server) -> dict[str, Any]:
        """As lists show it."""
        ports = self._ports(server)
        shown = self._plain(server, ports, extended=True)
        shown |= {
            "OS-EXT-AZ:availability_zone": server.availability_zone,
            "config_drive": "True" if server.config_drive else "",
            "key_name": server.key_name,
            "OS-SRV-USG:launched_at": _micro(server.launched_at),
            "OS-SRV-USG:terminated_at": _micro(server.terminated_at),
        }
        names = [name for port in ports for name in port.security_group_names]
        if names:
            shown["security_groups"] = [{"name": name} for name in names]
        if self._admin:
            shown |= self._for_admins(server)
        shown |= {
            "OS-EXT-STS:task_state": server.task_state,
            "OS-EXT-STS:vm_state": server.vm_state,
            "OS-EXT-STS:power_state": server.power_state,
            "os-extended-volumes:volumes_attached": self._volumes(server),
        }
        hidden = ("server_groups",) if self._admin else ("server_groups", "host_status")
        return shown | self._by_version(server, without=hidden)

    def _ports(self, server: Server) -> list[PortFacts]:
        if server.vm_state == "deleted":
            return []
        return self._compute.frame.peers.network.ports_of(server.id)

    def _plain(self, server: Server, ports: list[PortFacts], *, extended: bool) -> dict[str, Any]:
        status = status_of(server)
        host = server.host
        shown: dict[str, Any] = {
            "accessIPv4": server.access_ipv4,
            "accessIPv6": server.access_ipv6,
            "addresses": addresses_of(ports, extended=extended),
            "created": _time(server.created_at),
            "flavor": self._flavor(server.flavor),
            "hostId": host_id(server.project_id, host) if host else "",
            "id": server.id,
            "image": self._image(server),
            "links": links(self._call, "servers", server.id),
            "metadata": server.metadata,
            "name": server.name,
            "status": status,
            "tenant_id": server.project_id,
            "user_id": server.user_id,
            "updated": _time(server.updated_at),
            "OS-DCF:diskConfig": server.disk_config,
        }
        if server.fault is not None and status in ("ERROR", "DELETED"):
            fault = server.fault
            created = iso_time(fault.created_at)
            shown["fault"] = {"code": fault.code, "created": created, "message": fault.message}
        if status in _WITH_PROGRESS:
            shown["progress"] = 0
        return shown

    def _flavor(self, flavor: FlavorFacts) -> dict[str, Any]:
        if self._minor < 47:
            mark = bookmark(self._call, "flavors", flavor.flavor_id)
            return {"id": flavor.flavor_id, "links": [mark]}
        return {
            "vcpus": flavor.vcpus,
            "ram": flavor.ram,
            "disk": flavor.disk,
            "ephemeral": flavor.ephemeral,
            "swap": flavor.swap,
            "original_name": flavor.name,
            "extra_specs": flavor.extra_specs,
        }

    def _image(self, server: Server) -> object:
        if server.image_id is None:
            return ""
        return {
            "id": server.image_id,
            "links": [bookmark(self._call, "images", server.image_id)],
        }

    def _volumes(self, server: Server) -> list[dict[str, Any]]:
        devices = self._compute.volume_devices(server)
        if self._minor < 3:
            return [{"id": device.volume_id} for device in devices]
        return [
            {"id": device.volume_id, "delete_on_termination": device.delete_on_termination}
            for device in devices
        ]

    def _for_admins(self, server: Server) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "OS-EXT-SRV-ATTR:host": server.host,
            "OS-EXT-SRV-ATTR:instance_name": f"instance-{server.number:08x}",
            "OS-EXT-SRV-ATTR:hypervisor_hostname": server.host,
        }
        if self._minor >= 3:
            shown |= {
                "OS-EXT-SRV-ATTR:hostname": server.hostname,
                "OS-EXT-SRV-ATTR:kernel_id": "",
                "OS-EXT-SRV-ATTR:launch_index": server.launch_index,
                "OS-EXT-SRV-ATTR:ramdisk_id": "",
                "OS-EXT-SRV-ATTR:reservation_id": server.reservation_id,
                "OS-EXT-SRV-ATTR:root_device_name": "/dev/vda",
                "OS-EXT-SRV-ATTR:user_data": server.user_data,
            }
        return shown

    def _by_version(self, server: Server, without: tuple[str, ...]) -> dict[str, Any]:
        return {
            name: tell(server)
            for name, (since, tell) in _BY_VERSION.items()
            if self._minor >= since and name not in without
        }


def addresses_of(
    ports: list[PortFacts], *, extended: bool = True
) -> dict[str, list[dict[str, Any]]]:
    """Addresses by the name of their network, floating ones behind the one they lead to."""
    shown: dict[str, list[dict[str, Any]]] = {}
    for port in ports:
        listed = shown.setdefault(port.network_name, [])
        for fixed in port.addresses:
            pairs = [(fixed.version, fixed.address, "fixed")]
            if fixed.floating_address is not None:
                pairs.append((4, fixed.floating_address, "floating"))
            for version, address, kind in pairs:
                entry: dict[str, Any] = {"version": version, "addr": address}
                if extended:
                    entry["OS-EXT-IPS:type"] = kind
                    entry["OS-EXT-IPS-MAC:mac_addr"] = port.mac_address
                listed.append(entry)
    return shown


def _micro(seconds: float | None) -> str | None:
    return None if seconds is None else _time(seconds, suffix=".000000")

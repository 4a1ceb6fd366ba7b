"""Routes of zones, services, hosts and hypervisors: always the same, aggregates aside."""

from typing import Any

from isotherm.localcloud.compute.faults import not_found
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.placement import CONTROLLER, HOSTS, Host, zone_of
from isotherm.localcloud.compute.routing import ComputeRoutes
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.exchange import Call

routes = ComputeRoutes()

_CONTROL = (("nova-scheduler", 101), ("nova-conductor", 102))


@routes.get("/os-availability-zone", "availability_zone.list")
def list_zones(compute: Compute, call: Call) -> object:
    state = {"available": True}
    names = sorted({zone_of(compute, host.name) for host in HOSTS})
    return {
        "availabilityZoneInfo": [
            {"zoneName": name, "zoneState": state, "hosts": None} for name in names
        ]
    }


@routes.get(
    "/os-availability-zone/detail", "availability_zone.list", policy="os-availability-zone:detail"
)
def list_zones_in_detail(compute: Compute, call: Call) -> object:
    alive = {
        "available": True,
        "active": True,
        "updated_at": compute.timestamp(suffix=".000000"),
    }
    zones: dict[str, dict[str, Any]] = {
        "internal": {CONTROLLER: {binary: alive for binary, _ in _CONTROL}}
    }
    for host in HOSTS:
        zones.setdefault(zone_of(compute, host.name), {})[host.name] = {"nova-compute": alive}
    state = {"available": True}
    return {
        "availabilityZoneInfo": [
            {"zoneName": name, "zoneState": state, "hosts": hosts} for name, hosts in zones.items()
        ]
    }


@routes.get("/os-services", "service.list", policy="os-services:list")
def list_services(compute: Compute, call: Call) -> object:
    minor = minor_of(call)
    known = [
        (binary, CONTROLLER, "internal", serial, f"00000000-0000-4000-8000-000000000{serial}")
        for binary, serial in _CONTROL
    ]
    known += [
        ("nova-compute", host.name, zone_of(compute, host.name), host.serial, host.service_id)
        for host in HOSTS
    ]
    host, binary = call.argument("host"), call.argument("binary")
    shown: list[dict[str, Any]] = []
    for name, place, zone, serial, service_id in known:
        if host not in (None, place) or binary not in (None, name):
            continue
        service: dict[str, Any] = {
            "binary": name,
            "host": place,
            "id": service_id if minor >= 53 else serial,
            "zone": zone,
            "status": "enabled",
            "state": "up",
            "updated_at": compute.timestamp(suffix=".000000"),
            "disabled_reason": None,
        }
        if minor >= 11:
            service["forced_down"] = False
        shown.append(service)
    return {"services": shown}


@routes.get("/os-hosts", "host.list", policy="os-hosts:list", until=42)
def list_hosts(compute: Compute, call: Call) -> object:
    known = [(CONTROLLER, binary, "internal") for binary, _ in _CONTROL]
    known += [(host.name, "nova-compute", zone_of(compute, host.name)) for host in HOSTS]
    shown = [{"host_name": n, "service": s.removeprefix("nova-"), "zone": z} for n, s, z in known]
    return {"hosts": shown}


@routes.get("/os-hypervisors", "hypervisor.list", policy="os-hypervisors:list")
def list_hypervisors(compute: Compute, call: Call) -> object:
    return {"hypervisors": [_brief(call, host) for host in HOSTS]}


@routes.get("/os-hypervisors/detail", "hypervisor.list", policy="os-hypervisors:list-detail")
def list_hypervisors_in_detail(compute: Compute, call: Call) -> object:
    return {"hypervisors": [_show(compute, call, host) for host in HOSTS]}


@routes.get("/os-hypervisors/{hypervisor_id}", "hypervisor.show", policy="os-hypervisors:show")
def show_hypervisor(compute: Compute, call: Call) -> object:
    wanted = call.params["hypervisor_id"]
    for host in HOSTS:
        if wanted == str(_brief(call, host)["id"]):
            return {"hypervisor": _show(compute, call, host)}
    raise not_found("Hypervisor with ID", wanted)


def _brief(call: Call, host: Host) -> dict[str, Any]:
    return {
        "id": host.hypervisor_id if minor_of(call) >= 53 else host.serial,
        "hypervisor_hostname": host.name,
        "state": "up",
        "status": "enabled",
    }


def _show(compute: Compute, call: Call, host: Host) -> dict[str, Any]:
    minor = minor_of(call)
    shown = {
        **_brief(call, host),
        "hypervisor_type": "local",
        "hypervisor_version": 1000,
        "host_ip": "127.0.0.1",
        "service": {
            "id": host.service_id if minor >= 53 else host.serial,
            "host": host.name,
            "disabled_reason": None,
        },
    }
    if minor >= 88:
        return {**shown, "uptime": None}
    servers = [server for server in compute.servers if server.host == host.name]
    ram = sum(server.flavor.ram for server in servers)
    disk = sum(server.flavor.disk for server in servers)
    return {
        **shown,
        "vcpus": host.vcpus,
        "memory_mb": host.ram,
        "local_gb": host.disk,
        "vcpus_used": sum(server.flavor.vcpus for server in servers),
        "memory_mb_used": ram,
        "local_gb_used": disk,
        "free_ram_mb": host.ram - ram,
        "free_disk_gb": host.disk - disk,
        "current_workload": 0,
        "running_vms": len(servers),
        "disk_available_least": host.disk - disk,
        "cpu_info": "" if minor < 28 else {},
    }

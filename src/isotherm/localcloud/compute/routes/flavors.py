"""Routes of flavors, who may use them, and their extra specs."""

import re
from collections.abc import Sequence
from typing import Any

from isotherm.localcloud.compute import checks, listing
from isotherm.localcloud.compute.checks import Property
from isotherm.localcloud.compute.entities import Flavor
from isotherm.localcloud.compute.faults import conflict, invalid
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.rendering import links
from isotherm.localcloud.compute.routing import ComputeRoutes
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.entities import new_uuid
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.paging import page_of

routes = ComputeRoutes()

_MOST = 2**31 - 1
_ID = checks.text(1, 255, "^(?! )[a-zA-Z0-9. _-]+(?<! )$")
_DESCRIPTION = Property(checks.nullable(checks.text(0, 65535)), since=55)
_CREATE = {
    "name": Property(checks.name_text, required=True),
    "ram": Property(checks.integer(1, _MOST), required=True),
    "vcpus": Property(checks.integer(1, _MOST), required=True),
    "disk": Property(checks.integer(0, _MOST), required=True),
    "id": Property(checks.nullable(_ID)),
    "swap": Property(checks.integer(0, _MOST)),
    "OS-FLV-EXT-DATA:ephemeral": Property(checks.integer(0, _MOST)),
    "rxtx_factor": Property(checks.number),
    "os-flavor-access:is_public": Property(checks.flag),
    "description": _DESCRIPTION,
}
_SORT_KEYS = {
    "created_at": "created_at",
    "disabled": "disabled",
    "ephemeral_gb": "ephemeral",
    "flavorid": "id",
    "id": "serial",
    "is_public": "is_public",
    "memory_mb": "ram",
    "name": "name",
    "root_gb": "disk",
    "rxtx_factor": "rxtx_factor",
    "swap": "swap",
    "updated_at": "created_at",
    "vcpus": "vcpus",
}
_SPECS = checks.mapping(checks.text(0, 255))
_TENANT = {"tenant": Property(checks.text(1), required=True)}


@routes.get("/flavors", "flavor.list")
def list_flavors(compute: Compute, call: Call) -> object:
    flavors, more = _select(compute, call)
    return _page(call, "/flavors", [_brief(call, flavor) for flavor in flavors], more)


@routes.get("/flavors/detail", "flavor.list")
def list_flavors_in_detail(compute: Compute, call: Call) -> object:
    flavors, more = _select(compute, call)
    return _page(call, "/flavors/detail", [_show(call, flavor) for flavor in flavors], more)


@routes.get("/flavors/{flavor_id}", "flavor.show")
def show_flavor(compute: Compute, call: Call) -> object:
    return {"flavor": _show(call, _flavor(compute, call))}


@routes.post("/flavors", "flavor.create", policy="os-flavor-manage:create")
def create_flavor(compute: Compute, call: Call) -> object:
    wish = checks.read(call, "flavor", _CREATE)
    flavor_id = wish.get("id")
    if flavor_id in (None, "auto"):
        flavor_id = new_uuid()
    if flavor_id in compute.flavors:
        raise conflict(f"Flavor with ID {flavor_id} already exists.")
    if compute.flavors.find(name=wish["name"]):
        raise conflict(f"Flavor with name {wish['name']} already exists.")
    flavor = Flavor(
        id=flavor_id,
        serial=max((known.serial for known in compute.flavors), default=0) + 1,
        name=wish["name"],
        vcpus=wish["vcpus"],
        ram=wish["ram"],
        disk=wish["disk"],
        created_at=compute.now(),
        ephemeral=wish.get("OS-FLV-EXT-DATA:ephemeral", 0),
        swap=wish.get("swap", 0),
        rxtx_factor=wish.get("rxtx_factor", 1.0),
        is_public=wish.get("os-flavor-access:is_public", True),
        description=wish.get("description"),
    )
    compute.flavors.add(flavor)
    return {"flavor": _show(call, flavor)}


@routes.put("/flavors/{flavor_id}", "flavor.update", since=55, policy="os-flavor-manage:update")
def update_flavor(compute: Compute, call: Call) -> object:
    wish = checks.read(call, "flavor", {"description": Property(_DESCRIPTION.check, required=True)})
    flavor = _flavor(compute, call)
    flavor.description = wish["description"]
    compute.flavors.save(flavor)
    return {"flavor": _show(call, flavor)}


@routes.delete(
    "/flavors/{flavor_id}", "flavor.delete", status=202, policy="os-flavor-manage:delete"
)
def delete_flavor(compute: Compute, call: Call) -> None:
    compute.flavors.remove(_flavor(compute, call).id)


@routes.get(
    "/flavors/{flavor_id}/os-flavor-access", "flavor_access.list", policy="os-flavor-access"
)
def list_access(compute: Compute, call: Call) -> object:
    flavor = _flavor(compute, call)
    if flavor.is_public:
        raise Fault(404, "Access list not available for public flavors.")
    return _access(flavor)


@routes.action(
    "/flavors/{flavor_id}/action",
    "addTenantAccess",
    "flavor_access.create",
    status=200,
    policy="os-flavor-access:add_tenant_access",
)
def add_access(compute: Compute, call: Call) -> object:
    flavor, project_id = _flavor(compute, call), _tenant(compute, call)
    if flavor.is_public and minor_of(call) >= 7:
        raise conflict("Can not add access to a public flavor.")
    if project_id in flavor.project_ids:
        raise conflict(
            f"Flavor access already exists for flavor {flavor.serial} "
            f"and project {project_id} combination."
        )
    flavor.project_ids.append(project_id)
    compute.flavors.save(flavor)
    return _access(flavor)


@routes.action(
    "/flavors/{flavor_id}/action",
    "removeTenantAccess",
    "flavor_access.delete",
    status=200,
    policy="os-flavor-access:remove_tenant_access",
)
def remove_access(compute: Compute, call: Call) -> object:
    flavor, project_id = _flavor(compute, call), _tenant(compute, call)
    if project_id not in flavor.project_ids:
        raise Fault(404, f"Flavor access not found for {flavor.serial} / {project_id} combination.")
    flavor.project_ids.remove(project_id)
    compute.flavors.save(flavor)
    return _access(flavor)


@routes.get("/flavors/{flavor_id}/os-extra_specs", "flavor_extra_spec.list")
def list_specs(compute: Compute, call: Call) -> object:
    return {"extra_specs": _flavor(compute, call).extra_specs}


@routes.post(
    "/flavors/{flavor_id}/os-extra_specs",
    "flavor_extra_spec.create",
    policy="os-flavor-extra-specs:create",
)
def create_specs(compute: Compute, call: Call) -> object:
    if "extra_specs" not in call.json:
        raise invalid("'extra_specs' is a required property")
    specs = _SPECS("extra_specs", call.json["extra_specs"], minor_of(call))
    flavor = _flavor(compute, call)
    flavor.extra_specs.update(specs)
    compute.flavors.save(flavor)
    return {"extra_specs": specs}


@routes.get("/flavors/{flavor_id}/os-extra_specs/{key}", "flavor_extra_spec.show")
def show_spec(compute: Compute, call: Call) -> object:
    flavor, key = _flavor(compute, call), call.params["key"]
    _check_spec(flavor, key)
    return {key: flavor.extra_specs[key]}


@routes.put(
    "/flavors/{flavor_id}/os-extra_specs/{key}",
    "flavor_extra_spec.update",
    policy="os-flavor-extra-specs:update",
)
def update_spec(compute: Compute, call: Call) -> object:
    specs = _SPECS("extra_specs", call.json, minor_of(call))
    key = call.params["key"]
    if list(specs) != [key]:
        raise invalid("Request body and URI mismatch")
    flavor = _flavor(compute, call)
    flavor.extra_specs.update(specs)
    compute.flavors.save(flavor)
    return specs


@routes.delete(
    "/flavors/{flavor_id}/os-extra_specs/{key}",
    "flavor_extra_spec.delete",
    status=200,
    policy="os-flavor-extra-specs:delete",
)
def delete_spec(compute: Compute, call: Call) -> None:
    flavor, key = _flavor(compute, call), call.params["key"]
    _check_spec(flavor, key)
    del flavor.extra_specs[key]
    compute.flavors.save(flavor)


def _flavor(compute: Compute, call: Call) -> Flavor:
    return compute.find_flavor(call.caller, call.params["flavor_id"])


def _tenant(compute: Compute, call: Call) -> str:
    wish = checks.read_action(call, _TENANT)
    project_id: str = wish["tenant"]
    if compute.frame.peers.identity.project_name(project_id) is None:
        raise invalid(f"Project ID {project_id} is not a valid project.")
    return project_id


def _check_spec(flavor: Flavor, key: str) -> None:
    if key not in flavor.extra_specs:
        raise Fault(404, f"Flavor {flavor.id} has no extra specs with key {key}.")


def _access(flavor: Flavor) -> dict[str, Any]:
    return {
        "flavor_access": [
            {"flavor_id": flavor.id, "tenant_id": project_id} for project_id in flavor.project_ids
        ]
    }


def _select(compute: Compute, call: Call) -> tuple[Sequence[Flavor], bool]:
    least_ram, least_disk = _least(call, "minRam"), _least(call, "minDisk")
    wanted = _is_public(call)
    flavors = [
        flavor
        for flavor in _ordered(compute, call)
        if compute.may_use_flavor(call.caller, flavor)
        and (
            wanted is None
            or flavor.is_public == wanted
            or call.caller.project_id in flavor.project_ids
        )
        and flavor.ram >= least_ram
        and flavor.disk >= least_disk
    ]
    return ([], False) if call.argument("limit") == "0" else page_of(flavors, call)


def _ordered(compute: Compute, call: Call) -> list[Flavor]:
    key, direction = call.argument("sort_key") or "flavorid", call.argument("sort_dir") or "asc"
    if key not in _SORT_KEYS:
        reason = f"{key!r} is not one of {list(_SORT_KEYS)}"
        raise invalid(f"Invalid input for query parameters sort_key. Value: {key}. {reason}")
    return sorted(
        compute.flavors,
        key=lambda flavor: getattr(flavor, _SORT_KEYS[key]),
        reverse=direction == "desc",
    )


def _least(call: Call, name: str) -> int:
    text = call.argument(name) or "0"
    if re.fullmatch("[0-9]+", text) is None:
        raise invalid(f"Invalid {name} filter [{text}]")
    return int(text)


def _is_public(call: Call) -> bool | None:
    """Only administrators may ask for others than the public ones."""
    text = (call.argument("is_public") or "true").lower()
    if not call.caller.is_admin:
        return True
    if text == "none":
        return None
    return text in ("1", "true", "t", "yes", "y", "on")


def _page(call: Call, path: str, shown: list[dict[str, Any]], more: bool) -> dict[str, Any]:
    body: dict[str, Any] = {"flavors": shown}
    if shown and (more or (call.argument("limit") or "") == str(len(shown))):
        body["flavors_links"] = [listing.next_link(call, path, shown[-1]["id"])]
    return body


def _brief(call: Call, flavor: Flavor) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": flavor.id,
        "name": flavor.name,
        "links": links(call, "flavors", flavor.id),
    }
    if minor_of(call) >= 55:
        shown["description"] = flavor.description
    return shown


def _show(call: Call, flavor: Flavor) -> dict[str, Any]:
    minor = minor_of(call)
    shown: dict[str, Any] = {
        "id": flavor.id,
        "name": flavor.name,
        "ram": flavor.ram,
        "disk": flavor.disk,
        "swap": flavor.swap if flavor.swap or minor >= 75 else "",
        "OS-FLV-EXT-DATA:ephemeral": flavor.ephemeral,
        "OS-FLV-DISABLED:disabled": flavor.disabled,
        "vcpus": flavor.vcpus,
        "os-flavor-access:is_public": flavor.is_public,
        "rxtx_factor": flavor.rxtx_factor,
        "links": links(call, "flavors", flavor.id),
    }
    if minor >= 55:
        shown["description"] = flavor.description
    if minor >= 61:
        shown["extra_specs"] = flavor.extra_specs
    return shown

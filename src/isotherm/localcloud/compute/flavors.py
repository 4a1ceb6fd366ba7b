"""Flavors, who may use them, and their extra specs."""

import re
from typing import Any

from isotherm.localcloud.compute import checks
from isotherm.localcloud.compute.dialect import ComputeDialect, ComputeLists, read_action
from isotherm.localcloud.compute.entities import Flavor
from isotherm.localcloud.compute.faults import conflict, invalid, refused
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.rendering import links
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.entities import Entity, new_uuid
from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import BRIEF, Asked, Field, Kind, Metadata, Wish, said
from isotherm.localcloud.kinds.checks import Check, flag, mapping, or_none, text

_MOST = 2**31 - 1
_ID = or_none(text(1, 255, "^(?! )[a-zA-Z0-9. _-]+(?<! )$"))
_DESCRIPTION = or_none(text(0, 65535))
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
_TENANT = {"tenant": said(text(1), required=True)}


def _new(check: Check, **more: Any) -> Field:
    return said(check, update=False, **more)


_SAID = {
    "id": _new(_ID, shown=False, default=None, attribute="wanted_id"),
    "name": _new(checks.name_text, brief=True, required=True),
    "ram": _new(checks.integer(1, _MOST), required=True),
    "vcpus": _new(checks.integer(1, _MOST), required=True),
    "disk": _new(checks.integer(0, _MOST), required=True),
    "swap": _new(checks.integer(0, _MOST), shown=False),
    "OS-FLV-EXT-DATA:ephemeral": _new(checks.integer(0, _MOST), attribute="ephemeral"),
    "rxtx_factor": _new(checks.number),
    "os-flavor-access:is_public": _new(flag, attribute="is_public"),
    "description": said(_DESCRIPTION, since=55, brief=True),
}


class _FlavorLists(ComputeLists):
    def filtered(self, asked: Asked[Any]) -> list[Any]:
        """Only administrators may ask for others than the public ones."""
        call = asked.call
        least_ram, least_disk = _least(call, "minRam"), _least(call, "minDisk")
        wanted = (call.argument("is_public") or "true").lower()
        public: bool | None = True
        if call.caller.is_admin:
            public = None if wanted == "none" else wanted in ("1", "true", "t", "yes", "y", "on")
        return [
            flavor
            for flavor in asked.found
            if (public in (None, flavor.is_public) or call.caller.project_id in flavor.project_ids)
            and flavor.ram >= least_ram
            and flavor.disk >= least_disk
        ]

    def ordered(self, asked: Asked[Any], found: list[Any]) -> list[Any]:
        key = asked.call.argument("sort_key") or "flavorid"
        if key not in _SORT_KEYS:
            reason = f"{key!r} is not one of {list(_SORT_KEYS)}"
            raise invalid(f"Invalid input for query parameters sort_key. Value: {key}. {reason}")
        descending = asked.call.argument("sort_dir") == "desc"
        return sorted(found, key=lambda each: getattr(each, _SORT_KEYS[key]), reverse=descending)


def _least(call: Call, name: str) -> int:
    text = call.argument(name) or "0"
    if re.fullmatch("[0-9]+", text) is None:
        raise invalid(f"Invalid {name} filter [{text}]")
    return int(text)


class _FlavorDialect(ComputeDialect):
    statuses = {"delete": 202}  # noqa: RUF012 -- never changed
    lists = _FlavorLists()

    def nothing(self, where: str) -> Fault:
        return refused(where, {}, "'description' is a required property")


def create(compute: Compute, call: Call, wish: Wish) -> Flavor:
    flavor_id = wish.pop("wanted_id")
    if flavor_id in (None, "auto"):
        flavor_id = new_uuid()
    if flavor_id in compute.flavors:
        raise conflict(f"Flavor with ID {flavor_id} already exists.")
    if compute.flavors.find(name=wish["name"]):
        raise conflict(f"Flavor with name {wish['name']} already exists.")
    serial = max((known.serial for known in compute.flavors), default=0) + 1
    return FLAVORS.add(compute, call.caller, wish, id=flavor_id, serial=serial)


def _may_use(compute: Compute, caller: Caller, flavor: Flavor) -> bool:
    return compute.may_use_flavor(caller, flavor)


def _more(compute: Compute, call: Call, flavor: Flavor, view: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": flavor.id, "links": links(call, "flavors", flavor.id)}
    if view != BRIEF:
        shown["swap"] = flavor.swap if flavor.swap or minor_of(call) >= 75 else ""
    return shown


FLAVORS = Kind[Compute, Flavor](
    dialect=_FlavorDialect(),
    name="flavor",
    entity=Flavor,
    brief=True,
    also=_SAID,
    admins={
        "create": "os-flavor-manage:create",
        "update": "os-flavor-manage:update",
        "delete": "os-flavor-manage:delete",
    },
    options={"update": {"since": 55}},
    create=create,
    visible=_may_use,
    more=_more,
)
routes = FLAVORS.routes


def _spec(value: Any) -> str:
    """Numbers are taken, too, and kept as texts."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else str(text()(value))


def _no_spec(flavor: Entity, key: str) -> Fault:
    return Fault(404, f"Flavor {flavor.id} has no extra specs with key {key}.")


Metadata(
    FLAVORS,
    mapping(_spec, "^[a-zA-Z0-9-_:. ]{1,255}$"),
    name="os-extra_specs",
    key="extra_specs",
    attribute="extra_specs",
    one="",
    operation="flavor_extra_spec",
    admins="os-flavor-extra-specs",
    missing=_no_spec,
)


@routes.get(f"{FLAVORS.one}/os-flavor-access", "flavor_access.list", policy="os-flavor-access")
def list_access(compute: Compute, call: Call) -> object:
    flavor = FLAVORS.of(compute, call)
    if flavor.is_public:
        raise Fault(404, "Access list not available for public flavors.")
    return _access(flavor)


@routes.action(
    f"{FLAVORS.one}/action",
    "addTenantAccess",
    "flavor_access.create",
    status=200,
    policy="os-flavor-access:add_tenant_access",
)
def add_access(compute: Compute, call: Call) -> object:
    flavor, project_id = FLAVORS.of(compute, call), _tenant(compute, call)
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
    f"{FLAVORS.one}/action",
    "removeTenantAccess",
    "flavor_access.delete",
    status=200,
    policy="os-flavor-access:remove_tenant_access",
)
def remove_access(compute: Compute, call: Call) -> object:
    flavor, project_id = FLAVORS.of(compute, call), _tenant(compute, call)
    if project_id not in flavor.project_ids:
        raise Fault(404, f"Flavor access not found for {flavor.serial} / {project_id} combination.")
    flavor.project_ids.remove(project_id)
    compute.flavors.save(flavor)
    return _access(flavor)


def _tenant(compute: Compute, call: Call) -> str:
    wish = read_action(call, _TENANT)
    project_id: str = wish["tenant"]
    if compute.frame.peers.identity.project_name(project_id) is None:
        raise invalid(f"Project ID {project_id} is not a valid project.")
    return project_id


def _access(flavor: Flavor) -> dict[str, Any]:
    return {
        "flavor_access": [
            {"flavor_id": flavor.id, "tenant_id": project_id} for project_id in flavor.project_ids
        ]
    }

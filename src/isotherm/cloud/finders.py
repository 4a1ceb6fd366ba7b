"""From a name or an id to the id: how each kind of object is looked up.

Finders are named like the custom constraints of templates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from isotherm.core.errors import Gone, Refused
from isotherm.kit.context import CloudApi
from isotherm.kit.entity import Entity

_UUID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_KEYSTONE_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}")
_ANYTHING = re.compile(r".+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Finder:
    """``ids`` matches what is asked for as an id first. ``name_filter`` is the query key by
    which the service filters names (empty: it cannot, everything is listed), ``by_pattern``
    if it takes the name for a regular expression, ``name_field`` where an object has its
    name. ``by_name`` is False where an object is known by id alone, ``by_reference`` True
    where by the URL that ends with its id. With ``may_be_empty``, an empty name stands for
    no object at all."""

    entity: Entity
    ids: re.Pattern[str] = _UUID
    name_filter: str = "name"
    name_field: str = "name"
    filters: Mapping[str, str] = field(default_factory=dict)
    by_pattern: bool = False
    by_name: bool = True
    by_reference: bool = False
    may_be_empty: bool = False


def _network(path: str, key: str, plural: str = "") -> _Finder:
    return _Finder(Entity("network", key, path, plural or f"{key}s"))


def _balancing(path: str, key: str) -> _Finder:
    return _Finder(Entity("load-balancer", key, f"/lbaas/{path}", path))


def _volume(path: str, key: str, *, name_filter: str = "name") -> _Finder:
    entity = Entity("block-storage", key, f"/{path}", path.replace("-", "_"))
    return _Finder(entity, name_filter=name_filter)


def _identity(path: str, key: str, ids: re.Pattern[str] = _KEYSTONE_ID) -> _Finder:
    return _Finder(Entity("identity", key, f"/{path}", path), ids)


def _secret(path: str) -> _Finder:
    entity = Entity("key-manager", "", f"/{path}", path)
    return _Finder(entity, _ANYTHING, by_name=False, by_reference=True)


_FINDERS: Mapping[str, _Finder] = {
    "barbican.container": _secret("containers"),
    "barbican.secret": _secret("secrets"),
    "cinder.backup": _volume("backups", "backup"),
    "cinder.qos_specs": _volume("qos-specs", "qos_specs", name_filter=""),
    "cinder.snapshot": _volume("snapshots", "snapshot"),
    "cinder.volume": _volume("volumes", "volume"),
    "cinder.vtype": _Finder(
        Entity("block-storage", "volume_type", "/types", "volume_types"),
        name_filter="",
        filters={"is_public": "None"},
    ),
    "designate.zone": _Finder(Entity("dns", "", "/zones", "zones")),
    "glance.image": _Finder(Entity("image", "", "/images", "images")),
    "keystone.domain": _identity("domains", "domain", _ANYTHING),
    "keystone.group": _identity("groups", "group"),
    "keystone.project": _identity("projects", "project"),
    "keystone.region": _Finder(
        Entity("identity", "region", "/regions", "regions"), _ANYTHING, by_name=False
    ),
    "keystone.role": _identity("roles", "role"),
    "keystone.service": _identity("services", "service"),
    "keystone.user": _identity("users", "user"),
    "neutron.address_scope": _network("/address-scopes", "address_scope"),
    "neutron.floating_ip": _Finder(
        Entity("network", "floatingip", "/floatingips", "floatingips"),
        name_filter="floating_ip_address",
        name_field="floating_ip_address",
    ),
    "neutron.flow_classifier": _network("/sfc/flow_classifiers", "flow_classifier"),
    "neutron.network": _network("/networks", "network"),
    "neutron.port": _network("/ports", "port"),
    "neutron.port_pair": _network("/sfc/port_pairs", "port_pair"),
    "neutron.port_pair_group": _network("/sfc/port_pair_groups", "port_pair_group"),
    "neutron.qos_policy": _network("/qos/policies", "policy", "policies"),
    "neutron.rbac_policy": _Finder(
        Entity("network", "rbac_policy", "/rbac-policies", "rbac_policies"), by_name=False
    ),
    "neutron.router": _network("/routers", "router"),
    "neutron.security_group": _network("/security-groups", "security_group"),
    "neutron.segment": _network("/segments", "segment"),
    "neutron.subnet": _network("/subnets", "subnet"),
    "neutron.subnetpool": _network("/subnetpools", "subnetpool"),
    "neutron.taas.tap_flow": _network("/taas/tap_flows", "tap_flow"),
    "neutron.taas.tap_service": _network("/taas/tap_services", "tap_service"),
    "neutron.trunk": _network("/trunks", "trunk"),
    "nova.flavor": _Finder(
        Entity("compute", "flavor", "/flavors", "flavors"),
        name_filter="",
        filters={"is_public": "None"},
    ),
    "nova.host": _Finder(
        Entity("compute", "", "/os-hosts", "hosts", id_field="host_name"),
        re.compile(r"(?!)"),
        name_filter="",
        name_field="host_name",
    ),
    "nova.keypair": _Finder(
        Entity("compute", "keypair", "/os-keypairs", "keypairs", id_field="name"),
        _ANYTHING,
        by_name=False,
        may_be_empty=True,
    ),
    "nova.server": _Finder(Entity("compute", "server", "/servers", "servers"), by_pattern=True),
    "octavia.availabilityzone": _Finder(
        Entity(
            "load-balancer",
            "availability_zone",
            "/lbaas/availabilityzones",
            "availability_zones",
            id_field="name",
        ),
        _ANYTHING,
        by_name=False,
    ),
    "octavia.availabilityzoneprofile": _Finder(
        Entity(
            "load-balancer",
            "availability_zone_profile",
            "/lbaas/availabilityzoneprofiles",
            "availability_zone_profiles",
        )
    ),
    "octavia.flavor": _balancing("flavors", "flavor"),
    "octavia.flavorprofile": _balancing("flavorprofiles", "flavorprofile"),
    "octavia.l7policy": _balancing("l7policies", "l7policy"),
    "octavia.listener": _balancing("listeners", "listener"),
    "octavia.loadbalancer": _balancing("loadbalancers", "loadbalancer"),
    "octavia.pool": _balancing("pools", "pool"),
}


FINDERS = frozenset(_FINDERS)


async def find(api: CloudApi, finder: str, name_or_id: str) -> str:
    """The id. Raises Gone where there is no such object, Refused where a name is not unique."""
    rule = _FINDERS.get(finder)
    if rule is None:
        raise Refused(f"{finder} is no kind of object that can be looked up.")
    if rule.may_be_empty and not name_or_id:
        return ""
    if rule.ids.fullmatch(name_or_id) and (found := await _id_by_id(api, rule, name_or_id)):
        return found
    matches = await _ids_by_name(api, rule, name_or_id) if name_or_id and rule.by_name else set()
    if len(matches) > 1:
        raise Refused(f"There is more than one {finder} named {name_or_id!r}.")
    if not matches:
        raise Gone(f"No {finder} named {name_or_id!r}.")
    return matches.pop()


async def _id_by_id(api: CloudApi, rule: _Finder, asked: str) -> str:
    """Empty where no object has this id."""
    try:
        remote = await api.show(
            rule.entity, asked.rsplit("/", 1)[-1] if rule.by_reference else asked
        )
    except Gone:
        return ""
    except Refused as error:
        if error.status == 400:  # not even the form of an id
            return ""
        raise
    return asked if rule.by_reference else str(remote[rule.entity.id_field])


async def _ids_by_name(api: CloudApi, rule: _Finder, name: str) -> set[str]:
    """Services compare names in their own ways (case, parts), so all is compared again here."""
    filters = dict(rule.filters)
    if rule.name_filter:
        filters[rule.name_filter] = f"^{re.escape(name)}$" if rule.by_pattern else name
    listed = await api.list(rule.entity, **filters)
    id_field = rule.entity.id_field
    if not rule.name_filter and any(remote.get(id_field) == name for remote in listed):
        return {name}
    return {str(remote[id_field]) for remote in listed if remote.get(rule.name_field) == name}

"""Kinds of the catalogue: regions, services and endpoints."""

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from isotherm.localcloud.entities import Collection
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.identity.catalogue import absolute, substitute
from isotherm.localcloud.identity.entities import CatalogService, Endpoint, Region
from isotherm.localcloud.identity.faults import conflict, invalid
from isotherm.localcloud.identity.rendering import MALFORMED, link
from isotherm.localcloud.identity.routes.resources import Kind, Values
from isotherm.localcloud.identity.state import Identity

# Names that an endpoint's URL may use.
_NAMES = dict.fromkeys(("project_id", "tenant_id", "user_id"), "")


class RegionFields(msgspec.Struct, kw_only=True):
    id: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    parent_region_id: str | UnsetType | None = UNSET


class ServiceFields(msgspec.Struct, kw_only=True):
    type: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET


class EndpointFields(msgspec.Struct, kw_only=True):
    service_id: str | UnsetType = UNSET
    interface: Literal["admin", "internal", "public"] | UnsetType = UNSET
    url: str | UnsetType = UNSET
    region_id: str | UnsetType | None = UNSET
    # The older name of region_id.
    region: str | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET


def _make_region(identity: Identity, call: Call, values: Values) -> Region:
    if values.get("id", "") in identity.catalogue.regions:
        raise conflict("region", f"Duplicate ID, {values['id']}.")
    return Region(**values)


def _delete_region(identity: Identity, region: Region) -> None:
    if any(each.region_id == region.id for each in identity.catalogue.endpoints):
        raise Fault(
            403,
            f"Unable to delete region {region.id} because it or its child regions have "
            "associated endpoints.",
        )
    identity.catalogue.regions.remove(region.id)


def _everybody(call: Call, rule: str) -> None:
    """Whoever has a token may see regions."""


def _make_service(identity: Identity, call: Call, values: Values) -> CatalogService:
    return CatalogService(**{"name": "", **values})


def _delete_service(identity: Identity, service: CatalogService) -> None:
    """Its endpoints go with it."""
    for endpoint in identity.catalogue.endpoints.find(service_id=service.id):
        identity.catalogue.endpoints.remove(endpoint.id)
    identity.catalogue.services.remove(service.id)


def _complete_endpoint(identity: Identity, values: Values) -> Values:
    if "region" in values:
        values["region_id"] = values.pop("region")
    if values.get("service_id") is not None:
        _require(identity.catalogue.services, values["service_id"])
    if values.get("region_id") is not None:
        _require(identity.catalogue.regions, values["region_id"])
    if substitute(values.get("url", ""), _NAMES) is None:
        raise invalid(f"Cannot create an endpoint with an invalid URL: {values['url']}.")
    return values


def _require(made: Collection[CatalogService] | Collection[Region], entity_id: str) -> None:
    if entity_id not in made:
        kind = made.kind
        raise invalid(f"Expecting to find endpoint {kind}_id in {kind} table. {MALFORMED}")


def _make_endpoint(identity: Identity, call: Call, values: Values) -> Endpoint:
    return Endpoint(**{"region_id": None, **values})


def _delete_endpoint(identity: Identity, endpoint: Endpoint) -> None:
    identity.catalogue.endpoints.remove(endpoint.id)


def show_region(call: Call, region: Region) -> dict[str, Any]:
    return {
        "id": region.id,
        "description": region.description or "",
        "parent_region_id": region.parent_region_id,
        "links": {"self": link(call, f"regions/{region.id}")},
    }


def show_service(call: Call, service: CatalogService) -> dict[str, Any]:
    description = service.description
    described = {} if description is UNSET else {"description": description}
    return {
        "name": service.name,
        **described,
        "id": service.id,
        "type": service.type,
        "enabled": service.enabled,
        "links": {"self": link(call, f"services/{service.id}")},
    }


def show_endpoint(call: Call, endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "interface": endpoint.interface,
        "region_id": endpoint.region_id,
        "service_id": endpoint.service_id,
        "url": absolute(endpoint.url, call.base_url),
        "enabled": endpoint.enabled,
        "region": endpoint.region_id,
        "links": {"self": link(call, f"endpoints/{endpoint.id}")},
    }


REGIONS = Kind[Region](
    name="region",
    plural="regions",
    collection=lambda identity: identity.catalogue.regions,
    fields=RegionFields,
    make=_make_region,
    show=show_region,
    delete=_delete_region,
    required=(),
    fixed=("id",),
    filters=("parent_region_id",),
    may_list=_everybody,
    may_show=_everybody,
)
SERVICES = Kind[CatalogService](
    name="service",
    plural="services",
    collection=lambda identity: identity.catalogue.services,
    fields=ServiceFields,
    make=_make_service,
    show=show_service,
    delete=_delete_service,
    required=("type",),
    filters=("type", "name"),
)
ENDPOINTS = Kind[Endpoint](
    name="endpoint",
    plural="endpoints",
    collection=lambda identity: identity.catalogue.endpoints,
    fields=EndpointFields,
    make=_make_endpoint,
    show=show_endpoint,
    delete=_delete_endpoint,
    required=("service_id", "interface", "url"),
    filters=("interface", "service_id", "region_id", "enabled"),
    complete=_complete_endpoint,
)

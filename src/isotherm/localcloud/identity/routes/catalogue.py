"""Routes of regions, services and endpoints."""

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.identity.catalogue import absolute, substitute
from isotherm.localcloud.identity.entities import CatalogService, Endpoint, Region
from isotherm.localcloud.identity.faults import conflict, invalid, not_found
from isotherm.localcloud.identity.policies import require_admin
from isotherm.localcloud.identity.rendering import (
    MALFORMED,
    filtered,
    given,
    link,
    listing,
    read,
    required,
    update,
)
from isotherm.localcloud.identity.state import Identity
from isotherm.localcloud.routing import Routes

routes = Routes[Identity]("/v3")

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
    enabled: bool | UnsetType = UNSET


class EndpointBody(EndpointFields, kw_only=True):
    # The older name of region_id.
    region: str | UnsetType | None = UNSET


@routes.post("/regions", "region.create", status=201)
def create_region(identity: Identity, call: Call) -> object:
    require_admin(call, "create_region")
    values = given(read(call, "region", RegionFields))
    if values.get("id", "") in identity.catalogue.regions:
        raise conflict("region", f"Duplicate ID, {values['id']}.")
    region = identity.catalogue.regions.add(Region(**values))
    return {"region": show_region(call, region)}


@routes.get("/regions", "region.list")
def list_regions(identity: Identity, call: Call) -> object:
    found = filtered(identity.catalogue.regions, call, "parent_region_id")
    return listing(call, "regions", [show_region(call, each) for each in found])


@routes.get("/regions/{region_id}", "region.show")
def get_region(identity: Identity, call: Call) -> object:
    return {"region": show_region(call, _region(identity, call))}


@routes.patch("/regions/{region_id}", "region.update")
def update_region(identity: Identity, call: Call) -> object:
    require_admin(call, "update_region")
    region = _region(identity, call)
    fields = read(call, "region", RegionFields)
    fields.id = UNSET
    update(region, fields)
    return {"region": show_region(call, identity.catalogue.regions.save(region))}


@routes.delete("/regions/{region_id}", "region.delete")
def delete_region(identity: Identity, call: Call) -> None:
    require_admin(call, "delete_region")
    region = _region(identity, call)
    if any(each.region_id == region.id for each in identity.catalogue.endpoints):
        raise Fault(
            403,
            f"Unable to delete region {region.id} because it or its child regions have "
            "associated endpoints.",
        )
    identity.catalogue.regions.remove(region.id)


@routes.post("/services", "service.create", status=201)
def create_service(identity: Identity, call: Call) -> object:
    require_admin(call, "create_service")
    values = required(read(call, "service", ServiceFields), "service", "type")
    service = identity.catalogue.services.add(CatalogService(**{"name": "", **values}))
    return {"service": show_service(call, service)}


@routes.get("/services", "service.list")
def list_services(identity: Identity, call: Call) -> object:
    require_admin(call, "list_services")
    found = filtered(identity.catalogue.services, call, "type", "name")
    return listing(call, "services", [show_service(call, each) for each in found])


@routes.get("/services/{service_id}", "service.show")
def get_service(identity: Identity, call: Call) -> object:
    require_admin(call, "get_service")
    return {"service": show_service(call, _service(identity, call))}


@routes.patch("/services/{service_id}", "service.update")
def update_service(identity: Identity, call: Call) -> object:
    require_admin(call, "update_service")
    service = _service(identity, call)
    update(service, read(call, "service", ServiceFields))
    return {"service": show_service(call, identity.catalogue.services.save(service))}


@routes.delete("/services/{service_id}", "service.delete")
def delete_service(identity: Identity, call: Call) -> None:
    """Its endpoints go with it."""
    require_admin(call, "delete_service")
    service = _service(identity, call)
    for endpoint in identity.catalogue.endpoints.find(service_id=service.id):
        identity.catalogue.endpoints.remove(endpoint.id)
    identity.catalogue.services.remove(service.id)


@routes.post("/endpoints", "endpoint.create", status=201)
def create_endpoint(identity: Identity, call: Call) -> object:
    require_admin(call, "create_endpoint")
    fields = _read_endpoint(identity, call)
    values = required(fields, "endpoint", "service_id", "interface", "url")
    endpoint = Endpoint(**{"region_id": None, **values})
    return {"endpoint": show_endpoint(call, identity.catalogue.endpoints.add(endpoint))}


@routes.get("/endpoints", "endpoint.list")
def list_endpoints(identity: Identity, call: Call) -> object:
    require_admin(call, "list_endpoints")
    fields = ("interface", "service_id", "region_id", "enabled")
    found = filtered(identity.catalogue.endpoints, call, *fields)
    return listing(call, "endpoints", [show_endpoint(call, each) for each in found])


@routes.get("/endpoints/{endpoint_id}", "endpoint.show")
def get_endpoint(identity: Identity, call: Call) -> object:
    require_admin(call, "get_endpoint")
    return {"endpoint": show_endpoint(call, _endpoint(identity, call))}


@routes.patch("/endpoints/{endpoint_id}", "endpoint.update")
def update_endpoint(identity: Identity, call: Call) -> object:
    require_admin(call, "update_endpoint")
    endpoint = _endpoint(identity, call)
    update(endpoint, _read_endpoint(identity, call))
    return {"endpoint": show_endpoint(call, identity.catalogue.endpoints.save(endpoint))}


@routes.delete("/endpoints/{endpoint_id}", "endpoint.delete")
def delete_endpoint(identity: Identity, call: Call) -> None:
    require_admin(call, "delete_endpoint")
    identity.catalogue.endpoints.remove(_endpoint(identity, call).id)


def _read_endpoint(identity: Identity, call: Call) -> EndpointFields:
    body = read(call, "endpoint", EndpointBody)
    fields = msgspec.convert(given(body), EndpointFields)
    if body.region is not UNSET:
        fields.region_id = body.region
    if isinstance(fields.service_id, str) and fields.service_id not in identity.catalogue.services:
        raise _missing("service")
    if isinstance(fields.region_id, str) and fields.region_id not in identity.catalogue.regions:
        raise _missing("region")
    if isinstance(fields.url, str) and substitute(fields.url, _NAMES) is None:
        raise invalid(f"Cannot create an endpoint with an invalid URL: {fields.url}.")
    return fields


def _missing(kind: str) -> Fault:
    return invalid(f"Expecting to find endpoint {kind}_id in {kind} table. {MALFORMED}")


def _region(identity: Identity, call: Call) -> Region:
    region = identity.catalogue.regions.get(call.params["region_id"])
    if region is None:
        raise not_found("region", call.params["region_id"])
    return region


def _service(identity: Identity, call: Call) -> CatalogService:
    service = identity.catalogue.services.get(call.params["service_id"])
    if service is None:
        raise not_found("service", call.params["service_id"])
    return service


def _endpoint(identity: Identity, call: Call) -> Endpoint:
    endpoint = identity.catalogue.endpoints.get(call.params["endpoint_id"])
    if endpoint is None:
        raise not_found("endpoint", call.params["endpoint_id"])
    return endpoint


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

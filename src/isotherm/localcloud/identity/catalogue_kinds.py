"""Kinds of the catalogue: regions, services and endpoints."""

from typing import Any

from msgspec import UNSET

from isotherm.localcloud.entities import Collection
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.identity.catalogue import absolute, substitute
from isotherm.localcloud.identity.dialect import IdentityKind
from isotherm.localcloud.identity.entities import CatalogService, Endpoint, Region
from isotherm.localcloud.identity.faults import conflict, invalid
from isotherm.localcloud.identity.rendering import MALFORMED
from isotherm.localcloud.identity.state import Identity, found
from isotherm.localcloud.kinds import ABSENT, Life, Listing, Wish, said
from isotherm.localcloud.kinds.checks import or_none, text

# Names that an endpoint's URL may use.
_NAMES = dict.fromkeys(("project_id", "tenant_id", "user_id"), "")


def _complete_region(identity: Identity, call: Call, wish: Wish) -> Wish:
    if call.method == "POST" and wish.get("id", "") in identity.catalogue.regions:
        raise conflict("region", f"Duplicate ID, {wish['id']}.")
    parent_id = wish.get("parent_region_id")
    own = call.params.get("id")
    while parent_id is not None:
        if parent_id == own:
            raise invalid(
                f"The specified parent region {wish['parent_region_id']} would create a circular "
                "region hierarchy."
            )
        parent_id = found(identity.catalogue.regions, parent_id).parent_region_id
    return wish


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


def _delete_service(identity: Identity, service: CatalogService) -> None:
    """Its endpoints go with it."""
    for endpoint in identity.catalogue.endpoints.find(service_id=service.id):
        identity.catalogue.endpoints.remove(endpoint.id)
    identity.catalogue.services.remove(service.id)


def _complete_endpoint(identity: Identity, call: Call, wish: Wish) -> Wish:
    if wish.get("service_id") is not None:
        _require(identity.catalogue.services, wish["service_id"])
    if wish.get("region_id") is not None:
        _require(identity.catalogue.regions, wish["region_id"])
    if substitute(wish.get("url", ""), _NAMES) is None:
        raise invalid(f"Cannot create an endpoint with an invalid URL: {wish['url']}.")
    return wish


def _require(made: Collection[CatalogService] | Collection[Region], entity_id: str) -> None:
    if entity_id not in made:
        kind = made.kind
        raise invalid(f"Expecting to find endpoint {kind}_id in {kind} table. {MALFORMED}")


def _describe(identity: Identity, call: Call, service: CatalogService, view: str) -> dict[str, Any]:
    return {} if service.description is UNSET else {"description": service.description}


def _locate(identity: Identity, call: Call, endpoint: Endpoint, view: str) -> dict[str, Any]:
    return {"url": absolute(endpoint.url, call.base_url)}


REGIONS = IdentityKind[Region](
    name="region",
    entity=Region,
    also={"id": said(text(), update=False, default=ABSENT)},
    life=Life(removed=_delete_region),
    listing=Listing(filters=("parent_region_id",)),
    complete=_complete_region,
    may_list=_everybody,
    may_show=_everybody,
)
SERVICES = IdentityKind[CatalogService](
    name="service",
    entity=CatalogService,
    life=Life(removed=_delete_service),
    listing=Listing(filters=("type", "name")),
    more=_describe,
)
ENDPOINTS = IdentityKind[Endpoint](
    name="endpoint",
    entity=Endpoint,
    # The older name of region_id.
    also={"region": said(or_none(text()), attribute="region_id")},
    listing=Listing(filters=("interface", "service_id", "region_id", "enabled")),
    complete=_complete_endpoint,
    more=_locate,
)

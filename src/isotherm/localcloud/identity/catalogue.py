"""Regions, services and endpoints, and the catalogue that a token carries."""

from collections.abc import Sequence
from typing import Any

from isotherm.localcloud.identity.entities import CatalogService, Endpoint, Region
from isotherm.localcloud.service import CatalogEntry, Service

REGION = "RegionOne"
INTERFACES = ("public", "internal", "admin")


class Catalogue:
    def __init__(self, service: Service) -> None:
        make = service.collection
        self.regions = make("region", Region, listed=False)
        self.services = make("service", CatalogService, index=("type", "name"), listed=False)
        self.endpoints = make("endpoint", Endpoint, index=("service_id",), listed=False)

    def publish(self, entries: Sequence[CatalogEntry]) -> None:
        """Make the entries known; an entry of before gets its new URL."""
        if REGION not in self.regions:
            self.regions.add(Region(id=REGION))
        for entry in entries:
            known = self.services.find(type=entry.service_type, name=entry.name)
            service = known[0] if known else self._add_service(entry)
            for endpoint in self.endpoints.find(service_id=service.id):
                if endpoint.region_id == REGION and endpoint.url != entry.url:
                    endpoint.url = entry.url
                    self.endpoints.save(endpoint)

    def _add_service(self, entry: CatalogEntry) -> CatalogService:
        service = self.services.add(CatalogService(name=entry.name, type=entry.service_type))
        for interface in INTERFACES:
            self.endpoints.add(
                Endpoint(
                    service_id=service.id, interface=interface, region_id=REGION, url=entry.url
                )
            )
        return service

    def render(self, base_url: str, project_id: str | None, user_id: str) -> list[dict[str, Any]]:
        """The catalogue as a token of this project shows it.

        Endpoints that need a project are left out where there is none.
        """
        names = {"user_id": user_id}
        if project_id is not None:
            names |= {"project_id": project_id, "tenant_id": project_id}
        shown = []
        for service in self.services:
            if service.enabled:
                endpoints = self._endpoints(service, base_url, names)
                shown.append(
                    {
                        "endpoints": endpoints,
                        "id": service.id,
                        "type": service.type,
                        "name": service.name,
                    }
                )
        return shown

    def _endpoints(
        self, service: CatalogService, base_url: str, names: dict[str, str]
    ) -> list[dict[str, Any]]:
        shown = []
        for endpoint in self.endpoints.find(service_id=service.id):
            url = substitute(absolute(endpoint.url, base_url), names)
            if endpoint.enabled and url is not None:
                shown.append(
                    {
                        "id": endpoint.id,
                        "interface": endpoint.interface,
                        "region_id": endpoint.region_id,
                        "url": url,
                        "region": endpoint.region_id,
                    }
                )
        return shown


def absolute(url: str, base_url: str) -> str:
    return base_url + url if url.startswith("/") else url


def substitute(url: str, names: dict[str, str]) -> str | None:
    """Fill in `%(project_id)s` and the like; None if a name has no value."""
    url = url.replace("$(", "%(")
    for name, value in names.items():
        url = url.replace(f"%({name})s", value)
    return None if "%(" in url else url

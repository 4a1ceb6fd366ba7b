"""Where the services of a cloud are, as its catalogue says."""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property

from keystoneauth1 import exceptions as keystone_errors
from keystoneauth1.access import AccessInfoV3

from isotherm.cloud.endpoints import base_url, known_names, official_type
from isotherm.cloud.settings import Settings
from isotherm.core.errors import NoSuchService

_PROJECTS = 256
"""Projects whose catalogues are kept."""


class Catalogue:
    """Endpoints as one project sees them."""

    def __init__(self, access: AccessInfoV3, settings: Settings) -> None:
        self.project_id = access.project_id or ""
        self._listed = access.service_catalog
        self._interface = settings.interface
        self._region = settings.region or None
        # Known to be within reach, whatever the catalogue says.
        self._identity = base_url("identity", settings.auth_url, "")
        self._base_urls: dict[tuple[str, str], str] = {}

    def base_url(self, service: str, region: str = "") -> str:
        """Where the service's paths start, in another region if one is named. Raises
        NoSuchService where there is no such service."""
        if official_type(service) == "identity":
            return self._identity
        if (service, region) not in self._base_urls:
            endpoint = self._endpoint(service, region or self._region)
            self._base_urls[service, region] = base_url(service, endpoint, self.project_id)
        return self._base_urls[service, region]

    def public_url(self, service: str) -> str:
        """Where users reach the service. Raises NoSuchService where there is none."""
        return base_url(service, self._endpoint(service, self._region, "public"), self.project_id)

    @cached_property
    def services(self) -> frozenset[str]:
        """Service types, each under all the names it is known by."""
        listed = self._listed.get_endpoints(interface=self._interface, region_name=self._region)
        return frozenset().union(*(known_names(kind) for kind, found in listed.items() if found))

    @cached_property
    def region(self) -> str:
        """The region that was chosen, or else the first one."""
        endpoints = (
            endpoint for found in self._listed.get_endpoints_data().values() for endpoint in found
        )
        return self._region or next((str(each.region_name) for each in endpoints), "")

    def _endpoint(self, service: str, region: str | None, interface: str = "") -> str:
        try:
            url = self._listed.url_for(
                service_type=service,
                interface=interface or self._interface,
                region_name=region,
            )
        except keystone_errors.CatalogException:
            url = None
        if not url:
            where = f" in region {region}" if region else ""
            raise NoSuchService(f"The cloud's catalogue has no {service} service{where}.")
        return str(url)

    def is_of(self, access: AccessInfoV3) -> bool:
        return self._listed.catalog == access.service_catalog.catalog


class Catalogues:
    """The last one of each project. Every token brings one, nearly always the same, and reading
    one is slow."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._last: OrderedDict[str, Catalogue] = OrderedDict()

    def of(self, access: AccessInfoV3) -> Catalogue:
        project_id = access.project_id or ""
        found = self._last.get(project_id)
        if found is None or not found.is_of(access):
            found = self._last[project_id] = Catalogue(access, self._settings)
        self._last.move_to_end(project_id)
        while len(self._last) > _PROJECTS:
            self._last.popitem(last=False)
        return found

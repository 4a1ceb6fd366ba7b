"""Where a service's objects lie below its endpoint, and how its microversion is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from os_service_types import ServiceTypes

_TYPES = ServiceTypes()
_VERSION = re.compile(r"/v\d+(\.\d+)?(?=/|$)")


@dataclass(frozen=True, slots=True)
class _Layout:
    """``version`` is appended to endpoints without one; ``per_project`` if the project's id
    follows; ``header`` names the service in the microversion header, ``own_header`` is the
    header of the time before that one."""

    version: str = ""
    per_project: bool = False
    header: str = ""
    own_header: str = ""


_LAYOUTS: Mapping[str, _Layout] = {
    "alarm": _Layout("v2"),
    "application-container": _Layout("v1", header="container"),
    "backup": _Layout("v2"),
    "baremetal": _Layout("v1", header="baremetal", own_header="X-OpenStack-Ironic-API-Version"),
    "block-storage": _Layout("v3", per_project=True, header="volume"),
    "compute": _Layout("v2.1", header="compute", own_header="X-OpenStack-Nova-API-Version"),
    "container-infrastructure-management": _Layout("v1", header="container-infra"),
    "database": _Layout("v1.0", per_project=True),
    "dns": _Layout("v2"),
    "identity": _Layout("v3"),
    "image": _Layout("v2"),
    "key-manager": _Layout("v1", header="key-manager"),
    "load-balancer": _Layout("v2"),
    "message": _Layout("v2"),
    "network": _Layout("v2.0"),
    "orchestration": _Layout("v1", per_project=True),
    "placement": _Layout(header="placement"),
    "shared-file-system": _Layout(
        "v2", header="shared-file-system", own_header="X-OpenStack-Manila-API-Version"
    ),
    "workflow": _Layout("v2"),
}
_UNVERSIONED = _Layout()


@cache
def official_type(service: str) -> str:
    """``block-storage`` for ``volumev3``; types that nobody has registered stay as they are."""
    return _TYPES.get_service_type(service) or service


def known_names(service: str) -> frozenset[str]:
    """All service types under which a catalogue may list the service."""
    return frozenset({service, *_TYPES.get_all_types(service)})


def base_url(service: str, endpoint: str, project_id: str) -> str:
    """Where the service's paths start: versioned, for the project where that matters;
    without a slash at the end."""
    layout = _layout(service)
    url = endpoint.rstrip("/")
    if layout.version and not _VERSION.search(url):
        url = f"{url}/{layout.version}"
    if layout.per_project and project_id and project_id not in url.split("/"):
        url = f"{url}/{project_id}"
    return url


class Microversion(NamedTuple):
    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


def lower(wanted: str, highest: Microversion) -> str:
    """The microversion to ask for where the service knows none above ``highest``."""
    if wanted == "latest":
        return str(highest)
    major, _, minor = wanted.partition(".")
    return str(min(Microversion(int(major), int(minor or 0)), highest))


def knows_microversions(service: str) -> bool:
    return bool(_layout(service).header)


@cache
def microversion_headers(service: str, microversion: str) -> Mapping[str, str]:
    """For services that know microversions."""
    layout = _layout(service)
    headers = {"OpenStack-API-Version": f"{layout.header} {microversion}"}
    if layout.own_header:
        headers[layout.own_header] = microversion
    return headers


@cache
def _layout(service: str) -> _Layout:
    return _LAYOUTS.get(official_type(service), _UNVERSIONED)

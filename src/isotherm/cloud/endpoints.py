"""Where a service's objects lie below its endpoint, and how its microversion is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from os_service_types import ServiceTypes

from isotherm.kit.service import Service, service_of

_TYPES = ServiceTypes()
_VERSION = re.compile(r"/v\d+(\.\d+)?(?=/|$)")


@cache
def official_type(service: str) -> str:
    """``block-storage`` for ``volumev3``; types that nobody has registered stay as they are."""
    return _TYPES.get_service_type(service) or service


@cache
def known_names(service: str) -> frozenset[str]:
    """All service types under which a catalogue may list the service."""
    return frozenset({service, *_TYPES.get_all_types(service)})


def base_url(service: str, endpoint: str, project_id: str) -> str:
    """Where the service's paths start: versioned, for the project where that matters;
    without a slash at the end."""
    layout = described(service)
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
    return bool(described(service).microversions)


@cache
def microversion_headers(service: str, microversion: str) -> Mapping[str, str]:
    """For services that know microversions."""
    layout = described(service)
    headers = {"OpenStack-API-Version": f"{layout.microversions} {microversion}"}
    if layout.own_header:
        headers[layout.own_header] = microversion
    return headers


def described(service: str) -> Service:
    """What is declared of a service, whichever of its types names it."""
    return service_of(official_type(service))

"""The one table of routes: routing, refusals, OPTIONS and the OpenAPI document come from it."""

from __future__ import annotations

from isotherm.api.native import paths, service
from isotherm.api.native.language_routes import LANGUAGE
from isotherm.api.native.own import OWN
from isotherm.api.native.resource_routes import RESOURCES
from isotherm.api.native.routing import Route
from isotherm.api.native.software_routes import SOFTWARE
from isotherm.api.native.stack_routes import STACKS

_SERVICE = (
    Route(
        "build_info",
        "GET",
        f"{paths.ROOT}/build_info",
        service.build,
        "build_info:build_info",
        summary="Show what is running",
    ),
    Route(
        "service_index",
        "GET",
        f"{paths.ROOT}/services",
        service.engines,
        "service:index",
        summary="List the engines",
    ),
)

ROUTES: tuple[Route, ...] = (
    *LANGUAGE,
    *STACKS,
    *RESOURCES,
    *SOFTWARE,
    *_SERVICE,
    *OWN,
)

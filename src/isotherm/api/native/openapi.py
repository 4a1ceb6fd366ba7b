"""The OpenAPI description of the native API, made from its table of routes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from isotherm import __version__
from isotherm.api.native.queries import Arity
from isotherm.api.native.routing import Route, argument_names

_FAULT = {
    "type": "object",
    "properties": {
        "code": {"type": "integer"},
        "title": {"type": "string"},
        "explanation": {"type": "string"},
        "error": {
            "type": "object",
            "properties": {
                "type": {"type": "string"},
                "message": {"type": "string"},
                "traceback": {"type": "string", "nullable": True},
            },
        },
    },
}


def openapi_document(routes: Iterable[Route]) -> dict[str, Any]:
    """An OpenAPI 3.0 document with every route."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        if "..." not in route.path:
            paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.0.3",
        "info": {"title": "Orchestration", "version": __version__},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {"type": "apiKey", "in": "header", "name": "X-Auth-Token"}
            },
            "schemas": {"Fault": _FAULT},
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    return {
        "operationId": route.name,
        "summary": route.summary or "Redirect to the full address of a stack",
        "tags": [route.rule.partition(":")[0]],
        "x-policy-rule": route.rule,
        "parameters": [*map(_path_parameter, argument_names(route.path)), *_query(route)],
        "responses": {
            str(route.success): {"description": "Done"},
            "default": {
                "description": "Refused",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Fault"}}},
            },
        },
    }


def _path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query(route: Route) -> list[dict[str, Any]]:
    one = {"type": "string"}
    return [
        {
            "name": name,
            "in": "query",
            "schema": one if arity is Arity.SINGLE else {"type": "array", "items": one},
        }
        for name, arity in route.query.items()
    ]

"""Handlers of templates and resource types: what can be written."""

from __future__ import annotations

from typing import Any

from isotherm.api.native.call import Call
from isotherm.api.native.requests import source_request
from isotherm.api.web.bodies import with_endless_numbers
from isotherm.core.diagnostics import InvalidDocument
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.resource_types import TypeListRequest, list_types, show_type
from isotherm.usecases.template_generation import generate_template
from isotherm.usecases.templates import (
    TemplateRequest,
    check_template,
    list_template_functions,
    list_template_versions,
)

_SERVICE_MISSING = "99001"
_IN_THE_TEMPLATE = frozenset({"StackValidationFailed", "EntityNotFound"})


async def validate(call: Call) -> dict[str, Any]:
    """What is wrong with the template itself is a bad request here, not a failed validation."""
    request = TemplateRequest(
        source=source_request(await call.body()),
        show_nested=call.query.flag("show_nested"),
        any_service=_ignores_missing_services(call.query.text("ignore_errors")),
    )
    try:
        answer = await check_template(call.services, call.caller, request)
        return {key: with_endless_numbers(each) for key, each in answer.items()}
    except InvalidDocument as problem:
        if problem.diagnostics[0].error not in _IN_THE_TEMPLATE:
            raise
        raise BadRequest(str(problem)) from problem


def _ignores_missing_services(codes: str | None) -> bool:
    """Raises BadRequest for codes of errors that nobody can ignore."""
    ignored = {code.strip() for code in codes.split(",")} if codes else set()
    if unknown := sorted(ignored - {_SERVICE_MISSING}):
        raise BadRequest(f"Invalid codes in ignore_errors : {unknown}")
    return bool(ignored)


async def types(call: Call) -> dict[str, Any]:
    query = call.query
    request = TypeListRequest(
        name=query.text("name"),
        version=query.text("version"),
        support_status=query.text("support_status"),
    )
    found = await list_types(call.services, call.caller, request)
    if not query.flag("with_description"):
        return {"resource_types": [each.name for each in found]}
    described = [{"resource_type": each.name, "description": each.description} for each in found]
    return {"resource_types": described}


async def type_schema(call: Call) -> dict[str, Any]:
    return await show_type(call.services, call.caller, call.path["type_name"])


async def type_template(call: Call) -> dict[str, Any]:
    dialect = call.query.text("template_type")
    if dialect is None:
        dialect = "cfn"
    return await generate_template(call.services, call.caller, call.path["type_name"], dialect)


async def versions(call: Call) -> dict[str, Any]:
    return {"template_versions": await list_template_versions(call.services, call.caller)}


async def functions(call: Call) -> dict[str, Any]:
    found = await list_template_functions(
        call.services,
        call.caller,
        call.path["template_version"],
        with_conditions=call.query.flag("with_condition_func"),
    )
    return {"template_functions": found}

"""What a stack is adopted by: the data of an export, ours or another service's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import NotSupported
from isotherm.core.ids import new_id
from isotherm.core.values import Value
from isotherm.engine.recording.parts import DATA, INSIDE, MORE_DATA, PHYSICAL_NAME
from isotherm.ports.records import Snapshot, Stack
from isotherm.template import (
    UNLIMITED_SIZE,
    load_environment,
    merge_environments,
    read_document,
)
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.services import Services
from isotherm.usecases.sources import SourceRequest, merged_environment

_WHAT = "adopt data"
_KEPT = (
    "name",
    "resource_id",
    "type",
    "action",
    "status",
    "metadata",
    DATA,
    PHYSICAL_NAME,
)


def read_adoption(given: str | Mapping[str, Any]) -> Mapping[str, Any]:
    """The data of an export, JSON or YAML. Raises BadRequest."""
    try:
        data = read_document(given, _WHAT, UNLIMITED_SIZE, _WHAT).data
    except InvalidDocument as error:
        raise _invalid(error.diagnostics[0].text) from None
    if not isinstance(data.get("template"), str | Mapping):
        raise _invalid("'template' is missing")
    for key in ("environment", "files", "resources"):
        _require_map(data, key, key)
    return data


def source_of_adoption(data: Mapping[str, Any], request: SourceRequest) -> SourceRequest:
    """What the stack is to be: the data's template, with what the request says on top."""
    own = SourceRequest(template=data["template"], environment=data.get("environment") or {})
    over = merged_environment(request, data["template"])
    merged = merge_environments([load_environment(own.environment or {}), over])
    return SourceRequest(
        template=data["template"],
        environment=merged.as_data(),
        files={**(data.get("files") or {}), **(request.files or {})},
        files_container=request.files_container,
    )


def imported_by(services: Services, stack: Stack, parts: Mapping[str, Any]) -> Snapshot | None:
    """What a stack that lives takes over, if anything. Raises BadRequest, NotSupported."""
    if not parts:
        return None
    if not services.settings.enable_stack_adopt:
        raise NotSupported("Stack Adopt")
    return adopted_by(services, stack, {INSIDE: parts})


def adopted_by(services: Services, stack: Stack, data: Mapping[str, Any]) -> Snapshot:
    """What the stack takes over, kept until it has. Raises BadRequest."""
    return Snapshot(
        id=new_id(),
        stack_id=stack.id,
        created_at=services.clock.now(),
        source_id=stack.source_id,
        listed=False,
        resources=_parts(data.get(INSIDE) or {}, INSIDE),
    )


def _parts(given: Mapping[str, Any], path: str) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, part in given.items():
        where = f"{path}.{name}"
        if not isinstance(part, Mapping):
            raise _invalid(f"{where} must be an object")
        for key in ("metadata", DATA, MORE_DATA, INSIDE):
            _require_map(part, key, f"{where}.{key}")
        kept = {key: part[key] for key in _KEPT if part.get(key) is not None}
        if part.get(MORE_DATA):
            kept[DATA] = {**kept.get(DATA, {}), **part[MORE_DATA]}
        for key in ("resource_id", PHYSICAL_NAME):
            if not isinstance(kept.get(key, ""), str):
                raise _invalid(f"{where}.{key} must be text")
        if part.get(INSIDE):
            kept[INSIDE] = _parts(part[INSIDE], f"{where}.{INSIDE}")
        found[str(name)] = kept
    return found


def _require_map(data: Mapping[str, Any], key: str, where: str) -> None:
    if data.get(key) is not None and not isinstance(data[key], Mapping):
        raise _invalid(f"{where} must be an object")


def _invalid(reason: str) -> BadRequest:
    return BadRequest(f"Invalid adopt data: {reason}")

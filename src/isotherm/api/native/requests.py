"""Reads request bodies into what use cases take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, UnsetType

from isotherm.api.native.queries import natural, strict_boolean
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.stacks.create import CreateRequest
from isotherm.usecases.stacks.update import UpdateRequest


def create_request(body: Mapping[str, Any]) -> CreateRequest:
    """Raises BadRequest."""
    rollback = _boolean(body, "disable_rollback")
    timeout = _timeout(body)
    return CreateRequest(
        name=body.get("stack_name"),
        source=source_request(body),
        disable_rollback=True if isinstance(rollback, UnsetType) else rollback,
        timeout_mins=None if isinstance(timeout, UnsetType) else timeout,
        tags=body.get("tags"),
        adopted=_document(body, "adopt_stack_data"),
    )


def update_request(body: Mapping[str, Any], *, existing: bool) -> UpdateRequest:
    """Raises BadRequest."""
    return UpdateRequest(
        source=source_request(body),
        existing=existing,
        clear_parameters=_names(body, "clear_parameters"),
        disable_rollback=_boolean(body, "disable_rollback"),
        timeout_mins=_timeout(body),
        tags=body["tags"] if body.get("tags") is not None else UNSET,
        converge=_boolean(body, "converge") is True,
    )


def source_request(body: Mapping[str, Any]) -> SourceRequest:
    """Raises BadRequest."""
    return SourceRequest(
        template=_document(body, "template"),
        template_url=_text(body, "template_url"),
        environment=_document(body, "environment"),
        environment_files=_names(body, "environment_files"),
        files=_map(body, "files"),
        files_container=_text(body, "files_container"),
        parameters=_map(body, "parameters"),
    )


def _document(body: Mapping[str, Any], key: str) -> str | Mapping[str, Any] | None:
    value = body.get(key)
    if value is None or isinstance(value, str | Mapping):
        return value
    raise BadRequest(f"'{key}' must be text or an object.")


def _map(body: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    value = body.get(key)
    if value is None or isinstance(value, Mapping):
        return value
    raise BadRequest(f"'{key}' must be an object.")


def _text(body: Mapping[str, Any], key: str) -> str | None:
    value = body.get(key)
    if value is None or isinstance(value, str):
        return value
    raise BadRequest(f"'{key}' must be text.")


def _names(body: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = body.get(key)
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise BadRequest(f"'{key}' must be a list of names.")


def _boolean(body: Mapping[str, Any], key: str) -> bool | UnsetType:
    value = body.get(key)
    return UNSET if value is None else strict_boolean(key, value)


def _timeout(body: Mapping[str, Any]) -> int | UnsetType | None:
    value = body.get("timeout_mins")
    if value is None:
        return UNSET
    return natural("timeout_mins", value) or None

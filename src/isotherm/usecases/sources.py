"""Makes a source (template, environment, files) from what a request brings."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from isotherm.core.errors import RequestLimitExceeded
from isotherm.ports.cloud import Caller
from isotherm.ports.records import Source
from isotherm.template import (
    UNLIMITED_SIZE,
    Environment,
    load_environment,
    load_template,
    merge_environments,
)
from isotherm.usecases.containers import files_in
from isotherm.usecases.fetching import fetch_template
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.services import Services

Given = str | Mapping[str, Any]


class SourceRequest(Struct, frozen=True, kw_only=True):
    """What a request says about the source; None is what it does not mention."""

    template: Given | None = None
    template_url: str | None = None
    environment: Given | None = None
    environment_files: tuple[str, ...] = ()
    files: Mapping[str, Any] | None = None
    files_container: str | None = None
    parameters: Mapping[str, Any] | None = None


async def make_source(services: Services, caller: Caller, request: SourceRequest) -> Source:
    """The source as it will be kept; raises RequestError or InvalidDocument."""
    request = await _with_container(services, caller, request)
    template = await _template(services, request)
    return Source(
        template=template,
        environment=merged_environment(request, template).as_data(),
        files=_texts(request.files or {}),
    )


async def patched_source(
    services: Services, caller: Caller, present: Source, request: SourceRequest
) -> Source:
    """``present`` with what the request mentions laid over it.

    Values for parameters that the template does not declare are dropped.
    """
    request = await _with_container(services, caller, request)
    mentioned = request.template is not None or request.template_url is not None
    files = {**present.files, **_texts(request.files or {})}
    template = await _template(services, request) if mentioned else present.template
    declared = load_template(template, limits=UNLIMITED_SIZE).parameters
    kept = _declared_only(load_environment(present.environment), declared)
    given = _declared_only(merged_environment(request, template), declared)
    # What lies below is settled: values are laid over it, whatever strategy holds among files.
    merged = merge_environments([kept, dataclasses.replace(given, merge_strategies={})])
    environment = _with_parameters(merged, given.parameters)
    return Source(template=template, environment=environment.as_data(), files=files)


def _declared_only(environment: Environment, declared: Collection[str]) -> Environment:
    given = environment.parameters
    known = {name: each for name, each in given.items() if name in declared}
    return dataclasses.replace(environment, parameters=known)


def _with_parameters(environment: Environment, given: Mapping[str, Any]) -> Environment:
    """The environment with values on top; a null gives none, whatever lies below."""
    return dataclasses.replace(environment, parameters={**environment.parameters, **given})


async def _with_container(
    services: Services, caller: Caller, request: SourceRequest
) -> SourceRequest:
    """The request with the files of its container; those that it brings itself win."""
    if not request.files_container:
        return request
    files = await files_in(services, caller, request.files_container)
    return replace(request, files={**files, **(request.files or {})})


def without_parameters(source: Source, names: tuple[str, ...]) -> Source:
    """``source`` with the values of these parameters dropped, so that defaults hold again."""
    if not names:
        return source
    environment = dict(source.environment)
    for section in ("parameters", "encrypted_param_names"):
        if isinstance(given := environment.get(section), Mapping):
            environment[section] = {k: v for k, v in given.items() if k not in names}
    return Source(template=source.template, environment=environment, files=source.files)


def merged_environment(request: SourceRequest, template: Given) -> Environment:
    """One environment of all that the request brings for ``template``.

    Named environment files replace the environment that the client merged itself, and
    win over the parameters of the request; those win over an environment without files.
    Raises InvalidDocument.
    """
    parameters = load_environment({"parameters": dict(request.parameters or {})})
    if not request.environment_files:
        environment = load_environment(request.environment or {})
        return _with_parameters(environment, parameters.parameters)
    files = request.files or {}
    layers = [
        load_environment(_environment_file(name, files), file=name)
        for name in request.environment_files
    ]
    declared = load_template(template, limits=UNLIMITED_SIZE).parameters
    return merge_environments(layers, declared, base=parameters)


async def _template(services: Services, request: SourceRequest) -> Given:
    limit = services.settings.max_template_size
    if request.template is None and request.template_url:
        return await fetch_template(services, request.template_url)
    if not request.template and request.template != {}:
        raise BadRequest("No template specified")
    template = request.template
    size = len(template.encode()) if isinstance(template, str) else _size(template)
    if size > limit:
        raise RequestLimitExceeded(
            f"Request limit exceeded: Template size ({size} bytes) exceeds maximum allowed size "
            f"({limit} bytes)."
        )
    return template


def _environment_file(name: str, files: Mapping[str, Any]) -> Given:
    if name not in files:
        raise BadRequest(f"The environment file {name} is not among the files of the request.")
    content = files[name]
    return content if isinstance(content, (str, Mapping)) else str(content)


def _texts(files: Mapping[str, Any]) -> dict[str, str]:
    """File contents as text: clients may send a parsed file."""
    return {
        name: content if isinstance(content, str) else json.dumps(content)
        for name, content in files.items()
    }


def _size(template: Mapping[str, Any]) -> int:
    return len(json.dumps(template, default=str))

"""Environments: parameter values and the mapping of resource types, apart from the template."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from isotherm.core.diagnostics import suggest
from isotherm.core.values import Value
from isotherm.template.document import Findings
from isotherm.template.limits import DEFAULT_LIMITS, Limits
from isotherm.template.merging import Strategy, merge_values, read_strategies
from isotherm.template.registry import ResourceRegistry, read_registry
from isotherm.template.source import read_document

SECTIONS = (
    "parameters",
    "parameter_defaults",
    "parameter_merge_strategies",
    "resource_registry",
    "encrypted_param_names",
    "event_sinks",
)


@dataclass(frozen=True)
class Environment:
    """``parameters`` win over ``parameter_defaults``, which win over the template's defaults."""

    parameters: Mapping[str, Value] = field(default_factory=dict)
    parameter_defaults: Mapping[str, Value] = field(default_factory=dict)
    registry: ResourceRegistry = field(default_factory=ResourceRegistry)
    merge_strategies: Mapping[str, Strategy] = field(default_factory=dict)
    encrypted_param_names: tuple[str, ...] = ()
    event_sinks: tuple[Any, ...] = ()

    def value(self, parameter: str) -> tuple[bool, Value]:
        """Whether a value is given for a parameter, and which."""
        for values in (self.parameters, self.parameter_defaults):
            # A null gives no value.
            if values.get(parameter) is not None:
                return True, values[parameter]
        return False, None

    def as_data(self) -> dict[str, Any]:
        """The environment as the API shows it."""
        return {
            "parameters": dict(self.parameters),
            "parameter_defaults": dict(self.parameter_defaults),
            "resource_registry": self.registry.as_data(),
            "encrypted_param_names": list(self.encrypted_param_names),
            "event_sinks": list(self.event_sinks),
        }


EMPTY_ENVIRONMENT = Environment()


def load_environment(
    source: str | bytes | Mapping[str, Any] | None,
    *,
    file: str = "environment",
    limits: Limits = DEFAULT_LIMITS,
) -> Environment:
    """The environment in ``source``; raises ``InvalidDocument`` with all diagnostics."""
    if not source:
        return EMPTY_ENVIRONMENT
    document = read_document(source, file, limits, "environment")
    findings = Findings(document)
    for section in document.data:
        if section not in SECTIONS:
            findings.add(
                (section,),
                f'environment has wrong section "{section}"',
                hint=suggest(section, SECTIONS),
                error="HTTPBadRequest",
                key=True,
            )
    environment = Environment(
        parameters=_map(document.data, "parameters", findings),
        parameter_defaults=_map(document.data, "parameter_defaults", findings),
        registry=read_registry(_map(document.data, "resource_registry", findings), findings),
        merge_strategies=read_strategies(
            _map(document.data, "parameter_merge_strategies", findings), findings
        ),
        encrypted_param_names=tuple(
            str(each) for each in _list(document.data, "encrypted_param_names", findings)
        ),
        event_sinks=tuple(_list(document.data, "event_sinks", findings)),
    )
    findings.diagnostics.raise_errors()
    return environment


def merge_environments(environments: Sequence[Environment]) -> Environment:
    """All environments as one; later ones win, or merge where a strategy says so."""
    merged = EMPTY_ENVIRONMENT
    for each in environments:
        strategies = {**merged.merge_strategies, **each.merge_strategies}
        merged = Environment(
            parameters=merge_values(merged.parameters, each.parameters, strategies),
            parameter_defaults=merge_values(
                merged.parameter_defaults, each.parameter_defaults, strategies
            ),
            registry=merged.registry.overlaid(each.registry),
            merge_strategies=strategies,
            encrypted_param_names=tuple(
                dict.fromkeys(merged.encrypted_param_names + each.encrypted_param_names)
            ),
            event_sinks=merged.event_sinks + each.event_sinks,
        )
    return merged


def _map(data: Mapping[str, Any], section: str, findings: Findings) -> dict[str, Any]:
    value = data.get(section)
    if isinstance(value, str) and value.startswith("{"):
        value = _json_map(value)
    if value is None or isinstance(value, dict):
        return value or {}
    findings.add((section,), f'the section "{section}" must be a map', error="HTTPBadRequest")
    return {}


def _json_map(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _list(data: Mapping[str, Any], section: str, findings: Findings) -> list[Any]:
    value = data.get(section)
    if value is None or isinstance(value, list):
        return value or []
    findings.add((section,), f'the section "{section}" must be a list', error="HTTPBadRequest")
    return []

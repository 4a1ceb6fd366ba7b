"""Environments: parameter values and the mapping of resource types, apart from the template."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from isotherm.core.diagnostics import Diagnostic, InvalidDocument, Position
from isotherm.core.suggestions import near_or_all
from isotherm.core.values import Value
from isotherm.template.document import Document, Findings, Path
from isotherm.template.environments.merging import MergeError, Merger, Strategy, read_strategies
from isotherm.template.environments.registry import ResourceRegistry, read_registry
from isotherm.template.limits import DEFAULT_LIMITS, Limits
from isotherm.template.parameters import ParameterDeclaration
from isotherm.template.reading.cache import DocumentCache, Read, key_of
from isotherm.template.reading.source import read_document

SECTIONS = (
    "parameters",
    "parameter_defaults",
    "parameter_merge_strategies",
    "resource_registry",
    "encrypted_param_names",
    "event_sinks",
)

_MAY_BE_EMPTY = frozenset({"parameter_defaults"})
"""Sections that are empty lists or texts in environments that stacks run with."""

SINK_KEYS: dict[str, tuple[str, ...]] = {"zaqar-queue": ("target", "ttl"), "webhook": ("target",)}
"""What may be said about an event sink, by its type."""
WEB_SINKS = {"webhook"}
"""Types whose target is an address."""
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)


def offer_event_sink(kind: str, keys: Collection[str], *, by_web: bool = False) -> None:
    """Let environments name sinks of a kind, with these keys besides their target, which is an
    http or https address where it is told ``by_web``."""
    SINK_KEYS[kind] = ("target", *keys)
    (WEB_SINKS.add if by_web else WEB_SINKS.discard)(kind)


def is_web_address(target: object) -> bool:
    return isinstance(target, str) and _WEB_ADDRESS.fullmatch(target) is not None


class Places(NamedTuple):
    """Where an entry of a map stands: its key and its value."""

    key: Position | None = None
    value: Position | None = None


@dataclass(frozen=True)
class Environment:
    """``parameters`` win over ``parameter_defaults``, which win over the template's defaults."""

    parameters: Mapping[str, Value] = field(default_factory=dict)
    parameter_defaults: Mapping[str, Value] = field(default_factory=dict)
    registry: ResourceRegistry = field(default_factory=ResourceRegistry)
    merge_strategies: Mapping[str, Strategy] = field(default_factory=dict)
    encrypted_param_names: tuple[str, ...] = ()
    event_sinks: tuple[Any, ...] = ()
    places: Mapping[tuple[str, str], Places] = field(
        default_factory=dict, compare=False, repr=False
    )
    """Where values stand, by section and name, as far as they were read from a text."""
    slips: tuple[Diagnostic, ...] = field(default=(), compare=False, repr=False)
    """What was surely not meant, and was read nevertheless."""

    def value(self, parameter: str) -> tuple[bool, Value]:
        """Whether a value is given for a parameter, and which."""
        for values in (self.parameters, self.parameter_defaults):
            # A null gives no value.
            if values.get(parameter) is not None:
                return True, values[parameter]
        return False, None

    def place(self, parameter: str) -> Places:
        """Where the value of a parameter stands."""
        given = self.parameters.get(parameter) is not None
        section = "parameters" if given else "parameter_defaults"
        return self.places.get((section, parameter), Places())

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
_CACHE = DocumentCache[Environment]()
"""Stacks nested in one have the same environment more often than not."""


def load_environment(
    source: str | bytes | Mapping[str, Any] | None,
    *,
    file: str = "environment",
    limits: Limits = DEFAULT_LIMITS,
) -> Environment:
    """The environment in ``source``; raises ``InvalidDocument`` with all diagnostics."""
    if not source:
        return EMPTY_ENVIRONMENT
    key = key_of(source, file)
    if known := _CACHE.get(key, limits):
        return known.document
    document = read_document(source, file, limits, "environment")
    findings = Findings(document)
    _check_sections(document, findings)
    read = Environment(
        parameters=_map(document.data, "parameters", findings),
        parameter_defaults=_map(document.data, "parameter_defaults", findings),
        registry=read_registry(_map(document.data, "resource_registry", findings), findings),
        merge_strategies=read_strategies(document.data, findings),
        encrypted_param_names=tuple(
            str(each) for each in _list(document.data, "encrypted_param_names", findings)
        ),
        event_sinks=tuple(_event_sinks(document.data, findings)),
        places=dict(_places(document)),
    )
    findings.diagnostics.raise_errors()
    environment = replace(read, slips=tuple(findings.diagnostics))
    _CACHE.put(key, Read(environment, (), limits, document.size))
    return environment


def _check_sections(document: Document, findings: Findings) -> None:
    for section in document.data:
        if section not in SECTIONS:
            findings.add(
                (section,),
                f'environment has wrong section "{section}"',
                hint=near_or_all(section, SECTIONS),
                error="HTTPBadRequest",
                key=True,
            )


def merge_environments(
    environments: Sequence[Environment],
    declared: Mapping[str, ParameterDeclaration] | None = None,
    *,
    base: Environment = EMPTY_ENVIRONMENT,
) -> Environment:
    """All environments as one; later ones win, or merge where a strategy says so.

    ``declared`` are the parameters of the template that the environments are for.
    ``base`` lies below all others and settles no strategy. Raises
    ``InvalidDocument`` where values cannot be merged as asked.
    """
    merged, merger = base, Merger(declared)
    for each in environments:
        try:
            merged = _laid(merged, each, merger)
        except MergeError as error:
            raise InvalidDocument(
                [Diagnostic(str(error), path=f"parameters.{error.parameter}", error=error.error)]
            ) from None
    return replace(merged, slips=(*merged.slips, *merger.slips()))


def _laid(older: Environment, newer: Environment, merger: Merger) -> Environment:
    strategies = newer.merge_strategies
    return Environment(
        parameters=merger.lay(older.parameters, newer.parameters, strategies),
        parameter_defaults=merger.lay(
            older.parameter_defaults, newer.parameter_defaults, strategies
        ),
        registry=older.registry.overlaid(newer.registry),
        merge_strategies={**older.merge_strategies, **strategies},
        encrypted_param_names=tuple(
            dict.fromkeys(older.encrypted_param_names + newer.encrypted_param_names)
        ),
        event_sinks=older.event_sinks + newer.event_sinks,
        places={**older.places, **newer.places},
        slips=older.slips + newer.slips,
    )


def _places(document: Document) -> Iterator[tuple[tuple[str, str], Places]]:
    for section in ("parameters", "parameter_defaults", "resource_registry"):
        values = document.data.get(section) if document.mark else None
        for name in values if isinstance(values, dict) else ():
            path = (section, name)
            yield path, Places(document.position(path, key=True), document.position(path))


def _event_sinks(data: Mapping[str, Any], findings: Findings) -> list[Any]:
    """Sinks are maps that name their type; which types there are, the service knows."""
    sinks = _list(data, "event_sinks", findings)
    for index, sink in enumerate(sinks):
        kind = sink.get("type") if isinstance(sink, dict) else None
        at: Path = ("event_sinks", index)
        hint = ""
        if not isinstance(kind, str):
            text = "an event sink is a map with a type"
        elif kind not in SINK_KEYS:
            at, hint = (*at, "type"), near_or_all(kind, SINK_KEYS)
            text = f"there is no event sink of type {kind!r}"
        elif unknown := sorted(sink.keys() - {"type", *SINK_KEYS[kind]}):
            at, hint = (*at, unknown[0]), near_or_all(unknown[0], SINK_KEYS[kind])
            text = f"an event sink of type {kind} has no {', '.join(unknown)}"
        elif "target" not in sink:
            text = f"an event sink of type {kind} needs a target"
        elif kind in WEB_SINKS and not is_web_address(sink["target"]):
            at = (*at, "target")
            text = f"the target of a sink of type {kind} is an http or https address"
        else:
            continue
        findings.add(at, text, hint=hint, error="HTTPBadRequest", key=len(at) > 2)
    return sinks


def _map(data: Mapping[str, Any], section: str, findings: Findings) -> dict[str, Any]:
    value = data.get(section)
    if isinstance(value, str) and value.startswith("{"):
        value = _json_map(value)
    if value is None or isinstance(value, dict):
        return value or {}
    text, slip = f'the section "{section}" must be a map', not value and section in _MAY_BE_EMPTY
    findings.add((section,), text, error="HTTPBadRequest", slip=slip)
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
    text = f'the section "{section}" must be a list'
    findings.add((section,), text, error="HTTPBadRequest", slip=value == {})
    return []

"""What is fuzzed: texts and expressions, each through all stages."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from fuzz.choices import Choices
from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.values import Secret, Unknown, Value
from isotherm.kit.plugins import load_registry
from isotherm.kit.registry import Registry
from isotherm.template import (
    PseudoParameters,
    Scope,
    SourceText,
    Template,
    bind,
    convert,
    dump_template,
    functions_of,
    lint,
    load_environment,
    load_template,
    merge_environments,
    parameter_schemas,
    schema_of_template,
    template_versions,
    validate,
)
from isotherm.template.vocabulary.versions import TemplateVersion

_PSEUDO = PseudoParameters("stack-id", "stack", "region", "project")
_HEADS = ("", "heat_template_version: 2021-04-16\n", "AWSTemplateFormatVersion: '2010-09-09'\n")
_ATTRIBUTES: tuple[Value, ...] = (
    Unknown("r"),
    {"a": [1, "x", None]},
    Secret({"a": "hidden"}),
    None,
    ["x", Unknown("r")],
)


class _Answering:
    """A scope in which everything that is read gives the same value."""

    def __init__(self, value: Value) -> None:
        self._value = value

    def reference(self, resource: str) -> Value:
        return self._value

    def attribute(self, resource: str, name: str, steps: Sequence[Value] = ()) -> Value:
        return self._value if name else {"value": self._value}


def try_input(data: bytes) -> None:
    """One input through one of the targets. Anything but ``InvalidDocument`` is a finding."""
    choices = Choices(data)
    with contextlib.suppress(InvalidDocument):
        choices.pick(_TARGETS)(choices)


def _template_text(choices: Choices) -> None:
    source = choices.pick(_HEADS).encode() + choices.rest()
    text = source.decode(errors="replace")
    for found in lint(text, _types(), file="t"):
        SourceText(text).excerpt(found)
    _use(load_template(source))


def _environment_text(choices: Choices) -> None:
    environment = load_environment(choices.rest())
    merged = merge_environments([environment, environment])
    merged.as_data()
    for resource in ("web", *merged.registry.resources):
        merged.registry.resolve("OS::Nova::Server", resource)
        merged.registry.nested(resource).hooks(resource)
        merged.registry.restricted_actions(resource)


def _expression(choices: Choices) -> None:
    version = choices.pick(template_versions())
    expression = choices.value(_functions(version.key))
    _use(load_template(_template_around(version, expression)))


def _sections(choices: Choices) -> None:
    version = choices.pick(template_versions())
    functions = _functions(version.key)
    sections = {choices.pick(version.sections): choices.value(functions) for _ in range(4)}
    _use(load_template({version.section: version.number, **sections}))


_TARGETS: tuple[Callable[[Choices], None], ...] = (
    _expression,
    _template_text,
    _environment_text,
    _sections,
)


def _template_around(version: TemplateVersion, expression: Any) -> Mapping[str, Any]:
    """A template in which the expression stands in a property, an output and a condition."""
    word = version.word
    return {
        version.section: version.number,
        word("parameters"): _PARAMETERS if version.is_hot else _CFN_PARAMETERS,
        word("resources"): {
            "r": {word("type"): "OS::Heat::Value", word("properties"): {"value": expression}}
        },
        word("outputs"): {"o": {word("value"): expression}},
        **({word("conditions"): {"c": True}} if version.has_conditions else {}),
    }


_PARAMETERS = {
    "p": {"type": "json", "default": {"a": [1, "x"]}},
    "h": {"type": "string", "default": "secret", "hidden": True},
}
_CFN_PARAMETERS = {
    "p": {"Type": "Json", "Default": {"a": [1, "x"]}},
    "h": {"Type": "String", "Default": "secret", "NoEcho": True},
}


class WronglyConverted(Exception):
    """What a conversion wrote is no template."""


def _convert(template: Template) -> None:
    try:
        data = convert(template)
    except InvalidDocument:
        return
    try:
        load_template(dump_template(data))
    except InvalidDocument as refused:
        raise WronglyConverted(str(refused)) from None


def _use(template: Template) -> None:
    """Everything that is done with a template when a stack is made of it."""
    dump_template(template)
    _convert(template)
    parameter_schemas(template)
    schema_of_template("nested.yaml", template)
    definition = bind(template, load_environment({}), pseudo=_PSEUDO, files={}, complete=False)
    list(definition.locate(validate(definition, _types())))
    definition.shown_parameters()
    for value in _ATTRIBUTES:
        scope: Scope = _Answering(value)
        for output in definition.outputs.values():
            with contextlib.suppress(InvalidDocument):
                definition.evaluate(output.value, scope)
        for resource in definition.resources.values():
            for expression in (resource.properties, resource.metadata, resource.update_policy):
                with contextlib.suppress(InvalidDocument):
                    definition.evaluate(expression, scope)


@lru_cache(maxsize=1)
def _types() -> Registry:
    return load_registry()


@lru_cache(maxsize=32)
def _functions(version: str) -> tuple[str, ...]:
    return tuple(sorted(functions_of(version, with_conditions=True)))

"""A running orchestration service was asked several thousand small questions; we answer alike.

Each file holds questions of one kind as ``[name, ask, request, answer]``; a request names
a template that others ask about, too, by its index among ``templates``. ``ask`` is
``validate`` (values of parameters may be missing), ``preview`` (what a create would see),
``value`` (a preview of one more resource with the request's ``value``, and only its value) or
``run`` (after all resources are complete). It was a day of November 2026. An answer with
``error`` names the type of the refusal; ``broken`` says that the service itself failed,
where we must refuse. A fifth item says on purpose of what kind a difference is;
docs/reference/differences.md explains them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.template.support import PSEUDO

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.values import REDACTED, Secret, Unknown, Value, first_unknown, transform
from isotherm.kit.plugins import load_registry
from isotherm.template import (
    Environment,
    StackDefinition,
    Template,
    bind,
    inside,
    load_environment,
    load_template,
    merge_environments,
    parameter_schemas,
    validate,
)
from isotherm.template.binding.definition import ResourceDefinition

RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.json"))
REASONS = Path(__file__).parents[2] / "docs" / "reference" / "differences.md"
TYPES = load_registry()
NOW = datetime(2026, 11, 22, tzinfo=UTC)
ATTRIBUTE_OF = {"OS::Heat::Value": "value", "OS::Heat::TestResource": "output"}


class Complete:
    """The scope when everything has run: a value's attribute is its property."""

    def __init__(self, stack: StackDefinition) -> None:
        self.stack = stack

    def reference(self, resource: str) -> Value:
        return Unknown(resource)  # names are chosen at random

    def attribute(self, resource: str, name: str, steps: Sequence[Value] = ()) -> Value:
        declared = self.stack.resources[resource]
        known: dict[str, Value] = {}
        if told := ATTRIBUTE_OF.get(declared.type):
            known[told] = self.stack.evaluate(declared.properties.fields["value"], self)
        return inside(known.get(name), steps) if name else known


class Nothing(Complete):
    """The scope before anything has run."""

    def attribute(self, resource: str, name: str, steps: Sequence[Value] = ()) -> Value:
        return Unknown(resource)


def answer(ask: str, request: Mapping[str, Any]) -> dict[str, Any]:
    try:
        template = load_template(request["template"])
        stack = bind(
            template,
            environment_of(request, template),
            pseudo=PSEUDO,
            files=request.get("files", {}),
            now=NOW,
            complete=ask != "validate",
        )
        validate(stack, TYPES).raise_errors()
    except InvalidDocument as refused:
        return {"error": error_type(ask, refused)}
    if ask == "validate":
        return validated(stack)
    if ask == "value":
        return {"value": values_of(stack, stack.resources["a"])}
    return previewed(stack) if ask == "preview" else run(stack)


def error_type(ask: str, refused: InvalidDocument) -> str:
    error = refused.diagnostics[0].error
    if error not in ("StackValidationFailed", "EntityNotFound"):
        return error
    return "HTTPBadRequest" if ask == "validate" else "StackValidationFailed"


def environment_of(request: Mapping[str, Any], template: Template) -> Environment:
    given = load_environment({"parameters": request.get("parameters", {})})
    if "environment_files" not in request:
        return merge_environments([given], base=load_environment(request.get("environment")))
    layers = [load_environment(request["files"][name]) for name in request["environment_files"]]
    return merge_environments(layers, template.parameters, base=given)


def validated(stack: StackDefinition) -> dict[str, Any]:
    groups = [dict(each.written) for each in stack.template.parameter_groups]
    return {
        "description": stack.description or "No description",
        "parameters": parameter_schemas(stack),
        **({"groups": groups} if groups else {}),
    }


def previewed(stack: StackDefinition) -> dict[str, Any]:
    shown = stack.shown_parameters()
    return {
        "parameters": {name: shown[name] for name in stack.template.parameters},
        "resources": {
            name: [each.declared_type, *values_of(stack, each)]
            for name, each in stack.resources.items()
        },
    }


def values_of(stack: StackDefinition, resource: ResourceDefinition) -> list[Value]:
    """The value of a resource that is one, if it is known beforehand."""
    if resource.type != "OS::Heat::Value":
        return []
    properties = stack.evaluate(resource.properties, Nothing(stack))
    if first_unknown(properties) is not None or not isinstance(properties, Mapping):
        return []
    foreseen = TYPES[resource.type].foreseen(properties)
    return [transform(foreseen["value"], lambda marker: REDACTED)]


def run(stack: StackDefinition) -> dict[str, Any]:
    scope = Complete(stack)
    try:
        for name in stack.resources:
            scope.attribute(name, "")
    except InvalidDocument:
        return {"failed": True}
    outputs = {name: output_of(stack, name, scope) for name in stack.template.outputs}
    return {"outputs": {name: each for name, each in outputs.items() if each is not None}}


def output_of(stack: StackDefinition, name: str, scope: Complete) -> list[Value] | None:
    """The value in a list, an empty list for an error, None where it has a random name."""
    if name not in stack.outputs:
        return [None]
    try:
        value = stack.evaluate(stack.outputs[name].value, scope)
    except InvalidDocument:
        return []
    if first_unknown(value) is not None:
        return None
    return [value.reveal() if isinstance(value, Secret) else value]


def alike(got: Any, expected: Any) -> bool:
    """What is no number is not even the same as itself, so texts are compared, too."""
    texts = [json.dumps(each, sort_keys=True) for each in (got, expected)]
    return bool(got == expected) or texts[0] == texts[1]


def cases_of(file: Path) -> Iterator[Any]:
    recorded = json.loads(file.read_text())
    for name, ask, request, *rest in recorded["cases"]:
        if isinstance(index := request["template"], int):
            request["template"] = recorded["templates"][index]
        if ask == "value":
            request["template"] = with_value(request["template"], request["value"])
        yield name, ask, request, *rest


def with_value(template: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """The template with one resource more."""
    words = ("resources", "type", "properties")
    if "heat_template_version" not in template:
        words = ("Resources", "Type", "Properties")
    section, kind, properties = words
    resource = {kind: "OS::Heat::Value", properties: {"value": value}}
    return {**template, section: {**template.get(section, {}), "a": resource}}


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_same_answers(file: Path) -> None:
    different = []
    for name, ask, request, expected, *purpose in cases_of(file):
        got = json.loads(json.dumps(answer(ask, request), default=str))
        same = "error" in got if expected.get("broken") else alike(got, expected)
        if same is bool(purpose):
            different.append((name, expected, got))
    assert not different


def test_every_difference_is_explained() -> None:
    cases = [case for file in RECORDED for case in cases_of(file)]
    explained = REASONS.read_text()
    assert len(cases) > 7000
    assert all(f"| {kind} |" in explained for *_, kind in (case for case in cases if case[4:]))

"""A converted template describes the same stack: same parameters, plan and values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from tests.corpus.entries import FACADE, PSEUDO, Entry, entries
from tests.template.support import Resources

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.values import Value, redact
from isotherm.planning.desired import Desired
from isotherm.planning.planner import make_plan
from isotherm.template import (
    Dialect,
    StackDefinition,
    Template,
    bind,
    convert,
    dump_template,
    inside,
    load_template,
)

ATTRIBUTES = {
    "networks": {"private": ["10.0.0.1", "10.0.0.2"]},
    "addresses": {"private": [{"addr": "10.0.0.1", "OS-EXT-IPS-MAC:mac_addr": "fa:16"}]},
    "fixed_ips": [{"ip_address": "10.0.0.1", "subnet_id": "subnet"}],
    "executions": [{"output": {"said": "hello"}}],
    "output": {"said": "hello"},
    "vip": {"address": "10.0.0.5"},
    "show": {"prefixes": ["10.0.0.0/8"], "routes": []},
}


class Known(Resources):
    """Resources that exist: a value has the value that it was given."""

    def __init__(self, stack: StackDefinition) -> None:
        super().__init__({})
        self.stack = stack

    def attribute(self, resource: str, name: str, steps: Sequence[Value] = ()) -> Any:
        if name == "value":
            properties = self.stack.resources[resource].properties
            return inside(self.stack.evaluate(properties, self).get("value", "random"), steps)
        return inside(ATTRIBUTES.get(name, f"{resource}-{name}"), steps)


def bound(entry: Entry, template: Template) -> StackDefinition:
    return bind(
        template,
        entry.environment,
        pseudo=PSEUDO,
        files=entry.definition.files,
        facade=FACADE if entry.is_part else None,
        complete=not entry.is_part,
    )


def described(entry: Entry, stack: StackDefinition) -> Mapping[str, Any]:
    """All that a stack comes to: its plan, and its values with resources that exist."""
    values: dict[str, Any] = {}
    for name, output in stack.outputs.items():
        values[f"output {name}"] = evaluated(stack, output.value)
    for name, resource in stack.resources.items():
        values[f"properties of {name}"] = evaluated(stack, resource.properties)
        values[f"metadata of {name}"] = evaluated(stack, resource.metadata)
        values[f"policies of {name}"] = (
            resource.deletion_policy,
            evaluated(stack, resource.update_policy),
        )
    return {"plan": make_plan(Desired.of(stack, entry.types), ()).describe(), **values}


def evaluated(stack: StackDefinition, expression: Any) -> Any:
    try:
        return redact(stack.evaluate(expression, Known(stack)))
    except InvalidDocument:
        return "no value"


def converted(template: Template) -> Template:
    return load_template(dump_template(convert(template)))


def convertible() -> list[Entry]:
    found = []
    for entry in entries():
        try:
            convert(entry.template)
        except InvalidDocument:
            continue
        found.append(entry)
    return found


CONVERTIBLE = convertible()


def test_much_of_the_corpus_can_be_converted() -> None:
    directions = [Dialect.of(entry.template) for entry in CONVERTIBLE]
    assert directions.count(Dialect.HOT) >= 60
    assert directions.count(Dialect.CFN) >= 15


@pytest.mark.parametrize("entry", CONVERTIBLE, ids=lambda entry: entry.name)
def test_the_converted_template_is_the_same_stack(entry: Entry) -> None:
    other = converted(entry.template)
    assert Dialect.of(other) is not Dialect.of(entry.template)
    expected = described(entry, bound(entry, entry.template))
    assert described(entry, bound(entry, other)) == expected


@pytest.mark.parametrize("entry", CONVERTIBLE, ids=lambda entry: entry.name)
def test_there_and_back_is_the_same_stack(entry: Entry) -> None:
    try:
        back = converted(converted(entry.template))
    except InvalidDocument:
        if entry.template.version.hot_date < "2015-10-15":
            return  # It may be an AWS-style template, or have words of both formats.
        raise
    expected = described(entry, bound(entry, entry.template))
    assert described(entry, bound(entry, back)) == expected

"""What the template behind a resource is given by that resource and its stack."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import PSEUDO, Types, definition

from isotherm.core.values import Secret, Unknown
from isotherm.template import FileTypes, TreeLimits, check_tree

PARAMETERS = """\
heat_template_version: 2021-04-16
parameters:
  text: {type: string, default: d, constraints: [{length: {max: 3}}]}
  number: {type: number, default: 1}
  flag: {type: boolean, default: true}
  items: {type: comma_delimited_list, default: [d]}
  data: {type: json, default: {d: 1}}
"""


def handed(properties: Any, environment: Any = None) -> tuple[dict[str, Any], list[str]]:
    """The parameters inside, and what is wrong."""
    source = {
        "heat_template_version": "2021-04-16",
        "parameters": {"secret": {"type": "string", "hidden": True, "default": "abc"}},
        "resources": {
            "v": {"type": "OS::Heat::Value"},
            "k": {"type": "k.yaml", "properties": properties},
        },
    }
    files = {"k.yaml": PARAMETERS}
    stack = definition(source, environment, files=files)
    types = FileTypes(Types(), files, environment=stack.environment)
    found, problems = check_tree(stack, types, TreeLimits(), pseudo=PSEUDO)
    values = found.children["k"].definition.parameters
    names = ("text", "number", "flag", "items", "data")
    return {name: values[name] for name in names}, [str(each) for each in problems]


USUAL = {"text": "d", "number": 1, "flag": True, "items": ["d"], "data": {"d": 1}}
LATER = {"get_attr": ["v", "value"]}


def test_what_is_not_given_has_its_default() -> None:
    assert handed({}) == (USUAL, [])


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"text": 5}, {"text": "5"}),
        ({"number": "7"}, {"number": 7}),
        ({"flag": "false"}, {"flag": False}),
        ({"items": ["a", "b"]}, {"items": ["a", "b"]}),
        ({"items": ["a,b", "c"]}, {"items": ["a", "b", "c"]}),
        ({"items": [1, "b"]}, {"items": ["1", "b"]}),
        ({"items": "a,b"}, {"items": ["a", "b"]}),
        ({"data": '{"a": 1}'}, {"data": {"a": 1}}),
        ({"data": [1]}, {"data": [1]}),
        ({"text": None}, {"text": ""}),
        ({"number": None}, {"number": 0}),
        ({"flag": None}, {"flag": False}),
        ({"items": None}, {"items": []}),
        ({"data": None}, {"data": {}}),
        ({"text": LATER}, {"text": Unknown("v")}),
        ({"items": ["a", LATER]}, {"items": ["a", Unknown("v")]}),
        ({"text": {"get_param": "secret"}}, {"text": Secret("abc")}),
    ],
)
def test_values_are_handed_down(given: Any, value: Any) -> None:
    values, problems = handed(given)
    assert values == {**USUAL, **value}
    assert problems == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"number": "x"}, "resources.k.properties.number"),
        ({"text": "abcd"}, "resources.k.properties.text"),
        ({"data": "{"}, "Property data must be a map, a list or JSON text"),
        ({"data": 5}, "Property data must be a map, a list or JSON text"),
        ({"other": 1}, "Unknown property other"),
    ],
)
def test_what_does_not_fit_is_told_where_it_is_given_and_only_there(given: Any, words: str) -> None:
    values, problems = handed(given)
    assert len(problems) == 1
    assert words in problems[0]
    for name in given:
        assert isinstance(values.get(name, Unknown()), Unknown) or name == "data"


def test_properties_that_are_computed_as_a_whole_leave_all_unknown() -> None:
    values, problems = handed({"get_attr": ["v", "value"]})
    assert problems == []
    assert all(isinstance(each, Unknown) for each in values.values())


def test_properties_that_have_no_value_are_told_once() -> None:
    values, problems = handed({"text": {"str_split": [",", "a", 7]}})
    assert len(problems) == 1
    assert "index 7" in problems[0]
    assert isinstance(values["text"], Unknown)


def test_defaults_of_the_environment_hold_inside_and_parameters_do_not() -> None:
    environment = {"parameter_defaults": {"text": "env", "number": 9}}
    values, problems = handed({"number": 2}, environment)
    assert (values["text"], values["number"]) == ("env", 2)
    assert problems == []


def test_overrides_for_resources_inside_are_handed_down() -> None:
    source = {
        "heat_template_version": "2021-04-16",
        "resources": {"k": {"type": "k.yaml"}},
    }
    inner = "heat_template_version: 2021-04-16\nresources: {i: {type: My::Thing}}\n"
    registry = {"resources": {"k": {"i": {"My::Thing": "OS::Heat::None"}}}}
    stack = definition(source, {"resource_registry": registry}, files={"k.yaml": inner})
    types = FileTypes(Types(), stack.files, environment=stack.environment)
    found, problems = check_tree(stack, types, TreeLimits(), pseudo=PSEUDO)
    assert list(problems) == []
    assert found.children["k"].definition.resources["i"].type == "OS::Heat::None"

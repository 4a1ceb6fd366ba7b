"""Unknown and secret values flow through expressions."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import PSEUDO, Resources, definition, output

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.values import Secret, Unknown
from isotherm.template import Environment, bind, load_template
from isotherm.template.binding.surroundings import NothingKnown

SECTIONS: dict[str, Any] = {
    "heat_template_version": "2021-04-16",
    "parameters": {
        "password": {"type": "string", "hidden": True, "default": "s3cret"},
        "keys": {"type": "json", "hidden": True, "default": {"a": "k1"}},
        "plain": {"type": "json", "default": {"s3cret": "found"}},
    },
    "resources": {"r": {"type": "OS::Heat::Value"}},
}
PASSWORD = {"get_param": "password"}
REFERENCE = {"get_resource": "r"}


def evaluate(expression: Any, scope: Any = None) -> Any:
    stack = definition({**SECTIONS, "outputs": {"o": {"value": expression}}})
    return stack.evaluate(stack.outputs["o"].value, scope or NothingKnown())


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (REFERENCE, Unknown("r")),
        ({"get_attr": ["r", "value", "deep", 0]}, Unknown("r")),
        ({"a": [1, REFERENCE], "b": 2}, {"a": [1, Unknown("r")], "b": 2}),
        ({"list_join": ["-", ["a", REFERENCE]]}, Unknown("r")),
        ({"str_replace": {"template": "x", "params": {"x": REFERENCE}}}, Unknown("r")),
        ({"str_split": [",", {"list_join": [",", [REFERENCE]]}]}, Unknown("r")),
        ({"get_param": ["plain", REFERENCE]}, Unknown("r")),
        ({"if": [{"equals": [1, 1]}, "x", REFERENCE]}, "x"),
        ({"if": [{"equals": [1, 2]}, "x", REFERENCE]}, Unknown("r")),
    ],
)
def test_unknown_in_unknown_out(expression: Any, value: Any) -> None:
    assert evaluate(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (PASSWORD, Secret("s3cret")),
        ({"a": PASSWORD, "b": 2}, {"a": Secret("s3cret"), "b": 2}),
        ({"list_join": ["-", ["a", PASSWORD]]}, Secret("a-s3cret")),
        ({"digest": ["md5", PASSWORD]}, Secret("33e1b232a4e6fa0028a6670753749a17")),
        ({"get_param": ["keys", "a"]}, Secret("k1")),
        ({"get_param": ["plain", PASSWORD]}, Secret("found")),
        ({"list_join": ["-", [PASSWORD, REFERENCE]]}, Unknown("r")),
        ({"if": [{"equals": [PASSWORD, "s3cret"]}, 1, 2]}, 1),
        ({"yaql": {"expression": "$.data.len()", "data": PASSWORD}}, Secret(6)),
    ],
)
def test_secret_taints(expression: Any, value: Any) -> None:
    assert evaluate(expression) == value


def test_secret_and_unknown_inside_attributes() -> None:
    scope = Resources({"value": {"key": Secret({"in": "x"}), "later": Unknown("q")}})

    def read(*steps: Any) -> Any:
        return evaluate({"get_attr": ["r", "value", *steps]}, scope)

    assert read("key", "in") == Secret("x")
    assert read("later", "in") == Unknown("q")
    assert read("key", "gone") == Secret(None)
    assert evaluate({"list_concat": [[{"get_attr": ["r", "value", "key"]}]]}, scope) == Secret(
        [{"in": "x"}]
    )


@pytest.mark.parametrize(
    "expression",
    [
        {"list_join": [",", PASSWORD]},
        {"digest": [PASSWORD, "x"]},
        {"str_split": [",", "a", PASSWORD]},
        {"map_merge": [PASSWORD]},
        {"get_file": PASSWORD},
        {"get_param": PASSWORD},
        {"yaql": {"expression": "$.data.int()", "data": PASSWORD}},
    ],
)
def test_errors_do_not_show_secrets(expression: Any) -> None:
    with pytest.raises(InvalidDocument) as caught:
        evaluate(expression)
    assert "s3cret" not in str(caught.value)
    assert "s3cret" not in repr(caught.value.diagnostics)


def test_hidden_parameters_are_not_shown() -> None:
    stack = definition(SECTIONS)
    assert stack.shown_parameters()["password"] == "******"
    assert "s3cret" not in repr(stack.parameters["password"])
    with pytest.raises(InvalidDocument) as caught:
        definition(
            {
                "heat_template_version": "2021-04-16",
                "parameters": {
                    "p": {"type": "number", "hidden": True},
                    "q": {
                        "type": "string",
                        "hidden": True,
                        "constraints": [{"allowed_values": ["x"]}],
                    },
                },
            },
            {"parameters": {"p": "s3cret", "q": "s3cret"}},
        )
    assert len(caught.value.diagnostics) == 2
    assert "s3cret" not in str(caught.value)


def test_scope_is_not_asked_about_missing_resources() -> None:
    source = {**SECTIONS, "resources": {}, "outputs": {"o": {"value": REFERENCE}}}
    with pytest.raises(InvalidDocument) as caught:
        output(definition(source))
    assert caught.value.diagnostics[0].error == "InvalidTemplateReference"


@pytest.mark.parametrize("read", [REFERENCE, {"get_attr": ["r", "value"]}])
def test_a_resource_that_is_switched_off_is_null(read: Any) -> None:
    source = {
        **SECTIONS,
        "resources": {"r": {"type": "OS::Heat::Value", "condition": False}},
        "outputs": {"o": {"value": [read, 1]}},
    }
    assert output(definition(source)) == [None, 1]


def test_values_that_are_not_known_yet_pass_through_parameters() -> None:
    source = {
        "heat_template_version": "2021-04-16",
        "parameters": {"n": {"type": "number"}, "s": {"type": "string"}},
        "outputs": {"n": {"value": {"get_param": "n"}}, "s": {"value": {"get_param": "s"}}},
    }
    environment = Environment(parameters={"n": Unknown("a"), "s": Secret("hush")})
    stack = bind(load_template(source), environment, pseudo=PSEUDO, files={})
    assert output(stack, name="n") == Unknown("a")
    assert output(stack, name="s") == Secret("hush")


def test_what_lies_beside_a_secret_is_none() -> None:
    scope = Resources({"value": {"open": ["a", "b"], "hidden": Secret("x")}})
    assert evaluate({"list_join": ["-", {"get_attr": ["r", "value", "open"]}]}, scope) == "a-b"

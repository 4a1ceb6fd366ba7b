"""get_attr, Fn::GetAtt: attributes of resources, and the way into them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import Resources, definition, output, refusal

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.values import Secret, Unknown
from isotherm.template.binding.surroundings import NothingKnown

ATTRIBUTES = {"show": {"ips": ["10.0.0.1", {"v": 6}], "none": None}, "size": 3}
HOT: dict[str, Any] = {
    "parameters": {
        "a": {"type": "string", "default": "show"},
        "l": {"type": "json", "default": ["r"]},
    },
    "resources": {"r": {"type": "OS::Heat::Value"}},
}


def read(call: Any, version: str = "2021-04-16", scope: Any = None) -> Any:
    source = {"heat_template_version": version, **HOT, "outputs": {"o": {"value": call}}}
    return output(definition(source), scope or Resources(ATTRIBUTES))


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        (["r", "size"], 3),
        (["r", "show", "ips", 0], "10.0.0.1"),
        (["r", "show", "ips", -1, "v"], 6),
        (["r", {"get_param": "a"}, "ips", 0], "10.0.0.1"),
        (["r", "show", "zz"], None),
        (["r", "show", "ips", 7], None),
        (["r", "show", "ips", "0"], None),
        (["r", "show", "none", "deeper"], None),
        (["r", "size", "deeper"], None),
        (["r", "show", "ips", 0, 0], "1"),
        (["r"], ATTRIBUTES),
        ("r", ATTRIBUTES),
        ({"get_param": "l"}, ATTRIBUTES),
    ],
)
def test_get_attr(argument: Any, value: Any) -> None:
    assert read({"get_attr": argument}) == value


def test_what_is_inside_a_nested_stack_is_read_by_its_name_and_attribute() -> None:
    inside = Resources({"resource.server.ips": ["10.0.0.1"], "resource.server": "id"})
    assert read({"get_attr": ["r", "resource.server", "ips", 0]}, scope=inside) == "10.0.0.1"
    assert read({"get_attr": ["r", "resource.server"]}, scope=inside) == "id"


@pytest.mark.parametrize(
    "argument", [["r"], "r", [], "", ["r", 5], [5, "a"], [["r"], "a"], {"a": 1}]
)
def test_early_versions_want_an_attribute_by_name(argument: Any) -> None:
    with pytest.raises(InvalidDocument, match=r"write get_attr: \[RESOURCE, ATTRIBUTE, KEY"):
        read({"get_attr": argument}, "2015-04-30")


@pytest.mark.parametrize("argument", [[], "", ["r", 5], [5, "a"], [5]])
def test_a_wrong_form_is_refused(argument: Any) -> None:
    with pytest.raises(InvalidDocument, match=r"write get_attr: \[RESOURCE\] or get_attr:"):
        read({"get_attr": argument})


def test_an_attribute_has_a_name() -> None:
    for version in ("2013-05-23", "2021-04-16"):
        assert "wrong arguments" in refusal({"get_attr": ["r", ""]}, version=version, **HOT)


def test_attributes_of_what_is_not_there_are_refused() -> None:
    assert '"zz" is incorrect' in refusal({"get_attr": ["zz", "a"]}, **HOT)


def test_what_a_computed_call_reads_is_known_before_it_runs() -> None:
    source = {"heat_template_version": "2021-04-16", **HOT}

    def used(argument: Any) -> Any:
        stack = definition({**source, "outputs": {"o": {"value": {"get_attr": argument}}}})
        return {each[:2] for each in stack.outputs["o"].attributes_used}

    assert used(["r", {"get_param": "a"}]) == {("r", "show")}
    assert used({"get_param": "l"}) == {("r", "")}
    assert used(["r", "size", {"get_attr": ["r", "show"]}]) == {("r", "size"), ("r", "show")}
    assert used(["r", {"get_attr": ["r", "show"]}]) == {("r", "show")}, "the rest is not known yet"


def test_the_first_written_step_into_an_attribute_is_known() -> None:
    source = {"heat_template_version": "2021-04-16", **HOT}

    def keys(*steps: Any) -> set[str]:
        output = {"o": {"value": {"get_attr": ["r", "show", *steps]}}}
        used = definition({**source, "outputs": output}).outputs["o"].attributes_used
        return {each.key for each in used}

    assert keys("name", 0) == {"name"}
    assert keys() == keys(0) == {""}


def test_markers_are_handed_on() -> None:
    assert read({"get_attr": ["r", "size", "x"]}, scope=NothingKnown()) == Unknown("r")
    secret = Resources({"size": Secret("s")})
    assert read({"list_join": ["-", [{"get_attr": ["r", "size"]}]]}, scope=secret) == Secret("s")


AWS: dict[str, Any] = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Resources": {"r": {"Type": "OS::Heat::Value"}},
}


def aws_read(argument: Any) -> Any:
    source = {**AWS, "Outputs": {"o": {"Value": {"Fn::GetAtt": argument}}}}
    return output(definition(source), Resources({"size": 3, "a.b": 4}))


def test_fn_get_att() -> None:
    assert aws_read(["r", "size"]) == aws_read("r.size") == 3
    assert aws_read(["r", "a.b"]) == aws_read("r.a.b") == 4
    for wrong in ("r", ["r"], ["r", "show", "x"], ["r", 5], ["r", ""], "r."):
        with pytest.raises(InvalidDocument, match=r"write Fn::GetAtt: \[RESOURCE, ATTRIBUTE\]"):
            aws_read(wrong)

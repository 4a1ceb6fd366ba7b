"""Fn::ForEach: parts of a template written out before it is read."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import refusals

from isotherm.template import load_template

AWS: dict[str, Any] = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Parameters": {"Zones": {"Type": "List<String>", "Default": "a,b"}},
}


def test_loops_are_written_out() -> None:
    template = load_template(
        {
            **AWS,
            "Resources": {
                "Fn::ForEach::Servers": [
                    "Zone",
                    {"Ref": "Zones"},
                    {
                        "Server${Zone}": {
                            "Type": "OS::Heat::Value",
                            "Properties": {
                                "value": {"Ref": "Zone"},
                                "Fn::ForEach::More": ["N", [1, 2], {"p${N}": "${Zone}${N}"}],
                            },
                        }
                    },
                ]
            },
        }
    )
    resources = template.data["Resources"]
    assert list(resources) == ["Servera", "Serverb"]
    assert resources["Serverb"]["Properties"] == {"value": "b", "p1": "b1", "p2": "b2"}
    assert list(template.resources) == ["Servera", "Serverb"]


@pytest.mark.parametrize("loop", [5, ["x", ["a"]], ["x", {"Ref": "Q"}, {}], ["x", [["a"]], {}]])
def test_wrong_loops(loop: Any) -> None:
    (found,) = refusals({**AWS, "Resources": {"Fn::ForEach::L": loop}})
    assert found.path.startswith("Resources.Fn::ForEach::L")


def test_parts_without_a_loop_stay_as_they_are() -> None:
    loop = {"Fn::ForEach::L": ["x", ["a"], {"k${x}": [{"y": "${x}"}, 5, {"Ref": "x"}, "&{x}"]}]}
    found = load_template({**AWS, "Metadata": {"m": [[1], {"n": loop}], "o": None}})
    assert found.data["Metadata"] == {
        "m": [[1], {"n": {"ka": [{"y": "a"}, 5, "a", "a"]}}],
        "o": None,
    }


def test_a_loop_over_a_parameter_that_nobody_gave_a_list_is_refused() -> None:
    body = {"R${x}": {"Type": "OS::Heat::None"}}
    for declared in ({"Type": "Number", "Default": 5}, {"Type": "CommaDelimitedList"}, "text"):
        source = {**AWS, "Parameters": {"P": declared}}
        found = refusals({**source, "Resources": {"Fn::ForEach::L": ["x", {"Ref": "P"}, body]}})
        assert any("a loop goes over a list" in each.text for each in found)


def test_the_ampersand_keeps_letters_and_digits_only() -> None:
    body = {"R&{ip}": {"Type": "OS::Heat::Value", "Properties": {"value": "${ip}"}}}
    source = {**AWS, "Resources": {"Fn::ForEach::L": ["ip", ["10.0.0.1", "a-b"], body]}}
    resources = load_template(source).data["Resources"]
    assert {n: r["Properties"]["value"] for n, r in resources.items()} == {
        "R10001": "10.0.0.1",
        "Rab": "a-b",
    }


NONE = {"Type": "OS::Heat::None"}


@pytest.mark.parametrize(
    "resources",
    [
        {"Fn::ForEach::L": ["x", ["a", "b"], {"R": NONE}]},
        {"Fn::ForEach::L": ["x", ["a"], {"R${x}": NONE}], "Ra": NONE},
        {"Ra": NONE, "Fn::ForEach::L": ["x", ["a"], {"R${x}": NONE}]},
        {"Fn::ForEach::L": ["x", ["a-b", "ab"], {"R&{x}": NONE}]},
    ],
)
def test_a_loop_that_makes_a_key_twice_is_refused(resources: Any) -> None:
    (found,) = refusals({**AWS, "Resources": resources})
    assert "although it is there already" in found.text


def test_loop_bombs_are_refused() -> None:
    body: Any = {"k": "v"}
    for level in range(12):
        body = {
            f"Fn::ForEach::L{level}": [f"n{level}", list("abcdefghij"), {f"${{n{level}}}": body}]
        }
    found = refusals({**AWS, "Resources": body})
    assert any("too big" in each.text for each in found)


LOOPING = {
    **AWS,
    "Parameters": {"Names": {"Type": "CommaDelimitedList", "Default": "a"}},
    "Resources": {
        "Fn::ForEach::Each": ["N", {"Ref": "Names"}, {"R${N}": {"Type": "OS::Heat::None"}}]
    },
}


def test_loops_go_over_the_values_of_a_parameter() -> None:
    template = load_template(LOOPING)
    assert list(template.resources) == ["Ra"]
    assert template.loop_parameters == {"Names"}
    assert list(load_template(LOOPING, values={"Names": "x,y"}).resources) == ["Rx", "Ry"]
    assert list(load_template(LOOPING, values={"Names": ["z"]}).resources) == ["Rz"]
    assert list(load_template(LOOPING).resources) == ["Ra"]


@pytest.mark.parametrize(
    ("loop", "place"),
    [
        ("[x, {Ref: Q}, {}]", "t.yaml:4:9"),
        ("[x, [[a]], {}]", "t.yaml:4:9"),
        ("5", "t.yaml:3:3"),
    ],
)
def test_a_wrong_loop_is_told_at_its_place(loop: str, place: str) -> None:
    text = f"""\
AWSTemplateFormatVersion: 2010-09-09
Resources:
  Fn::ForEach::L:
    {loop}
"""
    (found,) = refusals(text)
    assert str(found.position) == place


def test_a_misspelt_key_within_a_loop_is_told_as_such() -> None:
    value = {"Id${N}": {"Valeu": {"Fn::Sub": "${N}"}}}
    loop = {"Fn::ForEach::Ids": ["N", ["Alpha", "Gamma"], value]}
    found = refusals({**AWS, "Resources": {}, "Outputs": loop})
    assert [each.hint for each in found] == ["did you mean 'Value'?"] * 2

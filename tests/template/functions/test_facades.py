"""resource_facade: what a nested template sees of the resource that it stands behind."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import aws_refusal, definition, output, refusal

FACADE = {"metadata": {"a": 1}, "deletion_policy": "Retain", "update_policy": {"b": 2}}


def inside(call: Any, version: str = "2021-04-16") -> Any:
    source = {
        "heat_template_version": version,
        "parameters": {"p": {"type": "string", "default": "metadata"}},
        "outputs": {"o": {"value": call}},
    }
    return output(definition(source, facade=FACADE))


@pytest.mark.parametrize("part", FACADE)
def test_parts_of_the_facade(part: str) -> None:
    assert inside({"resource_facade": part}) == FACADE[part]


def test_the_part_may_be_computed() -> None:
    assert inside({"resource_facade": {"get_param": "p"}}) == {"a": 1}


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Metadata", "metadata"),
        ("DeletionPolicy", "deletion_policy"),
        ("UpdatePolicy", "update_policy"),
    ],
)
def test_fn_resource_facade(name: str, part: str) -> None:
    source = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Outputs": {"o": {"Value": {"Fn::ResourceFacade": name}}},
    }
    assert output(definition(source, facade=FACADE)) == FACADE[part]
    assert inside({"Fn::ResourceFacade": name}, "2013-05-23") == FACADE[part]


@pytest.mark.parametrize("part", ["Metadata", "size", 5, ["metadata"]])
def test_other_parts_are_refused(part: Any) -> None:
    words = "write resource_facade: metadata, deletion_policy or update_policy"
    assert words in refusal({"resource_facade": part})


def test_other_parts_are_refused_in_aws_templates_too() -> None:
    words = "write Fn::ResourceFacade: Metadata, DeletionPolicy or UpdatePolicy"
    assert words in aws_refusal({"Fn::ResourceFacade": "metadata"})


def test_only_a_nested_template_has_one() -> None:
    assert "facade" in refusal({"resource_facade": "metadata"})

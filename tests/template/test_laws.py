"""Laws: printing and parsing are inverse; any input yields a value or diagnostics."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.template.support import PSEUDO, Resources, Types, definition

from isotherm.core.diagnostics import InvalidDocument
from isotherm.template import (
    check,
    dump_template,
    functions_of,
    load_environment,
    load_template,
    template_versions,
)
from isotherm.template.limits import DEFAULT_LIMITS
from isotherm.template.printing import dump_json
from isotherm.template.reading.source import read_document

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), max_size=12)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXT,
    st.sampled_from(
        ["yes", "0777", "1:30", "2013-05-23", "a\nb\n", " a\n b", "~", "<<", "=", "1e3"]
    ),
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)
MAPS = st.dictionaries(TEXT, DATA, max_size=5)

NAMES = sorted(
    {
        name
        for version in template_versions()
        for name in functions_of(version.key, with_conditions=True)
    }
)
ARGUMENTS = st.recursive(
    SCALARS | st.sampled_from(["r", "p", "h", "value", "template", "for_each", "md5", "c", "M"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                [
                    "template",
                    "params",
                    "for_each",
                    "expression",
                    "data",
                    "keys",
                    "values",
                    "host",
                    "x",
                ]
            ),
            inner,
            max_size=3,
        ),
        st.builds(lambda name, argument: {name: argument}, st.sampled_from(NAMES), inner),
    ),
    max_leaves=15,
)


class Anything(dict[str, Any]):
    """Attributes of whatever name, all with the same value."""

    def __init__(self, value: Any) -> None:
        super().__init__(value=value)
        self.value = value

    def __missing__(self, name: str) -> Any:
        return self.value


@given(MAPS)
def test_parsing_what_was_printed_gives_the_data_back(data: dict[str, Any]) -> None:
    printed = dump_template(data)
    again = read_document(printed, "t", DEFAULT_LIMITS, "template").data
    assert again == data
    assert dump_template(again) == printed
    assert json.loads(dump_json(data)) == data


@given(MAPS)
def test_reading_agrees_with_the_library(data: dict[str, Any]) -> None:
    text = yaml.safe_dump(data, allow_unicode=True)
    assert read_document(text, "t", DEFAULT_LIMITS, "template").data == data


@settings(max_examples=200)
@given(st.text() | st.binary())
def test_any_text_is_a_document_or_refused(source: str | bytes) -> None:
    loaders: list[Callable[[str | bytes], object]] = [load_template, load_environment]
    for load in loaders:
        with contextlib.suppress(InvalidDocument):
            load(source)


@settings(max_examples=200)
@given(
    st.dictionaries(
        st.sampled_from(["parameters", "resources", "outputs", "conditions", "parameter_groups"]),
        DATA | st.dictionaries(TEXT, ARGUMENTS, max_size=3),
        max_size=5,
    )
)
def test_any_sections_are_understood_or_refused(sections: dict[str, Any]) -> None:
    for diagnostic in check({"heat_template_version": "2021-04-16", **sections}, Types()):
        assert str(diagnostic)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(template_versions()), ARGUMENTS)
def test_any_expression_has_a_value_or_is_refused(version: Any, expression: Any) -> None:
    word = version.word
    parameter = {"type": "json", "default": {"a": [1, "x"]}}
    if not version.is_hot:
        parameter = {"Type": "Json", "Default": {"a": [1, "x"]}}
    source: dict[str, Any] = {
        version.section: version.number,
        word("parameters"): {"p": parameter},
        word("resources"): {"r": {word("type"): "OS::Heat::Value"}},
        word("outputs"): {"o": {word("value"): expression}},
    }
    with contextlib.suppress(InvalidDocument):
        stack = definition(source)
        for scope in (Resources(Anything({"a": [1]})), Resources(Anything(None))):
            stack.evaluate(stack.outputs["o"].value, scope)


def test_pseudo_parameters_exist_in_both_dialects() -> None:
    assert set(PSEUDO.values(hot=True)) == {
        "OS::stack_id",
        "OS::stack_name",
        "OS::region",
        "OS::project_id",
    }
    assert PSEUDO.values(hot=False)["AWS::StackId"] == (
        "arn:openstack:heat::project:stacks/stack/stack-id"
    )

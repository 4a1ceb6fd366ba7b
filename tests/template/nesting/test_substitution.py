"""A template that stands for a type of the catalogue offers what that type offers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.template.support import property_of, type_of

from isotherm.template.nesting.substitution import mismatches

REPLACED = type_of(
    "My::Type",
    "a",
    "show",
    text=property_of("string", required=True),
    whole=property_of("integer"),
    data=property_of("map"),
    anything=property_of("any"),
)
FITTING = type_of(
    "t.yaml",
    "a",
    text=property_of("string"),
    whole=property_of("number"),
    data=property_of("any"),
    anything=property_of("list"),
    more=property_of("string"),
)


def test_what_fits_is_fine() -> None:
    assert list(mismatches(REPLACED, FITTING)) == []
    assert list(mismatches(replace(REPLACED, open=True), type_of("t.yaml"))) == []


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("text", "number", "its parameter text does not take the values of a string property"),
        ("whole", "string", "its parameter whole does not take the values of a integer property"),
        ("data", "list", "its parameter data does not take the values of a map property"),
    ],
)
def test_parameters_take_the_values_of_the_properties(name: str, kind: str, words: str) -> None:
    properties = {**FITTING.properties, name: property_of(kind)}
    assert list(mismatches(REPLACED, replace(FITTING, properties=properties))) == [words]


def test_all_that_is_missing_is_told() -> None:
    bare = type_of("t.yaml", new=property_of("string", required=True))
    assert list(mismatches(REPLACED, bare)) == [
        "it has no parameter for the required property text",
        "its parameter new needs a value, and the type has no such property",
        "it has no output for the attribute a",
    ]

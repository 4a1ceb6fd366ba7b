"""Versions have the sections, keys and functions that the language says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from isotherm.template import functions_of, template_versions
from isotherm.template.versions import VERSIONS

FACTS: dict[str, Any] = json.loads((Path(__file__).parent / "versions.json").read_text())


def test_all_versions_exist() -> None:
    assert [each.key for each in template_versions()] == sorted(FACTS)


@pytest.mark.parametrize("key", FACTS)
def test_version(key: str) -> None:
    version, facts = VERSIONS[key], FACTS[key]
    ours = {each.name for each in version.entries if each.extension}
    assert {
        "sections": set(version.sections) - {"Rules", "Metadata", "Transform"},
        "resource_keys": set(version.resource_keys),
        "output_keys": set(version.output_keys) - {"Export"},
        "functions": set(version.functions) - ours,
        "functions_removed_or_invalid": set(version.removed_functions),
        "condition_functions": set(version.condition_functions) - ours,
        "deletion_policies": set(version.deletion_policies),
    } == {name: set(words) for name, words in facts.items()}


def test_functions_are_listed_with_and_without_those_of_conditions() -> None:
    plain = functions_of("heat_template_version.2021-04-16")
    assert "str_replace" in plain
    assert "equals" not in plain
    assert "equals" in functions_of("heat_template_version.2021-04-16", with_conditions=True)
    with pytest.raises(KeyError):
        functions_of("heat_template_version.1999-01-01")


@pytest.mark.parametrize("key", FACTS)
def test_every_function_says_how_it_is_written(key: str) -> None:
    for name, function in functions_of(key, with_conditions=True).items():
        assert function.syntax.startswith(f"{name}:"), (name, function)


def test_every_function_has_its_own_description() -> None:
    undescribed = {
        function.__name__
        for version in template_versions()
        for function in functions_of(version.key, with_conditions=True).values()
        if not function.__dict__.get("__doc__")
    }
    assert undescribed == set()

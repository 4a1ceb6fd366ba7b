"""The reference pages say what the code does, and their examples are true."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from tests.template.support import Resources, definition, output

from isotherm.core.values import Unknown
from isotherm.template import functions_of, template_versions

ROOT = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "write-reference"))
EXAMPLES: dict[str, dict[str, Any]] = SCRIPT["examples"]()

PARAMETERS = {
    "name": ("string", "web"),
    "zones": ("comma_delimited_list", ["az-1", "az-2"]),
    "rules": ("json", {"ssh": {"port": 22}}),
}
CFN_TYPES = {"string": "String", "comma_delimited_list": "CommaDelimitedList", "json": "Json"}


PAGES: dict[Path, str] = SCRIPT["pages"]()


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_the_page_is_current(file: Path) -> None:
    assert file.exists(), "run make docs"
    assert file.read_text(encoding="utf-8") == PAGES[file], "run make docs"


def test_no_page_is_left_of_a_type_that_is_gone() -> None:
    assert set(SCRIPT["TYPE_PAGES"].glob("*.md")) <= PAGES.keys()


def test_every_function_has_an_example() -> None:
    names = {
        name
        for version in template_versions()
        for name in functions_of(version.key, with_conditions=True)
    }
    assert names == EXAMPLES.keys()


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_is_true(name: str) -> None:
    example = EXAMPLES[name]
    aws = name[0].isupper()
    in_condition = example.get("in") == "condition"
    source = aws_template() if aws else hot_template()
    conditions, outputs = ("Conditions", "Outputs") if aws else ("conditions", "outputs")
    value = example["expression"]
    if in_condition:
        source[conditions]["asked"] = value
        value = {"Fn::If" if aws else "if": ["asked", True, False]}
    source[outputs] = {"o": {"Value" if aws else "value": value}}
    stack = definition(source, files={"motd.txt": "Welcome"}, facade={"metadata": {"role": "web"}})
    found = output(stack, Resources({"networks": {"private": ["10.0.0.5"]}}))
    if isinstance(found, Unknown):
        assert str(example["value"]).startswith("(unknown")
    else:
        assert found == example["value"]


def hot_template() -> dict[str, Any]:
    return {
        "heat_template_version": "2021-04-16",
        "parameters": {
            name: {"type": kind, "default": default} for name, (kind, default) in PARAMETERS.items()
        },
        "conditions": {"yes_please": True, "no_thanks": False},
        "resources": {"server": {"type": "OS::Heat::Value"}},
    }


def aws_template() -> dict[str, Any]:
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {
            name: {"Type": CFN_TYPES[kind], "Default": default}
            for name, (kind, default) in PARAMETERS.items()
        },
        "Mappings": {"Sizes": {"small": {"disk": 10}}},
        "Conditions": {
            "yes_please": {"Fn::Equals": [1, 1]},
            "no_thanks": {"Fn::Equals": [1, 2]},
        },
        "Resources": {"server": {"Type": "OS::Heat::Value"}},
    }

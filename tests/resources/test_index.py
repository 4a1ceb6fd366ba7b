"""The index of types: each is where it says, and nothing is left out."""

import re
from pathlib import Path

import isotherm.resources
from isotherm.kit import load_registry
from isotherm.resources import read_table

FOLDER = Path(isotherm.resources.__file__).parent


def test_the_index_names_every_registered_type_and_its_module() -> None:
    found = {
        name: ".".join(("isotherm", "resources", *path.relative_to(FOLDER).with_suffix("").parts))
        for path in FOLDER.rglob("*.py")
        for name in re.findall(r'^@register\(\s*"([^"]+)"', path.read_text(), re.MULTILINE)
    }
    found |= dict.fromkeys(read_table("dead_types.yaml"), "isotherm.resources.dead_types")
    assert found == isotherm.resources.TYPES


def test_a_historic_type_names_one_that_takes_its_place() -> None:
    types = load_registry()
    for name in types:
        successor = types[name].successor
        if successor:
            assert types[name].support.status == "HIDDEN", name
            assert types[successor].support.status != "HIDDEN", name


def test_calls_that_follow_a_create_are_for_properties_that_there_are() -> None:
    types = load_registry()
    for name in types:
        completes = getattr(types[name], "completes", ())
        assert types[name].Properties.fields.keys() >= set(completes), name

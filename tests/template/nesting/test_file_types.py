"""The templates among a request's files as types, next to those of the catalogue."""

from __future__ import annotations

import pytest
from tests.template.support import Types

from isotherm.template import FileTypes, load_environment

KID = "heat_template_version: 2021-04-16\nparameters: {p: {type: string}, q: {type: string}}\n"


def test_files_are_types_by_their_names() -> None:
    types = FileTypes(Types(), {"kid.yaml": KID, "script.sh": "echo"})
    schema = types.lookup("kid.yaml")
    assert schema is not None
    assert set(schema.properties) == {"p", "q"}
    assert types.lookup("OS::Heat::None") is Types.known["OS::Heat::None"]
    assert types.lookup("other.yaml") is None
    assert types.builtin("kid.yaml") is None
    assert set(types.names()) == {*Types.known, "kid.yaml"}


def test_a_file_is_found_below_the_base_of_the_environment() -> None:
    environment = load_environment({"resource_registry": {"base_url": "http://h/x"}})
    types = FileTypes(Types(), {"kid.yaml": KID}, environment=environment)
    assert types.lookup("http://h/x/kid.yaml") is not None
    assert types.wanted == {}


def test_defaults_of_the_environment_make_properties_optional() -> None:
    environment = load_environment({"parameter_defaults": {"p": "x"}})
    schema = FileTypes(Types(), {"kid.yaml": KID}, environment=environment).lookup("kid.yaml")
    assert schema is not None
    assert (schema.properties["p"].required, schema.properties["q"].required) == (False, True)


def test_a_broken_file_takes_anything_and_says_what_is_wrong_once() -> None:
    types = FileTypes(Types(), {"kid.yaml": "a: [", "data.yaml": "- a"})
    schema = types.lookup("kid.yaml")
    assert schema is not None
    assert schema.open
    template, problems = types.template("kid.yaml")
    assert template is None
    assert [str(each.position) for each in problems] == ["kid.yaml:2:1"]
    assert types.template("kid.yaml")[1] is problems, "it is read once"


def test_addresses_that_are_not_there_are_wanted() -> None:
    types = FileTypes(Types(), {}, failures={"http://gone/a.yaml": "nobody there"})
    assert types.lookup("http://h/a.yaml") is None
    assert list(types.wanted) == ["http://h/a.yaml"]
    (found,) = types.template("http://gone/a.yaml")[1]
    assert found.text == "nobody there"
    assert types.template("OS::Heat::None") == (None, types.template("OS::Heat::None")[1])
    assert list(types.wanted) == ["http://h/a.yaml"]


def test_schemas_of_templates_alone() -> None:
    types = FileTypes(Types(), {"kid.yaml": KID})
    names = ["kid.yaml", "OS::Heat::None", "other.yaml"]
    assert [each.schema.name for each in types.templates_among(names)] == ["kid.yaml"]


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ('"heat_template_version": "2021-04-16", "x\\ud83d\\ude00": 1', "section is invalid"),
        ('"x\\ud83d\\ude00": 1', "version not found"),
    ],
)
def test_what_is_wrong_in_a_file_names_it_though_there_is_no_place(
    members: str, words: str
) -> None:
    """JSON that is no YAML has no places."""
    types = FileTypes(Types(), {"kid.yaml": f"{{{members}}}"})
    _, (found,) = types.template("kid.yaml")
    assert found.position is None
    assert found.text.startswith("kid.yaml: ")
    assert words in found.text


def test_an_address_is_fetched_once() -> None:
    types = FileTypes(Types(), {"http://h/any": "data: ["})
    problems = types.document("http://h/any")[1]
    assert len(problems) == 1
    assert types.document("http://h/any")[1] is problems

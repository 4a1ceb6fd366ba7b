"""Every version has the sections, keys and functions that the language says, and no others.

``versions.json`` tells of each version what the reference offers in it; a version that
is the name of another one has its name there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.template.support import Resources, definition, output, refusals

from isotherm.core.diagnostics import InvalidDocument
from isotherm.template import Outside, functions_of, template_versions
from isotherm.template.vocabulary.versions import VERSIONS

STORED: dict[str, Any] = json.loads((Path(__file__).parent / "versions.json").read_text())
FACTS: dict[str, Any] = {
    key: STORED[facts] if isinstance(facts, str) else facts for key, facts in STORED.items()
}
HOT = [key for key in FACTS if key.startswith("heat_template_version")]
AWS = [key for key in FACTS if key not in HOT]

# What AWS users write today, beyond the reference.
MORE_SECTIONS = {"Rules", "Metadata", "Transform"}
MORE_OUTPUT_KEYS = {"Export"}
MORE_RESOURCE_KEYS = {"CreationPolicy"}
"""What the reference passes over, and has an effect here."""

EXAMPLES = {
    "parameter_groups": [{"label": "g", "parameters": []}],
    "schema": None,
    "tags": [],
    "constraints": [],
    "hidden": True,
    "immutable": True,
    "default": "1",
    "depends_on": [],
    "condition": "c",
    "external_id": "x",
    "deletion_policy": "Delete",
    "Default": "1",
    "NoEcho": True,
    "AllowedValues": ["1"],
    "AllowedPattern": "1",
    "MinLength": 1,
    "MaxLength": 1,
    "MinValue": 1,
    "MaxValue": 1,
    "Condition": "c",
    "DependsOn": [],
    "DeletionPolicy": "Delete",
}
TEXTS = {"description", "Description", "label", "Label", "ConstraintDescription"}


def example(word: str) -> Any:
    return "text" if word in TEXTS else EXAMPLES.get(word, {})


def pairs(keys: Iterable[str], fact: str) -> Iterator[tuple[str, str]]:
    """Each version with each word that any version of its dialect knows."""
    known = list(keys)
    words = sorted({word for key in known for word in FACTS[key][fact]})
    return ((key, word) for key in known for word in words)


def cases(fact: str) -> list[tuple[str, str]]:
    return [*pairs(HOT, fact), *pairs(AWS, fact)]


def is_hot(key: str) -> bool:
    return key in HOT


def template_of(key: str, **sections: Any) -> dict[str, Any]:
    """A template of a version; sections are named as in HOT."""
    section, number = key.split(".", 1)
    words = VERSIONS[key].word
    return {section: number, **{words(name): each for name, each in sections.items()}}


def accepted(template: Mapping[str, Any]) -> bool:
    """Whether nothing is found in a template: where a key has no effect, this is told."""
    return not refusals(template)


def conditions_of(key: str) -> dict[str, Any]:
    return {"conditions": {"c": True}} if VERSIONS[key].has_conditions else {}


def test_all_versions_exist() -> None:
    assert [each.key for each in template_versions()] == sorted(FACTS)


@pytest.mark.parametrize("key", FACTS)
def test_version(key: str) -> None:
    version, facts = VERSIONS[key], FACTS[key]
    ours = {each.name for each in version.entries if each.extension}
    told = {
        "sections": set(version.sections) - MORE_SECTIONS,
        "resource_keys": set(version.resource_keys) - MORE_RESOURCE_KEYS,
        "output_keys": set(version.output_keys) - MORE_OUTPUT_KEYS,
        "functions": set(version.functions) - ours,
        "functions_removed_or_invalid": set(version.removed_functions),
        "condition_functions": set(version.condition_functions) - ours,
        "deletion_policies": set(version.deletion_policies),
    }
    assert told == {name: set(facts[name]) for name in told}
    assert version.alias is isinstance(STORED[key], str)


@pytest.mark.parametrize(("key", "section"), cases("sections"))
def test_sections(key: str, section: str) -> None:
    if section.endswith("FormatVersion") or section == "heat_template_version":
        return  # every template in here has one
    template = {**template_of(key), section: example(section)}
    assert accepted(template) is (section in FACTS[key]["sections"])


@pytest.mark.parametrize(("key", "word"), cases("resource_keys"))
def test_keys_of_resources(key: str, word: str) -> None:
    kind = {VERSIONS[key].word("type"): "OS::Heat::None"}
    resources = {"r": {word: example(word), **kind}}
    template = template_of(key, resources=resources, **conditions_of(key))
    assert accepted(template) is (word in FACTS[key]["resource_keys"])


@pytest.mark.parametrize(("key", "word"), cases("output_keys"))
def test_keys_of_outputs(key: str, word: str) -> None:
    outputs = {"o": {VERSIONS[key].word("value"): 1, word: example(word)}}
    template = template_of(key, outputs=outputs, **conditions_of(key))
    assert accepted(template) is (word in FACTS[key]["output_keys"])


@pytest.mark.parametrize(("key", "word"), cases("parameter_keys"))
def test_keys_of_parameters(key: str, word: str) -> None:
    number = {"Type": "Number"} if "Value" in word and word != "AllowedValues" else {}
    kind = {"type": "string"} if is_hot(key) else {"Type": "String", **number}
    parameters = {"p": {word: example(word), **kind}}
    template = template_of(key, parameters=parameters)
    assert accepted(template) is (word in FACTS[key]["parameter_keys"])


@pytest.mark.parametrize(("key", "kind"), cases("parameter_types"))
def test_types_of_parameters(key: str, kind: str) -> None:
    word = VERSIONS[key].word("type")
    assert accepted(template_of(key, parameters={"p": {word: kind}}))
    other = kind.upper() if is_hot(key) else kind.lower()
    assert not accepted(template_of(key, parameters={"p": {word: other}}))


CONSTRAINTS: dict[str, tuple[str, Any]] = {
    "length": ("string", {"min": 1}),
    "range": ("number", {"max": 1}),
    "modulo": ("number", {"step": 2, "offset": 0}),
    "allowed_values": ("string", ["a"]),
    "allowed_pattern": ("string", "a"),
    "custom_constraint": ("string", "ip_addr"),
}


@pytest.mark.parametrize(("key", "constraint"), list(pairs(HOT, "constraints")))
def test_constraints_of_parameters(key: str, constraint: str) -> None:
    kind, limit = CONSTRAINTS[constraint]
    parameters = {"p": {"type": kind, "constraints": [{constraint: limit}]}}
    template = template_of(key, parameters=parameters)
    assert accepted(template) is (constraint in FACTS[key]["constraints"])


@pytest.mark.parametrize("key", AWS)
def test_constraints_of_aws_parameters_are_keys(key: str) -> None:
    assert set(FACTS[key]["constraints"]) < set(FACTS[key]["parameter_keys"])


@pytest.mark.parametrize(("key", "policy"), cases("deletion_policies"))
def test_deletion_policies(key: str, policy: str) -> None:
    word = VERSIONS[key].word
    resource = {word("type"): "OS::Heat::None", word("deletion_policy"): policy}
    template = template_of(key, resources={"r": resource})
    meant = FACTS[key]["deletion_policies"].get(policy)
    assert accepted(template) is bool(meant)
    if meant:
        assert definition(template).resources["r"].deletion_policy == meant


ITEMS = ["a", "b"]
REPLACE = {"template": "x-y", "params": {"x": "1", "y": "2"}}
CALLS: dict[str, list[tuple[Any, Any]]] = {
    "Fn::Base64": [("text", "text")],
    "Fn::FindInMap": [(["M", "k", "l"], 7)],
    "Fn::GetAZs": [("", ["nova"])],
    "Fn::GetAtt": [(["r", "value"], "v")],
    "Fn::If": [(["c", 1, 2], 1)],
    "Fn::Join": [(["-", ITEMS], "a-b")],
    "Fn::MemberListToMap": [(["N", "V", [".member.0.N=a", ".member.0.V=1"]], {"a": "1"})],
    "Fn::Replace": [([{"x": "1"}, "x-y"], "1-y")],
    "Fn::ResourceFacade": [("Metadata", {"m": 1})],
    "Fn::Select": [([1, ITEMS], "b"), (["k", {"k": 5}], 5)],
    "Fn::Split": [(["-", "a-b"], ITEMS)],
    "Ref": [("p", ITEMS), ("r", "id-of-r")],
    "contains": [(["a", ITEMS], True), (["z", "abc"], False)],
    "digest": [(["md5", "a"], "0cc175b9c0f1b6a831c399e269772661")],
    "filter": [([["a"], ITEMS], ["b"])],
    "get_attr": [(["r", "value"], "v"), (["r", "value", 0], "v")],
    "get_file": [("f", "content")],
    "get_param": [("p", ITEMS), (["p", 1], "b")],
    "get_resource": [("r", "id-of-r")],
    "if": [(["c", 1, 2], 1)],
    "list_concat": [([ITEMS, ["a"]], ["a", "b", "a"])],
    "list_concat_unique": [([ITEMS, ["a"]], ITEMS)],
    "list_join": [(["-", ITEMS], "a-b")],
    "make_url": [({"scheme": "http", "host": "h", "port": 80}, "http://h:80")],
    "map_merge": [([{"a": 1}, {"a": 2}], {"a": 2})],
    "map_replace": [([{"a": "x"}, {"keys": {"a": "b"}, "values": {"x": "y"}}], {"b": "y"})],
    "repeat": [({"for_each": {"x": ITEMS}, "template": "v-x"}, ["v-a", "v-b"])],
    "resource_facade": [("metadata", {"m": 1})],
    "str_replace": [(REPLACE, "1-2")],
    "str_replace_strict": [(REPLACE, "1-2")],
    "str_replace_vstrict": [(REPLACE, "1-2")],
    "str_split": [(["-", "a-b"], ITEMS), (["-", "a-b", 1], "b")],
    "yaql": [({"expression": "$.data + 1", "data": 1}, 2)],
}
"""A call or two of every function, and what they give."""


def value_in(key: str, value: Any) -> Any:
    word, hot = VERSIONS[key].word, is_hot(key)
    kind, default = ("type", "default") if hot else ("Type", "Default")
    lists = "comma_delimited_list" if hot else "CommaDelimitedList"
    template = template_of(
        key,
        parameters={"p": {kind: lists, default: "a,b"}},
        resources={"r": {word("type"): "OS::Heat::Value"}},
        outputs={"o": {word("value"): value}},
        **conditions_of(key),
        **({} if hot else {"mappings": {"M": {"k": {"l": 7}}}}),
    )
    stack = definition(
        template,
        files={"f": "content"},
        facade={"metadata": {"m": 1}},
        outside=Outside(zones=("nova",)),
    )
    return output(stack, Resources({"value": "v"}))


def test_there_is_a_call_of_every_function() -> None:
    assert CALLS.keys() == {name for facts in FACTS.values() for name in facts["functions"]}


@pytest.mark.parametrize("key", FACTS)
@pytest.mark.parametrize("name", CALLS)
def test_functions(key: str, name: str) -> None:
    """A version without a function takes its call for plain data, or refuses what it lost."""
    for argument, value in CALLS[name]:
        if name in FACTS[key]["functions"]:
            assert value_in(key, {name: argument}) == value
        elif name in FACTS[key]["functions_removed_or_invalid"]:
            with pytest.raises(InvalidDocument, match=name):
                value_in(key, {name: argument})
        else:
            assert value_in(key, {name: argument}) == {name: argument}


LATER_FORMS: list[tuple[str, str, Any, Any]] = [
    ("2015-10-15", "list_join", ["-", ITEMS, ["c"]], "a-b-c"),
    ("2015-10-15", "list_join", ["-", [{"k": 1}]], '{"k": 1}'),
    ("2015-10-15", "str_replace", {"template": "x", "params": {"x": [1]}}, "[1]"),
    ("2015-10-15", "get_attr", ["r"], {"value": "v"}),
    ("2016-10-14", "repeat", {"for_each": {"x": {"k": 1}}, "template": "x"}, ["k"]),
    (
        "2017-09-01",
        "repeat",
        {"for_each": {"x": ITEMS, "y": ["1", "2"]}, "template": "xy", "permutations": False},
        ["a1", "b2"],
    ),
    ("2021-04-16", "if", [False, 1], None),
]


@pytest.mark.parametrize("key", HOT)
@pytest.mark.parametrize(("since", "name", "argument", "value"), LATER_FORMS)
def test_forms_that_functions_got_later(
    key: str, since: str, name: str, argument: Any, value: Any
) -> None:
    if name not in FACTS[key]["functions"]:
        return
    if VERSIONS[key].hot_date >= since:
        assert value_in(key, {name: argument}) == value
    elif "permutations" in argument:
        assert value_in(key, {name: argument}) == ["a1", "a2", "b1", "b2"]
    else:
        with pytest.raises(InvalidDocument):
            value_in(key, {name: argument})


CONDITIONS: dict[str, tuple[Any, bool]] = {
    "Fn::And": (["c", "c"], True),
    "Fn::Equals": ([1, 2], False),
    "Fn::FindInMap": (["M", "k", "b"], True),
    "Fn::Not": (["c"], False),
    "Fn::Or": (["c", "c"], True),
    "Ref": ("p", False),
    "and": (["c", "c"], True),
    "contains": (["a", ["b"]], False),
    "equals": ([1, 1], True),
    "get_param": ("p", False),
    "not": ("c", False),
    "or": (["c", "c"], True),
    "yaql": ({"expression": "$.data > 1", "data": 1}, False),
}
"""A call of every function of conditions, and what it decides."""


def decision_in(key: str, condition: Any) -> Any:
    hot = is_hot(key)
    kind, default = ("type", "default") if hot else ("Type", "Default")
    template = template_of(
        key,
        parameters={"p": {kind: "boolean" if hot else "Boolean", default: False}},
        conditions={"c": True, "d": condition},
        outputs={
            "o": {VERSIONS[key].word("value"): {"if" if hot else "Fn::If": ["d", True, False]}}
        },
        **({} if hot else {"mappings": {"M": {"k": {"b": True}}}}),
    )
    return output(definition(template))


def test_there_is_a_call_of_every_function_of_conditions() -> None:
    known = {name for facts in FACTS.values() for name in facts["condition_functions"]}
    assert CONDITIONS.keys() == known


@pytest.mark.parametrize("key", [key for key in FACTS if VERSIONS[key].has_conditions])
@pytest.mark.parametrize("name", CONDITIONS)
def test_functions_of_conditions(key: str, name: str) -> None:
    argument, value = CONDITIONS[name]
    if name in FACTS[key]["condition_functions"]:
        assert decision_in(key, {name: argument}) is value
    else:
        with pytest.raises(InvalidDocument):
            decision_in(key, {name: argument})


PSEUDO = {
    "OS::stack_id": "stack-id",
    "OS::stack_name": "stack",
    "OS::region": "region",
    "OS::project_id": "project",
    "AWS::StackId": "arn:openstack:heat::project:stacks/stack/stack-id",
    "AWS::StackName": "stack",
    "AWS::Region": "ap-southeast-1",
}


@pytest.mark.parametrize("key", FACTS)
@pytest.mark.parametrize("name", PSEUDO)
def test_pseudo_parameters(key: str, name: str) -> None:
    call = {"get_param" if is_hot(key) else "Ref": name}
    if name.startswith("OS::") is is_hot(key):
        assert value_in(key, call) == PSEUDO[name]
    else:
        with pytest.raises(InvalidDocument, match=name):
            value_in(key, call)


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

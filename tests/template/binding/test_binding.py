"""Parameters, environments, conditions: from a template to a stack definition."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.template.support import PSEUDO, Resources, definition, output

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.states import DeletionPolicy
from isotherm.core.values import Unknown
from isotherm.template import (
    EMPTY_ENVIRONMENT,
    Environment,
    bind,
    load_environment,
    load_template,
    merge_environments,
    parameter_schemas,
    try_bind,
)

HOT: dict[str, Any] = {"heat_template_version": "2021-04-16"}


def with_parameter(value: Any = None, /, **declaration: Any) -> Any:
    environment = None if value is None else {"parameters": {"p": value}}
    return definition({**HOT, "parameters": {"p": declaration}}, environment).parameters["p"]


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        ("string", 5, "5"),
        ("string", True, "True"),
        ("number", "5", 5),
        ("number", "0.5", 0.5),
        ("number", 7, 7),
        ("boolean", "on", True),
        ("boolean", 0, False),
        ("comma_delimited_list", "a, b", ["a", " b"]),
        ("comma_delimited_list", [1, "b"], ["1", "b"]),
        ("json", '{"a": [1]}', {"a": [1]}),
        ("json", [1], [1]),
        ("json", 5, 5),
        ("number", True, True),
    ],
)
def test_values_are_converted(kind: str, given: Any, value: Any) -> None:
    assert with_parameter(given, type=kind) == value


@pytest.mark.parametrize(
    ("given", "declaration"),
    [
        ("x", {"type": "number"}),
        ("maybe", {"type": "boolean"}),
        ({"a": 1}, {"type": "comma_delimited_list"}),
        ("{", {"type": "json"}),
        ("abc", {"type": "string", "constraints": [{"length": {"max": 2}}]}),
        ("abc", {"type": "string", "constraints": [{"allowed_pattern": "[a-b]*"}]}),
        ("c", {"type": "string", "constraints": [{"allowed_values": ["a", "b"]}]}),
        ("a,c", {"type": "comma_delimited_list", "constraints": [{"allowed_values": ["a"]}]}),
        (5, {"type": "number", "constraints": [{"range": {"min": 6}}]}),
        (5, {"type": "number", "constraints": [{"modulo": {"step": 2, "offset": 0}}]}),
        ("x", {"type": "string", "constraints": [{"custom_constraint": "ip_addr"}]}),
    ],
)
def test_values_that_do_not_fit(given: Any, declaration: dict[str, Any]) -> None:
    with pytest.raises(InvalidDocument, match="Parameter 'p' is invalid") as caught:
        with_parameter(given, **declaration)
    assert caught.value.diagnostics[0].error == "StackValidationFailed"


def test_the_author_of_a_constraint_may_say_why() -> None:
    rule = {"length": {"min": 8}, "description": "use eight characters"}
    with pytest.raises(InvalidDocument, match="use eight characters"):
        with_parameter("x", type="string", constraints=[rule])


def test_missing_and_unknown_parameters() -> None:
    source = {**HOT, "parameters": {"size": {"type": "number"}, "name": {"type": "string"}}}
    with pytest.raises(InvalidDocument) as caught:
        definition(source, {"parameters": {"nmae": "x"}})
    assert [(each.error, each.path, each.hint) for each in caught.value.diagnostics] == [
        ("UnknownUserParameter", "parameters.nmae", "did you mean 'name'?"),
        ("UserParameterMissing", "parameters.size", "give it a value or a default"),
        ("UserParameterMissing", "parameters.name", "give it a value or a default"),
    ]
    unfinished = definition(source, complete=False)
    assert isinstance(unfinished.parameters["size"], Unknown)


def test_immutable_parameters() -> None:
    source = {**HOT, "parameters": {"p": {"type": "number", "immutable": True, "default": 1}}}
    assert definition(source, {"parameters": {"p": "1"}}, previous={"p": 1}).parameters["p"] == 1
    with pytest.raises(InvalidDocument) as caught:
        definition(source, {"parameters": {"p": "2"}}, previous={"p": 1})
    assert caught.value.diagnostics[0].error == "ImmutableParameterModified"


def test_null_gives_no_value() -> None:
    source = {**HOT, "parameters": {"p": {"type": "string", "default": "x"}}}
    assert definition(source, {"parameters": {"p": None}}).parameters["p"] == "x"


def test_precedence_of_values() -> None:
    source = {**HOT, "parameters": {n: {"type": "string", "default": "d"} for n in "abc"}}
    environment = {
        "parameters": {"a": "given"},
        "parameter_defaults": {"a": "usual", "b": "usual", "other": "ignored"},
    }
    values = definition(source, environment).parameters
    assert (values["a"], values["b"], values["c"]) == ("given", "usual", "d")


def test_environments_merge() -> None:
    first = load_environment(
        "parameters: {a: 1, m: {x: {y: 1}}, l: 'p'}\n"
        "resource_registry: {A: B, resources: {r: {hooks: pre-delete}, s: {hooks: pre-create}}}\n"
        "parameter_merge_strategies: {m: deep_merge, l: merge}\n"
        "encrypted_param_names: [a]\nevent_sinks: [{type: zaqar-queue, target: q}]\n"
    )
    second = load_environment(
        "parameters: {a: 2, m: {x: {z: 2}}, l: 'q'}\n"
        "parameter_merge_strategies: {default: overwrite}\n"
        "resource_registry: {C: D, resources: {r: {restricted_actions: update}}}\n"
    )
    merged = merge_environments([first, second])
    assert merged.parameters == {"a": 2, "m": {"x": {"y": 1, "z": 2}}, "l": "p,q"}
    assert merged.as_data()["resource_registry"] == {
        "A": "B",
        "C": "D",
        "resources": {"r": {"restricted_actions": "update"}, "s": {"hooks": "pre-create"}},
    }
    assert merged.encrypted_param_names == ("a",)
    assert merged.registry.hooks("s") == {"pre-create"}
    assert not merged.registry.hooks("r")
    assert merged.registry.restricted_actions("r") == {"update"}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("params: {}", "did you mean 'parameters'"),
        ("parameters: [a]", "must be a map"),
        ("event_sinks: {a: 1}", "must be a list"),
        ("resource_registry: {A: [b]}", "a file or a URL"),
        ("resource_registry: {resources: [b]}", "must be a map"),
        ("resource_registry: {resources: {r: x}}", "must be a map"),
        ("resource_registry: {resources: {r: {hooks: soon}}}", "pre-create"),
        ("resource_registry: {resources: {r: {restricted_actions: all}}}", "replace"),
        ("resource_registry: {resources: {r: {A: [b]}}}", "a file or a URL"),
        ("[a]", "not a map"),
    ],
)
def test_bad_environments(source: str, words: str) -> None:
    with pytest.raises(InvalidDocument, match=words):
        load_environment(source)


def test_parameters_of_an_environment_may_be_json_text() -> None:
    assert load_environment({"parameters": '{"a": 1}'}).parameters == {"a": 1}
    with pytest.raises(InvalidDocument):
        load_environment({"parameters": "{"})


def test_registry_maps_types() -> None:
    registry = load_environment(
        {
            "resource_registry": {
                "base_url": "https://x/",
                "My::Server": "OS::Nova::Server",
                "My::Alias": "My::Server",
                "OS::Quantum*": "OS::Neutron*",
                "My::Template": "web.yaml",
                "Loop::A": "Loop::B",
                "Loop::B": "Loop::A",
                "resources": {
                    "db": {"My::Server": "OS::Heat::None"},
                    "w*": {"My::Server": "OS::Heat::None", "hooks": "pre-create"},
                    "nest": {"inner": {"My::Server": "OS::Heat::Value"}, "A": "B"},
                },
            }
        }
    ).registry
    assert registry.resolve("My::Alias") == "OS::Nova::Server"
    assert registry.resolve("OS::Quantum::Net") == "OS::Neutron::Net"
    assert registry.resolve("My::Template") == "https://x/web.yaml"
    assert registry.resolve("My::Server", "db") == "OS::Heat::None"
    assert registry.resolve("My::Server", "web") == "OS::Nova::Server"
    assert registry.hooks("web") == {"pre-create"}
    assert not registry.hooks("db")
    empty = load_environment({"resource_registry": {"resources": {"a": {"hooks": []}}}})
    assert not empty.registry.hooks("a")
    assert registry.resolve("Loop::A") in ("Loop::A", "Loop::B")
    assert registry.resolve("Other") == "Other"
    inside = registry.nested("nest")
    assert inside.resolve("My::Server", "inner") == "OS::Heat::Value"
    assert inside.resolve("A") == "A"
    wrapper = registry.nested("nest", "https://x/web.yaml")
    assert wrapper.resolve("My::Template") == "My::Template"


def test_resources_of_a_definition() -> None:
    stack = definition(
        {
            **HOT,
            "parameters": {"keep": {"type": "boolean", "default": True}},
            "conditions": {"kept": {"get_param": "keep"}, "unused": {"get_param": "nothing"}},
            "resources": {
                "a": {"type": "T::A", "deletion_policy": "retain"},
                "b": {
                    "type": "Alias",
                    "depends_on": ["a", "gone"],
                    "metadata": {"m": {"get_attr": ["a", "x"]}},
                    "properties": {
                        "p": {"if": ["kept", {"get_resource": "a"}, {"get_resource": "gone"}]},
                        "q": {"get_attr": [{"list_join": ["", ["a"]]}]},
                    },
                },
                "gone": {"type": "T::A", "condition": {"not": "kept"}},
            },
            "outputs": {
                "o": {"value": {"get_attr": ["a", "y"]}},
                "x": {"value": 1, "condition": False},
            },
        },
        {"resource_registry": {"Alias": "T::B"}},
    )
    assert list(stack.resources) == ["a", "b"]
    assert stack.resources["a"].deletion_policy is DeletionPolicy.RETAIN
    b = stack.resources["b"]
    assert (b.type, b.declared_type) == ("T::B", "Alias")
    assert b.references == {"a"}
    assert b.attributes_used == {("a", "x", ""), ("a", "", "")}
    assert list(b.properties.fields) == ["p", "q"]
    assert stack.evaluate(b.properties.fields["p"], Resources({})) == "id-of-a"
    assert list(stack.outputs) == ["o"]
    assert stack.outputs["o"].attributes_used == {("a", "y", "")}
    assert stack.evaluate(b.external_id, Resources({})) is None


@pytest.mark.parametrize("policy", [None, {"get_param": "p"}, {"get_param": "OS::stack_id"}])
def test_what_says_nothing_of_its_end_is_deleted(policy: Any) -> None:
    source = {
        **HOT,
        "parameters": {"p": {"type": "string"}},
        "resources": {"a": {"type": "T", "deletion_policy": policy}},
    }
    stack, _ = try_bind(load_template(source), EMPTY_ENVIRONMENT, files={})
    assert stack.resources["a"].deletion_policy is DeletionPolicy.DELETE


def test_unknown_conditions_keep_everything() -> None:
    stack = definition(
        {
            **HOT,
            "parameters": {"p": {"type": "boolean"}},
            "conditions": {"c": {"and": [{"get_param": "p"}, {"equals": [1, 1]}]}},
            "resources": {"a": {"type": "T", "condition": {"not": "c"}}},
            "outputs": {"o": {"value": {"if": ["c", {"get_resource": "a"}, 2]}}},
        },
        complete=False,
    )
    assert list(stack.resources) == ["a"]
    assert isinstance(output(stack), Unknown)
    assert stack.outputs["o"].references == {"a"}


def test_resource_facade() -> None:
    source = {**HOT, "outputs": {"o": {"value": {"resource_facade": "metadata"}}}}
    assert output(definition(source, facade={"metadata": {"a": 1}})) == {"a": 1}
    with pytest.raises(InvalidDocument, match="facade"):
        output(definition(source))


def test_parameters_as_the_api_describes_them() -> None:
    stack = definition(
        {
            **HOT,
            "parameters": {
                "a": {
                    "type": "number",
                    "default": 4,
                    "label": "Size",
                    "description": "how big",
                    "tags": ["x"],
                    "constraints": [
                        {"range": {"min": 1, "max": 9}, "description": "1 to 9"},
                        {"modulo": {"step": 2, "offset": 0}},
                    ],
                },
                "b": {
                    "type": "string",
                    "hidden": True,
                    "constraints": [
                        {"length": {"min": 1}},
                        {"allowed_values": ["x"]},
                        {"allowed_pattern": "x"},
                        {"custom_constraint": "nova.flavor"},
                    ],
                },
            },
        },
        {"parameters": {"b": "x"}},
    )
    assert parameter_schemas(stack) == {
        "a": {
            "Type": "Number",
            "Description": "how big",
            "NoEcho": "false",
            "Label": "Size",
            "Default": 4,
            "MinValue": 1,
            "MaxValue": 9,
            "ConstraintDescription": "1 to 9",
            "Step": 2,
            "Offset": 0,
            "Tags": ["x"],
        },
        "b": {
            "Type": "String",
            "Description": "",
            "NoEcho": "true",
            "Label": "b",
            "Value": "******",
            "MinLength": 1,
            "AllowedValues": ["x"],
            "AllowedPattern": "x",
            "CustomConstraint": "nova.flavor",
        },
    }
    assert [c.name for c in stack.template.parameters["b"].cloud_constraints()] == ["nova.flavor"]


def test_what_the_clock_says_counts_where_there_is_a_clock() -> None:
    declared = {"type": "string", "constraints": [{"custom_constraint": "expiration"}]}
    source = {**HOT, "parameters": {"until": {**declared, "default": "2030-01-01"}}}
    before, after = (datetime(year, 1, 1, tzinfo=UTC) for year in (2029, 2031))
    for value in ("2030-01-01T00:00:01Z", None):
        given = {"parameters": {"until": value}} if value else None
        assert definition(source, given).parameters["until"] == (value or "2030-01-01")
        assert definition(source, given, now=before).parameters["until"]
        with pytest.raises(InvalidDocument, match="is over"):
            definition(source, given, now=after)
    assert definition(source, {"parameters": {"until": "2040-01-01"}}, now=after).parameters


def test_calls_that_are_wrong_when_evaluated_refer_to_nothing() -> None:
    source = {
        **HOT,
        "parameters": {"l": {"type": "json", "default": []}},
        "resources": {"a": {"type": "T"}},
        "outputs": {"o": {"value": [{"get_attr": {"get_param": "l"}}, {"get_resource": "a"}]}},
    }
    assert definition(source).outputs["o"].references == {"a"}


def test_parameters_are_shown_as_text() -> None:
    declared = {
        "s": {"type": "string", "default": "x"},
        "n": {"type": "number", "default": 1.5},
        "b": {"type": "boolean", "default": True},
        "l": {"type": "comma_delimited_list", "default": ["a", "b"]},
        "j": {"type": "json", "default": {"a": [1, None]}},
        "u": {"type": "string"},
        "h": {"type": "json", "hidden": True, "default": {"a": 1}},
    }
    stack = definition({**HOT, "parameters": declared}, complete=False)
    shown = stack.shown_parameters()
    assert {name: shown[name] for name in declared} == {
        "s": "x",
        "n": "1.5",
        "b": "True",
        "l": "a,b",
        "j": '{"a": [1, null]}',
        "u": "",
        "h": "******",
    }


def test_parameters_that_are_known_in_part_are_shown_in_part() -> None:
    source = {**HOT, "parameters": {"l": {"type": "comma_delimited_list"}, "j": {"type": "json"}}}
    values = {"l": ["a", Unknown("r")], "j": {"a": Unknown("r")}}
    stack = bind(load_template(source), Environment(parameters=values), pseudo=PSEUDO, files={})
    shown = stack.shown_parameters()
    assert (shown["l"], shown["j"]) == ("a,(known after r)", '{"a": "(known after r)"}')


def test_a_value_that_was_not_given_is_missed_by_name() -> None:
    source = {**HOT, "parameters": {"p": {"type": "string"}}, "resources": {"r": {"type": "T"}}}
    outputs = {"p": {"value": {"get_param": "p"}}, "r": {"value": {"get_param": "r"}}}
    with pytest.raises(InvalidDocument) as caught:
        definition({**source, "outputs": outputs, "conditions": {"c": {"get_param": "r"}}})
    assert "UserParameterMissing" in {each.error for each in caught.value.diagnostics}


def test_an_environment_is_shown_with_its_base() -> None:
    registry = {"base_url": "http://h/", "A": "B", "resources": {"r": {"hooks": "pre-create"}}}
    found = load_environment({"resource_registry": registry}).as_data()["resource_registry"]
    assert found == registry
    plain = load_environment({"resource_registry": {"A": "B"}}).as_data()["resource_registry"]
    assert plain == {"A": "B", "resources": {}}


def test_schemas_of_a_template_alone() -> None:
    source = {**HOT, "parameters": {"p": {"type": "string", "hidden": True, "default": "x"}}}
    template, usual = load_template(source), {"parameter_defaults": {"p": "y"}}
    assert parameter_schemas(template)["p"]["Default"] == "x"
    environment = load_environment(usual)
    assert parameter_schemas(template, environment)["p"]["Default"] == "******"


def test_json_texts_have_whole_characters() -> None:
    with pytest.raises(InvalidDocument, match="is not a map, a list or JSON text"):
        with_parameter('["\\ud800"]', type="json")
    assert with_parameter('["\\u00e9", 1e3]', type="json") == ["é", 1000.0]


def test_all_functions_of_a_template_are_told() -> None:
    call = {"list_join": ["-", [{"get_param": "p"}, {"k": {"get_file": "f"}, "l": 1}]]}
    outputs = {"o": {"value": {"a": [call], "str_split": 1}}}
    template = load_template({**HOT, "outputs": outputs})
    assert template.functions_called == {"list_join", "get_param", "get_file"}


def test_values_that_are_not_known_are_not_described() -> None:
    source = {**HOT, "parameters": {"p": {"type": "string"}, "q": {"type": "string"}}}
    environment = Environment(parameters={"p": Unknown("r"), "q": "x"})
    described = parameter_schemas(load_template(source), environment)
    assert "Value" not in described["p"]
    assert described["q"]["Value"] == "x"


def test_outputs_can_be_bound_without_the_resources() -> None:
    template = {
        **HOT,
        "resources": {"a": {"type": "OS::Heat::Value"}},
        "outputs": {"o": {"value": {"get_resource": "a"}}},
    }
    bound = bind(
        load_template(template), EMPTY_ENVIRONMENT, pseudo=PSEUDO, files={}, resources=False
    )
    assert not bound.resources
    assert bound.evaluate(bound.outputs["o"].value, Resources({})) == "id-of-a"

"""What becomes of single functions and declarations, and what is refused with its place."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import refusals

from isotherm.core.diagnostics import InvalidDocument
from isotherm.template import Template, convert, load_template

HOT = "heat_template_version: 2021-04-16\n"
AWS = "AWSTemplateFormatVersion: '2010-09-09'\n"
COMPUTED = "{list_join: ['', [r]]}"
HOT_SECTIONS = """
parameters:
  p: {type: string, default: x}
  l: {type: comma_delimited_list, default: 'a,b'}
  j: {type: json, default: {}}
conditions: {c: {equals: [{get_param: p}, x]}, d: {not: c}}
resources: {r: {type: OS::Heat::Value}}
outputs: {o: {value: VALUE}}
"""
JOINED = "{'Fn::Join': ['', [r]]}"
AWS_SECTIONS = """
Parameters:
  p: {Type: String, Default: x}
  b: {Type: Boolean, Default: true}
  l: {Type: CommaDelimitedList, Default: 'a,b'}
Mappings: {M: {x: {size: 3}}}
Conditions: {c: {'Fn::Equals': [{Ref: p}, x]}, d: {'Fn::Not': [{Condition: c}]}}
Resources: {r: {Type: OS::Heat::Value}}
Outputs: {o: {Value: VALUE}}
"""


def template(source: str) -> Template:
    assert [str(each) for each in refusals(source)] == []
    return load_template(source, file="t.yaml")


def refused(source: str) -> list[str]:
    with pytest.raises(InvalidDocument) as error:
        convert(template(source))
    return [str(each) for each in error.value.diagnostics]


@pytest.mark.parametrize(
    ("hot", "aws"),
    [
        ("{get_param: p}", {"Ref": "p"}),
        ("{get_param: [j, a, 0]}", {"Fn::Select": [0, {"Fn::Select": ["a", {"Ref": "j"}]}]}),
        ("{get_param: 'OS::stack_name'}", {"Ref": "AWS::StackName"}),
        ("{get_param: 'OS::project_id'}", {"Ref": "AWS::AccountId"}),
        ("{get_resource: r}", {"Ref": "r"}),
        ("{get_attr: [r, value]}", {"Fn::GetAtt": ["r", "value"]}),
        ("{list_join: ['-', {get_param: l}]}", {"Fn::Join": ["-", {"Ref": "l"}]}),
        (
            "{list_join: [',', [a, {get_param: p}], [b]]}",
            {"Fn::Join": [",", ["a", {"Ref": "p"}, "b"]]},
        ),
        ("{str_split: [',', 'a,b', 1]}", {"Fn::Select": [1, {"Fn::Split": [",", "a,b"]}]}),
        (
            "{str_replace: {template: $a, params: {$a: {get_param: p}}}}",
            {"Fn::Replace": [{"$a": {"Ref": "p"}}, "$a"]},
        ),
        (
            "{str_replace: {template: $a, params: {get_param: j}}}",
            {"Fn::Replace": [{"Ref": "j"}, "$a"]},
        ),
        ("{str_split: [',', {get_param: p}]}", {"Fn::Split": [",", {"Ref": "p"}]}),
        ("{resource_facade: update_policy}", {"Fn::ResourceFacade": "UpdatePolicy"}),
        ("{if: [c, 1, 2]}", {"Fn::If": ["c", 1, 2]}),
        ("[{if: [c, 1]}]", [{"Fn::If": ["c", 1, {"Ref": "AWS::NoValue"}]}]),
    ],
)
def test_hot_to_aws(hot: str, aws: Any) -> None:
    converted = convert(template(HOT + HOT_SECTIONS.replace("VALUE", hot)))
    assert converted["Outputs"] == {"o": {"Value": aws}}
    assert converted["Conditions"] == {
        "c": {"Fn::Equals": [{"Ref": "p"}, "x"]},
        "d": {"Fn::Not": ["c"]},
    }


def test_placeholders_that_are_no_map_cannot_be_said() -> None:
    value = "{'Fn::Replace': [{'Fn::Select': [0, [x, y]]}, t]}"
    (found,) = refused(AWS + AWS_SECTIONS.replace("VALUE", value))
    assert "HOT wants the placeholders as a map" in found


def test_no_condition_is_one_that_holds() -> None:
    converted = convert(template(HOT + HOT_SECTIONS.replace("VALUE", "{if: [null, 1, 2]}")))
    assert converted["Outputs"]["o"]["Value"] == {"Fn::If": ["Condition1", 1, 2]}
    assert converted["Conditions"]["Condition1"] is True


def test_a_condition_may_be_another_one_in_the_aws_format() -> None:
    source = AWS + AWS_SECTIONS.replace("{'Fn::Not': [{Condition: c}]}", "{Condition: c}")
    converted = convert(template(source.replace("VALUE", "1")))
    assert converted["conditions"]["d"] == {"and": ["c", "c"]}


def test_what_conditions_cannot_call_cannot_be_said() -> None:
    source = HOT + HOT_SECTIONS.replace("d: {not: c}", "d: {equals: [{get_param: [j, a]}, 1]}")
    (found,) = refused(source.replace("VALUE", "1"))
    assert "Fn::Select cannot be called in this place in the other format" in found


def test_what_is_no_condition_cannot_be_said() -> None:
    source = HOT + HOT_SECTIONS.replace("VALUE", "{if: [[], 1, 2]}")
    with pytest.raises(InvalidDocument, match="this is no condition"):
        convert(load_template(source))


def test_conditions_in_their_place_get_a_name_each() -> None:
    inside = "{equals: [{get_param: p}, y]}"
    value = f"[{{if: [{{not: c}}, 1, 2]}}, {{if: [{inside}, {{if: [{{not: c}}, 3]}}, 4]}}]"
    taken = HOT_SECTIONS.replace("d: {not: c}", "Condition1: {not: c}")
    converted = convert(template(HOT + taken.replace("VALUE", value)))
    assert converted["Outputs"]["o"]["Value"] == [
        {"Fn::If": ["Condition2", 1, 2]},
        {"Fn::If": ["Condition3", {"Fn::If": ["Condition2", 3, {"Ref": "AWS::NoValue"}]}, 4]},
    ]
    assert converted["Conditions"] == {
        "c": {"Fn::Equals": [{"Ref": "p"}, "x"]},
        "Condition1": {"Fn::Not": ["c"]},
        "Condition2": {"Fn::Not": ["c"]},
        "Condition3": {"Fn::Equals": [{"Ref": "p"}, "y"]},
    }


@pytest.mark.parametrize(
    ("aws", "hot"),
    [
        ("{Ref: 'AWS::AccountId'}", {"get_param": "OS::project_id"}),
        ("{'Fn::GetAtt': r.value}", {"get_attr": ["r", "value"]}),
        ("{'Fn::Select': ['1', {'Fn::GetAtt': [r, value]}]}", {"get_attr": ["r", "value", 1]}),
        ("{'Fn::Select': [1, {Ref: l}]}", {"get_param": ["l", 1]}),
        ("{'Fn::Select': [1, [a, {Ref: p}]]}", {"get_param": "p"}),
        ("{'Fn::Select': [-2, [a, {Ref: p}]]}", "a"),
        (
            "{'Fn::FindInMap': [M, {Ref: p}, size]}",
            {"get_param": ["M", {"get_param": "p"}, "size"]},
        ),
        ("{'Fn::Select': [-1, [a, b]]}", "b"),
        ("{'Fn::Select': [2, [a, b]]}", ""),
        ("{'Fn::Select': ['1', {'Fn::Split': [',', 'a,b']}]}", {"str_split": [",", "a,b", 1]}),
        ("{'Fn::Base64': {Ref: p}}", {"get_param": "p"}),
        ("{'Fn::ResourceFacade': DeletionPolicy}", {"resource_facade": "deletion_policy"}),
        ("{'Fn::Sub': plain}", "plain"),
        ("[{'Fn::If': [c, 1, {Ref: 'AWS::NoValue'}]}]", [{"if": ["c", 1]}]),
        ("[{'Fn::If': [c, {Ref: 'AWS::NoValue'}, {Ref: 'AWS::NoValue'}]}, 2]", [2]),
        ("{a: {Ref: 'AWS::NoValue'}, b: 1}", {"b": 1}),
        ("[{'Fn::If': [c, {Ref: 'AWS::NoValue'}, 1]}]", [{"if": [{"not": "c"}, 1]}]),
        (
            "{'Fn::Sub': ['${p} ${!p} ${r.value} ${x}', {x: 1}]}",
            {
                "str_replace": {
                    "template": "${p} ${!p} ${r.value} ${x}",
                    "params": {
                        "${p}": {"get_param": "p"},
                        "${!p}": "${p}",
                        "${r.value}": {"get_attr": ["r", "value"]},
                        "${x}": 1,
                    },
                }
            },
        ),
    ],
)
def test_aws_to_hot(aws: str, hot: Any) -> None:
    converted = convert(template(AWS + AWS_SECTIONS.replace("VALUE", aws)))
    assert converted["outputs"] == {"o": {"value": hot}}
    assert converted["conditions"] == {
        "c": {"equals": [{"get_param": "p"}, "x"]},
        "d": {"not": "c"},
    }
    assert converted["parameters"]["M"] == {"type": "json", "default": {"x": {"size": 3}}}


@pytest.mark.parametrize(
    ("hot", "problem"),
    [
        ("{yaql: {expression: '1'}}", "t.yaml:9:23: outputs.o.value.yaql: yaql has no counterpart"),
        ("{get_param: 'OS::stack_id'}", "t.yaml:9:23: outputs.o.value.get_param: OS::stack_id"),
        ("{get_param: {get_param: p}}", "get_param: the name of a parameter cannot be computed"),
        (f"{{get_resource: {COMPUTED}}}", "get_resource: the name of a resource cannot be comp"),
        (f"{{get_attr: [{COMPUTED}, value]}}", "get_attr: resource and attribute cannot be comp"),
        ("{get_attr: [r]}", "outputs.o.value.get_attr: the AWS format cannot ask for all"),
        ("{get_attr: r}", "outputs.o.value.get_attr: the AWS format cannot ask for all"),
        ("{str_replace: {get_param: j}}", "str_replace: str_replace is written in a form that"),
        ("{list_join: {get_param: l}}", "list_join: list_join is written in a form that cannot"),
        (
            "{list_join: [',', [a], {get_param: l}]}",
            "outputs.o.value.list_join: Fn::Join takes one list only",
        ),
        (
            "{list_join: [',', [a, [b]]]}",
            "outputs.o.value.list_join.1.1: Fn::Join takes texts only",
        ),
        (
            "{str_replace: {template: a, params: {x: a, y: {get_param: j}}}}",
            "outputs.o.value.str_replace.params.y: Fn::Replace puts in texts only",
        ),
        ("{resource_facade: {get_param: p}}", "resource_facade: this part of a facade has no"),
        ("{list_join: [',', [{get_param: j}]]}", "list_join.1.0: Fn::Join takes texts only"),
        ("{'Fn::Sub': x}", "Fn::Sub is plain data here, and would be a function there"),
    ],
)
def test_what_the_aws_format_cannot_say(hot: str, problem: str) -> None:
    (found,) = refused(HOT + HOT_SECTIONS.replace("VALUE", hot))
    assert problem in found


@pytest.mark.parametrize(
    ("aws", "problem"),
    [
        ("{'Fn::Cidr': [10.0.0.0/8, 2]}", "t.yaml:10:23: Outputs.o.Value.Fn::Cidr: Fn::Cidr"),
        (f"{{Ref: {JOINED}}}", "Outputs.o.Value.Ref: what Ref names cannot be computed in HOT"),
        (
            f"{{'Fn::GetAtt': [{JOINED}, value]}}",
            "Outputs.o.Value.Fn::GetAtt: resource and attribute cannot be computed in HOT",
        ),
        (
            "{'Fn::Select': [0, {'Fn::Cidr': [10.0.0.0/8, 2]}]}",
            "Outputs.o.Value.Fn::Select.1.Fn::Cidr: Fn::Cidr has no counterpart",
        ),
        ("{'Fn::ResourceFacade': {Ref: p}}", "this part of a facade has no counterpart in HOT"),
        ("{Ref: 'AWS::Region'}", "AWS::Region has no counterpart in HOT"),
        ("{'Fn::Sub': '${b}'}", "HOT writes the boolean b otherwise into a text"),
        ("{'Fn::Select': [x, {a: 1, b: 2}]}", "HOT cannot select from this"),
        ("{'Fn::Select': [0, {'Fn::Join': [',', [a, {Ref: p}]]}]}", "HOT cannot select from this"),
        ("{get_param: x}", "get_param is plain data here, and would be a function there"),
        ("{Ref: 'AWS::NoValue'}", "here the other format needs a value"),
    ],
)
def test_what_hot_cannot_say(aws: str, problem: str) -> None:
    (found,) = refused(AWS + AWS_SECTIONS.replace("VALUE", aws))
    assert problem in found


def test_a_computed_name_of_a_condition_cannot_be_said() -> None:
    value = "{'Fn::If': [{Condition: {Ref: n}}, 1, 2]}"
    sections = AWS_SECTIONS.replace("VALUE", value)
    named = sections.replace("Parameters:\n", "Parameters:\n  n: {Type: String, Default: c}\n")
    assert named != sections
    (found,) = refused(AWS + named)
    assert "a condition has a name" in found


def test_outputs_that_one_format_only_has_keys_for_are_refused() -> None:
    exported = "Outputs: {o: {Value: v, Export: {Name: n}}}\n"
    (found,) = refused(AWS + exported)
    assert "Outputs.o.Export: the other format has no Export for outputs" in found


def test_descriptions_and_conditions_of_outputs_are_kept() -> None:
    source = "outputs: {o: {value: v, description: what, condition: c}}\nconditions: {c: true}\n"
    there = convert(template(HOT + "description: all\n" + source))
    assert there["Description"] == "all"
    assert there["Conditions"] == {"c": True}
    assert there["Outputs"] == {"o": {"Value": "v", "Description": "what", "Condition": "c"}}
    assert convert(load_template(there))["outputs"] == template(HOT + source).data["outputs"]


def test_policies_are_spelt_as_the_other_format_does() -> None:
    keep = "{if: [c, retain, delete]}"
    source = f"""
conditions: {{c: true}}
resources:
  a: {{type: OS::Heat::None, deletion_policy: retain, depends_on: b}}
  b: {{type: OS::Heat::None, deletion_policy: {keep}, metadata: {{m: 1}}, condition: c}}
  c: {{type: OS::Heat::None, deletion_policy: null}}
"""
    assert convert(template(HOT + source))["Resources"] == {
        "a": {"Type": "OS::Heat::None", "DeletionPolicy": "Retain", "DependsOn": "b"},
        "b": {
            "Type": "OS::Heat::None",
            "DeletionPolicy": {"Fn::If": ["c", "Retain", "Delete"]},
            "Metadata": {"m": 1},
            "Condition": "c",
        },
        "c": {"Type": "OS::Heat::None", "DeletionPolicy": None},
    }


@pytest.mark.parametrize(
    ("constraints", "problem"),
    [
        (
            "[{length: {min: 1}}, {length: {min: 2}}]",
            "parameters.p.constraints: the AWS format has one constraint of a kind only",
        ),
        (
            "[{allowed_pattern: a}, {allowed_values: [a], description: d}]",
            "parameters.p.constraints: the AWS format has one description for all constraints",
        ),
    ],
)
def test_constraints_that_the_aws_format_cannot_say(constraints: str, problem: str) -> None:
    declared = f"parameters: {{p: {{type: string, default: aa, constraints: {constraints}}}}}\n"
    (found,) = refused(HOT + declared.replace("aa", "a" if "pattern" in constraints else "aa"))
    assert problem in found


def test_limits_of_aws_parameters_become_constraints() -> None:
    source = """
Parameters:
  n: {Type: Number, MinValue: 1, MaxValue: 5, Default: 2, ConstraintDescription: few}
  s: {Type: String, MinLength: 1, AllowedPattern: a+, AllowedValues: [a], Default: a, NoEcho: true}
"""
    assert convert(template(AWS + source))["parameters"] == {
        "n": {
            "type": "number",
            "default": 2,
            "constraints": [{"range": {"min": 1, "max": 5}, "description": "few"}],
        },
        "s": {
            "type": "string",
            "default": "a",
            "hidden": True,
            "constraints": [
                {"length": {"min": 1}},
                {"allowed_values": ["a"]},
                {"allowed_pattern": "a+"},
            ],
        },
    }


def test_all_that_cannot_be_said_of_declarations_is_told_at_once() -> None:
    source = """
parameter_groups: [{label: all, description: those, parameters: [p]}]
parameters:
  p:
    type: number
    immutable: true
    tags: [t]
    default: 2
    constraints:
      - {modulo: {step: 2, offset: 0}, description: even}
      - {range: {min: 1}, description: some}
  s: {type: string, default: x, constraints: [{custom_constraint: nova.flavor}]}
resources:
  r: {type: OS::Heat::Value, external_id: x}
"""
    assert [line.partition(": ")[2] for line in refused(HOT + source)] == [
        "parameter_groups.0.description: the AWS format has no description for groups",
        "parameters.p.immutable: the AWS format has no immutable for parameters",
        "parameters.p.tags: the AWS format has no tags for parameters",
        "parameters.p.constraints: the AWS format has no Modulo for parameters",
        "parameters.p.constraints: the AWS format has one description for all constraints",
        "parameters.s.constraints: the AWS format has no CustomConstraint for parameters",
        "resources.r.external_id: the other format has no external_id for resources",
    ]


def test_parameters_keep_all_that_both_can_say() -> None:
    source = """
parameters:
  p:
    type: string
    label: Name
    description: A name
    hidden: true
    default: abc
    constraints:
      - {length: {min: 1, max: 9}, description: short}
      - {allowed_pattern: '[a-z]+', description: short}
      - {allowed_values: [abc, d], description: short}
outputs: {o: {value: {get_param: p}}}
"""
    there = convert(template(HOT + source))
    assert there["Parameters"]["p"] == {
        "Type": "String",
        "Label": "Name",
        "Description": "A name",
        "Default": "abc",
        "NoEcho": True,
        "MinLength": 1,
        "MaxLength": 9,
        "AllowedPattern": "[a-z]+",
        "AllowedValues": ["abc", "d"],
        "ConstraintDescription": "short",
    }
    back = convert(load_template(there))
    original = load_template(HOT + source).parameters["p"]
    again = load_template(back).parameters["p"]
    assert set(again.constraints) == set(original.constraints)
    assert (again.hidden, again.label, again.description) == (True, "Name", "A name")


def test_a_mapping_does_not_take_the_name_of_another_thing() -> None:
    source = "Parameters: {M: {Type: String, Default: x}}\nMappings: {M: {a: {b: c}}}\n"
    (found,) = refused(AWS + source)
    assert found.startswith("t.yaml:3:12: Mappings.M: the mapping would be a parameter")


def of_a_group(*steps: str | int) -> Any:
    source = {
        "heat_template_version": "2021-04-16",
        "resources": {"g": {"type": "OS::Heat::ResourceGroup"}},
        "outputs": {"o": {"value": {"get_attr": ["g", *steps]}}},
    }
    return convert(load_template(source))["Outputs"]["o"]["Value"]


def test_what_is_inside_a_group_or_stack_is_named_whole() -> None:
    assert of_a_group("value") == {"Fn::GetAtt": ["g", "value"]}
    assert of_a_group("resource.0") == {"Fn::GetAtt": ["g", "resource.0"]}
    for steps in (("value", "x"), ("attributes", "value")):
        with pytest.raises(InvalidDocument, match="cannot look into the attributes of a group"):
            of_a_group(*steps)
    nested = HOT + HOT_SECTIONS.replace("VALUE", "{get_attr: [r, resource.a, b, 0]}")
    inner = {"Fn::GetAtt": ["r", "resource.a.b"]}
    assert convert(load_template(nested))["Outputs"]["o"]["Value"] == {"Fn::Select": [0, inner]}

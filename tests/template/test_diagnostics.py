"""Mistakes in templates: all at once, at their place, with a suggestion."""

from __future__ import annotations

import pytest
from tests.template.support import Types, refusals

from isotherm.core.diagnostics import Diagnostic, Position
from isotherm.core.suggestions import nearest
from isotherm.template import EMPTY_ENVIRONMENT, SourceText, parse_template, try_bind, validate
from isotherm.template.validation.circles import circles

HOT = "heat_template_version: 2021-04-16\n"

FIRST_LESSON = """\
heat_template_version: 2015-04-30
resources:
  my_instance:
    type: OS::Nova::Server
    properties: {image: cirros, flavor: m1.small}
  my_volume:
    type: OS::Cinder::Volume
    properties: {size: 10}
  vol_attachment:
    type: OS::Cinder::VolumeAttachment
    properties:
      instance_uuid: { get_resource: my_instance }
      volume_id: { get_resource: my_vol }
      mountpoint: /dev/vdb
"""


def test_reference_to_nothing() -> None:
    (found,) = refusals(FIRST_LESSON)
    assert str(found.position) == "t.yaml:13:34"
    assert found.path == "resources.vol_attachment.properties.volume_id"
    assert found.hint == "did you mean 'my_volume'?"
    assert found.error == "InvalidTemplateReference"
    assert SourceText(FIRST_LESSON).excerpt(found) == (
        13,
        "      volume_id: { get_resource: my_vol }",
        "                                 ",
        "^^^^^^",
    )
    assert refusals(FIRST_LESSON.replace("my_vol }", "my_volume }")) == []


def test_everything_at_once() -> None:
    source = """\
heat_template_version: 2021-04-16
parameter: {}
parameters:
  size: {type: numbr}
  name: {type: string, default: abc, constraints: [{length: {max: 2}}]}
resources:
  a: {type: OS::Nova::Serve}
  b:
    type: OS::Nova::Server
    depends_on: [bb, c]
    properties: {flavr: x, image: [x]}
  c: {type: OS::Heat::Value, properties: {value: {get_attr: [b, adresses]}}}
outputs:
  o: {}
"""
    found = refusals(source)
    assert [(str(f.position), f.path, f.error, f.hint) for f in found] == [
        ("t.yaml:2:1", "parameter", "StackValidationFailed", "did you mean 'parameters'?"),
        ("t.yaml:4:16", "parameters.size.type", "InvalidSchemaError", "did you mean 'number'?"),
        ("t.yaml:5:33", "parameters.name.default", "InvalidSchemaError", ""),
        ("t.yaml:14:3", "outputs.o", "StackValidationFailed", ""),
        ("t.yaml:7:13", "resources.a.type", "EntityNotFound", "did you mean 'OS::Nova::Server'?"),
        (
            "t.yaml:10:18",
            "resources.b.depends_on.0",
            "InvalidTemplateReference",
            "did you mean 'b'?",
        ),
        (
            "t.yaml:11:18",
            "resources.b.properties.flavr",
            "StackValidationFailed",
            "did you mean 'flavor'?",
        ),
        ("t.yaml:11:35", "resources.b.properties.image", "StackValidationFailed", ""),
        (
            "t.yaml:12:65",
            "resources.c.properties.value",
            "StackValidationFailed",
            "did you mean 'addresses'?",
        ),
        (
            "t.yaml:8:3",
            "resources.b",
            "CircularDependencyException",
            "remove one of these references or depends_on entries",
        ),
    ]


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("resources: {a: 1}", "resources.a", "must be a map, not a number"),
        ("resources: {a: {}}", "resources.a", "must contain a type key"),
        ("resources: {a: {type: 5}}", "resources.a.type", "must be text"),
        ("resources: {a/b: {type: OS::Heat::None}}", "resources.a/b", 'not contain "/"'),
        ("resources: [a]", "resources", "must be a map"),
        (
            "resources: {a: {type: OS::Heat::None, typ: 1}}",
            "resources.a.typ",
            "did you mean 'type'",
        ),
        ("resources: {a: {type: OS::Heat::None, properties: }}", "resources.a.properties", "empty"),
        ("resources: {a: {type: OS::Heat::None, metadata: x}}", "resources.a.metadata", "text"),
        ("resources: {a: {type: OS::Heat::None, depends_on: }}", "resources.a.depends_on", "list"),
        (
            "resources: {a: {type: OS::Heat::None, description: 5}}",
            "resources.a.description",
            "text",
        ),
        (
            "resources: {a: {type: OS::Heat::None, deletion_policy: retian}}",
            "resources.a.deletion_policy",
            "did you mean 'retain'",
        ),
        (
            "resources: {a: {type: OS::Heat::None, deletion_policy: {get_param: zz}}}",
            "resources.a.deletion_policy",
            "zz",
        ),
        ("resources: {a: {type: OS::Heat::None, condition: zz}}", "resources.a.condition", "zz"),
        ("resources: {a: {type: OS::Heat::None, condition: 5}}", "resources.a.condition", "5"),
        ("resources: {a: {type: OS::Heat::None, depends_on: a}}", "resources.a", "a → a"),
        ("conditions: {a: b}", "conditions.a", "invalid"),
        ("conditions: {a: {get_attr: [b, c]}}", "conditions.a.get_attr", "in a condition"),
        ("conditions: {a: {and: [true]}}", "conditions.a.and", "two conditions at least"),
        ("outputs: {a: 1}", "outputs.a", "must be a map"),
        ("outputs: {a: {value: {Ref: x}}}", "outputs.a.value.Ref", "not supported in version"),
        ("outputs: {a: {value: {list_join: [x]}}}", "outputs.a.value.list_join", "write list_join"),
        ("outputs: {a: {value: {get_attr: [zz, b]}}}", "outputs.a.value", '"zz" is incorrect'),
        (
            "outputs: {a: {value: {get_resource: 5}}}",
            "outputs.a.value",
            '"5" is incorrect',
        ),
        ("parameters: {a: 1}", "parameters.a", "a map is expected"),
        ("parameters: {a: {}}", "parameters.a", "Missing parameter type"),
        ("parameters: {a: {type: String}}", "parameters.a.type", "did you mean 'string'"),
        ("parameters: {a: {type: string, tag: [b]}}", "parameters.a", "did you mean 'tags'"),
        ("parameters: {a: {type: string, tags: 1}}", "parameters.a.tags", "must be a list"),
        ("parameters: {a: {type: number, default: x}}", "parameters.a.default", "not a number"),
        ("parameters: {a: {type: json, default: '{'}}", "parameters.a.default", "JSON"),
        ("parameters: {a: {type: boolean, default: x}}", "parameters.a.default", "boolean"),
        (
            "parameters: {a: {type: comma_delimited_list, default: 4}}",
            "parameters.a.default",
            "comma-delimited",
        ),
        ("parameters: {a: {type: string, constraints: 1}}", "parameters.a.constraints", "a list"),
        ("parameters: {a: {type: string, constraints: [1]}}", "parameters.a.constraints.0", "map"),
        (
            "parameters: {a: {type: string, constraints: [{}]}}",
            "parameters.a.constraints.0",
            "No constraint expressed",
        ),
        (
            "parameters: {a: {type: string, constraints: [{lenght: {}}]}}",
            "parameters.a.constraints.0.lenght",
            "did you mean 'length'",
        ),
        (
            "parameters: {a: {type: string, constraints: [{range: {min: 1}}]}}",
            "parameters.a",
            "does not fit String",
        ),
        (
            "parameters: {a: {type: string, constraints: [{length: {min: x}}]}}",
            "parameters.a.constraints.0.length.min",
            "not a number",
        ),
        (
            "parameters: {a: {type: string, constraints: [{length: {min: 1.5}}]}}",
            "parameters.a.constraints.0.length.min",
            "whole",
        ),
        (
            "parameters: {a: {type: string, constraints: [{length: {mim: 1}}]}}",
            "parameters.a.constraints.0.length.mim",
            "did you mean 'min'",
        ),
        (
            "parameters: {a: {type: string, constraints: [{length: 5}]}}",
            "parameters.a.constraints.0.length",
            "a map of min and max",
        ),
        (
            "parameters: {a: {type: number, constraints: [{modulo: {step: 0, offset: 0}}]}}",
            "parameters.a.constraints.0.modulo",
            "step must not be 0",
        ),
        (
            "parameters: {a: {type: string, constraints: [{allowed_values: x}]}}",
            "parameters.a.constraints.0.allowed_values",
            "a list",
        ),
        (
            "parameters: {a: {type: string, constraints: [{allowed_pattern: '['}]}}",
            "parameters.a.constraints.0.allowed_pattern",
            "not a regular expression",
        ),
        (
            "parameters: {a: {type: string, constraints: [{custom_constraint: 1}]}}",
            "parameters.a.constraints.0.custom_constraint",
            "a name",
        ),
        ("parameter_groups: {a: 1}", "parameter_groups", "a list"),
        ("parameter_groups: [1]", "parameter_groups.0", "a map with a list"),
        ("parameter_groups: [{parameters: [a]}]", "parameter_groups.0.parameters.0", "a is not"),
        (
            "parameters: {a: {type: string}}\nparameter_groups: [{parameters: [a, a]}]",
            "parameter_groups.0.parameters.1",
            "more than one",
        ),
        (
            "parameters: {a: {type: string}}\nresources: {a: {type: OS::Heat::None}}",
            "resources.a",
            "Duplicate names",
        ),
    ],
)
def test_one_mistake_one_diagnostic(text: str, path: str, words: str) -> None:
    (found,) = refusals(HOT + text)
    assert found.path == path
    assert words in str(found)
    assert found.position is not None
    assert found.position.line > 1


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("Parameters: {a: {Type: Strin}}", "Parameters.a.Type", "did you mean 'String'"),
        ("Parameters: {a: {}}", "Parameters.a", "Missing parameter type"),
        ("Parameters: {a: 1}", "Parameters.a", "a map is expected"),
        ("Parameters: {a: {Type: String, Defalt: 1}}", "Parameters.a", "did you mean 'Default'"),
        ("Parameters: {a: {Type: Number, Default: x}}", "Parameters.a.Default", "not a number"),
        ("Parameters: {a: {Type: Number, MinValue: x}}", "Parameters.a.MinValue", "not a number"),
        ("Parameters: {a: {Type: String, MinValue: 1}}", "Parameters.a", "does not fit"),
        ("Parameters: {a: {Type: String, AllowedValues: 1}}", "Parameters.a.AllowedValues", "list"),
        (
            "Parameters: {a: {Type: String, AllowedPattern: '('}}",
            "Parameters.a.AllowedPattern",
            "re",
        ),
        ("resources: {}", "resources", "did you mean 'Resources'"),
        ("Resources: {a: {Type: OS::Heat::None, DependsOn: b}}", "Resources.a.DependsOn", '"b"'),
        ("Resources: {a: {type: OS::Heat::None}}", "", ""),
        ("Outputs: {a: {Value: {'Fn::GetAtt': [b, c]}}}", "Outputs.a.Value", '"b" is incorrect'),
        ("Outputs: {a: {Value: {'Fn::If': [T, a]}}}", "Outputs.a.Value.Fn::If", "write Fn::If"),
        ("Conditions: {a: {'Fn::Select': [0, [1]]}}", "Conditions.a.Fn::Select", "in a condition"),
        (
            "Rules: {R: {Assertions: [{Assert: true, Because: x}]}}",
            "Rules.R.Assertions.0.Because",
            "one of Assert, AssertDescription",
        ),
    ],
)
def test_mistakes_in_aws_templates(text: str, path: str, words: str) -> None:
    found = refusals("AWSTemplateFormatVersion: 2010-09-09\n" + text)
    if path:
        assert [each.path for each in found] == [path]
    assert words in str(found[0])


def test_circles_are_walks() -> None:
    edges = {"a": ["b"], "b": ["c", "zz"], "c": ["a", "b"], "d": ["d"], "e": ["a"], "f": []}
    assert circles(edges) == [["a", "b", "c", "a"], ["d", "d"]]


def test_circles_in_a_long_chain_need_no_deep_stack() -> None:
    chain = {str(n): [str(n + 1)] for n in range(20_000)}
    assert circles(chain) == []
    (circle,) = circles({**chain, "20000": ["0"]})
    assert len(circle) == 20_002


def marked(source: str, line: int, column: int) -> str:
    """What an excerpt underlines, read off the two lines as an eye would."""
    shown = SourceText(source).excerpt(Diagnostic("bad", Position("t", line, column)))
    assert shown is not None
    start = len(shown.before)
    return shown.line[start : start + len(shown.underline)]


@pytest.mark.parametrize(
    ("source", "place", "underlined"),
    [
        ("a: b c # d", (1, 4), "b c"),
        ("key: b", (1, 1), "key"),
        ("a: 'b '' c'", (1, 4), "'b '' c'"),
        ('a: "b\\" c"', (1, 4), '"b\\" c"'),
        ("a: {b: [c, d]} # e", (1, 4), "{b: [c, d]}"),
        ("a: {b: [c, d]}", (1, 8), "[c, d]"),
        ("a: !Ref b", (1, 4), "!Ref b"),
        ("a: &x b\nc: *x", (2, 4), "*x"),
        ("a:\n  b: 1\n  c: 2", (2, 3), "b"),
        ("a:\n- b: 1\n  c: 2", (2, 3), "b"),
        ("a: {b: 1,\n  c: 2}", (1, 4), "{b: 1,"),
        ("a: b\n  c  \nd: e", (1, 4), "b"),
        ("a: |  # why\n  text", (1, 4), "|  # why"),
        ("a: [b, c\nd: wrong", (2, 4), "wrong"),
        ("a: [b, ]]", (1, 9), "]"),
        ("a: b", (1, 5), ""),
        ("\ufeffa: b", (1, 4), "b"),
        ("a: b\x85c: d", (2, 4), "d"),
    ],
)
def test_the_whole_node_is_underlined(source: str, place: tuple[int, int], underlined: str) -> None:
    assert marked(source, *place) == underlined


def test_ends_are_just_behind_the_node() -> None:
    text = SourceText("a: {b: 1,\n  c: 2}\nd: [\n")
    assert text.end(Position("t", 1, 4)) == (2, 8)
    assert text.end(Position("t", 3, 4)) == (3, 5)
    assert text.end(Position("t", 9, 1)) is None


def test_excerpt_of_unknown_places() -> None:
    text = SourceText("a: b")
    assert text.excerpt(Diagnostic("bad")) is None
    assert text.excerpt(Diagnostic("bad", Position("t", 9, 1))) is None


def test_excerpt_of_long_lines() -> None:
    source = "a: [" + "x, " * 100 + "here, " + "y, " * 100 + "]"
    column = source.index("here") + 1
    shown = SourceText(source).excerpt(Diagnostic("bad", Position("t", 1, column)))
    assert shown is not None
    assert len(shown.line) < 130
    assert (shown.line[0], shown.line[-1]) == ("…", "…")
    assert marked(source, 1, column) == "here"
    assert set(marked(source, 1, 1)) == {"a"}


def test_excerpt_of_wide_characters_tabs_and_what_steers_terminals() -> None:
    shown = SourceText("日本: [\tx, \x1b[31m]").excerpt(Diagnostic("bad", Position("t", 1, 7)))
    assert shown == (1, "日本: [\tx, �[31m]", "       \t", "^")
    shown = SourceText("日本: e\u0301x").excerpt(Diagnostic("bad", Position("t", 1, 5)))
    assert shown is not None
    assert (shown.before, shown.underline) == (" " * 6, "^^")


@pytest.mark.parametrize(
    ("word", "known", "near"),
    [
        ("flavour", ["flavor", "image"], "flavor"),
        ("dependsOn", ["depends_on", "depends"], "depends_on"),
        ("RESOURCES", ["resources"], "resources"),
        ("abc", ["xyz"], ""),
        ("", ["xyz"], ""),
        ("volume_12x", [f"volume_{n}" for n in range(2000)], "volume_12"),
        ("xy", [f"volume_{n}" for n in range(2000)], ""),
    ],
)
def test_near_words(word: str, known: list[str], near: str) -> None:
    assert nearest(word, known) == near


def test_constraints_that_do_not_fit_are_not_applied() -> None:
    wrong = {"a": {"type": "number", "constraints": [{"length": {"min": 1}}]}}
    wrong |= {"b": {"type": "json", "constraints": [{"range": {"min": 1}}]}}
    source = {"heat_template_version": "2021-04-16", "parameters": wrong}
    found = refusals(source, {"parameters": {"a": 5, "b": {}}})
    assert [each.path for each in found] == ["parameters.a", "parameters.b"]
    assert {each.error for each in found} == {"InvalidSchemaError"}


def test_attributes_of_resources_that_come_later_are_checked_too() -> None:
    source = """\
heat_template_version: 2021-04-16
resources:
  first: {type: OS::Heat::Value, properties: {value: {get_attr: [later, adresses]}}}
  later: {type: OS::Nova::Server, properties: {flavor: small}}
"""
    (found,) = refusals(source)
    assert found.text == "The Referenced Attribute (later adresses) is incorrect."
    assert found.hint == "did you mean 'addresses'?"


def test_a_misspelt_key_in_a_shared_map_is_told_once() -> None:
    (found,) = refusals(HOT + "resources:\n  a: &r {typ: OS::Heat::None}\n  b: *r\n")
    assert found.hint == "did you mean 'type'?"
    assert str(found.position) == "t.yaml:3:10"


def test_a_misspelt_key_in_a_shared_map_is_found_where_loops_were_written_out() -> None:
    found = refusals(
        "AWSTemplateFormatVersion: '2010-09-09'\n"
        "Parameters: {a: &p {Type: String, Defalt: x}, b: *p}\n"
        "Resources: {'Fn::ForEach::I': [I, [u], {'${I}': {Type: OS::Heat::None}}]}\n"
    )
    assert [each.path for each in found] == ["Parameters.a", "Parameters.b"]
    assert {each.hint for each in found} == {"did you mean 'Default'?"}


@pytest.mark.parametrize(
    ("variable", "place", "words"),
    [
        ("{'Fn::Join': [',', [{Ref: missing}]]}", "5:35", '"missing" is incorrect'),
        ("{'Fn::If': [missing, a, b]}", "5:21", 'Invalid condition "missing"'),
        ("{'Fn::Join': [',', [{}]]}", "5:29", "must be text"),
    ],
)
def test_mistakes_in_the_variables_of_a_text_have_their_place(
    variable: str, place: str, words: str
) -> None:
    """The place is that in the variable, the path that of the value."""
    source = """\
AWSTemplateFormatVersion: '2010-09-09'
Resources: {a: {Type: OS::Heat::Value, Properties: {
    value: {'Fn::Sub': ['${v}', {

     v: VARIABLE}]}}}}
"""
    (found,) = refusals(source.replace("VARIABLE", variable))
    assert words in found.text
    assert str(found.position) == f"t.yaml:{place}"
    assert found.path == "Resources.a.Properties.value"


@pytest.mark.parametrize("value", ["{get_param: s}", "{get_param: l}", "{get_param: h}"])
def test_computed_properties_are_a_map(value: str) -> None:
    parameters = (
        "parameters: {s: {type: string, default: a}, l: {type: json, default: [1]}, "
        "h: {type: string, default: a, hidden: true}}\n"
    )
    resources = f"resources: {{r: {{type: OS::Heat::Value, properties: {value}}}}}\n"
    (found,) = refusals(HOT + parameters + resources)
    assert str(found) == "t.yaml:3:52: resources.r.properties: properties must be a map"


def test_lines_that_say_nothing_are_not_blamed() -> None:
    (found,) = refusals(HOT + "resources:\n  web: [\n\n  # the server\n")
    assert found.hint == "what opens in line 3?"


def test_a_blank_is_missed_only_where_there_is_none() -> None:
    (found,) = refusals(HOT + "resources:\n  a:x\n    b: c\n")
    assert found.hint == "put a blank behind the colon in line 3"
    (found,) = refusals(HOT + "resources:\n  http://x: 1\n    b: c\n")
    assert found.hint == "line 3 has a value already; is this line indented too far?"


OFF = "conditions: {no: false}\n"


@pytest.mark.parametrize(
    "source",
    [
        "resources: {r: {type: OS::Heat::Value, condition: no, metadata: {a: {str_replace: 5}}}}",
        "resources: {r: {type: OS::Heat::Value, properties: {value: {if: [no, {yaql: 5}, 1]}}}}",
        "outputs: {o: {condition: no, value: {list_join: 5}}}",
        "outputs: {o: {condition: no, value: {Ref: x}}}",
    ],
)
def test_wrong_calls_that_are_switched_off_are_lints_business(source: str) -> None:
    template, found = parse_template(HOT + OFF + source)
    definition, problems = try_bind(template, EMPTY_ENVIRONMENT, files={})
    found.extend(problems)
    found.extend(validate(definition, Types()))
    assert not found.errors
    assert found.strict().errors


def test_wrong_calls_that_are_looked_at_are_told_once() -> None:
    source = "resources: {r: {type: OS::Heat::Value, properties: {value: {str_replace: 5}}}}"
    _, found = parse_template(HOT + source)
    assert not found.errors, "who only reads a template does not look at its values"
    assert len(refusals(HOT + source)) == 1


def test_of_several_circles_the_same_one_is_told_every_time() -> None:
    there = {"a": ["b", "c"], "b": ["a"], "c": ["a"], "x": ["y", "z"], "y": ["x"], "z": ["x"]}
    back = {name: list(reversed(targets)) for name, targets in there.items()}
    assert circles(there) == circles(back) == [["a", "b", "a"], ["x", "y", "x"]]

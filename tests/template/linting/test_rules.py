"""Warnings about what is legal but wrong in practice."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from tests.template.support import Types, property_of

from isotherm.core.diagnostics import Severity
from isotherm.core.schema import AttributeSchema, SupportStatus, TypeSchema
from isotherm.template import lint, lint_environment, load_template

OLD = TypeSchema(
    "OS::Old::Thing",
    {"was": property_of("string", support=SupportStatus("DEPRECATED", "5.0.0", "use now"))},
    {
        "gone": AttributeSchema(
            support=SupportStatus(
                "HIDDEN", "9.0.0", previous=SupportStatus("DEPRECATED", "5.0.0", "use here")
            )
        ),
        "quiet": AttributeSchema(support=SupportStatus("HIDDEN", "9.0.0")),
    },
    SupportStatus("HIDDEN", "9.0.0", "use OS::New::Thing"),
)

HISTORIC = TypeSchema(
    "OS::Old::Pool", {}, {}, SupportStatus("HIDDEN", "9.0.0"), successor="OS::New::Pool"
)
GONE = {each.name: each for each in (OLD, HISTORIC)}


class TypesWithOld(Types):
    def lookup(self, type_name: str) -> TypeSchema | None:
        return GONE.get(type_name) or super().lookup(type_name)

    def names(self) -> Collection[str]:
        return [*super().names(), *GONE]


def warnings(text: str, version: str = "2021-04-16") -> list[str]:
    source = f"heat_template_version: {version}\n{text}"
    found = lint(source, TypesWithOld(), file="t")
    assert all(each.severity is Severity.WARNING for each in found), list(found)
    return [str(each) for each in found]


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("parameters: {a: {type: string}}", "t:2:14: parameters.a: parameter a is never used"),
        (
            "conditions: {c: {equals: [1, 2]}}\noutputs: {o: {value: 1, condition: c}}",
            "t:2:14: conditions.c: condition c is always false",
        ),
        (
            (
                "parameters: {p: {type: string, hidden: true, default: x}}\n"
                "outputs: {o: {value: [{get_param: p}]}}"
            ),
            (
                "t:3:22: outputs.o.value: output o shows a hidden parameter "
                "(leave it out of the outputs)"
            ),
        ),
        (
            (
                "resources:\n"
                "  a: {type: OS::Heat::None}\n"
                "  b: {type: OS::Heat::Value, depends_on: [a],\n"
                "    properties: {value: {get_resource: a}}}"
            ),
            "t:4:43: resources.b.depends_on.0: b refers to a already (remove it)",
        ),
        (
            "resources: {a: {type: OS::Old::Thing}}",
            (
                "t:2:17: resources.a.type: type OS::Old::Thing is hidden since 9.0.0 "
                "(use OS::New::Thing)"
            ),
        ),
        (
            "outputs: {o: {value: {a: 0777}}}",
            "t:2:26: outputs.o.value.a: YAML reads 0777 as 511 (write '0777' if text is meant)",
        ),
        (
            "outputs: {o: {value: [12:30]}}",
            "t:2:23: outputs.o.value.0: YAML reads 12:30 as 750 (write '12:30' if text is meant)",
        ),
        (
            "outputs: {o: {value: no}}",
            "t:2:22: outputs.o.value: YAML reads no as false (write 'no' if text is meant)",
        ),
        (
            "outputs: {o: {value: 1.10}}",
            "t:2:22: outputs.o.value: YAML reads 1.10 as 1.1 (write '1.10' if text is meant)",
        ),
        (
            "resources: {a: {type: OS::Cinder::Volume, properties: {size: 0x1F}}}",
            (
                "t:2:62: resources.a.properties.size: YAML reads 0x1F as 31 "
                "(write '0x1F' if text is meant)"
            ),
        ),
        (
            "resources: {a: {type: OS::Heat::None}, b: {type: OS::Heat::None, depends_on: [a, a]}}",
            "t:2:82: resources.b.depends_on.1: a is listed twice (remove it)",
        ),
        (
            "outputs: {o: {value: {get_parm: x}}}",
            (
                "t:2:23: outputs.o.value.get_parm: get_parm is plain data here, not a function "
                "(did you mean 'get_param'?)"
            ),
        ),
        (
            "outputs: {o: {value: {'Fn::Sub': '${x}'}}}",
            (
                "t:2:23: outputs.o.value.Fn::Sub: Fn::Sub is plain data here, not a function "
                "(here it is written str_replace: {template: TEXT, params: {NAME: VALUE, …}})"
            ),
        ),
    ],
)
def test_warns(text: str, warning: str) -> None:
    assert warnings(text) == [warning]


def test_warns_of_old_properties() -> None:
    found = warnings("resources: {a: {type: OS::Old::Thing, properties: {was: x}}}")
    assert found[1].endswith("properties.was: property was is deprecated since 5.0.0 (use now)")


def test_names_the_successor_of_a_historic_type() -> None:
    (found,) = warnings("resources: {a: {type: OS::Old::Pool}}")
    assert found.endswith("type OS::Old::Pool is hidden since 9.0.0 (use OS::New::Pool)")


def test_many_unused_parameters_are_one_warning() -> None:
    """Templates that stand in for each other take the same parameters."""
    (found,) = warnings(
        "parameters:\n" + "".join(f"  p{n:02}: {{type: string}}\n" for n in range(12))
    )
    names = ", ".join(f"p{n:02}" for n in range(10))
    assert found == (f"t:3:3: parameters.p00: 12 parameters are never used: {names}, and 2 more")


def test_warns_of_functions_of_newer_versions() -> None:
    (found,) = warnings("outputs: {o: {value: [{list_concat: [[a], [b]]}]}}", "2016-10-14")
    assert found == (
        "t:2:24: outputs.o.value.0.list_concat: list_concat is plain data here, not a function "
        "(version 2017-09-01 is the first to have it)"
    )


@pytest.mark.parametrize(
    "text",
    [
        "parameters: {a: {type: string}}\noutputs: {o: {value: {get_param: a}}}",
        "parameters: {a: {type: json}}\noutputs: {o: {value: {get_param: [a, x]}}}",
        "parameters: {a: {type: string}}\noutputs: {o: {value: {get_param: {digest: [md5, a]}}}}",
        (
            "parameters: {p: {type: boolean}}\n"
            "conditions: {c: {get_param: p}, d: {not: c}}\n"
            "outputs: {o: {value: 1, condition: d}}"
        ),
        "outputs: {o: {value: ['0777', 2013-05-23, true, 1.5, 10]}}",
        "outputs: {o: {value: {get_thing: x, get_parm: y}}}",
        "parameters: {p: {type: boolean, default: yes}}\noutputs: {o: {value: {get_param: p}}}",
        (
            "parameters:\n"
            "  p: {type: number, hidden: no, default: 1.50, constraints: [{range: {min: 0.50}}]}\n"
            "resources: {a: {type: OS::Heat::Value, properties: {value: {get_param: p}}}}"
        ),
        (
            "parameters: {p: {type: string, constraints: [{length: {max: 1_0}}]}}\n"
            "outputs: {o: {value: {get_param: p}}}"
        ),
        (
            "parameters: {p: {type: boolean}}\n"
            "conditions: {c: {and: [yes, {get_param: p}]}}\n"
            "outputs: {o: {value: 1, condition: c}}"
        ),
        (
            "parameters: {p: {type: string}}\nconditions: {stack: {equals: [{get_param: p}, x]}}\n"
            "outputs: {o: {value: {if: [{get_param: 'OS::stack_name'}, 1, 2]}}}"
        ),
    ],
)
def test_does_not_warn(text: str) -> None:
    assert warnings(text) == []


def test_errors_come_first() -> None:
    found = list(lint("heat_template_version: 2021-04-16\nresourcs: {}\n", Types()))
    assert [each.severity for each in found] == [Severity.ERROR]
    assert len(lint("a: [", Types())) == 1


def test_loops_of_aws_templates_leave_no_false_traces() -> None:
    source = """
AWSTemplateFormatVersion: '2010-09-09'
Parameters: {Names: {Type: CommaDelimitedList, Default: 'a,b'}}
Resources:
  Fn::ForEach::Each:
    - Name
    - {Ref: Names}
    - Value${Name}: {Type: OS::Heat::Value, Properties: {value: no}}
"""
    assert [str(each) for each in lint(source, Types())] == []


def names(text: str, head: str = "heat_template_version: 2021-04-16") -> list[str]:
    """The names of all warnings, with the last steps of their paths."""
    found = lint(f"{head}\n{text}", TypesWithOld(), file="t")
    assert [each for each in found if each.severity is Severity.ERROR] == []
    return [f"{each.name} {each.path.rpartition('.')[2]}" for each in found]


AWS = "AWSTemplateFormatVersion: '2010-09-09'"
OUTPUT = "outputs: {o: {value: VALUE}}"
AWS_OUTPUT = "Outputs: {o: {Value: VALUE}}"


@pytest.mark.parametrize(
    ("value", "warned"),
    [
        ("{equals: [1, 2]}", ["misplaced-call equals"]),
        ("{str_long_name_of_something: x}", []),
        ("{Fn::Cidr: [10.0.0.0/8, 2]}", ["misplaced-call Fn::Cidr"]),
        ("{a: {get_file: x, b: 1}}", ["crowded-call get_file"]),
        ("['{get_param: x}', [{a: '{ get_attr: [a, b] }'}]]", ["call-in-text 0", "call-in-text a"]),
        ("'heat_template_version: x, {get_param: y}'", []),
        ("{str_replace: {template: $a, params: {}}}", []),
        ("{str_replace: {template: $a, params: {$b: 1}}}", ["unused-placeholder $b"]),
        ("{str_replace_strict: {template: $a, params: {$a: 1}}}", []),
        ("{str_replace: {get_file: x}}", []),
        ("{str_replace: {if: [true, {template: a, params: {}}]}}", []),
        ("{str_replace: {template: {get_file: x}, params: {a: 1}}}", []),
        ("{if: [true, a]}", []),
        ("{if: [true, a, a]}", ["same-branches if"]),
        ("1e3", ["misread-scalar value"]),
        ("'1e3'", []),
        ("2e5x", []),
    ],
)
def test_values_of_hot(value: str, warned: list[str]) -> None:
    assert names(OUTPUT.replace("VALUE", value)) == warned


@pytest.mark.parametrize(
    ("value", "warned"),
    [
        ("{if: [a, b, c]}", []),
        ("{list_join: [',', [a]]}", ["misplaced-call list_join"]),
        ("{make_url: {host: x}}", ["misplaced-call make_url"]),
        ("{Join: [',', [a]]}", ["misplaced-call Join"]),
        ("{Fn::Sub: plain}", ["needless-sub Fn::Sub"]),
        ("{Fn::Sub: 'a ${!b}'}", []),
        ("{Fn::Sub: '${AWS::StackName}'}", []),
        ("'${AWS::Region}'", ["call-in-text Value"]),
        ("'${shell}'", []),
        ("{Fn::Replace: [{'${AWS::Region}': x}, '${AWS::Region}']}", []),
        ("{Fn::Replace: [{b: x}, a]}", ["unused-placeholder b"]),
    ],
)
def test_values_of_aws_templates(value: str, warned: list[str]) -> None:
    assert names(AWS_OUTPUT.replace("VALUE", value), AWS) == warned


@pytest.mark.parametrize(
    ("constraint", "warned"),
    [
        ("length: {min: 3, max: 2}", ["impossible-constraint p"]),
        ("length: {min: 2}", []),
        ("allowed_values: []", ["impossible-constraint p"]),
        ("allowed_values: [a, a]", ["repeated-value p"]),
        ("allowed_values: [a, b]", []),
        ("allowed_pattern: a*", []),
        ("custom_constraint: nova.flavour", ["unknown-constraint p"]),
        ("custom_constraint: nova.flavor", []),
        ("custom_constraint: our_own_thing", []),
    ],
)
def test_constraints(constraint: str, warned: list[str]) -> None:
    text = f"parameters: {{p: {{type: string, constraints: [{{{constraint}}}]}}}}\n"
    assert names(text + OUTPUT.replace("VALUE", "{get_param: p}")) == warned


@pytest.mark.parametrize(
    "text",
    [
        # What decides may name any condition.
        "parameters: {p: {type: string}}\nconditions: {c: {get_param: p}, d: {not: c}}",
        # A query that fails is no constant.
        (
            "conditions: {c: {yaql: {expression: $.nope(), data: 1}}, d: {not: c}}\n"
            "outputs: {o: {value: {if: [d, 1, 2]}}}"
        ),
    ],
)
def test_what_is_not_known_is_not_judged(text: str) -> None:
    found = lint(f"heat_template_version: 2021-04-16\n{text}", Types())
    assert {each.name for each in found} <= {""}


def test_mappings() -> None:
    mappings = "Parameters: {p: {Type: String}}\nMappings: {M: {a: {b: 1}}, N: {a: {b: 2}}}\n"
    lookup = "{Fn::FindInMap: [MAP, a, b]}"
    used = mappings + AWS_OUTPUT.replace("VALUE", "[LOOKUP, {Ref: p}]")
    assert names(used.replace("LOOKUP", lookup.replace("MAP", "M")), AWS) == ["unused-mapping N"]
    assert names(used.replace("LOOKUP", lookup.replace("MAP", "{Ref: p}")), AWS) == []


def test_conditions_of_aws_templates_name_each_other() -> None:
    text = (
        "Parameters: {p: {Type: String}}\n"
        "Conditions: {c: {Fn::Equals: [{Ref: p}, x]}, d: {Fn::Not: [{Condition: c}]}}\n"
    )
    assert names(text + AWS_OUTPUT.replace("VALUE", "{Fn::If: [d, 1, 2]}"), AWS) == []
    assert names(text + AWS_OUTPUT.replace("VALUE", "1"), AWS) == ["unused-condition d"]


def test_old_attributes_with_a_successor() -> None:
    old = "resources: {a: {type: OS::Old::Thing}}\n"
    reads = OUTPUT.replace("VALUE", "[{get_attr: [a, gone]}, {get_attr: [a, quiet]}]")
    found = [
        str(each)
        for each in lint(f"heat_template_version: 2021-04-16\n{old}{reads}", TypesWithOld())
    ]
    assert found[1].endswith("attribute gone of a is hidden since 9.0.0 (use here)")
    assert len(found) == 2


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("password", True),
        ("AdminPassword", True),
        ("db-secret", True),
        ("private_key", True),
        ("password_length", False),
        ("secretary", False),
        ("compass", False),
    ],
)
def test_names_that_sound_secret(name: str, secret: bool) -> None:
    text = f"parameters: {{{name}: {{type: string}}}}\n"
    warned = names(text + OUTPUT.replace("VALUE", f"{{get_param: {name}}}"))
    assert warned == ([f"visible-secret {name}"] if secret else [])


def test_environments_are_read_with_the_types_of_parameters() -> None:
    template = load_template(
        "heat_template_version: 2021-04-16\n"
        "parameters: {t: {type: string}, n: {type: number}, b: {type: boolean}, l: {type: json}}"
    )
    source = (
        "parameters: {t: 1.50, n: 1_000, b: yes, l: [yes]}\n"
        "parameter_defaults: {t: 1e3, other: 0777, n: 0777}\n"
    )
    found = lint_environment(source, template, file="e")
    assert [(each.path, str(each.position)) for each in found] == [
        ("parameters.t", "e:1:17"),
        ("parameters.l.0", "e:1:45"),
        ("parameter_defaults.n", "e:2:46"),
    ]
    assert list(lint_environment('{"parameters": {"t": "\\ud83d\\ude00"}}', template)) == []

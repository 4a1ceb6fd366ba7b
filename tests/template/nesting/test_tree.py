"""Templates inside templates: all that is wrong in the tree, told at its place."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

import pytest
from tests.template.support import PSEUDO, Types, property_of, type_of

from isotherm.core.diagnostics import Diagnostics
from isotherm.core.schema import AttributeSchema, Blueprint, StackProperties, TypeSchema
from isotherm.core.values import Secret, Unknown
from isotherm.template import (
    FileTypes,
    NestedStack,
    Tree,
    TreeLimits,
    check_tree,
    load_environment,
    load_template,
    told_once,
    try_bind,
)

HOT = "heat_template_version: 2021-04-16\n"
ONE = f"{HOT}resources: {{n: {{type: OS::Heat::None}}}}\n"
TREES = TypeSchema(
    "My::Stack",
    {each: property_of("any") for each in ("template", "parameters", "context")},
    {},
    stack=StackProperties(template="template", elsewhere="context"),
)
APART = TypeSchema(
    "My::Apart",
    {each: property_of("any") for each in ("url", "parameters")},
    {},
    stack=StackProperties(url="url", own=False),
)


def make_members(values: Mapping[str, Any], reads: Collection[tuple[str, str]]) -> Blueprint | None:
    """A member, and one more resource for whatever is read."""
    if not isinstance(values["of"], str):
        return None
    resources = {"0": {"type": values["of"]}}
    resources |= {f"{name}.{key}": {"type": "OS::Heat::None"} for name, key in reads}
    template = {"heat_template_version": "2021-04-16", "resources": resources}
    return Blueprint(json.dumps(template), {})


MANY = TypeSchema("My::Many", {"of": property_of("any")}, {}, members=make_members)


def make_team(values: Mapping[str, Any], reads: Collection[tuple[str, str]]) -> Blueprint:
    """Three members, and what is read of each."""
    names = ("a", "b", "c")
    outputs = {
        each: {"value": {name: {"get_attr": [name, each]} for name in names}} for each, _ in reads
    }
    resources = {name: {"type": values["of"]} for name in names}
    template = {"heat_template_version": "2021-04-16", "resources": resources, "outputs": outputs}
    return Blueprint(json.dumps(template), {})


TEAM = TypeSchema("My::Team", {"of": property_of("any")}, {}, members=make_team)
DISK = type_of("My::Disk", "id", size=property_of("integer", required=True))


class WithStacks(Types):
    known: Mapping[str, TypeSchema] = {
        **Types.known,
        **{each.name: each for each in (TREES, APART, MANY, TEAM, DISK)},
    }


def tree(
    template: str,
    files: dict[str, str] | None = None,
    environment: Any = None,
    *,
    limits: TreeLimits | None = None,
    complete: bool = False,
    failures: dict[str, str] | None = None,
) -> tuple[Tree, Diagnostics]:
    bound, problems = try_bind(
        load_template(template, file="top.yaml"),
        load_environment(environment),
        files=files or {},
    )
    problems.raise_errors()
    types = FileTypes(
        WithStacks(), files or {}, environment=load_environment(environment), failures=failures
    )
    return check_tree(bound, types, limits or TreeLimits(), pseudo=PSEUDO, complete=complete)


def child(found: Tree | NestedStack, *names: str) -> NestedStack:
    for name in names:
        found = found.children[name]
    assert isinstance(found, NestedStack)
    return found


def told(found: Diagnostics) -> list[str]:
    return [str(each) for each in found]


KID = """\
heat_template_version: 2021-04-16
parameters:
  size: {type: number, constraints: [{range: {max: 4}}]}
  name: {type: string, default: usual}
  pw: {type: string, default: x, hidden: true}
resources: {v: {type: OS::Heat::Value, properties: {value: {get_param: size}}}}
outputs: {o: {value: {get_attr: [v, value]}}}
"""
TOP = f"""{HOT}parameters: {{p: {{type: string, hidden: true, default: s3cret}}}}
resources:
  k: {{type: kid.yaml, properties: {{size: '3', pw: {{get_param: p}}}}}}
outputs: {{z: {{value: {{get_attr: [k, o]}}}}}}
"""


def test_properties_are_the_parameters_of_the_template_inside() -> None:
    found, problems = tree(TOP, {"kid.yaml": KID})
    assert told(problems) == []
    inside = child(found, "k")
    values = inside.definition.parameters
    assert (values["size"], values["name"], values["pw"]) == (3, "usual", Secret("s3cret"))
    assert (values["OS::stack_name"], values["OS::region"]) == ("stack-k", "region")
    assert values["OS::project_id"] == "project"
    assert inside.resource.name == "k"
    assert inside.way.names == ("kid.yaml",)
    assert found.resources == 2


def test_findings_lead_from_the_place_inside_to_the_top() -> None:
    kid = KID.replace("get_attr: [v, value]", "get_attr: [v, valeu]")
    middle = f"{HOT}resources: {{m: {{type: kid.yaml, properties: {{size: 1}}}}}}\n"
    top = f"{HOT}resources:\n  t: {{type: middle.yaml}}\n"
    _, problems = tree(top, {"kid.yaml": kid, "middle.yaml": middle})
    (found,) = problems
    assert str(found.position) == "kid.yaml:7:37"
    assert found.path.startswith("resources.t<middle.yaml>.resources.m<kid.yaml>.outputs.o")
    assert found.error == "StackValidationFailed"
    assert [str(each) for each in found.notes] == [
        "middle.yaml:2:13: the template is used here, by resource m",
        "top.yaml:3:3: the template is used here, by resource t",
    ]


def test_all_stacks_of_a_tree_are_told_with_the_way_to_them() -> None:
    middle = f"{HOT}resources: {{m: {{type: kid.yaml, properties: {{size: 1}}}}}}\n"
    top = f"{HOT}resources: {{k: {{type: middle.yaml}}, n: {{type: OS::Heat::None}}}}\n"
    found, _ = tree(top, {"middle.yaml": middle, "kid.yaml": KID})
    assert [(way.names, set(each.resources)) for each, way in found.stacks()] == [
        ((), {"k", "n"}),
        (("middle.yaml",), {"m"}),
        (("middle.yaml", "kid.yaml"), {"v"}),
    ]


def test_a_template_used_twice_is_told_once() -> None:
    kid = KID.replace("get_attr: [v, value]", "get_attr: [v, valeu]")
    top = f"{HOT}resources:\n" + "".join(
        f"  k{n}: {{type: kid.yaml, properties: {{size: 1}}}}\n" for n in range(3)
    )
    _, problems = tree(top, {"kid.yaml": kid})
    assert len(problems) == 3
    assert len(told_once(problems)) == 1


@pytest.mark.parametrize(
    ("kid", "words"),
    [
        ("a: [b", "kid.yaml:1:"),
        ("a: b", "version not found"),
        ("- a", "is not a map"),
        (KID.replace("OS::Heat::Value", "OS::Heat::Valeu"), "OS::Heat::Valeu"),
        (KID.replace("{get_param: size}", "{get_param: sise}"), "sise"),
    ],
)
def test_what_is_wrong_inside_is_found(kid: str, words: str) -> None:
    found, problems = tree(TOP, {"kid.yaml": kid})
    assert words in " ".join(told(problems))
    assert all(each.notes for each in problems)
    assert ("k" in found.children) is ("heat_template_version" in kid)


@pytest.mark.parametrize("levels", [2, 3])
def test_templates_lie_only_so_deep(levels: int) -> None:
    files = {f"{n}.yaml": f"{HOT}resources: {{r: {{type: {n + 1}.yaml}}}}" for n in range(levels)}
    files[f"{levels}.yaml"] = ONE
    found, problems = tree(files["0.yaml"], files, limits=TreeLimits(depth=2))
    if levels == 2:
        assert told(problems) == []
        assert child(found, "r", "r").children == {}
        assert found.resources == 3
        return
    (deep,) = problems
    assert deep.text == "Recursion depth exceeds 2"
    assert deep.hint == "1.yaml → 2.yaml → 3.yaml"
    assert deep.error == "RequestLimitExceeded"
    assert str(deep.position) == "2.yaml:2:13"


def test_a_template_that_contains_itself_is_named() -> None:
    loop = f"{HOT}resources: {{r: {{type: loop.yaml}}}}"
    _, problems = tree(loop, {"loop.yaml": loop})
    (found,) = problems
    assert found.text == "Recursion depth exceeds 5: loop.yaml contains itself"


@pytest.mark.parametrize(("most", "looked_at"), [(3, True), (2, False), (-1, True)])
def test_no_more_is_looked_at_where_there_are_too_many_resources(
    most: int, looked_at: bool
) -> None:
    top = f"{HOT}resources: {{a: &a {{type: OS::Heat::None}}, b: *a, c: {{type: one.yaml}}}}"
    found, problems = tree(top, {"one.yaml": ONE}, limits=TreeLimits(resources=most))
    assert told(problems) == []
    assert bool(found.children) is looked_at


def test_inside_a_facade_shows_the_resource() -> None:
    kid = f"""{HOT}outputs:
  m: {{value: {{resource_facade: metadata}}}}
  d: {{value: {{resource_facade: deletion_policy}}}}
"""
    top = f"""{HOT}resources:
  k: {{type: kid.yaml, metadata: {{a: 1}}, deletion_policy: retain}}
  w: {{type: kid.yaml, metadata: {{a: {{get_attr: [k, m]}}}}}}
  x: {{type: kid.yaml, metadata: {{a: {{str_split: [',', a, 7]}}}}}}
"""
    found, _ = tree(top, {"kid.yaml": kid})
    facade = child(found, "k").definition.surroundings.facade
    assert facade("metadata") == {"a": 1}
    assert facade("deletion_policy") == "Retain"
    assert facade("update_policy") == {}
    assert child(found, "w").definition.surroundings.facade("metadata") == {"a": Unknown("k")}
    assert child(found, "x").definition.surroundings.facade("metadata") == Unknown("x")


# -- resources that are a stack by their properties --------------------------------------


def test_the_template_in_a_property_is_checked_too() -> None:
    top = f"""{HOT}resources:
  s:
    type: My::Stack
    properties: {{template: {{get_file: kid.yaml}}, parameters: {{size: 2}}}}
"""
    found, problems = tree(top, {"kid.yaml": KID})
    assert told(problems) == []
    inside = child(found, "s")
    assert inside.definition.parameters["size"] == 2
    assert inside.way.names == ("kid.yaml",)
    assert found.resources == 2
    _, problems = tree(top.replace("size: 2", "size: 9"), {"kid.yaml": KID}, complete=True)
    assert "9 is out of range" in " ".join(told(problems))


def test_parameters_called_like_properties_of_the_stack_are_not_mixed_up_with_them() -> None:
    top = f"""{HOT}resources:
  s:
    type: My::Stack
    properties: {{template: {{get_file: kid.yaml}}, parameters: {{template: {{a: 1}}}}}}
"""
    kid = f"{HOT}parameters: {{template: {{type: json}}}}\n"
    found, problems = tree(top, {"kid.yaml": kid}, complete=True)
    assert told(problems) == []
    assert child(found, "s").definition.parameters["template"] == {"a": 1}


def test_a_stack_needs_values_only_where_it_is_to_be_made() -> None:
    top = f"{HOT}resources: {{s: {{type: My::Stack, properties: {{template: {{get_file: k}}}}}}}}"
    assert told(tree(top, {"k": KID})[1]) == []
    assert "size" in " ".join(told(tree(top, {"k": KID}, complete=True)[1]))


def test_a_template_that_was_written_out_goes_by_its_path() -> None:
    text = "{heat_template_version: 2021-04-16, outputs: {o: {}}}"
    top = f"{HOT}resources: {{s: {{type: My::Stack, properties: {{template: '{text}'}}}}}}"
    (found,) = tree(top)[1]
    assert str(found.position).startswith("resources.s.properties.template:1:")


@pytest.mark.parametrize(
    "properties",
    [
        "{}",
        "{template: 5}",
        "{template: {get_attr: [v, value]}}",
        "{template: {get_file: k}, context: elsewhere}",
        "{get_attr: [v, value]}",
    ],
)
def test_what_cannot_be_known_is_not_looked_into(properties: str) -> None:
    top = f"""{HOT}resources:
  v: {{type: OS::Heat::Value}}
  s: {{type: My::Stack, properties: {properties}}}
"""
    found, _ = tree(top, {"k": KID})
    assert found.children == {}


def test_parameters_that_are_known_later_leave_the_template_to_be_checked() -> None:
    top = f"""{HOT}resources:
  v: {{type: OS::Heat::Value}}
  s:
    type: My::Stack
    properties: {{template: {{get_file: k}}, parameters: {{get_attr: [v, value]}}}}
"""
    found, problems = tree(top, {"k": KID}, complete=True)
    assert told(problems) == []
    assert child(found, "s").definition.parameters["size"] == Unknown("v")


def test_a_stack_apart_is_checked_but_is_no_part_of_the_tree() -> None:
    top = f"{HOT}resources: {{s: {{type: My::Apart, properties: {{url: 'http://h/k'}}}}}}"
    found, problems = tree(top, {"http://h/k": KID})
    assert told(problems) == []
    assert (found.children, found.resources) == ({}, 1)
    broken = KID.replace("get_attr: [v, value]", "get_attr: [v, valeu]")
    assert "valeu" in " ".join(told(tree(top, {"http://h/k": broken})[1]))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://h/k", 'Could not fetch remote template "ftp://h/k": Invalid URL scheme ftp'),
        ("k", 'Could not fetch remote template "k": Invalid URL scheme '),
        ("http://gone", "nobody there"),
    ],
)
def test_addresses_that_give_nothing_are_told(url: str, words: str) -> None:
    top = f"{HOT}resources: {{s: {{type: My::Apart, properties: {{url: '{url}'}}}}}}"
    _, problems = tree(top, failures={"http://gone": "nobody there"})
    assert words in " ".join(told(problems))


# -- templates that stand for types of the catalogue -------------------------------------

DISK_FILE = """\
heat_template_version: 2021-04-16
parameters: {size: {type: number}}
outputs: {id: {value: x}}
"""


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (DISK_FILE, ""),
        (DISK_FILE.replace("size: {", "sise: {"), "no parameter for the required property size"),
        (
            DISK_FILE.replace("type: number", "type: string"),
            "does not take the values of a integer",
        ),
        (DISK_FILE.replace("id:", "ids:"), "no output for the attribute id"),
        (DISK_FILE.replace("{size:", "{zz: {type: string}, size:"), "zz needs a value"),
        (DISK_FILE.replace("{size:", "{zz: {type: string, default: a}, size:"), ""),
    ],
)
def test_a_template_offers_what_the_type_that_it_stands_for_offers(file: str, words: str) -> None:
    top = f"{HOT}resources: {{d: {{type: My::Disk, properties: {{size: 1}}}}}}"
    environment = {"resource_registry": {"My::Disk": "disk.yaml"}}
    _, problems = tree(top, {"disk.yaml": file}, environment)
    about = [each for each in told(problems) if "cannot stand for My::Disk" in each]
    assert words in " ".join(about) if words else told(problems) == []


def test_a_template_with_a_name_of_its_own_offers_what_it_likes() -> None:
    environment = {"resource_registry": {"My::Own": "disk.yaml"}}
    top = f"{HOT}resources: {{d: {{type: My::Own, properties: {{size: 1}}}}}}"
    assert told(tree(top, {"disk.yaml": DISK_FILE}, environment)[1]) == []
    assert AttributeSchema() == DISK.attributes["id"]


@pytest.mark.parametrize(
    ("registry", "told"),
    [
        ({"My::R": "m.yaml"}, "inside of m.yaml, which stands for it, it means itself"),
        ({"My::R": "My::R"}, "it is mapped to itself"),
        ({}, "no environment maps it"),
    ],
)
def test_what_a_mapping_does_to_its_own_name_is_told(registry: dict[str, str], told: str) -> None:
    template = f"{HOT}resources: {{a: {{type: My::R}}}}\n"
    environment = load_environment({"resource_registry": registry})
    definition, _ = try_bind(load_template(template), environment, files={"m.yaml": template})
    types = FileTypes(Types(), {"m.yaml": template}, environment=environment)
    _, found = check_tree(definition, types, TreeLimits(), pseudo=PSEUDO)
    (problem,) = found.errors
    assert "The Resource Type (My::R) could not be found." in problem.text
    assert told in problem.hint


def test_a_group_is_checked_with_the_stack_that_it_makes_of_its_members() -> None:
    group = f"{HOT}resources:\n  g: {{type: My::Many, properties: {{of: %s}}}}\n"
    outputs = "outputs:\n  o: {value: {get_attr: [g, ids, x]}}\n"
    found, problems = tree(group % "OS::Heat::None" + outputs)
    assert not problems.errors
    assert set(child(found, "g").definition.resources) == {"0", "ids.x"}
    _, problems = tree(group % "No::Such")
    (wrong,) = problems.errors
    assert wrong.position is not None
    assert (wrong.position.file, wrong.position.line) == ("top.yaml", 3), "where the group stands"


def test_what_the_members_of_a_group_lack_is_told_once() -> None:
    group = f"{HOT}resources:\n  g: {{type: My::Team, properties: {{of: My::Disk}}}}\n"
    reads = "outputs:\n  o: {value: [{get_attr: [g, x]}, {get_attr: [g, y]}]}\n"
    _, problems = tree(group + reads)
    told = [each.path for each in problems.errors if "is incorrect" in each.text]
    assert sorted(told) == [f"resources.g<nested_stack>.outputs.{each}.value.a" for each in "xy"]


@pytest.mark.parametrize(
    "given", ["properties: {of: {get_resource: n}}", "properties: {get_resource: n}"]
)
def test_members_that_are_not_known_yet_are_not_looked_at(given: str) -> None:
    members = f"  n: {{type: OS::Heat::None}}\n  g: {{type: My::Many, {given}}}\n"
    found, problems = tree(f"{HOT}resources:\n{members}")
    assert "g" not in found.children
    assert not problems.errors


ALIKE = f"""{HOT}parameters: {{size: {{type: number, default: 2}}}}
resources:
  a: {{type: kid.yaml, properties: {{size: {{get_param: size}}}}}}
  b: {{type: kid.yaml, properties: {{size: {{get_param: size}}}}}}
  c: {{type: kid.yaml, properties: {{size: 5}}}}
"""


def test_siblings_that_are_given_the_same_are_looked_at_once() -> None:
    found, problems = tree(ALIKE, {"kid.yaml": KID})
    assert [each.text for each in problems] == ["5 is out of range (min: None, max: 4)"]
    first, second = child(found, "a"), child(found, "b")
    assert first.definition is second.definition
    assert (second.resource.name, second.way.names) == ("b", ("kid.yaml",))
    assert second.way.path == "resources.b<kid.yaml>"
    assert child(found, "c").definition is not first.definition
    assert found.resources == 6


def test_what_is_nested_in_a_sibling_has_a_way_of_its_own() -> None:
    middle = f"{HOT}resources: {{m: {{type: kid.yaml, properties: {{size: 1}}}}}}\n"
    top = f"{HOT}resources: {{a: {{type: middle.yaml}}, b: {{type: middle.yaml}}}}\n"
    found, problems = tree(top, {"kid.yaml": KID, "middle.yaml": middle})
    assert told(problems) == []
    assert [way.path for _, way in found.stacks()] == [
        "",
        "resources.a<middle.yaml>",
        "resources.a<middle.yaml>.resources.m<kid.yaml>",
        "resources.b<middle.yaml>",
        "resources.b<middle.yaml>.resources.m<kid.yaml>",
    ]
    assert found.resources == 6


@pytest.mark.parametrize(
    ("kid", "environment"),
    [
        (KID.replace("get_param: size", 'get_param: "OS::stack_name"'), None),
        (KID, {"resource_registry": {"resources": {"b": {"OS::Heat::Value": "OS::Heat::None"}}}}),
    ],
)
def test_siblings_that_differ_by_their_names_are_looked_at_each(kid: str, environment: Any) -> None:
    found, _ = tree(ALIKE, {"kid.yaml": kid}, environment)
    first, second = child(found, "a").definition, child(found, "b").definition
    assert first.parameters["OS::stack_name"] == "stack-a"
    assert second.parameters["OS::stack_name"] == "stack-b"


def test_what_is_wrong_is_told_of_each_sibling() -> None:
    kid = KID.replace("get_attr: [v, value]", "get_attr: [v, valeu]")
    _, problems = tree(ALIKE.replace("size: 5", "size: 1"), {"kid.yaml": kid})
    assert {each.path.partition("<")[0] for each in problems} == {
        f"resources.{name}" for name in "abc"
    }

"""``isotherm lint`` as its users run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from isotherm.cli import main
from isotherm.template import EXPLANATIONS, WARNINGS

pytestmark = pytest.mark.usefixtures("no_plug_in_stays")

EXAMPLES = Path(__file__).parents[2] / "examples"
LESSON = EXAMPLES / "02-first-lesson"


def lint(*arguments: str, given: str | bytes = "") -> Result:
    return CliRunner().invoke(main, ["lint", *arguments], input=given)


def test_the_first_lesson_gives_one_diagnostic_with_place_path_and_suggestion() -> None:
    file = str(LESSON / "template.yaml")
    result = lint(file)
    assert result.exit_code == 1
    first, *excerpt, blank, summary = result.output.splitlines()
    assert first.startswith(f"{file}:23:34: error: resources.vol_attachment.properties.volume_id:")
    assert "did you mean 'my_volume'?" in first
    assert [line.strip() for line in excerpt] == [
        "23 |       volume_id: { get_resource: my_vol }",
        "|                                  ^^^^^^",
    ]
    assert (blank, summary) == ("", "1 error in 1 file")


@pytest.mark.parametrize(
    "file",
    sorted({*EXAMPLES.glob("*/*.yaml")} - {*EXAMPLES.glob("*/environment.yaml")}),
    ids=lambda p: f"{p.parent.name}/{p.name}",
)
def test_every_other_example_is_clean(file: Path) -> None:
    if file == LESSON / "template.yaml":
        return
    environment = file.with_name("environment.yaml")
    plug_ins = file.parent / "src" / "acme_isotherm"
    result = lint(
        str(file),
        *(["-e", str(environment)] if environment.exists() else []),
        *(["--plugins", str(plug_ins)] if plug_ins.exists() else []),
    )
    assert result.exit_code == 0, result.output
    assert result.output.startswith("no problems in ")


def test_json_for_programs(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("heat_template_version: 2021-04-16\nresources:\n  a: {type: OS::Nova::Sever}\n")
    result = lint(str(file), "--json")
    assert result.exit_code == 1
    (found,) = json.loads(result.output)["diagnostics"]
    assert (found["file"], found["line"], found["severity"]) == (str(file), 3, "error")
    assert (found["column"], found["end_line"], found["end_column"]) == (13, 3, 28)
    assert "OS::Nova::Server" in found["hint"]


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(
        "heat_template_version: 2021-04-16\n"
        "resources:\n"
        "  a:\n"
        "    type: OS::Nova::Server\n"
        "    properties:\n"
        "      flavour: m1.tiny\n"
        "      networks: {get_param: nets}\n"
        "  b:\n"
        "    type: OS::Cinder::Volume\n"
        "    properties: {size: big}\n"
        "    depends_on: c\n"
    )
    result = lint(str(file))
    assert result.exit_code == 1
    for line, words in {
        6: "flavor",
        7: "nets",
        10: "big",
        11: "c",
    }.items():
        assert any(
            f"{file}:{line}:" in shown and words in shown for shown in result.output.splitlines()
        ), (line, words, result.output)


def test_a_file_that_is_not_there_is_wrong_usage() -> None:
    result = lint("/nowhere/template.yaml")
    assert result.exit_code == 2
    assert "/nowhere/template.yaml" in result.output


HEAD = "heat_template_version: 2021-04-16\n"
NESTED = (
    HEAD
    + "parameters:\n"
    + "  size: {type: number}\n"
    + "  spare: {type: string, default: x}\n"
    + "resources:\n"
    + "  disk:\n"
    + "    type: OS::Cinder::Volume\n"
    + "    properties: {size: {get_param: size}, sise: 1}\n"
    + "outputs:\n"
    + "  id: {value: {get_resource: disk}}\n"
)


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)


def found_in(folder: Path, *arguments: str) -> list[tuple[str, int, str, str]]:
    found = json.loads(lint(*arguments, "--json").output)["diagnostics"]
    return [
        (str(Path(each["file"]).relative_to(folder)), each["line"], each["severity"], each["text"])
        for each in found
    ]


@pytest.mark.parametrize("command", ["lint", "plan", "convert"])
def test_nothing_is_fetched(command: str) -> None:
    result = CliRunner().invoke(main, [command, "https://web.example/folder/t.yaml"])
    assert result.exit_code == 2
    assert "https://web.example/folder/t.yaml is an address" in result.output
    assert "download it" in result.output


def test_templates_at_addresses_are_not_looked_at(tmp_path: Path) -> None:
    file = tmp_path / "top.yaml"
    file.write_text(
        "heat_template_version: 2021-04-16\n"
        "resources: {a: {type: 'https://web.example/t.yaml', properties: {p: 1}}}\n"
    )
    result = lint(str(file))
    assert result.exit_code == 0
    assert "2:23: warning[unfetched-template]: resources.a.type: the template" in result.output
    planned = CliRunner().invoke(main, ["plan", str(file)])
    assert planned.exit_code == 2
    assert "https://web.example/t.yaml is needed, and nothing is fetched" in planned.output


@pytest.mark.parametrize(("count", "lines"), [(3, 3), (4, 1), (12, 1)])
def test_many_unused_parameters_are_one_warning(tmp_path: Path, count: int, lines: int) -> None:
    file = tmp_path / "top.yaml"
    declared = ", ".join(f"p{n}: {{type: string, default: x}}" for n in range(count))
    file.write_text(f"heat_template_version: 2021-04-16\nparameters: {{{declared}}}\n")
    output = lint(str(file)).output
    assert output.count("warning[unused-parameter]") == lines
    assert "p2" in output
    assert ("and 2 more" in output) == (count == 12)


def test_warnings_are_no_failure(tmp_path: Path) -> None:
    write(tmp_path, top=HEAD + "parameters:\n  mode: {type: string, default: 0777}\n")
    result = lint(str(tmp_path / "top.yaml"))
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        (
            f"{tmp_path}/top.yaml:3:3: warning[unused-parameter]: parameters.mode: "
            "parameter mode is never used"
        ),
        "3 |   mode: {type: string, default: 0777}",
        "  |   ^^^^",
        "",
        (
            f"{tmp_path}/top.yaml:3:33: warning[misread-scalar]: parameters.mode.default: "
            "YAML reads 0777 as 511 (write '0777' if text is meant)"
        ),
        "3 |   mode: {type: string, default: 0777}",
        "  |                                 ^^^^",
        "",
        "2 warnings in 1 file",
    ]


def test_nested_templates_are_types_and_are_looked_at_in_their_own_place(tmp_path: Path) -> None:
    top = (
        HEAD
        + "resources:\n"
        + "  one: {type: inner.yaml, properties: {size: many}}\n"
        + "  two: {type: inner.yaml, properties: {size: 1}}\n"
        + "outputs:\n"
        + "  o: {value: {get_attr: [one, ids]}}\n"
    )
    write(tmp_path, top=top, inner=NESTED)
    assert found_in(tmp_path, str(tmp_path / "top.yaml")) == [
        ("top.yaml", 3, "error", "Value 'many' is not a number"),
        ("top.yaml", 6, "warning", "The Referenced Attribute (one ids) is incorrect."),
        ("inner.yaml", 4, "warning", "parameter spare is never used"),
        ("inner.yaml", 8, "error", "Unknown property sise"),
    ]


def test_what_lies_between_templates_is_looked_at(tmp_path: Path) -> None:
    top = (
        HEAD
        + "resources:\n"
        + "  one: {type: inner.yaml, properties: {size: 5}}\n"
        + "  two: {type: OS::Heat::Stack, properties: {template: {get_file: text.yaml}}}\n"
        + "  three: {type: OS::Heat::RandomString}\n"
    )
    inner = (
        HEAD
        + "parameters:\n"
        + "  size: {type: json}\n"
        + "outputs:\n"
        + "  o: {value: {get_param: size}}\n"
    )
    text = HEAD + "resources:\n  v: {type: OS::Heat::Value, properties: {val: 1}}\n"
    other = HEAD + "description: nothing\n"
    environment = "resource_registry: {'OS::Heat::RandomString': other.yaml}"
    write(tmp_path, top=top, inner=inner, text=text, other=other, env=environment)
    arguments = (str(tmp_path / "top.yaml"), "-e", str(tmp_path / "env.yaml"))
    found = found_in(tmp_path, *arguments)
    assert [(file, line) for file, line, *_ in found] == [
        ("top.yaml", 3),
        ("top.yaml", 5),
        ("text.yaml", 3),
    ]
    assert "must be a map, a list or JSON text" in found[0][-1]
    assert "no output for the attribute value" in found[1][-1]
    assert "Unknown property val" in found[2][-1]


def test_templates_inside_groups_are_looked_at(tmp_path: Path) -> None:
    group = "{type: OS::Heat::ResourceGroup, properties: {resource_def: {type: inner.yaml}}}"
    write(tmp_path, top=HEAD + f"resources:\n  group: {group}\n", inner=NESTED)
    found = found_in(tmp_path, str(tmp_path / "top.yaml"))
    assert ("inner.yaml", 8, "error", "Unknown property sise") in found
    # What the group makes of it is no file of anybody's.
    assert {file for file, *_ in found} == {"inner.yaml", "top.yaml"}


def test_a_registry_names_templates_relative_to_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "env").mkdir()
    write(tmp_path, top=HEAD + "resources:\n  one: {type: My::Disk, properties: {size: 1}}\n")
    write(tmp_path / "env", inner=NESTED, env="resource_registry: {'My::Disk': inner.yaml}\n")
    found = found_in(
        tmp_path.resolve(), str(tmp_path / "top.yaml"), "-e", str(tmp_path / "env/env.yaml")
    )
    assert ("env/inner.yaml", 8, "error", "Unknown property sise") in found


def test_missing_and_circular_templates_are_errors_where_they_are_named(tmp_path: Path) -> None:
    write(
        tmp_path,
        top=HEAD + "resources:\n  a: {type: inner.yaml}\n  b: {type: gone.yaml}\n",
        inner=HEAD + "resources:\n  again: {type: top.yaml}\n",
    )
    assert found_in(tmp_path, str(tmp_path / "top.yaml")) == [
        ("top.yaml", 4, "error", f"there is no template {tmp_path}/gone.yaml"),
        ("inner.yaml", 3, "error", f"template {tmp_path}/top.yaml contains itself"),
    ]


def test_former_names_of_properties_tell_their_successor(tmp_path: Path) -> None:
    volume = "{type: OS::Cinder::Volume, properties: {size: 1, imageRef: x}}"
    write(tmp_path, top=HEAD + f"resources:\n  disk: {volume}\n")
    result = lint(str(tmp_path / "top.yaml"))
    assert result.exit_code == 0
    assert (
        "warning[deprecated]: resources.disk.properties.imageRef: property imageRef is"
        in result.output
    )
    assert "image" in result.output.partition("imageRef is")[2].partition("\n")[0]


OLD_NAMES = """\
heat_template_version: 2013-05-23
resources:
  busy:
    type: OS::Ceilometer::Alarm
    properties: {meter_name: cpu, threshold: 80, comparison_operator: gt}
  net:
    type: OS::Quantum::Net
"""


def test_former_names_of_types_are_taken_and_tell_their_successor(tmp_path: Path) -> None:
    file = tmp_path / "old.yaml"
    file.write_text(OLD_NAMES)
    result = lint(str(file))
    assert result.exit_code == 0, result.output
    told = [line for line in result.output.splitlines() if "another name today" in line]
    busy, net = (line.partition(f"{file}:")[2] for line in told)
    assert busy.startswith("4:11: warning[deprecated]: resources.busy.type: ")
    assert busy.endswith("(use OS::Aodh::Alarm)")
    assert net.startswith("7:11: warning[deprecated]: resources.net.type: ")
    assert net.endswith("(use OS::Neutron::Net)")


def test_an_environment_may_give_a_former_name_another_meaning(tmp_path: Path) -> None:
    file, environment = tmp_path / "old.yaml", tmp_path / "environment.yaml"
    file.write_text(OLD_NAMES)
    environment.write_text("resource_registry: {'OS::Ceilometer::Alarm': OS::Heat::None}\n")
    result = lint(str(file), "-e", str(environment))
    assert result.exit_code == 0, result.output
    assert "OS::Aodh::Alarm" not in result.output


def test_a_wrong_environment_is_shown_in_its_own_place(tmp_path: Path) -> None:
    write(tmp_path, top=HEAD, env="parametres: {a: 1}\n")
    result = lint(str(tmp_path / "top.yaml"), "-e", str(tmp_path / "env.yaml"))
    assert result.exit_code == 1
    assert f"{tmp_path}/env.yaml:1:1: error: parametres:" in result.output
    assert "1 | parametres: {a: 1}" in result.output


def test_what_is_wrong_inside_tells_how_it_was_reached(tmp_path: Path) -> None:
    middle = HEAD + "resources:\n  deep: {type: inner.yaml, properties: {size: 1}}\n"
    write(
        tmp_path,
        top=HEAD + "resources:\n  one: {type: middle.yaml}\n",
        middle=middle,
        inner=NESTED.replace("  spare: {type: string, default: x}\n", ""),
    )
    result = lint(str(tmp_path / "top.yaml"))
    assert result.output.splitlines()[3:] == [
        f"  = {tmp_path}/middle.yaml:3:16: the template is used here, by resource deep",
        f"  = {tmp_path}/top.yaml:3:15: the template is used here, by resource one",
        "",
        "1 error in 1 file",
    ]
    (found,) = json.loads(lint(str(tmp_path / "top.yaml"), "--json").output)["diagnostics"]
    assert [(note["line"], note["column"]) for note in found["notes"]] == [(3, 16), (3, 15)]


def test_values_of_an_environment_are_refused_where_they_stand(tmp_path: Path) -> None:
    write(
        tmp_path,
        top=HEAD + "parameters: {size: {type: number}}\noutputs: {o: {value: {get_param: size}}}\n",
        env="parameters:\n  size: big\n  siz: 1\n",
    )
    result = lint(str(tmp_path / "top.yaml"), "-e", str(tmp_path / "env.yaml"))
    shown = result.output.splitlines()
    assert shown[0].startswith(f"{tmp_path}/env.yaml:2:9: error: parameters.size: ")
    assert shown[1:4] == [
        "2 |   size: big",
        "  |         ^^^",
        f"  = {tmp_path}/top.yaml:2:14: the parameter is declared here",
    ]
    assert shown[5].startswith(f"{tmp_path}/env.yaml:3:3: error: parameters.siz: ")


def test_all_environments_are_looked_at(tmp_path: Path) -> None:
    write(tmp_path, top=HEAD, a="parametres: {}\n", b="resource_registri: {}\n")
    result = lint(str(tmp_path / "top.yaml"), *(f"-e{tmp_path}/{name}.yaml" for name in "ab"))
    assert result.exit_code == 1
    assert "2 errors in 2 files" in result.output


def test_environments_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    text = "parameter_merge_strategies: {a: %s}\nparameters: {a: {b: 1}}\n"
    write(tmp_path, top=HEAD, a=text % "merge", b=text % "deep_merge")
    result = lint(str(tmp_path / "top.yaml"), *(f"-e{tmp_path}/{name}.yaml" for name in "ab"))
    assert result.exit_code == 1
    assert "b.yaml: error: parameters.a: Conflicting merge strategy" in result.output


def test_a_file_in_another_encoding_is_shown_nevertheless(tmp_path: Path) -> None:
    (tmp_path / "top.yaml").write_bytes(HEAD.encode() + "description: Größe\n".encode("latin-1"))
    result = lint(str(tmp_path / "top.yaml"))
    assert result.exit_code == 1
    assert f"{tmp_path}/top.yaml:2:16: error: " in result.output
    assert "2 | description: Gr\ufffd\ufffde" in result.output


def test_colours_are_for_terminals_and_for_those_who_want_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, top=HEAD + "resourcs: {}\n")
    command = ["lint", str(tmp_path / "top.yaml")]
    assert "\x1b[31m" in CliRunner().invoke(main, command, color=True).output
    assert "\x1b" not in CliRunner().invoke(main, command).output
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in CliRunner().invoke(main, command, color=True).output


def test_rules_across_properties_are_told(tmp_path: Path) -> None:
    resources = """
  net: {type: OS::Neutron::Net}
  bare:
    type: OS::Neutron::Subnet
    properties: {network: {get_resource: net}}
  door:
    type: OS::Neutron::RouterInterface
    properties:
      router: r
      subnet: {get_resource: bare}
      port: {get_resource: net}
"""
    write(tmp_path, top=f"{HEAD}resources:{resources}")
    result = lint(str(tmp_path / "top.yaml"))
    assert ":6:5: error: resources.bare.properties.cidr: must be given" in result.output
    assert ":12:13: error: resources.door.properties.port: cannot be used" in result.output
    assert "2 errors in 1 file" in result.output


def test_what_a_condition_chooses_may_be_nothing(tmp_path: Path) -> None:
    rest = """
parameters:
  from_image: {type: boolean}
conditions:
  image: {get_param: from_image}
resources:
  disk:
    type: OS::Cinder::Volume
    properties:
      image: {if: [image, cirros, null]}
      snapshot_id: {if: [image, null, yesterday]}
"""
    write(tmp_path, top=f"{HEAD}{rest}")
    assert lint(str(tmp_path / "top.yaml")).output == "no problems in 1 file\n"


def test_a_file_that_is_missing_is_told_whatever_it_is_called(tmp_path: Path) -> None:
    value = "resources: {a: {type: OS::Heat::Value, properties: {value: {get_file: play.yaml}}}}"
    write(tmp_path, top=f"{HEAD}{value}\n")
    result = lint(str(tmp_path / "top.yaml"))
    assert 'No content found in the "files" section for path: play.yaml' in result.output
    assert result.exit_code == 1


def test_files_need_not_be_text(tmp_path: Path) -> None:
    value = "resources: {a: {type: OS::Heat::Value, properties: {value: {get_file: key.der}}}}"
    write(tmp_path, top=f"{HEAD}{value}\n")
    (tmp_path / "key.der").write_bytes(b"\xff\x00\xfe")
    assert lint(str(tmp_path / "top.yaml")).output == "no problems in 1 file\n"
    planned = CliRunner().invoke(main, ["plan", str(tmp_path / "top.yaml")])
    assert planned.output == "create    a (OS::Heat::Value)\n"


@pytest.mark.parametrize("section", ["resources", "outputs", "parameters", "conditions"])
@pytest.mark.parametrize("written", ["7", "true", "text", "[1]", "{a: 7}"])
def test_a_section_that_is_something_else_is_told(
    section: str, written: str, tmp_path: Path
) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(f"heat_template_version: 2021-04-16\n{section}: {written}\n")
    result = lint(str(file))
    assert result.exit_code == 1
    assert f"{file}:2:" in result.output


@pytest.mark.parametrize("name", ["/dev/zero", "a" * 5000, '"a\\0b"'])
@pytest.mark.parametrize("place", ["type: NAME.yaml", "type: NAME", "get_file: NAME"])
def test_names_that_lead_to_no_file_are_told(name: str, place: str, tmp_path: Path) -> None:
    """A device has no end, and a long name is none: neither stops the command."""
    written = place.replace("NAME", name.strip('"') if ".yaml" in place else name)
    if place.startswith("get_file"):
        written = f"type: OS::Heat::Value, properties: {{value: {{{written}}}}}"
    file = tmp_path / "t.yaml"
    file.write_text(f"heat_template_version: 2021-04-16\nresources:\n  a: {{{written}}}\n")
    result = lint(str(file))
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 1
    assert f"{file}:3:" in result.output


def test_a_file_without_an_end_is_not_read(tmp_path: Path) -> None:
    result = lint("/dev/zero")
    assert result.exit_code == 2
    assert "/dev/zero cannot be read: it is bigger than 64 MiB" in result.output


SLIP = HEAD + "resources:\n  v: {type: OS::Heat::Value, properties: {val: '1, 2: 3'}}\n"


def test_a_template_may_come_from_standard_input() -> None:
    result = lint("-", given=SLIP)
    assert result.exit_code == 1
    assert result.output.startswith("<stdin>:3:")


def test_a_folder_stands_for_the_templates_in_it(tmp_path: Path) -> None:
    """Other files and what is hidden are passed over."""
    (tmp_path / "inside").mkdir()
    (tmp_path / ".hidden").mkdir()
    write(tmp_path, notes="a: [", good=HEAD)
    write(tmp_path / "inside", bad=SLIP)
    write(tmp_path / ".hidden", bad=SLIP)
    (tmp_path / "read.me").write_text(SLIP)
    assert [(file, line) for file, line, *_ in found_in(tmp_path, str(tmp_path))] == [
        ("inside/bad.yaml", 3)
    ]
    assert lint(str(tmp_path)).output.endswith("1 error in 1 file\n")
    (tmp_path / "empty").mkdir()
    result = lint(str(tmp_path / "empty"))
    assert (result.exit_code, "there is no template in" in result.output) == (2, True)


def test_it_is_told_in_one_form(tmp_path: Path) -> None:
    write(tmp_path, top=SLIP)
    both = lint(str(tmp_path / "top.yaml"), "--json", "--format", "github")
    assert (both.exit_code, "--json and --format github" in both.output) == (2, True)
    twice_the_same = lint(str(tmp_path / "top.yaml"), "--json", "--format", "json")
    assert json.loads(twice_the_same.output)["diagnostics"]


def test_annotations_for_github(tmp_path: Path) -> None:
    write(tmp_path, top=SLIP)
    result = lint(str(tmp_path / "top.yaml"), "--format", "github")
    assert result.exit_code == 1
    assert result.output == (
        f"::error file={tmp_path}/top.yaml,line=3,col=43,endLine=3,endColumn=46,"
        "title=StackValidationFailed::resources.v.properties.val: Unknown property val "
        "(did you mean 'value'?)\n"
    )
    clean = lint("-", "--format", "github", given=HEAD)
    assert (clean.exit_code, clean.output) == (0, "")


def test_sarif_for_code_scanning(tmp_path: Path) -> None:
    write(tmp_path, top=f"{HEAD}parameters: {{p: {{type: string, default: 0755}}}}\n")
    report = json.loads(lint(str(tmp_path / "top.yaml"), "--format", "sarif").output)
    assert report["version"] == "2.1.0"
    [run] = report["runs"]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert rules == {"unused-parameter", "misread-scalar"}
    misread = run["results"][-1]
    assert (misread["ruleId"], misread["level"]) == ("misread-scalar", "warning")
    [place] = misread["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == f"{tmp_path}/top.yaml"
    region = place["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"], region["endColumn"]) == (2, 41, 45)


@pytest.mark.parametrize("rule", WARNINGS)
def test_every_warning_is_explained(rule: str) -> None:
    result = lint("--explain", rule)
    assert result.exit_code == 0
    assert result.output.startswith(f"{rule}: {WARNINGS[rule]}\n\n")
    assert EXPLANATIONS.keys() == WARNINGS.keys()


@pytest.mark.parametrize(
    "call", ["getparam: p", "GetParam: p", "get param: p", "strreplace: {}", "listJoin: []"]
)
def test_a_call_without_its_underscore_is_told(call: str) -> None:
    value = f"v: {{type: OS::Heat::Value, properties: {{value: {{{call}}}}}}}"
    output = lint("-", given=f"{HEAD}resources: {{{value}}}\n").output
    assert "[misplaced-call]" in output
    assert "did you mean" in output


@pytest.mark.parametrize("word", ["filter", "digest", "Replace", "parameter", "yaql", "getter"])
def test_words_of_data_are_no_calls(word: str) -> None:
    value = f"v: {{type: OS::Heat::Value, properties: {{value: {{x: {{{word}s: 1}}}}}}}}"
    assert "misplaced-call" not in lint("-", given=f"{HEAD}resources: {{{value}}}\n").output


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("description:\u00a0x\n", True),
        ("\u00a0description: x\n", True),
        ("description: [a,\u200bb]\n", True),
        ("description: x\u202f\n", True),
        ("description: 12\u00a0000 francs\n", False),
        ("# a:\u00a0b\ndescription: x\n", False),
    ],
)
def test_what_only_looks_like_a_space_is_told(text: str, told: bool) -> None:
    assert ("[odd-space]" in lint("-", given=HEAD + text).output) is told

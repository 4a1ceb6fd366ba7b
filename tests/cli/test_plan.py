"""``isotherm plan`` shows what creating a stack takes, with all that is nested in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from isotherm.cli.plan import plan

HEAD = "heat_template_version: 2021-04-16\n"
KID = f"""{HEAD}parameters: {{size: {{type: number, default: 3}}}}
resources:
  word: {{type: OS::Heat::RandomString, properties: {{length: {{get_param: size}}}}}}
  copy: {{type: OS::Heat::Value, properties: {{value: {{get_attr: [word, value]}}}}}}
outputs: {{word: {{value: {{get_attr: [word, value]}}}}}}
"""
TOP = f"""{HEAD}resources:
  deep: {{type: folder/middle.yaml}}
  last: {{type: OS::Heat::Value, properties: {{value: {{get_attr: [deep, word]}}}}}}
"""
MIDDLE = f"""{HEAD}resources:
  kid: {{type: kid.yaml, properties: {{size: 4}}}}
  text: {{type: OS::Heat::Value, properties: {{value: {{get_file: text.txt}}}}}}
outputs: {{word: {{value: {{get_attr: [kid, word]}}}}}}
"""


def write(folder: Path, **files: str) -> str:
    (folder / "folder").mkdir(exist_ok=True)
    (folder / "folder" / "kid.yaml").write_text(KID)
    (folder / "folder" / "middle.yaml").write_text(MIDDLE)
    (folder / "folder" / "text.txt").write_text("hello")
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return str(folder / "top.yaml")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(plan, arguments)


def test_nested_templates_are_planned_where_they_lie(tmp_path: Path) -> None:
    result = run(write(tmp_path, top=TOP))
    assert result.output.splitlines() == [
        "create    deep (folder/middle.yaml)",
        "create    last (OS::Heat::Value); after deep",
        "inside deep (folder/middle.yaml):",
        "  create    kid (folder/kid.yaml)",
        "  create    text (OS::Heat::Value)",
        "  inside kid (folder/kid.yaml):",
        "    create    word (OS::Heat::RandomString)",
        "    create    copy (OS::Heat::Value); after word",
    ]


def test_paths_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, top=TOP)
    monkeypatch.chdir(tmp_path.parent)
    assert "create    word" in run(f"{tmp_path.name}/top.yaml").output


def test_programs_read_json(tmp_path: Path) -> None:
    data = json.loads(run(write(tmp_path, top=TOP), "--json").output)
    kid = data["nested"]["deep"]["nested"]["kid"]
    assert kid["template"] == "folder/kid.yaml"
    assert [each["step"] for each in kid["steps"]] == ["word", "copy"]


def test_types_are_mapped_relative_to_the_environment(tmp_path: Path) -> None:
    top = f"{HEAD}resources: {{one: {{type: My::Kid}}}}"
    environment = "resource_registry: {'My::Kid': folder/kid.yaml}"
    template = write(tmp_path, top=top, env=environment)
    assert (
        "create    word (OS::Heat::RandomString)"
        in run(template, "-e", str(tmp_path / "env.yaml")).output
    )


def test_mistakes_are_told_with_the_way_to_them(tmp_path: Path) -> None:
    template = write(tmp_path, top=TOP)
    (tmp_path / "folder" / "kid.yaml").write_text(KID.replace("length:", "lenght:"))
    result = run(template)
    assert result.exit_code == 1
    assert (
        f"{tmp_path}/folder/kid.yaml:4:53: error: "
        "resources.deep<folder/middle.yaml>.resources.kid<folder/kid.yaml>."
        "resources.word.properties.lenght: Unknown property lenght"
    ) in result.output


def test_missing_templates_are_told(tmp_path: Path) -> None:
    top = f"{HEAD}resources: {{one: {{type: none.yaml}}}}"
    result = run(write(tmp_path, top=top))
    assert result.exit_code == 1
    assert "There is no content for the template none.yaml" in result.output


def test_all_mistakes_are_told_at_once_and_shown_where_they_stand(tmp_path: Path) -> None:
    top = f"{HEAD}resources:\n  a: {{type: OS::Heat::Valeu}}\n  b: {{typ: OS::Heat::Value}}\n"
    result = run(write(tmp_path, top=top))
    assert result.exit_code == 1
    assert "top.yaml:3:13: error: resources.a.type: The Resource Type" in result.stderr
    assert "top.yaml:4:7: error: resources.b.typ: " in result.stderr
    assert "4 |   b: {typ: OS::Heat::Value}\n  |       ^^^" in result.stderr


def test_what_is_no_text_is_told_with_its_place(tmp_path: Path) -> None:
    template = write(tmp_path, top="")
    Path(template).write_bytes(f"{HEAD}description: Gr".encode() + b"\xfc\xdfe\nresources: {}\n")
    result = run(template)
    assert result.exit_code == 1
    assert "top.yaml:2:16: error: a byte that is not UTF-8 cannot be read" in result.stderr
    Path(template).write_text(f"{HEAD}resources: {{a: {{type: OS::Heat::Value}}}}", "utf-16")
    assert "resources.a.properties.value: Property value not assigned" in run(template).stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [(["--existing"], "--existing"), (["--stack", "web", "--plugins", "."], "--plugins")],
)
def test_an_option_that_would_change_nothing_is_refused(
    options: list[str], told: str, tmp_path: Path
) -> None:
    result = run(write(tmp_path, top=HEAD), *options)
    assert result.exit_code == 2
    assert told in result.output


def test_former_names_of_types_are_taken(tmp_path: Path) -> None:
    old = f"{HEAD}resources:\n  net: {{type: OS::Quantum::Net}}\n"
    result = CliRunner().invoke(plan, [write(tmp_path, top=old)])
    assert result.exit_code == 0, result.output
    assert "net" in result.output

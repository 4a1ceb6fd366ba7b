"""``isotherm lint`` as its users run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from isotherm.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"
LESSON = EXAMPLES / "02-first-lesson"


def lint(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["lint", *arguments])


def test_the_first_lesson_gives_one_diagnostic_with_place_path_and_suggestion() -> None:
    file = str(LESSON / "template.yaml")
    result = lint(file)
    assert result.exit_code == 1
    first, *excerpt = result.output.splitlines()
    assert first.startswith(f"{file}:23:34: error: resources.vol_attachment.properties.volume_id:")
    assert "did you mean 'my_volume'?" in first
    assert [line.strip() for line in excerpt] == [
        "23 |       volume_id: { get_resource: my_vol }",
        "|                                  ^",
    ]


@pytest.mark.parametrize(
    "file", sorted(EXAMPLES.glob("*/*.yaml")), ids=lambda p: f"{p.parent.name}/{p.name}"
)
def test_every_other_example_is_clean(file: Path) -> None:
    if file == LESSON / "template.yaml":
        return
    result = lint(str(file))
    assert (result.exit_code, result.output) == (0, "")


def test_json_for_programs(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("heat_template_version: 2021-04-16\nresources:\n  a: {type: OS::Nova::Sever}\n")
    result = lint(str(file), "--json")
    assert result.exit_code == 1
    (found,) = json.loads(result.output)["diagnostics"]
    assert (found["file"], found["line"], found["severity"]) == (str(file), 3, "error")
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

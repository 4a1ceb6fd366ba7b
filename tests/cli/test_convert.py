"""``isotherm convert`` as its users run it."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from isotherm.cli import main
from isotherm.template import load_template

SOURCE = """\
heat_template_version: 2021-04-16
parameters:
  size: {type: number, default: 1}
resources:
  disk: {type: OS::Cinder::Volume, properties: {size: {get_param: size}}}
outputs:
  id: {value: {get_resource: disk}}
"""


def convert(folder: Path, source: str, *options: str) -> Result:
    file = folder / "template.yaml"
    file.write_text(source)
    return CliRunner().invoke(main, ["convert", str(file), *options])


def test_there_and_back(tmp_path: Path) -> None:
    there = convert(tmp_path, SOURCE)
    assert there.exit_code == 0
    assert there.output.startswith("AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n")
    back = convert(tmp_path, there.output, "--to", "hot")
    assert load_template(back.output).data == load_template(SOURCE).data


def test_what_cannot_be_said_is_an_error_in_its_place(tmp_path: Path) -> None:
    result = convert(tmp_path, SOURCE + "  x: {value: {digest: [md5, a]}}\n")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        (
            f"{tmp_path}/template.yaml:8:15: error: outputs.x.value.digest: "
            "digest has no counterpart in the other format"
        ),
        "8 |   x: {value: {digest: [md5, a]}}",
        "  |               ^^^^^^",
    ]


def test_a_broken_template_is_shown_like_lint_does(tmp_path: Path) -> None:
    result = convert(tmp_path, "heat_template_version: 2021-04-16\nresourcs: {}\n")
    assert result.exit_code == 1
    assert "template.yaml:2:1: error: resourcs:" in result.stderr


def test_the_same_format_is_wrong_usage(tmp_path: Path) -> None:
    result = convert(tmp_path, SOURCE, "--to", "hot")
    assert result.exit_code == 2
    assert "in that format already" in result.stderr

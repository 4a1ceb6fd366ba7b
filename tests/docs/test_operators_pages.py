"""What operators are told is true: commands, options, figures, files."""

from __future__ import annotations

import configparser
import json
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from tests.docs.pages import HOW_TO, ROOT, blocks, commands

from isotherm.cli import main
from isotherm.server.metrics import PrometheusMetrics
from isotherm.server.options import GROUPS, load_options

PAGES = [
    HOW_TO / f"{name}.md"
    for name in (
        "install",
        "run-on-your-cloud",
        "watch-the-service",
        "put-tls-in-front",
        "back-up-and-restore",
        "upgrade",
    )
]
UNITS = sorted((ROOT / "packaging" / "systemd").glob("*.service"))
CONTAINERFILE = ROOT / "packaging" / "Containerfile"


def by_name(path: Path) -> str:
    return path.stem


def require_command(name: list[str], switches: list[str]) -> None:
    shown = CliRunner().invoke(main, [*name, "--help"])
    assert shown.exit_code == 0, name
    assert all(switch in shown.output for switch in switches), (name, switches)


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_every_command_exists_with_its_switches(page: Path) -> None:
    known = main.list_commands(click.Context(main))
    for name, switches in commands(page.read_text(encoding="utf-8")):
        if name[0] in known:
            require_command(name, switches)


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_what_is_called_in_an_environment_was_put_there_before(page: Path) -> None:
    made: set[str] = set()
    filled: set[str] = set()
    for line in page.read_text(encoding="utf-8").splitlines():
        made |= set(re.findall(r"-m venv (\S+)", line))
        filled |= set(re.findall(r"(\S+)/bin/pip install\b.*isotherm", line))
        called = set(re.findall(r"(\S+)/bin/isotherm\b", line)) & made
        assert called <= filled, line


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_every_option_that_is_named_with_its_section_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for group, name in re.findall(r"`\[(\w+)\] (\w+)`", text):
        if group != "oslo_policy":
            assert name in {each.name for each in GROUPS[group]}, f"[{group}] {name}"


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_every_sample_of_a_configuration_can_be_used(page: Path, tmp_path: Path) -> None:
    samples = [each for each in blocks(page) if each.startswith("[")]
    for number, sample in enumerate(samples):
        file = tmp_path / f"{number}.conf"
        file.write_text(sample)
        load_options([file])
        parsed = configparser.ConfigParser(default_section="", interpolation=None)
        parsed.read_string(sample)
        for group in parsed.sections():
            assert set(parsed[group]) <= {each.name for each in GROUPS[group]}


def test_every_figure_that_is_named_exists() -> None:
    text = (HOW_TO / "watch-the-service.md").read_text(encoding="utf-8")
    known = {each.name for each in PrometheusMetrics().families()}
    named = {name.removesuffix("_total") for name in re.findall(r"`(isotherm_\w+)`", text)}
    assert named == known


def test_the_sample_of_an_unwell_answer_has_its_form() -> None:
    (sample,) = [each for each in blocks(HOW_TO / "watch-the-service.md") if each.startswith("{")]
    assert json.loads(sample).keys() == {"detailed", "reasons"}


@pytest.mark.parametrize("unit", UNITS, ids=by_name)
def test_a_unit_starts_what_there_is(unit: Path) -> None:
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.read(unit)
    words = shlex.split(parsed["Service"]["ExecStart"])
    if words[0] == "/bin/sh":
        words = shlex.split(words[2])
    program = words.index("/opt/isotherm/bin/isotherm")
    name, *rest = words[program + 1 :]
    require_command([name], [word for word in rest if word.startswith("--")])
    assert unit.name.startswith("isotherm")
    assert unit.name in (HOW_TO / "install.md").read_text(encoding="utf-8").replace("@1", "@")


def test_the_container_is_made_of_files_that_exist_and_runs_a_command() -> None:
    text = CONTAINERFILE.read_text(encoding="utf-8")
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        *sources, _ = line.split()
        assert all((ROOT / each).exists() for each in sources), line
    (command,) = re.findall(r"^CMD (\[.+\])$", text, re.MULTILINE)
    name, *rest = json.loads(command)
    require_command([name], [word for word in rest if word.startswith("--")])

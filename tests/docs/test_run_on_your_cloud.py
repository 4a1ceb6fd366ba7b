"""The how-to names options and commands that exist."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from isotherm.cli import main
from isotherm.server.options import GROUPS

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "run-on-your-cloud.md"
TEXT = PAGE.read_text(encoding="utf-8")
OF_LIBRARIES = {"policy_file"}
OF_ENVIRONMENTS = {"parameter_defaults"}


def test_every_option_of_the_samples_is_known_in_its_group() -> None:
    group = ""
    for line in TEXT.splitlines():
        if header := re.fullmatch(r" {7}\[(\w+)\]", line):
            group = header[1]
        elif option := re.match(r" {7}(\w+) = ", line):
            assert option[1] in {each.name for each in GROUPS[group]}, f"[{group}] {option[1]}"


def test_every_option_that_is_spoken_of_exists() -> None:
    spoken_of = set(re.findall(r"`(?:\[\w+\] )?([a-z]+(?:_[a-z]+)+)`", TEXT))
    spoken_of -= OF_LIBRARIES | OF_ENVIRONMENTS
    known = {each.name for options in GROUPS.values() for each in options}
    assert spoken_of - known - GROUPS.keys() == set()
    assert len(spoken_of) > 8


def test_every_command_exists_with_its_switches() -> None:
    commands = re.findall(r"isotherm ((?:db )?[a-z]+) (--[^`\n]+)", TEXT)
    assert len(commands) >= 5
    for command, switches in commands:
        shown = CliRunner().invoke(main, [*command.split(), "--help"])
        assert shown.exit_code == 0, command
        assert all(switch in shown.output for switch in re.findall(r"--[a-z-]+", switches))

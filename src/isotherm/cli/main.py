"""The ``isotherm`` command: one file a command, imported when it is used.

Exit codes: 0 fine, 1 found something (or it went wrong), 2 wrong usage.
"""

from __future__ import annotations

import importlib

import click

from isotherm import __version__
from isotherm.cli.command_list import CommandList

_COMMANDS = {
    "serve": "isotherm.cli.serve:serve",
    "api": "isotherm.cli.serve:api",
    "api-cfn": "isotherm.cli.serve:api_cfn",
    "api-cloudwatch": "isotherm.cli.serve:api_cloudwatch",
    "engine": "isotherm.cli.serve:engine",
    "lint": "isotherm.cli.lint:lint",
    "convert": "isotherm.cli.convert:convert",
    "plan": "isotherm.cli.plan:plan",
    "watch": "isotherm.cli.watch:watch",
    "timeline": "isotherm.cli.timeline:timeline",
    "why": "isotherm.cli.why:why",
    "retry": "isotherm.cli.unsticking:retry",
    "skip": "isotherm.cli.unsticking:skip",
    "adopt": "isotherm.cli.unsticking:adopt",
    "forget": "isotherm.cli.unsticking:forget",
    "replace": "isotherm.cli.unsticking:replace",
    "release": "isotherm.cli.unsticking:release",
    "db": "isotherm.cli.database:db",
    "new-type": "isotherm.cli.new_type:new_type",
    "doctor": "isotherm.cli.doctor:doctor",
    "demo": "isotherm.cli.demo:demo",
}


class _Commands(CommandList):
    """Imports a command's module only when it is called or listed: ``lint`` needs no server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=_Commands, context_settings=_SETTINGS)
@click.version_option(__version__, prog_name="isotherm")
def main() -> None:
    """Orchestrate OpenStack clouds from templates."""

"""The ``isotherm`` command: one file a command, gathered here.

Exit codes: 0 fine, 1 found something (or it went wrong), 2 wrong usage.
"""

from __future__ import annotations

import click

from isotherm import __version__
from isotherm.cli.database import db
from isotherm.cli.demo import demo
from isotherm.cli.doctor import doctor
from isotherm.cli.lint import lint
from isotherm.cli.plan import plan
from isotherm.cli.serve import api, engine, serve
from isotherm.cli.watch import watch


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="isotherm")
def main() -> None:
    """Orchestrate OpenStack clouds from templates."""


for command in (serve, api, engine, lint, plan, db, doctor, watch, demo):
    main.add_command(command)

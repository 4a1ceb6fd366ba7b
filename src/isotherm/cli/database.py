"""``isotherm db``: the schema of the database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from isotherm.cli.command_list import CommandList
from isotherm.cli.options import CONFIG, STATE, data_folder
from isotherm.server.database import bring_up_to_date, open_database, survey
from isotherm.server.errors import ConfigurationError
from isotherm.server.options import OptionError, load_options
from isotherm.server.state_folder import StateFolder
from isotherm.store import REVISION


@click.group(cls=CommandList)
def db() -> None:
    """Look after the database: the one that the settings name, else the state folder's."""


@db.command()
@CONFIG
@STATE
def upgrade(files: Sequence[Path], state: Path | None) -> None:
    """Bring the schema to this version's. Safe to repeat and to run on several machines."""
    folder = StateFolder(state or data_folder())
    try:
        database = open_database(load_options(files), folder)
        before = survey(database).revision
        folder.create()
        bring_up_to_date(database)
    except (ConfigurationError, OptionError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"schema: {before or 'none'} -> {REVISION}")


@db.command()
@CONFIG
@STATE
def version(files: Sequence[Path], state: Path | None) -> None:
    """Show the schema's version; exit code 1 where it is not this program's."""
    try:
        database = open_database(load_options(files), StateFolder(state or data_folder()))
        found = survey(database).revision
    except (ConfigurationError, OptionError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"database: {found or 'none'}, program: {REVISION}")
    if found != REVISION:
        raise SystemExit(1)

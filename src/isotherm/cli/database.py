"""``isotherm db``: the schema of the database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from isotherm.cli.options import CONFIG, STATE, data_folder
from isotherm.ports.store import StoreUnavailable
from isotherm.server.adapters import ConfigurationError, open_database
from isotherm.server.options import OptionError, load_options
from isotherm.server.state_folder import StateFolder
from isotherm.store import REVISION, Database, SchemaError, schema_revision, upgrade_schema


@click.group()
def db() -> None:
    """Look after the database: the one that the settings name, else the state folder's."""


@db.command()
@CONFIG
@STATE
def upgrade(files: Sequence[Path], state: Path | None) -> None:
    """Bring the schema to this version's. Safe to repeat and to run on several machines."""
    database = _open(files, state)
    try:
        before = schema_revision(database)
        upgrade_schema(database)
    except (StoreUnavailable, SchemaError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"schema: {before or 'none'} -> {REVISION}")


@db.command()
@CONFIG
@STATE
def version(files: Sequence[Path], state: Path | None) -> None:
    """Show the schema's version; exit code 1 where it is not this program's."""
    try:
        found = schema_revision(_open(files, state))
    except StoreUnavailable as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"database: {found or 'none'}, program: {REVISION}")
    if found != REVISION:
        raise SystemExit(1)


def _open(files: Sequence[Path], state: Path | None) -> Database:
    folder = StateFolder(state or data_folder())
    try:
        return open_database(load_options(files), folder)
    except (ConfigurationError, OptionError) as error:
        raise click.ClickException(str(error)) from None

"""``isotherm db``: the schema of the database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import platformdirs
from oslo_config import cfg

from isotherm.ports.store import StoreUnavailable
from isotherm.server.adapters import ConfigurationError, open_database
from isotherm.server.options import load_options
from isotherm.server.state_folder import StateFolder
from isotherm.store import REVISION, Database, SchemaError, schema_revision, upgrade_schema


@click.group()
def db() -> None:
    """Look after the database."""


_CONFIG = click.option(
    "--config",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Configuration file; without [database] connection the state folder's SQLite is meant.",
)
_STATE = click.option("--state", type=click.Path(file_okay=False, path_type=Path))


@db.command()
@_CONFIG
@_STATE
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
@_CONFIG
@_STATE
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
    folder = StateFolder(state or Path(platformdirs.user_data_dir("isotherm")))
    try:
        return open_database(load_options(files), folder)
    except (ConfigurationError, cfg.Error) as error:
        raise click.ClickException(str(error)) from None

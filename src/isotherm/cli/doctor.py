"""``isotherm doctor``: can the service work with these settings on this machine?"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from oslo_config import cfg

from isotherm.cli.options import CONFIG, STATE, data_folder
from isotherm.cloud import OpenStackCloud
from isotherm.kit.registry import load_registry
from isotherm.server.adapters import (
    ConfigurationError,
    cloud_settings,
    names_cloud,
    open_database,
)
from isotherm.server.options import OptionError, load_options
from isotherm.server.real_clock import RealClock
from isotherm.server.state_folder import StateFolder
from isotherm.store import REVISION, schema_revision


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    well: bool
    detail: str


@click.command()
@CONFIG
@STATE
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text.")
def doctor(files: Sequence[Path], state: Path | None, as_json: bool) -> None:
    """Check settings, database, cloud and resource types; exit code 1 if something is wrong."""
    findings = list(_examine(files, state or data_folder()))
    if as_json:
        click.echo(json.dumps({"findings": [asdict(each) for each in findings]}, indent=2))
    else:
        for each in findings:
            mark = click.style("ok  ", fg="green") if each.well else click.style("FAIL", fg="red")
            click.echo(f"{mark} {each.what}: {each.detail}")
    sys.exit(0 if all(each.well for each in findings) else 1)


def _examine(files: Sequence[Path], state: Path) -> Iterator[Finding]:
    try:
        conf = load_options(files)
    except OptionError as error:
        yield Finding("settings", False, str(error))
        return
    yield Finding("settings", True, ", ".join(map(str, files)) or "defaults")
    yield _try("database", lambda: _database(conf, state))
    yield _try("cloud", lambda: _cloud(conf))
    yield _try("resource types", lambda: f"{len(dict(load_registry()))} types")


def _try(what: str, examine: Callable[[], str]) -> Finding:
    """Whatever a library raises is what there is to report."""
    try:
        return Finding(what, True, examine())
    except Exception as error:  # noqa: BLE001 - the finding is the report
        return Finding(what, False, str(error) or type(error).__name__)


def _database(conf: cfg.ConfigOpts, state: Path) -> str:
    database = open_database(conf, StateFolder(state))
    try:
        found = schema_revision(database)
    finally:
        database.dispose()
    if found not in (None, REVISION):
        raise ConfigurationError(f"schema {found}, wanted {REVISION}: run isotherm db upgrade")
    return f"{database}, schema {found or 'not made yet'}"


def _cloud(conf: cfg.ConfigOpts) -> str:
    if not names_cloud(conf):
        return "the built-in local cloud"
    settings = cloud_settings(conf)
    services = asyncio.run(_services(OpenStackCloud(settings, RealClock())))
    return f"{settings.auth_url} offers {', '.join(sorted(services))}"


async def _services(cloud: OpenStackCloud) -> frozenset[str]:
    try:
        return await cloud.services()
    finally:
        await cloud.close()

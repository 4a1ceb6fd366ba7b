"""``isotherm serve``, ``isotherm api``, ``isotherm engine``: run the service or a part of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

import click
import uvloop
from oslo_config import cfg

from isotherm.api.web.request_ids import RequestIdFilter
from isotherm.cli.options import CONFIG, STATE, data_folder
from isotherm.server.adapters import ConfigurationError
from isotherm.server.options import load_options
from isotherm.server.process import Part, Plan, run
from isotherm.server.state_folder import StateFolderInUse

_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(request)s%(message)s"
_LOG = click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="warning",
    show_default=True,
)


def _address(context: click.Context, option: click.Parameter, value: str) -> tuple[str, int]:
    host, separator, port = value.rpartition(":")
    if not separator or not port.isdigit() or int(port) > 65535:
        raise click.BadParameter("give HOST:PORT, such as 127.0.0.1:8004")
    return host.strip("[]"), int(port)


@click.command()
@STATE
@click.option(
    "--listen",
    default="127.0.0.1:8004",
    show_default=True,
    callback=_address,
    help="HOST:PORT; port 0 picks a free one.",
)
@CONFIG
@_LOG
def serve(
    state: Path | None, listen: tuple[str, int], files: Sequence[Path], log_level: str
) -> None:
    """Run the whole service in one process.

    With nothing configured it keeps its records in SQLite and works on a built-in local
    cloud; STATE/clouds.yaml then has the accounts for the openstack command.
    """
    folder = state or data_folder()
    _run(files, frozenset(Part), folder, listen, log_level)


@click.command()
@click.option(
    "--listen", default="127.0.0.1:8004", show_default=True, callback=_address, help="HOST:PORT."
)
@CONFIG
@_LOG
def api(listen: tuple[str, int], files: Sequence[Path], log_level: str) -> None:
    """Run the native API alone; the database is shared with engine processes."""
    _run(files, frozenset({Part.API}), None, listen, log_level)


@click.command()
@click.option(
    "--listen",
    default="127.0.0.1:0",
    show_default=True,
    callback=_address,
    help="HOST:PORT of the health check.",
)
@CONFIG
@_LOG
def engine(listen: tuple[str, int], files: Sequence[Path], log_level: str) -> None:
    """Run one worker of the engine; as many as you like may share a database."""
    _run(files, frozenset({Part.ENGINE}), None, listen, log_level)


def _run(
    files: Sequence[Path],
    parts: frozenset[Part],
    state: Path | None,
    listen: tuple[str, int],
    log_level: str,
) -> None:
    handler = logging.StreamHandler()
    handler.addFilter(RequestIdFilter())
    logging.basicConfig(level=log_level.upper(), format=_LOG_FORMAT, handlers=[handler])
    try:
        plan = Plan(load_options(files), parts, state, listen, _announce)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(run(plan))
    except (ConfigurationError, StateFolderInUse, cfg.Error, OSError) as error:
        raise click.ClickException(str(error)) from None


def _announce(url: str) -> None:
    click.echo(f"ready: {url}")

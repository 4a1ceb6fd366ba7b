"""``isotherm serve``, ``api``, ``api-cfn`` and so on: run the service or a part of it."""

from __future__ import annotations

import asyncio
import logging
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import uvloop

from isotherm.cli.options import CONFIG, STATE, data_folder
from isotherm.server.adapters import names_cloud
from isotherm.server.errors import ConfigurationError
from isotherm.server.heat_options import not_honoured
from isotherm.server.logs import set_up_logging
from isotherm.server.option_files import read_files
from isotherm.server.options import OptionError, load_options
from isotherm.server.process import Part, Plan, run
from isotherm.server.state_folder import StateFolderInUse

_log = logging.getLogger(__name__)

_LOG = click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    help="By default what the option debug says: debug or info.",
)


def _address(context: click.Context, option: click.Parameter, value: str) -> tuple[str, int]:
    host, separator, port = value.rpartition(":")
    if not separator or not host or not port.isdigit() or int(port) > 65535:
        raise click.BadParameter("give HOST:PORT, such as 127.0.0.1:8004")
    return host.strip("[]"), int(port)


def _further_address(
    context: click.Context, option: click.Parameter, value: str | None
) -> tuple[str, int] | None:
    return None if value is None else _address(context, option, value)


@click.command()
@STATE
@click.option(
    "--listen",
    default="127.0.0.1:8004",
    show_default=True,
    callback=_address,
    help="HOST:PORT; port 0 picks a free one.",
)
@click.option(
    "--listen-cfn", callback=_further_address, help="HOST:PORT at which CloudFormation is, too."
)
@click.option(
    "--listen-cloudwatch", callback=_further_address, help="HOST:PORT at which CloudWatch is, too."
)
@CONFIG
@_LOG
def serve(
    state: Path | None,
    listen: tuple[str, int],
    files: Sequence[Path],
    log_level: str | None,
    listen_cfn: tuple[str, int] | None,
    listen_cloudwatch: tuple[str, int] | None,
) -> None:
    """Run the whole service in one process.

    With nothing configured it keeps its records in SQLite and works on a built-in local
    cloud; STATE/clouds.yaml then has the accounts for the openstack command.
    """
    folder = state or data_folder()
    further = {Part.CFN: listen_cfn, Part.CLOUDWATCH: listen_cloudwatch}
    beside = {part: address for part, address in further.items() if address is not None}
    _run(files, frozenset(Part), listen, log_level, state=folder, beside=beside)


@click.command()
@click.option(
    "--listen", default="127.0.0.1:8004", show_default=True, callback=_address, help="HOST:PORT."
)
@CONFIG
@_LOG
def api(listen: tuple[str, int], files: Sequence[Path], log_level: str | None) -> None:
    """Run the native API alone; the database is shared with engine processes."""
    _run(files, frozenset({Part.API}), listen, log_level)


@click.command("api-cfn")
@click.option(
    "--listen", default="127.0.0.1:8000", show_default=True, callback=_address, help="HOST:PORT."
)
@CONFIG
@_LOG
def api_cfn(listen: tuple[str, int], files: Sequence[Path], log_level: str | None) -> None:
    """Run the CloudFormation API alone; the database is shared with engine processes."""
    _run(files, frozenset({Part.CFN}), listen, log_level)


@click.command("api-cloudwatch")
@click.option(
    "--listen", default="127.0.0.1:8003", show_default=True, callback=_address, help="HOST:PORT."
)
@CONFIG
@_LOG
def api_cloudwatch(listen: tuple[str, int], files: Sequence[Path], log_level: str | None) -> None:
    """Run the CloudWatch API alone; the database is shared with engine processes."""
    _run(files, frozenset({Part.CLOUDWATCH}), listen, log_level)


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
def engine(listen: tuple[str, int], files: Sequence[Path], log_level: str | None) -> None:
    """Run one worker of the engine; as many as you like may share a database."""
    _run(files, frozenset({Part.ENGINE}), listen, log_level)


def _run(
    files: Sequence[Path],
    parts: frozenset[Part],
    listen: tuple[str, int],
    log_level: str | None,
    *,
    state: Path | None = None,
    beside: Mapping[Part, tuple[str, int]] | None = None,
) -> None:
    try:
        conf = load_options(files)
        set_up_logging(conf, log_level)
        for line in not_honoured(read_files(files)):
            _log.warning("%s", line)
        embedded = state if state is not None and not names_cloud(conf) else None
        runs = conf.localcloud.run_servers
        plan = Plan(
            conf, parts, state, listen, lambda url: _announce(url, embedded, runs), beside or {}
        )
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(run(plan))
    except (ConfigurationError, OptionError, StateFolderInUse, OSError) as error:
        raise click.ClickException(str(error)) from None


def _announce(url: str, embedded: Path | None, servers_run: bool) -> None:
    """The first line is for programs that wait for it, the others are for people."""
    click.echo(f"ready: {url}")
    if embedded is not None:
        folder = embedded.absolute()
        click.echo(f"state: {folder}")
        if servers_run:
            click.echo("servers run: each in a sandbox, floating addresses on the loopback device")
            click.echo("servers' memory and disk are watched, not limited by the kernel")
        click.echo(f"export OS_CLIENT_CONFIG_FILE={shlex.quote(str(folder / 'clouds.yaml'))}")
        click.echo("export OS_CLOUD=isotherm")
        click.echo(f"export AWS_CONFIG_FILE={shlex.quote(str(folder / 'aws' / 'config'))}")
        credentials = shlex.quote(str(folder / "aws" / "credentials"))
        click.echo(f"export AWS_SHARED_CREDENTIALS_FILE={credentials}")

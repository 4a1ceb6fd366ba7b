"""``isotherm retry``, ``skip``, ``adopt``, ``forget``, ``replace`` and ``release``."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import click

from isotherm.cli.account import run_or_exit
from isotherm.cli.options import STACK, account_options
from isotherm.cli.tree import SERVICE, resource_path, stack_path
from isotherm.cloud import OpenStackCloud, Settings
from isotherm.kit.cloud_api import CloudApi
from isotherm.server.real_clock import RealClock

_WHERE = """RESOURCE is a name, or the way down to it: GROUP/0/DISK. A step that works on it at the
moment is interrupted. Events of the resource tell who has ordered what, and what came of it.

Exits with 0 if the order was taken, 1 if it was refused, 3 if there is no such stack or
resource, 4 if the service cannot be reached."""


def _command(verb: str, what: str) -> click.Command:
    def command(stack: str, resource: str, cloud: str | None, cloud_file: Path | None) -> None:
        _order(verb, stack, resource, {}, account=(cloud, cloud_file))

    command.__doc__ = f"{what}\n\n{_WHERE}"
    arguments = click.argument("stack", type=STACK)(
        click.argument("resource")(account_options(command))
    )
    return click.command(verb)(arguments)


retry = _command("retry", "Do again what RESOURCE of STACK has failed at or hangs in.")
skip = _command("skip", "Treat as done what RESOURCE of STACK has failed at or hangs in.")
forget = _command("forget", "Drop RESOURCE of STACK and leave its object alone.")
replace = _command("replace", "Make another object for RESOURCE of STACK now.")


@click.command()
@click.argument("stack", type=STACK)
@click.argument("resource")
@click.argument("physical_id")
@account_options
def adopt(
    stack: str, resource: str, physical_id: str, cloud: str | None, cloud_file: Path | None
) -> None:
    """Give RESOURCE of STACK the object PHYSICAL_ID, which is there already.

    The object is the stack's from then on: it is changed and removed with it. What the resource had
    so far is removed by the next update.

    Exits like isotherm retry.
    """
    body = {"physical_resource_id": physical_id}
    _order("adopt", stack, resource, body, account=(cloud, cloud_file))


@click.command()
@click.argument("stack", type=STACK)
@account_options
def release(stack: str, cloud: str | None, cloud_file: Path | None) -> None:
    """End what STACK and those below it are at, without waiting for the cloud.

    What is under way counts as failed; the next update or deletion finds out what came of it.

    Exits like isotherm retry.
    """

    async def work(api: CloudApi) -> None:
        await api.call(SERVICE, "POST", f"{await stack_path(api, stack)}/release")

    run_or_exit(cloud, cloud_file, lambda settings: _with_account(settings, work))
    click.echo(f"{stack} is being released")


def _order(
    verb: str,
    stack: str,
    resource: str,
    body: dict[str, str],
    *,
    account: tuple[str | None, Path | None],
) -> None:
    async def work(api: CloudApi) -> None:
        path = await resource_path(api, stack, resource)
        await api.call(SERVICE, "POST", f"{path}/{verb}", body)

    run_or_exit(*account, lambda settings: _with_account(settings, work))
    click.echo(f"{verb} of {resource} in {stack} is ordered")


async def _with_account(
    settings: Settings, work: Callable[[CloudApi], Coroutine[Any, Any, None]]
) -> None:
    cloud = OpenStackCloud(settings, RealClock())
    try:
        await work(await cloud.connect_account())
    finally:
        await cloud.close()

"""``isotherm watch``: a stack's resources, live."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
from rich.console import Console
from rich.live import Live

from isotherm.cli.stack_view import StackView
from isotherm.cloud import OpenStackCloud, Settings, SettingsError
from isotherm.core.errors import Gone, RemoteError
from isotherm.kit.cloud_api import CloudApi
from isotherm.server.real_clock import RealClock

_LOOK_EVERY = 0.25
_DEEPEST = 5


@click.command()
@click.argument("stack")
@click.option(
    "--cloud",
    default="isotherm",
    show_default=True,
    envvar="OS_CLOUD",
    help="Entry of a clouds.yaml.",
)
@click.option(
    "--cloud-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="OS_CLIENT_CONFIG_FILE",
    help="That clouds.yaml, if not where OpenStack clients look.",
)
def watch(stack: str, cloud: str, cloud_file: Path | None) -> None:
    """Show the resources of STACK until nothing is in progress any more, those of its nested
    stacks included.

    In a terminal as a table that changes, otherwise one line a change. Exits with 1 if
    the stack ends FAILED.
    """
    try:
        settings = Settings.from_clouds_yaml(cloud, cloud_file)
        status = asyncio.run(watch_stack(settings, stack, Console()))
    except (SettingsError, RemoteError) as error:
        raise click.ClickException(str(error)) from None
    sys.exit(1 if status.endswith("FAILED") else 0)


async def watch_stack(settings: Settings, name: str, console: Console, action: str = "") -> str:
    """Follow a stack to the end of its action; its last status (DELETE_COMPLETE when gone).

    With an action, such as CREATE, it waits for that to begin: the stack need not exist yet.
    Without one, a stack that does not exist raises Gone. Raises RemoteError.
    """
    cloud = OpenStackCloud(settings, RealClock())
    try:
        api = await cloud.connect_account()
        view = StackView(name, console, RealClock().monotonic)
        await _await_beginning(api, view, action)
        with Live(console=console, auto_refresh=False, transient=False) as live:
            while True:
                if console.is_terminal:
                    live.update(view.table(), refresh=True)
                else:
                    view.print_changes()
                if not view.in_progress:
                    return view.status
                await asyncio.sleep(_LOOK_EVERY)
                view.see(*await _look(api, name))
    finally:
        await cloud.close()


async def _await_beginning(api: CloudApi, view: StackView, action: str) -> None:
    """Look until the action has begun; what was there before is known, but not shown."""
    while True:
        try:
            view.see(*await _look(api, view.name, known=action == "DELETE" or bool(view.rows)))
        except Gone:
            if not action:
                raise
        if view.status.startswith(action or view.status):
            return
        view.begin()
        await asyncio.sleep(_LOOK_EVERY)


async def _look(
    api: CloudApi, name: str, *, known: bool = True
) -> tuple[str, list[Mapping[str, Any]]]:
    """The stack's status and its resources; a known stack that is gone was deleted."""
    path = f"/stacks/{quote(name, safe='')}"
    try:
        stack = (await api.call("orchestration", "GET", path))["stack"]
        resources = await api.call(
            "orchestration", "GET", f"{path}/resources?nested_depth={_DEEPEST}"
        )
    except Gone:
        if not known:
            raise
        return "DELETE_COMPLETE", []
    return stack["stack_status"], resources["resources"]

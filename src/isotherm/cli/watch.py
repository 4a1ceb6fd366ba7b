"""``isotherm watch``: a stack's resources, live."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
from rich.console import Console
from rich.live import Live
from rich.table import Table

from isotherm.cloud import OpenStackCloud, Settings, SettingsError
from isotherm.core.errors import Gone, RemoteError
from isotherm.kit.context import CloudApi
from isotherm.server.real_clock import RealClock

_LOOK_EVERY = 0.25
_COLOURS = {"COMPLETE": "green", "FAILED": "red", "IN_PROGRESS": "yellow"}


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
    """Show the resources of STACK until nothing is in progress any more.

    In a terminal as a table that changes, otherwise one line a change. Exits with 1 if
    the stack ends FAILED.
    """
    try:
        settings = Settings.from_clouds_yaml(cloud, cloud_file)
        status = asyncio.run(watch_stack(settings, stack, Console()))
    except (SettingsError, RemoteError) as error:
        raise click.ClickException(str(error)) from None
    sys.exit(1 if status.endswith("FAILED") else 0)


async def watch_stack(settings: Settings, name: str, console: Console) -> str:
    """Follow a stack to the end of its action; its last status (DELETE_COMPLETE when gone).

    Raises RemoteError.
    """
    cloud = OpenStackCloud(settings, RealClock())
    try:
        api = await cloud.connect_account()
        view = _View(name, console)
        with Live(console=console, auto_refresh=False, transient=False) as live:
            while True:
                view.see(*await _look(api, name))
                if console.is_terminal:
                    live.update(view.table(), refresh=True)
                else:
                    view.print_changes()
                if not view.in_progress:
                    return view.status
                await asyncio.sleep(_LOOK_EVERY)
    finally:
        await cloud.close()


async def _look(api: CloudApi, name: str) -> tuple[str, list[Mapping[str, Any]]]:
    """The stack's status and its resources; a stack that is gone was deleted."""
    path = f"/stacks/{quote(name, safe='')}"
    try:
        stack = (await api.call("orchestration", "GET", path))["stack"]
        resources = await api.call("orchestration", "GET", f"{path}/resources")
    except Gone:
        return "DELETE_COMPLETE", []
    return stack["stack_status"], resources["resources"]


@dataclass
class _View:
    name: str
    console: Console
    status: str = ""
    begun: float = field(default_factory=lambda: RealClock().monotonic())
    rows: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    since: dict[str, float] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)
    _printed: dict[str, str] = field(default_factory=dict)

    @property
    def elapsed(self) -> float:
        return RealClock().monotonic() - self.begun

    @property
    def in_progress(self) -> bool:
        return self.status.endswith("IN_PROGRESS")

    def see(self, status: str, resources: list[Mapping[str, Any]]) -> None:
        self.status = status
        for each in resources:
            name, state = each["resource_name"], each["resource_status"]
            if self.rows.get(name, {}).get("resource_status") != state:
                if state.endswith("IN_PROGRESS"):
                    self.since[name] = self.elapsed
                else:
                    self.took[name] = self.elapsed - self.since.get(name, self.elapsed)
            self.rows[name] = each
        for name in self.rows.keys() - {each["resource_name"] for each in resources}:
            self.rows[name] = {**self.rows[name], "resource_status": "DELETE_COMPLETE"}

    def table(self) -> Table:
        table = Table(title=f"stack {self.name}: {self.status} after {self.elapsed:.1f} s")
        for heading in ("resource", "type", "state", "for", "physical id"):
            table.add_column(heading, no_wrap=heading != "physical id")
        for name, row in self.rows.items():
            state = row["resource_status"]
            colour = _COLOURS.get(state.partition("_")[2], "white")
            table.add_row(
                name,
                row["resource_type"],
                f"[{colour}]{state}[/]",
                f"{self._seconds(name):.1f} s",
                row.get("physical_resource_id") or "",
            )
        return table

    def print_changes(self) -> None:
        for name, row in self.rows.items():
            self._print_once(name, row["resource_status"], row["resource_type"])
        self._print_once(self.name, self.status, "stack")

    def _print_once(self, name: str, state: str, kind: str) -> None:
        key = f"{kind} {name}"
        if self._printed.get(key) != state:
            self._printed[key] = state
            self.console.print(
                f"{self.elapsed:6.1f} s  {state:20}  {name} ({kind})", markup=False, highlight=False
            )

    def _seconds(self, name: str) -> float:
        if name in self.took:
            return self.took[name]
        return self.elapsed - self.since.get(name, self.elapsed)

"""``isotherm timeline``: where the time of an operation went."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import click
from rich.console import Console

from isotherm.cli.account import run_or_exit
from isotherm.cli.options import STACK, account_options
from isotherm.cli.timeline_chart import chart
from isotherm.cloud import OpenStackCloud, Settings
from isotherm.server.real_clock import RealClock

_DEEPEST = 5
_NAMED = 5


@click.command()
@click.argument("stack", type=STACK)
@click.option("--operation", type=int, help="Its number; by default the newest that has ended.")
@click.option("--nested", is_flag=True, help="The steps of nested stacks, too.")
@click.option("--all", "everything", is_flag=True, help="All steps, not only those that took long.")
@click.option("--json", "as_json", is_flag=True, help="Print the data that the service gives.")
@account_options
def timeline(
    stack: str,
    operation: int | None,
    nested: bool,
    everything: bool,
    as_json: bool,
    cloud: str | None,
    cloud_file: Path | None,
) -> None:
    """Draw how an operation on STACK went: when each step began and ended, what it waited for,
    and the critical path, which is what the whole operation has waited for.

    Exits with 0, 1 where the service refuses, 3 if there is no such stack or operation, 4 if the
    service cannot be reached.
    """
    query: dict[str, int] = {"nested_depth": _DEEPEST} if nested else {}
    if operation is not None:
        query["operation"] = operation
    found = run_or_exit(cloud, cloud_file, lambda settings: _read(settings, stack, query))
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    for line in chart(found, console.width, everything=everything):
        console.print(line)
    if found["stacks_below"] and not nested:
        console.print(_hint(found["stacks_below"]))


def _hint(resources: Sequence[str]) -> str:
    few, more = ", ".join(resources[:_NAMED]), len(resources) - _NAMED
    rest = f" and {more} more" if more > 0 else ""
    return f"there are steps inside {few}{rest}: --nested shows them"


async def _read(settings: Settings, name: str, query: Mapping[str, int]) -> dict[str, Any]:
    """Raises RemoteError."""
    cloud = OpenStackCloud(settings, RealClock())
    try:
        api = await cloud.connect_account()
        path = f"/stacks/{quote(name, safe='')}"
        stack = (await api.call("orchestration", "GET", f"{path}?resolve_outputs=false"))["stack"]
        path = f"/stacks/{quote(stack['stack_name'], safe='')}/{stack['id']}/timeline"
        found = await api.call("orchestration", "GET", f"{path}?{urlencode(query)}")
        timeline: dict[str, Any] = found["timeline"]
        return timeline
    finally:
        await cloud.close()

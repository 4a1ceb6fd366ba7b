"""``isotherm why``: the first cause of a stack's trouble, and what can be done."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from isotherm.cli.account import Exit, run_or_exit
from isotherm.cli.options import STACK, account_options
from isotherm.cli.tree import SERVICE, stack_path
from isotherm.cloud import OpenStackCloud, Settings
from isotherm.server.real_clock import RealClock

_TROUBLES = {
    "failed": "failed",
    "aborted": "was ended",
    "waits": "waits",
    "works": "is at work",
}


@click.command()
@click.argument("stack", type=STACK)
@click.option("--json", "as_json", is_flag=True, help="Tell it as JSON.")
@account_options
def why(stack: str, as_json: bool, cloud: str | None, cloud_file: Path | None) -> None:
    """Tell why STACK is not where it should be, and what can be done.

    Looks through the whole tree of stacks for the first resource that failed: the way down to it,
    what the cloud said, the cloud's request id, and where it stands in the template. In a stack
    that is at work it tells what is waited for.

    Exits with 0 if nothing is wrong, 1 if something is, 3 if there is no such stack, 4 if the
    service cannot be reached.
    """
    found = run_or_exit(cloud, cloud_file, lambda settings: _why(settings, stack))
    click.echo(json.dumps(found, indent=2) if as_json else "\n".join(_lines(found)))
    sys.exit(Exit.FAILED if found["cause"] else 0)


async def _why(settings: Settings, name: str) -> Mapping[str, Any]:
    cloud = OpenStackCloud(settings, RealClock())
    try:
        api = await cloud.connect_account()
        answer = await api.call(SERVICE, "GET", f"{await stack_path(api, name)}/why")
    finally:
        await cloud.close()
    found: Mapping[str, Any] = answer["why"]
    return found


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"{found['stack_name']} is {found['stack_status']}"
    cause = found["cause"]
    if cause is None:
        yield "nothing in it is wrong"
        return
    way = cause["way"]
    yield f"{'/'.join(each['resource_name'] for each in way)} {_TROUBLES[cause['trouble']]}:"
    for depth, each in enumerate(way):
        state = f"{each['resource_name']} ({each['resource_type']}) {each['resource_status']}"
        physical = f"  {each['physical_resource_id']}" if each["physical_resource_id"] else ""
        yield f"  {'  ' * depth}{state}{physical}"
    kind = f"{cause['kind']}: " if cause["kind"] else ""
    yield f"since {cause['since']}: {kind}{cause['message']}"
    if cause["request_id"]:
        yield f"request id: {cause['request_id']}"
    if cause["template"]:
        yield f"template: {cause['template']}"
    if found["next"]:
        yield "what can be done:"
        yield from (f"  {each}" for each in found["next"])

"""``isotherm watch``: a stack's resources, live."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
from rich.console import Console
from rich.live import Live

from isotherm.cli.account import Exit, is_away, run_or_exit
from isotherm.cli.options import STACK, account_options
from isotherm.cli.stack_view import StackView
from isotherm.cloud import OpenStackCloud, Settings
from isotherm.core.errors import Gone, RemoteError
from isotherm.kit.cloud_api import CloudApi
from isotherm.server.real_clock import RealClock

_LOOK_EVERY = 0.25
_LOOK_AGAIN = 2.0
_PATIENCE = 300.0
"""Seconds without an answer after which nobody watches on."""
_DEEPEST = 5


@click.command()
@click.argument("stack", type=STACK)
@account_options
def watch(stack: str, cloud: str | None, cloud_file: Path | None) -> None:
    """Show the resources of STACK until nothing is in progress any more, those of its nested
    stacks included.

    In a terminal as a table that changes, otherwise one line a change; in the end the reasons
    of failures and the outputs. A service that is away for a while is waited for.

    Exits with 0 if the stack ends COMPLETE, 1 if it ends FAILED, 3 if there is no such stack,
    4 if the service cannot be reached, 130 after Ctrl-C: the stack goes on then.
    """
    status = run_or_exit(cloud, cloud_file, lambda settings: _watch(settings, stack, Console()))
    sys.exit(Exit.FAILED if status.endswith("FAILED") else 0)


async def _watch(settings: Settings, name: str, console: Console) -> str:
    """Follow a stack to the end, and tell how it has ended; its last status."""
    view = StackView(name, console, RealClock().monotonic)
    cloud = OpenStackCloud(settings, RealClock())
    try:
        api = await cloud.connect_account()
        await _follow(api, view)
        stack = await _stack(api, name, outputs=True) if view.status != "DELETE_COMPLETE" else {}
    finally:
        await cloud.close()
    for line in _ending(view, stack.get("outputs") or []):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return view.status


async def watch_stack(settings: Settings, name: str, console: Console, action: str) -> str:
    """Follow an action, such as CREATE, from its first moment to its end; the stack's last
    status (DELETE_COMPLETE when gone). The stack need not exist yet. Raises RemoteError.
    """
    view = StackView(name, console, RealClock().monotonic)
    cloud = OpenStackCloud(settings, RealClock())
    try:
        api = await cloud.connect_account()
        await _await_beginning(api, view, action)
        await _follow(api, view, seen=True)
        return view.status
    finally:
        await cloud.close()


async def _follow(api: CloudApi, view: StackView, *, seen: bool = False) -> None:
    """Show the stack until nothing is in progress. Raises Gone where it does not exist."""
    if not seen:
        view.see(*await _look(api, view.name, known=False))
    with Live(console=view.console, auto_refresh=False, transient=False) as live:
        while True:
            if view.console.is_terminal:
                live.update(view.table(), refresh=True)
            else:
                view.print_changes()
            if not view.in_progress:
                return
            await asyncio.sleep(_LOOK_EVERY)
            await _look_patiently(api, view)


async def _look_patiently(api: CloudApi, view: StackView) -> None:
    """Look, again and again while the service is away. Raises RemoteError."""
    begun = view.elapsed
    while True:
        try:
            view.see(*await _look(api, view.name))
            return
        except RemoteError as error:
            if not is_away(error) or view.elapsed - begun > _PATIENCE:
                raise
            text = f"{view.elapsed:6.1f} s  {error}; trying again"
            view.console.print(text, style="yellow", markup=False, soft_wrap=True)
            await asyncio.sleep(_LOOK_AGAIN)


async def _await_beginning(api: CloudApi, view: StackView, action: str) -> None:
    """Look until the action has begun; what was there before is known, but not shown."""
    while True:
        with contextlib.suppress(Gone):
            view.see(*await _look(api, view.name, known=action == "DELETE" or bool(view.rows)))
        if view.status.startswith(action):
            return
        view.begin()
        await asyncio.sleep(_LOOK_EVERY)


async def _look(
    api: CloudApi, name: str, *, known: bool = True
) -> tuple[str, list[Mapping[str, Any]], str]:
    """The stack's status, its resources and the reason; a known stack that is gone was
    deleted."""
    try:
        stack = await _stack(api, name)
        path = f"/stacks/{_part(stack['stack_name'])}/{stack['id']}/resources"
        resources = await api.call("orchestration", "GET", f"{path}?nested_depth={_DEEPEST}")
    except Gone:
        if not known:
            raise
        return "DELETE_COMPLETE", [], ""
    return stack["stack_status"], resources["resources"], stack["stack_status_reason"]


async def _stack(api: CloudApi, name: str, *, outputs: bool = False) -> Mapping[str, Any]:
    query = f"resolve_outputs={str(outputs).lower()}"
    shown = await api.call("orchestration", "GET", f"/stacks/{_part(name)}?{query}")
    stack: Mapping[str, Any] = shown["stack"]
    return stack


def _part(name: str) -> str:
    return quote(name, safe="")


def _ending(view: StackView, outputs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """How the stack has ended: why it failed, or what it gives."""
    if view.status.endswith("FAILED"):
        reason = "" if view.failed_for_a_resource else f" {view.reason}"
        yield f"\n{view.name} is {view.status}:{reason}"
        yield from (f"  {place}: {reason}" for place, reason in view.failures)
    if outputs:
        yield "\noutputs:"
    for output in outputs:
        value = output.get("output_value")
        told = value if isinstance(value, str) else json.dumps(value)
        error = output.get("output_error")
        yield f"  {output['output_key']}: {f'(error: {error})' if error else told}"

"""What an update would do with a stack that exists, asked of the service and shown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from isotherm.cli.bundle import Bundle
from isotherm.cloud import OpenStackCloud, Settings
from isotherm.server.real_clock import RealClock

Change = Mapping[str, Any]

_SIGNS = {
    "create": ("+", "green"),
    "update": ("~", "yellow"),
    "undecided": ("~", "yellow"),
    "replace": ("-/+", "magenta"),
    "delete": ("-", "red"),
}
_WORDS = {
    "create": "to create",
    "update": "to update",
    "undecided": "to decide on later",
    "replace": "to replace",
    "delete": "to delete",
}
_LONGEST = 70


async def planned_changes(
    settings: Settings,
    stack: str,
    bundle: Bundle | None,
    parameters: Mapping[str, str],
    *,
    existing: bool,
) -> list[Change]:
    """The changes, those inside of a resource with it. Without a bundle the stack keeps its
    template. Raises RemoteError."""
    body: dict[str, Any] = {"parameters": dict(parameters)}
    if bundle is not None:
        body |= {
            "template": bundle.template,
            "environment": bundle.environment,
            "files": bundle.files,
        }
    cloud = OpenStackCloud(settings, RealClock())
    try:
        api = await cloud.connect_account()
        found = await api.call("orchestration", "GET", f"/stacks/{quote(stack, safe='')}")
        name, stack_id = quote(found["stack"]["stack_name"], safe=""), found["stack"]["id"]
        method = "PATCH" if existing or bundle is None else "PUT"
        answer = await api.call("orchestration", method, f"/stacks/{name}/{stack_id}/plan", body)
    finally:
        await cloud.close()
    changes: list[Change] = answer["plan"]["resources"]
    return changes


def described(changes: Sequence[Change]) -> Iterator[str]:
    """Lines for people, the totals last."""
    if not changes:
        yield "nothing to change"
        return
    yield from _lines(changes, "")
    counts = Counter(_all(changes))
    yield ""
    yield ", ".join(f"{counts[kind]} {words}" for kind, words in _WORDS.items() if counts[kind])


def _lines(changes: Sequence[Change], indent: str) -> Iterator[str]:
    for change in changes:
        sign, colour = _SIGNS[change["change"]]
        reason = f": {change['reason']}" if change["reason"] else ""
        mark = click.style(f"{sign:>3}", fg=colour, bold=True)
        kind = change["resource_type"].removeprefix(f"{Path.cwd().as_uri()}/")
        yield f"{indent}{mark} {change['resource_name']} ({kind}){reason}"
        for each in change["properties"]:
            yield f"{indent}      {each['name']}: {_value_change(change['change'], each)}"
        yield from _lines(change["inside"], f"{indent}    ")


def _value_change(kind: str, change: Change) -> str:
    later = f"known after {change['known_after']}" if change["known_after"] else ""
    after = later or _shown(change["after"])
    if kind == "create":
        return after
    return f"{_shown(change['before'])} → {after}"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _all(changes: Sequence[Change]) -> Iterator[str]:
    """Kinds of all changes; a resource that is updated only inside counts there."""
    for change in changes:
        if change["change"] != "update" or change["properties"] or not change["inside"]:
            yield change["change"]
        yield from _all(change["inside"])

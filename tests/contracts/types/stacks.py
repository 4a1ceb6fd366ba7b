"""Stacks through the running service's API, and the templates they are made of."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

LOOK_EVERY = 0.05
WITHIN = 90.0
REALLY_WITHIN = 600.0
"""On a real cloud, which may be small and slow."""

Document = Mapping[str, Any]
"""A template as data."""


def document(resources: Mapping[str, Any], **outputs: Any) -> Document:
    """A template; outputs by their values."""
    return {
        "heat_template_version": "2021-04-16",
        "resources": resources,
        "outputs": {name: {"value": value} for name, value in outputs.items()},
    }


def resource(type_name: str, /, *, depends_on: str = "", **properties: Any) -> Mapping[str, Any]:
    waits = {"depends_on": depends_on} if depends_on else {}
    return {"type": type_name, "properties": properties, **waits}


def ref(name: str) -> Mapping[str, str]:
    return {"get_resource": name}


def attr(name: str, *path: str | int) -> Mapping[str, list[str | int]]:
    return {"get_attr": [name, *path]}


@dataclass
class Stack:
    """A stack as the API showed it; ``ids`` are the physical ids that it had last, by name."""

    id: str
    name: str
    status: str = ""
    reason: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


class Stacks:
    """One user's stacks. Those that a test leaves are removed by ``clean``."""

    def __init__(
        self, http: aiohttp.ClientSession, url: str, token: str, *, real: bool = False
    ) -> None:
        """On a ``real`` cloud a test of what this one does not offer is skipped."""
        self._http = http
        self._url = url
        self._headers = {"X-Auth-Token": token}
        self._real = real
        self._left: dict[str, Stack] = {}
        self.types: set[str] = set()
        """Of the resources that completed."""

    async def create(self, name: str, template: Document | str) -> Stack:
        """It must complete."""
        stack = await self.try_create(name, template)
        assert stack.status == "CREATE_COMPLETE", stack.reason
        return stack

    async def try_create(self, name: str, template: Document | str) -> Stack:
        """However it ends; a failed one stays as it is."""
        stack = await self.begin(name, template)
        await self.settle(stack)
        return stack

    async def begin(self, name: str, template: Document | str) -> Stack:
        """Without waiting for its end."""
        body = {"stack_name": name, "template": template, "disable_rollback": True}
        made = (await self._ask("POST", "/stacks", body))["stack"]
        stack = self._left[made["id"]] = Stack(made["id"], name)
        return stack

    async def update(self, stack: Stack, template: Document | str) -> None:
        """It must complete."""
        await self._ask("PUT", _path(stack), {"template": template})
        await self.settle(stack)
        assert stack.status == "UPDATE_COMPLETE", stack.reason

    async def try_delete(self, stack: Stack) -> None:
        """However it ends."""
        await self._ask("DELETE", _path(stack))
        await self._end(stack)

    async def delete(self, stack: Stack) -> None:
        """It must complete."""
        await self.try_delete(stack)
        assert stack.status == "DELETE_COMPLETE", stack.reason
        del self._left[stack.id]

    async def act(self, stack: Stack, action: str) -> None:
        """It must complete."""
        await self._ask("POST", f"{_path(stack)}/actions", {action: None})
        await self.settle(stack)
        assert stack.status == f"{action.upper()}_COMPLETE", stack.reason

    async def snapshot(self, stack: Stack) -> str:
        """It must complete; its id."""
        taken = await self._ask("POST", f"{_path(stack)}/snapshots", {"name": "copy"})
        await self.settle(stack)
        assert stack.status == "SNAPSHOT_COMPLETE", stack.reason
        return str(taken["id"])

    async def restore(self, stack: Stack, snapshot: str) -> None:
        """It must complete."""
        await self._ask("POST", f"{_path(stack)}/snapshots/{snapshot}/restore")
        await self.settle(stack)
        assert stack.status == "RESTORE_COMPLETE", stack.reason

    async def discard(self, stack: Stack, snapshot: str) -> None:
        """It must go, with all of its copies."""
        await self._ask("DELETE", f"{_path(stack)}/snapshots/{snapshot}")
        end = time.monotonic() + WITHIN
        while (await self._ask("GET", f"{_path(stack)}/snapshots"))["snapshots"]:
            assert time.monotonic() < end, "the snapshot stays"
            await asyncio.sleep(LOOK_EVERY)

    async def show(self, stack: Stack) -> Mapping[str, Any]:
        """As it is now, with its outputs."""
        return dict((await self._ask("GET", _path(stack)))["stack"])

    async def signal(self, stack: Stack, name: str, **details: Any) -> None:
        await self._ask("POST", f"{_path(stack)}/resources/{name}/signal", details or None)

    async def told(self, stack: Stack, name: str) -> Mapping[str, Any]:
        """What is shown of the resource where nothing is asked for."""
        shown = await self._ask("GET", f"{_path(stack)}/resources/{name}")
        return dict(shown["resource"]["attributes"])

    async def attributes(self, stack: Stack, name: str) -> Mapping[str, Any]:
        """All that its type offers, and what else the cloud tells of it."""
        path = f"{_path(stack)}/resources/{name}"
        kind = (await self._ask("GET", path))["resource"]["resource_type"]
        offered = (await self._ask("GET", f"/resource_types/{kind}"))["attributes"]
        asked = "&".join(f"with_attr={each}" for each in offered if each != "show")
        shown = await self._ask("GET", f"{path}?{asked}")
        return dict(shown["resource"]["attributes"])

    async def deleted_in_order(self, stack: Stack) -> list[str]:
        """Names of resources in the order in which their deletion ended."""
        found = await self._ask("GET", f"{_path(stack)}/events?sort_dir=asc")
        return [
            each["resource_name"]
            for each in found["events"]
            if each["resource_status"] == "DELETE_COMPLETE"
            and each["physical_resource_id"] != stack.id
        ]

    async def clean(self) -> None:
        for stack in list(self._left.values()):
            await self.delete(stack)

    async def settle(self, stack: Stack) -> None:
        """Wait for the end and keep what the stack then shows."""
        outputs = (await self._end(stack)).get("outputs", ())
        assert not any("output_error" in each for each in outputs), outputs
        stack.outputs = {each["output_key"]: each["output_value"] for each in outputs}
        resources = (await self._ask("GET", f"{_path(stack)}/resources"))["resources"]
        stack.ids = {each["resource_name"]: each["physical_resource_id"] for each in resources}
        stack.reasons = {
            each["resource_name"]: each["resource_status_reason"] for each in resources
        }
        self.types |= {
            each["resource_type"]
            for each in resources
            if each["resource_status"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
        }

    async def _end(self, stack: Stack) -> Mapping[str, Any]:
        end = time.monotonic() + (REALLY_WITHIN if self._real else WITHIN)
        while True:
            shown = (await self._ask("GET", _path(stack)))["stack"]
            stack.status, stack.reason = shown["stack_status"], shown["stack_status_reason"]
            if not stack.status.endswith("IN_PROGRESS"):
                return dict(shown)
            assert time.monotonic() < end, f"{stack.name} is still {stack.status}"
            await asyncio.sleep(LOOK_EVERY)

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        url = f"{self._url}{path}"
        async with self._http.request(method, url, json=body, headers=self._headers) as reply:
            text = await reply.text()
            if self._real and "ResourceTypeUnavailable" in text:
                pytest.skip(str(json.loads(text)["error"]["message"]))
            assert reply.status < 300, f"{method} {path}: {text}"
            return await reply.json() if text else None


def _path(stack: Stack) -> str:
    return f"/stacks/{stack.name}/{stack.id}"

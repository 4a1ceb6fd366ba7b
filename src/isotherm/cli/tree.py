"""Finds stacks and resources by what people call them: ``STACK`` and ``RESOURCE/RESOURCE``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from isotherm.core.errors import Gone
from isotherm.kit.cloud_api import CloudApi

SERVICE = "orchestration"


async def stack_path(api: CloudApi, name: str) -> str:
    """The path of the stack of that name or id. Raises Gone, RemoteError."""
    shown = await api.call(SERVICE, "GET", f"/stacks/{_part(name)}?resolve_outputs=false")
    stack: Mapping[str, Any] = shown["stack"]
    return f"/stacks/{_part(stack['stack_name'])}/{stack['id']}"


async def resource_path(api: CloudApi, stack: str, address: str) -> str:
    """The path of a resource; ``address`` leads down through nested stacks, with a slash before
    each name but the first. Raises Gone, RemoteError."""
    path = await stack_path(api, stack)
    *above, name = address.split("/")
    for each in above:
        shown = await api.call(SERVICE, "GET", f"{path}/resources/{_part(each)}")
        links = shown["resource"]["links"]
        inside = [link["href"] for link in links if link["rel"] == "nested"]
        if not inside:
            raise Gone(f"{each} is no nested stack")
        path = "/stacks/" + inside[0].split("/stacks/", 1)[1]
    return f"{path}/resources/{_part(name)}"


def _part(name: str) -> str:
    return quote(name, safe="")

"""Reads the files of a request from a container of the object store."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

from isotherm.core.errors import NotFound, RemoteError, RequestLimitExceeded
from isotherm.kit.cloud_api import CloudApi
from isotherm.ports.cloud import Caller
from isotherm.usecases.services import Services

_SERVICE = "object-store"


async def files_in(services: Services, caller: Caller, container: str) -> dict[str, str]:
    """The contents of all objects by name, read as the caller.

    Raises NotFound where the container cannot be read, RequestLimitExceeded where its
    objects together are bigger than a request may be.
    """
    if _SERVICE not in await services.cloud.services():
        raise _unreadable(container, "the cloud has no object store")
    api = await services.cloud.connect_caller(caller)
    limit = services.settings.max_json_body_size
    try:
        return await _read(api, container, limit)
    except RemoteError as error:
        raise _unreadable(container, str(error)) from error


def _unreadable(container: str, reason: str) -> NotFound:
    return NotFound(f"Could not fetch files from container {container}, reason: {reason}.")


async def _read(api: CloudApi, container: str, limit: int) -> dict[str, str]:
    objects = await _listed(api, container)
    if (size := sum(each.get("bytes", 0) for each in objects)) > limit:
        raise RequestLimitExceeded(
            f"Request limit exceeded: the files of container {container} ({size} bytes) exceed "
            f"the maximum allowed size ({limit} bytes)."
        )
    files = {}
    for each in objects:
        path = f"/{quote(container, safe='')}/{quote(each['name'])}"
        content = _text(await api.call(_SERVICE, "GET", path))
        if content is not None:
            files[each["name"]] = content
    return files


async def _listed(api: CloudApi, container: str) -> list[dict[str, Any]]:
    """All pages of the container's listing, pseudo-folders left out."""
    found: list[dict[str, Any]] = []
    marker = ""
    while True:
        query = urlencode({"format": "json", "marker": marker} if marker else {"format": "json"})
        page = await api.call(_SERVICE, "GET", f"/{quote(container, safe='')}?{query}")
        if not page:
            return [each for each in found if "name" in each]
        found += page
        marker = page[-1].get("name") or page[-1].get("subdir", "")


def _text(content: Any) -> str | None:
    """The content of an object as text; None where it is none (a picture, say)."""
    if content is None:
        return ""
    if not isinstance(content, bytes):
        return content if isinstance(content, str) else json.dumps(content)
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None

"""Turns the names in properties into ids, as the type's look-ups say."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from isotherm.core.values import Secret, Value, reveal
from isotherm.engine.waiting.patience import Patience
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.properties import Lookup


class Finder:
    """Look-ups of one traversal; each name is asked for once, until the cloud answers."""

    def __init__(self, api: CloudApi, ask: Patience) -> None:
        self._api = api
        self._ask = ask.for_beginners()
        self._asked: dict[tuple[str, str], asyncio.Lock] = {}
        self._known: dict[tuple[str, str], str] = {}

    async def find(self, finder: str, name_or_id: str) -> str:
        """Raises RemoteError."""
        key = (finder, name_or_id)
        async with self._asked.setdefault(key, asyncio.Lock()):
            if key not in self._known:
                self._known[key] = await self._ask(lambda: self._api.find(finder, name_or_id))
            return self._known[key]


async def translate(
    lookups: Mapping[str, Lookup], values: Mapping[str, Value], finder: Finder
) -> dict[str, Value]:
    """Those of ``values`` that differ once names are ids. Raises RemoteError."""
    result: dict[str, Value] = {}
    for name, lookup in lookups.items():
        value = values.get(name)
        if value is None:
            continue
        found = await _translated(lookup, value, finder)
        if found != value:
            result[name] = found
    return result


async def _translated(lookup: Lookup, value: Value, finder: Finder) -> Value:
    if lookup.nested:
        return await _each(value, lambda group: _nested(lookup.nested, group, finder))
    if lookup.element_finder:
        return await _each(value, lambda one: _one(lookup.element_finder, one, finder))
    return await _one(lookup.finder, value, finder) if lookup.finder else value


async def _each(value: Value, change: Callable[[Value], Awaitable[Value]]) -> Value:
    if isinstance(value, Secret):
        return Secret(await _each(value.reveal(), change))
    if isinstance(value, list):
        return [await change(each) for each in value]
    return await change(value)


async def _nested(lookups: Mapping[str, Lookup], group: Value, finder: Finder) -> Value:
    if isinstance(group, Secret):
        return Secret(reveal(await _nested(lookups, group.reveal(), finder)))
    if not isinstance(group, Mapping):
        return group
    return {**group, **await translate(lookups, group, finder)}


async def _one(finder_name: str, value: Any, finder: Finder) -> Value:
    if isinstance(value, Secret):
        return Secret(await _one(finder_name, value.reveal(), finder))
    return await finder.find(finder_name, value) if isinstance(value, str) and value else value

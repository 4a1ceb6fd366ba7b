"""The attributes of an object, as they are recorded with its row."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Set
from typing import Any

from isotherm.core.concealing import conceal, secret_texts
from isotherm.core.errors import RemoteError
from isotherm.core.values import Secret, Value
from isotherm.engine.steps.run import Run
from isotherm.kit.context import Context
from isotherm.kit.outcomes import Remote
from isotherm.kit.resource_type import SHOW, AnyType
from isotherm.ports.records import Resource

Fetch = Callable[[str], Awaitable[Value]]


async def read_attributes(
    run: Run, row: Resource, ctx: Context[Any], remote: Remote
) -> dict[str, Value]:
    """All attributes that cost no call, and of the others those that a template reads.

    What there is not is left out.
    """
    resource_type = run.type_of(row)
    needed = run.needed_of(row.name)
    return await attributes_of(
        resource_type,
        row,
        ctx,
        remote,
        needed=needed,
        fetch=lambda name: _fetch(run, resource_type, ctx, name),
    )


async def attributes_of(
    resource_type: AnyType,
    row: Resource,
    ctx: Context[Any],
    remote: Remote,
    *,
    needed: Set[str],
    fetch: Fetch,
) -> dict[str, Value]:
    """The same with another way of fetching what costs a call of its own."""
    values: dict[str, Value] = {}
    for attribute in resource_type.attributes:
        name = attribute.name
        if attribute.fetched and name not in needed and "" not in needed:
            continue
        try:
            if attribute.fetched:
                value = await fetch(name)
            else:
                value = resource_type.attribute(ctx, remote, name)
        except LookupError:
            continue
        hides = attribute.schema.secret and value is not None
        values[name] = Secret(value) if hides else value
    if resource_type.nests:
        for name in needed - values.keys():
            with contextlib.suppress(LookupError):
                values[name] = await _inside(resource_type, ctx, remote, name, fetch)
    else:
        if remote:
            values[SHOW] = dict(remote)
        for name in needed - values.keys() - {""}:
            with contextlib.suppress(LookupError):
                values[name] = resource_type.attribute(ctx, remote, name)
    secrets = secret_texts(row.properties, row.applying)
    return conceal(values, secrets) if secrets else values


async def _inside(
    resource_type: AnyType, ctx: Context[Any], remote: Remote, name: str, fetch: Fetch
) -> Value:
    """What a stack tells of itself, else of what is inside. Raises LookupError."""
    try:
        return resource_type.attribute(ctx, remote, name)
    except LookupError:
        return await fetch(name)


async def _fetch(run: Run, resource_type: AnyType, ctx: Context[Any], name: str) -> Value:
    """A value that cannot be had is None: an attribute never fails its resource."""
    try:
        return await run.ask(lambda: resource_type.fetch(ctx, name))
    except RemoteError:
        return None

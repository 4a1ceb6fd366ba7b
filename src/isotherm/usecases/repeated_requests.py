"""Requests that come twice because their answer was lost: what they ask for is done once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from weakref import WeakValueDictionary

import msgspec

from isotherm.core.errors import RequestError
from isotherm.ports.attachments import Attachment
from isotherm.ports.cloud import Caller
from isotherm.usecases.services import Services

_KIND = "request"

Answer = Mapping[str, Any] | None


class TokenAlreadyUsed(RequestError):
    """The token came with another request before."""


async def once(
    services: Services,
    caller: Caller,
    request: tuple[str, Mapping[str, Any]],
    work: Callable[[], Awaitable[Answer]],
    *,
    token: str,
) -> Answer:
    """What ``work`` gives, or has given when the same request came with the same token.
    ``request`` is the name of what is asked for, and the arguments. Raises TokenAlreadyUsed."""
    key = _digest(f"{caller.project_id}/{token}".encode())
    # A client that does not wait for its answer asks again while the first is being done.
    async with _under_way.setdefault(key, asyncio.Lock()):
        return await _once(services, caller, request, work, key=key, token=token)


_under_way: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


async def _once(
    services: Services,
    caller: Caller,
    request: tuple[str, Mapping[str, Any]],
    work: Callable[[], Awaitable[Answer]],
    *,
    key: str,
    token: str,
) -> Answer:
    name, arguments = request
    digest = _digest(msgspec.json.encode([name, arguments], order="deterministic"))
    for each in await services.store.attachments.of_project(caller.project_id, _KIND):
        if each.id == key:
            if each.content["digest"] != digest:
                raise TokenAlreadyUsed(f"The token {token} came with another request before.")
            answer: Answer = each.content["answer"]
            return answer
    answer = await work()
    kept = None if answer is None else dict(answer)
    await services.store.attachments.put(
        Attachment(
            id=key,
            project_id=caller.project_id,
            stack_id="",
            kind=_KIND,
            name=name,
            at=services.clock.now(),
            content={"digest": digest, "answer": kept},
        )
    )
    return answer


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

"""Requests that come twice because their answer was lost: what they ask for is done once."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from isotherm.core.errors import RequestError
from isotherm.core.ids import new_id
from isotherm.ports.attachments import Attachment
from isotherm.ports.cloud import Caller
from isotherm.ports.records import replace
from isotherm.usecases.services import Services

_KIND = "request"
_DIGEST, _ANSWER = "digest", "answer"
_LOOK_EVERY = 0.1
_LONGEST = timedelta(minutes=1)
"""Whoever has been at a request for longer has died. Clients wait that long for an answer."""

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
    """What ``work`` gives, or has given when the same request came with the same token, here or
    to another process. ``request`` is the name of what is asked for, and the arguments.
    Raises TokenAlreadyUsed."""
    digest = _digest(msgspec.json.encode(request, order="deterministic"))
    claim = Attachment(
        id=_digest(f"{caller.project_id}/{token}".encode()),
        project_id=caller.project_id,
        stack_id="",
        kind=_KIND,
        name=new_id(),
        at=services.clock.now(),
        content={_DIGEST: digest},
    )
    # A client that does not wait for its answer asks again while the first is being done.
    while not await services.store.attachments.add(claim):
        there = await services.store.attachments.get(claim.id)
        if there is not None and there.content[_DIGEST] != digest:
            raise TokenAlreadyUsed(f"The token {token} came with another request before.")
        if there is not None and _ANSWER in there.content:
            answer: Answer = there.content[_ANSWER]
            return answer
        claim = await _wait(services, claim, there)
    return await _work(services, claim, work)


async def _wait(services: Services, claim: Attachment, there: Attachment | None) -> Attachment:
    """A moment for who is at it. Where it has died its claim is withdrawn."""
    now = services.clock.now()
    if there is not None and now - there.at > _LONGEST:
        await services.store.attachments.remove(there.id, name=there.name)
    elif there is not None:
        await services.clock.sleep(_LOOK_EVERY)
    return replace(claim, at=now)


async def _work(
    services: Services, claim: Attachment, work: Callable[[], Awaitable[Answer]]
) -> Answer:
    try:
        answer = await work()
    except BaseException:
        # Nothing was done: it may be asked for again.
        await services.store.attachments.remove(claim.id, name=claim.name)
        raise
    kept = None if answer is None else dict(answer)
    content = {**claim.content, _ANSWER: kept}
    await services.store.attachments.put(replace(claim, content=content))
    return answer


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

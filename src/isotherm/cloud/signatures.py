"""Who has signed a request with an EC2 key pair; identity's answers are kept for a while."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from isotherm.cloud.settings import Settings
from isotherm.cloud.single_flight import SingleFlight
from isotherm.core.clock import Clock
from isotherm.ports.cloud import Caller, NotAuthenticated, SignedRequest

AskIdentity = Callable[[SignedRequest], Awaitable[Caller]]
"""Raises NotAuthenticated, RemoteError."""

_LONGEST = 60.0
"""Seconds for which an answer is kept: only the very same request gets it."""


class SignatureCache:
    def __init__(self, settings: Settings, clock: Clock, ask: AskIdentity) -> None:
        self._settings = settings
        self._clock = clock
        self._ask = ask
        self._known: OrderedDict[bytes, tuple[Caller | NotAuthenticated, float]] = OrderedDict()
        self._questions: SingleFlight[bytes, Caller | NotAuthenticated] = SingleFlight()

    async def look_up(self, request: SignedRequest) -> Caller:
        """Raises NotAuthenticated, and RemoteError where identity cannot be asked."""
        # All of it: a signature is worth nothing with another request.
        key = hashlib.sha256(msgspec.json.encode(request, order="deterministic")).digest()
        known, until = self._known.get(key, (None, 0.0))
        if known is None or self._clock.monotonic() >= until:
            known = await self._questions.run(key, lambda: self._learn(key, request))
        if isinstance(known, NotAuthenticated):
            raise type(known)(*known.args)
        return known

    async def _learn(self, key: bytes, request: SignedRequest) -> Caller | NotAuthenticated:
        seconds = min(_LONGEST, self._settings.token_cache_seconds)
        found: Caller | NotAuthenticated
        try:
            found = await self._ask(request)
        except NotAuthenticated as error:
            found = error
            seconds = self._settings.bad_token_cache_seconds
        self._known[key] = found, self._clock.monotonic() + seconds
        self._known.move_to_end(key)
        while len(self._known) > self._settings.cached_tokens:
            self._known.popitem(last=False)
        return found


def as_identity_reads(request: SignedRequest) -> dict[str, Any]:
    return {
        "access": request.access,
        "signature": request.signature,
        "host": request.host,
        "verb": request.verb,
        "path": request.path,
        "params": dict(request.parameters),
        "headers": dict(request.headers),
        "body_hash": request.body_hash,
    }

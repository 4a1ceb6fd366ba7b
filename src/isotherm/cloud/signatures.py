"""Who has signed a request with an EC2 key pair; identity's answers are kept for a while."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec

from isotherm.cloud.settings import Settings
from isotherm.cloud.single_flight import SingleFlight
from isotherm.core.clock import Clock
from isotherm.ports.cloud import (
    Caller,
    NotAuthenticated,
    SignedRequest,
    TooManyWrongSignatures,
    UnknownAccessKey,
)

K = TypeVar("K")
V = TypeVar("V")

AskIdentity = Callable[[SignedRequest], Awaitable[Caller]]
"""Raises NotAuthenticated, RemoteError."""

_SIGNATURES = ("Signature", "X-Amz-Signature")
_LONGEST = 60.0
"""Seconds for which an answer is kept: only the very same request gets it."""
_TRIES = 20
"""Wrong signatures by one key, at first and then one for each of ``_TRY_AGAIN_AFTER``."""
_TRY_AGAIN_AFTER = 1.0


class SignatureCache:
    def __init__(self, settings: Settings, clock: Clock, ask: AskIdentity) -> None:
        self._settings = settings
        self._clock = clock
        self._ask = ask
        self._known: OrderedDict[bytes, tuple[Caller | NotAuthenticated, float]] = OrderedDict()
        self._questions: SingleFlight[bytes, Caller | NotAuthenticated] = SingleFlight()
        self._wrong = _WrongSignatures(clock, settings.cached_tokens)
        self._unknown: OrderedDict[str, float] = OrderedDict()

    async def look_up(self, request: SignedRequest) -> Caller:
        """Raises NotAuthenticated, and RemoteError where identity cannot be asked."""
        if self._clock.monotonic() < self._unknown.get(request.access, 0.0):
            raise UnknownAccessKey("There is no such access key.")
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
        self._wrong.require_room(request.access)
        try:
            found = await self._ask(request)
        except UnknownAccessKey as error:
            # Whatever is signed with it, for a while.
            self._note(self._unknown, request.access, self._until_asked_again())
            return error
        except NotAuthenticated as error:
            found = error
            self._wrong.note(request.access)
            seconds = self._settings.bad_token_cache_seconds
        self._note(self._known, key, (found, self._clock.monotonic() + seconds))
        return found

    def _until_asked_again(self) -> float:
        return self._clock.monotonic() + self._settings.bad_token_cache_seconds

    def _note(self, notes: OrderedDict[K, V], key: K, value: V) -> None:
        notes[key] = value
        notes.move_to_end(key)
        while len(notes) > self._settings.cached_tokens:
            notes.popitem(last=False)


class _WrongSignatures:
    """How many wrong signatures came with each access key of late: guessing costs identity, and
    whoever else asks it, no more than a question a second."""

    def __init__(self, clock: Clock, most: int) -> None:
        self._clock = clock
        self._most = most
        self._free_at: OrderedDict[str, float] = OrderedDict()
        """When all tries of a key are there again."""

    def require_room(self, access: str) -> None:
        """Raises TooManyWrongSignatures."""
        ahead = self._free_at.get(access, 0.0) - self._clock.monotonic()
        if ahead > (_TRIES - 1) * _TRY_AGAIN_AFTER:
            raise TooManyWrongSignatures("Too many wrong signatures came with this access key.")

    def note(self, access: str) -> None:
        now = self._clock.monotonic()
        self._free_at[access] = max(now, self._free_at.get(access, 0.0)) + _TRY_AGAIN_AFTER
        self._free_at.move_to_end(access)
        while len(self._free_at) > self._most:
            self._free_at.popitem(last=False)


def as_identity_reads(request: SignedRequest) -> dict[str, Any]:
    """Identity finds headers by their names as people write them (``X-Amz-Date``), and takes all
    parameters for what was signed."""
    return {
        "access": request.access,
        "signature": request.signature,
        "host": request.host,
        "verb": request.verb,
        "path": request.path,
        "params": {n: each for n, each in request.parameters.items() if n not in _SIGNATURES},
        "headers": {name.title(): each for name, each in request.headers.items()},
        "body_hash": request.body_hash,
    }

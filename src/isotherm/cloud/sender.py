"""Sends messages to addresses that users name, as a stranger on the internet would."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import msgspec
from yarl import URL

from isotherm.cloud.guarded_sockets import HOW_TO_ALLOW, is_refusal
from isotherm.cloud.public_addresses import PUBLIC_ONLY, AllowedSources
from isotherm.cloud.stranger_sessions import StrangerSessions
from isotherm.core.errors import Busy, Lost, Refused

_SECONDS = 10.0
_LATER = frozenset({408, 425, 429})


class WebSender:
    """Implements ``ports.sender.Sender``. Redirects are not followed: nobody meant what they
    lead to."""

    def __init__(self, allowed: AllowedSources = PUBLIC_ONLY, *, seconds: float = _SECONDS) -> None:
        self._sessions = StrangerSessions(allowed)
        self._seconds = seconds

    async def post(self, url: str, body: Mapping[str, Any], *, key: str) -> None:
        shown = _host_of(url)
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        try:
            async with asyncio.timeout(self._seconds):
                status = await self._send(URL(url), msgspec.json.encode(body), headers)
        except TimeoutError:
            raise Lost(f"No answer from {shown} within {self._seconds:g} s") from None
        except ValueError:
            raise Refused(f"{shown} is no address of the web") from None
        except (aiohttp.ClientError, OSError) as error:
            if is_refusal(error):
                raise Refused(
                    f"{shown} is or leads to an address that is not public; {HOW_TO_ALLOW}"
                ) from None
            # Why exactly is not told: an address may lie inside the service's own network.
            raise Lost(f"No answer from {shown}") from None
        _require_taken(status, shown)

    async def _send(self, url: URL, content: bytes, headers: Mapping[str, str]) -> int:
        session = self._sessions.session(url)
        async with session.post(url, data=content, headers=headers, allow_redirects=False) as reply:
            return reply.status

    async def close(self) -> None:
        await self._sessions.close()


def _host_of(url: str) -> str:
    """What may be told of an address: there are those whose path is the secret."""
    try:
        return urlsplit(url).hostname or "What was named"
    except ValueError:
        return "What was named"


def _require_taken(status: int, shown: str) -> None:
    if 200 <= status < 300:
        return
    told = f"{shown} did not take it"
    raise Busy(told, status=status) if status in _LATER else Refused(told, status=status)

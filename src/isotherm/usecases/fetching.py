"""Templates that lie at an address."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import RequestLimitExceeded
from isotherm.ports.fetcher import FetchError
from isotherm.template import decoded, looks_like_template
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.services import Services

_AT_ONCE = 8
_SCHEMES = ("http", "https")
MOST_ADDRESSES = 100
"""Addresses that one request may have the service read."""


@dataclass(slots=True)
class Fetched:
    """Contents and failures by address."""

    files: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(map(len, self.files.values()))

    @property
    def count(self) -> int:
        """How many addresses were read."""
        return len(self.files) + len(self.failures)


async def fetch_template(services: Services, url: str) -> str:
    """The text at an address; raises BadRequest."""
    try:
        return await _read(services, url)
    except FetchError as error:
        raise BadRequest(f"Could not retrieve template: {error}") from None


async def fetch_templates(services: Services, urls: Collection[str], into: Fetched) -> None:
    """Adds what lies at the addresses, or why there is nothing.

    Raises RequestLimitExceeded where all that was fetched is more than a request may be, and
    before anything is fetched where the addresses are too many.
    """
    if into.count + len(urls) > MOST_ADDRESSES:
        raise RequestLimitExceeded(
            f"Request limit exceeded: the templates lie at more than {MOST_ADDRESSES} addresses."
        )
    turn, limit = asyncio.Semaphore(_AT_ONCE), services.settings.max_json_body_size

    async def fetch(url: str) -> None:
        async with turn:
            if into.size > limit:
                return
            try:
                into.files[url] = await _read(services, url)
            except FetchError as error:
                into.failures[url] = f'Could not fetch remote template "{url}": {error}'

    async with asyncio.TaskGroup() as group:
        for url in urls:
            group.create_task(fetch(url))
    if into.size > limit:
        raise RequestLimitExceeded(
            "Request limit exceeded: the templates at addresses exceed the maximum allowed size "
            f"of a request ({limit} bytes)."
        )


async def _read(services: Services, url: str) -> str:
    scheme = url.partition(":")[0].lower() if ":" in url else ""
    if scheme not in _SCHEMES:
        raise FetchError(f"Invalid URL scheme {scheme}")
    settings = services.settings
    content = await services.fetcher.fetch(
        url, limit=settings.max_template_size, timeout=settings.template_fetch_timeout
    )
    try:
        text = decoded(content, url)
    except InvalidDocument:
        text = ""
    if not looks_like_template(text):
        # Findings quote what they are about, and this may be anything that the service can reach.
        raise FetchError(f"What lies at {url} is no template: it names no template version")
    return text

"""Templates are fetched from web servers that do not always behave."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from tests.cloud.fake_openstack import FakeOpenStack, answer, hang, reset

from isotherm.cloud import WebFetcher
from isotherm.ports.fetcher import FetchError

LIMIT = 1000


@pytest.fixture
async def fetcher() -> AsyncIterator[WebFetcher]:
    fetcher = WebFetcher()
    yield fetcher
    await fetcher.close()


async def fetch(fetcher: WebFetcher, url: str) -> bytes:
    return await fetcher.fetch(url, limit=LIMIT, timeout=5.0)


async def test_what_lies_at_an_address_is_read(fetcher: WebFetcher, fake: FakeOpenStack) -> None:
    fake.on("GET /a.yaml", answer(200, "x" * LIMIT, Set_Cookie="who=me"))
    assert await fetch(fetcher, f"{fake.url}/a.yaml?version=1") == b"x" * LIMIT
    await fetch(fetcher, f"{fake.url}/a.yaml")
    assert "cookie" not in fake.seen("GET /a.yaml")[-1][0]


async def test_redirects_are_followed(fetcher: WebFetcher, fake: FakeOpenStack) -> None:
    fake.on("GET /a", answer(302, Location=f"{fake.url}/b"))
    fake.on("GET /b", answer(200, "there"))
    assert await fetch(fetcher, f"{fake.url}/a") == b"there"


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/a", "/a", "//["])
async def test_redirects_lead_nowhere_else(
    fetcher: WebFetcher, fake: FakeOpenStack, target: str
) -> None:
    fake.on("GET /a", answer(302, Location=target))
    with pytest.raises(FetchError, match="Failed to retrieve template from"):
        await fetch(fetcher, f"{fake.url}/a")


async def test_too_much_is_not_read(fetcher: WebFetcher, fake: FakeOpenStack) -> None:
    fake.on("GET /a", answer(200, "x" * (LIMIT + 1)))
    with pytest.raises(FetchError, match=r"exceeds maximum allowed size \(1000 bytes\)"):
        await fetch(fetcher, f"{fake.url}/a")


async def test_failures_tell_the_address_and_nothing_of_the_answer(
    fetcher: WebFetcher, fake: FakeOpenStack, closed_port: int
) -> None:
    fake.on("GET /missing", answer(404, "secret of the inside"))
    fake.on("GET /broken", answer(500, "secret of the inside"))
    fake.on("GET /reset", reset)
    for url in (
        f"{fake.url}/missing",
        f"{fake.url}/broken",
        f"{fake.url}/reset",
        f"http://127.0.0.1:{closed_port}/",
        "http:///nowhere",
        "http://[",
    ):
        with pytest.raises(FetchError) as caught:
            await fetch(fetcher, url)
        assert str(caught.value) == f"Failed to retrieve template from {url}"


async def test_waiting_has_an_end(fetcher: WebFetcher, fake: FakeOpenStack) -> None:
    fake.on("GET /a", hang)
    with pytest.raises(FetchError, match=r"No answer from .* within 0.01 s"):
        await fetcher.fetch(f"{fake.url}/a", limit=LIMIT, timeout=0.01)

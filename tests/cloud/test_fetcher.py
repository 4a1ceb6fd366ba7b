"""Templates are fetched from web servers that do not always behave."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.cloud.fake_openstack import FakeOpenStack, answer, hang, reset
from yarl import URL

from isotherm.cloud import AllowedSources, WebFetcher
from isotherm.ports.fetcher import FetchError

LIMIT = 1000


@pytest.fixture
async def fetcher() -> AsyncIterator[WebFetcher]:
    fetcher = WebFetcher(AllowedSources.parse(["127.0.0.1"]))
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


async def test_credentials_of_the_service_are_not_sent(
    fake: FakeOpenStack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither those of a .netrc nor those of a proxy, and the proxy is not asked."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login service password hard-to-guess\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", f"http://service:hard-to-guess@{URL(fake.url).authority}")
    fake.on("GET /a", answer(200, "x"))
    fetcher = WebFetcher(AllowedSources.parse(["127.0.0.1"]))
    await fetch(fetcher, f"{fake.url}/a")
    await fetcher.close()
    [(headers, _)] = fake.seen("GET /a")
    assert not {"authorization", "proxy-authorization"} & {name.lower() for name in headers}


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "0x7f.1"],
)
async def test_addresses_that_are_not_public_are_refused(fake: FakeOpenStack, host: str) -> None:
    fetcher = WebFetcher()
    with pytest.raises(FetchError, match=r"not public; an operator can allow it"):
        await fetch(fetcher, f"http://{host}:{URL(fake.url).port}/a")
    await fetcher.close()
    assert fake.requests == []


async def test_redirects_are_no_way_in(fake: FakeOpenStack) -> None:
    """A host that is allowed leads to one that is not."""
    fetcher = WebFetcher(AllowedSources.parse(["localhost"]))
    port = URL(fake.url).port
    fake.on("GET /a", answer(302, Location=f"http://127.0.0.1:{port}/b"))
    fake.on("GET /b", answer(200, "inside"))
    with pytest.raises(FetchError, match="not public"):
        await fetch(fetcher, f"http://localhost:{port}/a")
    await fetcher.close()
    assert fake.seen("GET /b") == []


async def test_a_name_that_changes_its_meaning_is_no_way_in(
    fake: FakeOpenStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is checked is what the connection goes to, whatever a name meant before."""
    port = URL(fake.url).port
    entry = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [entry])
    fetcher = WebFetcher()
    with pytest.raises(FetchError, match="not public"):
        await fetch(fetcher, f"http://templates.example.org:{port}/a")
    await fetcher.close()
    assert fake.requests == []


@pytest.mark.parametrize(
    ("entries", "address", "allowed"),
    [
        ([], "93.184.215.14", True),
        ([], "2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ([], "10.1.2.3", False),
        ([], "100.64.0.1", False),
        ([], "0.0.0.0", False),
        ([], "224.0.0.1", False),
        ([], "fe80::1%eth0", False),
        ([], "fd00::1", False),
        ([], "64:ff9b::a00:1", False),
        ([], "2002:7f00:1::", False),
        (["10.0.0.0/8"], "10.1.2.3", True),
        (["10.0.0.0/8"], "::ffff:10.1.2.3", True),
        (["10.0.0.0/8"], "192.168.0.1", False),
        (["fd00::/8"], "fd00::1", True),
    ],
)
def test_public_addresses(entries: list[str], address: str, allowed: bool) -> None:
    assert AllowedSources.parse(entries).allows_address(address) is allowed


@pytest.mark.parametrize("entry", ["10.0.0.0/99", "http://x/", "", "1.2.3", "*.example.org"])
def test_entries_that_mean_nothing_are_refused(entry: str) -> None:
    with pytest.raises(ValueError, match=r"no address|neither the name of a host nor a network"):
        AllowedSources.parse([entry])

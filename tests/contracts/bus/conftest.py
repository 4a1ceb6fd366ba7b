"""The same two processes on every kind of bus."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from tests.contracts.bus.proxy import Proxy, proxied

from isotherm.bus.embedded import EmbeddedBus
from isotherm.bus.postgres import PostgreSQL
from isotherm.bus.rabbitmq import RabbitMQ
from isotherm.bus.remote import Carrier, RemoteBus
from isotherm.core.ids import new_token
from isotherm.ports.bus import Bus

_CARRIERS: dict[str, Callable[[str], Carrier]] = {"rabbitmq": RabbitMQ, "postgresql": PostgreSQL}
REMOTE = [pytest.param(kind, marks=pytest.mark.slow) for kind in _CARRIERS]


@pytest.fixture
def topic() -> str:
    """A topic of this test's own: other tests use the same servers at the same time."""
    return new_token()


@dataclass
class Pair:
    """Buses of two processes that shall reach each other."""

    here: Bus
    there: Bus


@pytest.fixture(params=["embedded", *REMOTE])
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    if request.param == "embedded":
        bus = EmbeddedBus()
        yield Pair(bus, bus)
        await bus.close()
        return
    url = request.getfixturevalue(f"{request.param}_url")
    here, there = (RemoteBus(_CARRIERS[request.param](url)) for _ in range(2))
    yield Pair(here, there)
    await here.close()
    await there.close()


@dataclass
class Cuttable:
    """A process whose connection can be cut, and another whose connection is sound."""

    here: RemoteBus
    there: RemoteBus
    proxy: Proxy


@pytest.fixture(params=REMOTE)
async def cuttable(request: pytest.FixtureRequest) -> AsyncIterator[Cuttable]:
    url: str = request.getfixturevalue(f"{request.param}_url")
    port = urlsplit(url).port
    assert port
    async with AsyncExitStack() as resources:
        proxy = await resources.enter_async_context(proxied(port))
        carrier = _CARRIERS[request.param]
        here = RemoteBus(carrier(url.replace(str(port), str(proxy.port))))
        there = RemoteBus(carrier(url))
        resources.push_async_callback(there.close)
        resources.push_async_callback(here.close)
        yield Cuttable(here, there, proxy)

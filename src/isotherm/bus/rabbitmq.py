"""Wake-ups over RabbitMQ: one fan-out exchange, a passing queue for each process."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle

import aio_pika
from aio_pika.abc import (
    AbstractChannel,
    AbstractConnection,
    AbstractExchange,
    AbstractIncomingMessage,
)
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError

from isotherm.bus.listeners import Listeners
from isotherm.bus.outbox import WakeUp
from isotherm.bus.remote import Carrier, Connection
from isotherm.core.ids import new_token

_EXCHANGE = "isotherm.wake-ups"
_CONNECT_TIMEOUT = 5.0
_HEARTBEAT = 20
_LONGEST_QUEUE = 10_000
_SCHEMES = {"rabbit": "amqp", "amqp": "amqp", "kombu": "amqp", "rabbits": "amqps", "amqps": "amqps"}


def broker_urls(transport_url: str) -> list[str]:
    """AMQP URLs of the brokers that a deployer's ``transport_url`` names
    (``rabbit://user:password@host:5672,user:password@host2:5672/vhost``).

    ValueError for other kinds of transport.
    """
    parts = re.fullmatch(r"([a-z]+)(?:\+\w+)?://([^/?]+)(/[^?]*)?(\?.*)?", transport_url)
    if parts is None or parts[1] not in _SCHEMES:
        raise ValueError(
            "not the URL of a RabbitMQ broker; rabbit://USER:PASSWORD@HOST:5672/VHOST is meant"
        )
    hosts = parts[2].split(",")
    return [f"{_SCHEMES[parts[1]]}://{host}{parts[3] or '/'}" for host in hosts]


class RabbitMQ(Carrier):
    """Tries the brokers of a cluster in turn."""

    errors = (AMQPError, ChannelInvalidStateError, OSError, TimeoutError)

    def __init__(self, transport_url: str) -> None:
        urls = broker_urls(transport_url)
        self._hosts = ", ".join(url.rpartition("@")[2] for url in urls)
        self._urls = cycle(urls)
        self._process = new_token()

    def __str__(self) -> str:
        return f"RabbitMQ at {self._hosts}"

    async def reach(self) -> None:
        """Log in and leave again. Raises one of ``errors``."""
        connection = await aio_pika.connect(next(self._urls), timeout=_CONNECT_TIMEOUT)
        await connection.close()

    @asynccontextmanager
    async def connect(self, listeners: Listeners) -> AsyncIterator[Connection]:
        connection = await aio_pika.connect(
            next(self._urls), timeout=_CONNECT_TIMEOUT, heartbeat=_HEARTBEAT
        )
        async with connection:
            channel = await connection.channel(publisher_confirms=False)
            exchange = await channel.declare_exchange(_EXCHANGE, aio_pika.ExchangeType.FANOUT)
            queue = await channel.declare_queue(
                exclusive=True, auto_delete=True, arguments={"x-max-length": _LONGEST_QUEUE}
            )
            await queue.bind(exchange)

            async def receive(message: AbstractIncomingMessage) -> None:
                # This process has told its own listeners already.
                if message.app_id != self._process:
                    listeners.deliver(message.type or "", message.body.decode())

            await queue.consume(receive, no_ack=True)
            yield _RabbitMQConnection(connection, channel, exchange, self._process)


class _RabbitMQConnection:
    def __init__(
        self,
        connection: AbstractConnection,
        channel: AbstractChannel,
        exchange: AbstractExchange,
        process: str,
    ) -> None:
        self._connection = connection
        self._channel = channel
        self._exchange = exchange
        self._process = process

    async def send(self, wake_ups: list[WakeUp]) -> None:
        for topic, key in wake_ups:
            message = aio_pika.Message(key.encode(), type=topic, app_id=self._process)
            await self._exchange.publish(message, routing_key="", mandatory=False)

    async def lost(self) -> None:
        # Either may be closed without the other.
        ends = [asyncio.ensure_future(each.closed()) for each in (self._connection, self._channel)]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()

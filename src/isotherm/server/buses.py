"""Chooses the bus that carries wake-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oslo_config import cfg

from isotherm.bus.embedded import EmbeddedBus
from isotherm.bus.remote import RemoteBus
from isotherm.ports.bus import Bus
from isotherm.server.errors import ConfigurationError

if TYPE_CHECKING:
    from isotherm.bus.rabbitmq import RabbitMQ


async def reach_broker(conf: cfg.ConfigOpts) -> str:
    """Says what carries wake-ups. Raises what a broker that cannot be reached makes."""
    if not conf.transport_url:
        connection = conf.database.connection or ""
        by_database = connection.startswith("postgres")
        return (
            "none: PostgreSQL carries wake-ups"
            if by_database
            else "none: workers look by themselves"
        )
    broker = _broker(conf)
    await broker.reach()
    return str(broker)


def open_bus(conf: cfg.ConfigOpts) -> Bus:
    """RabbitMQ if a broker is named, else PostgreSQL's notifications if that is the
    database, else wake-ups within this process. Raises ConfigurationError."""
    if conf.transport_url:
        return RemoteBus(_broker(conf))
    connection = conf.database.connection or ""
    if connection.startswith("postgres"):
        # Nine MiB that only those who use it should carry; the broker's client is another two.
        from isotherm.bus.postgres import PostgreSQL

        return RemoteBus(PostgreSQL(connection))
    return EmbeddedBus()


def _broker(conf: cfg.ConfigOpts) -> RabbitMQ:
    from isotherm.bus.rabbitmq import RabbitMQ

    try:
        return RabbitMQ(conf.transport_url)
    except ValueError as error:
        raise ConfigurationError(f"[DEFAULT] transport_url: {error}") from None

"""Chooses the bus that carries wake-ups."""

from __future__ import annotations

from oslo_config import cfg

from isotherm.bus.embedded import EmbeddedBus
from isotherm.bus.postgres import PostgresBus
from isotherm.bus.rabbitmq import RabbitBus
from isotherm.ports.bus import Bus


def open_bus(conf: cfg.ConfigOpts) -> Bus:
    """RabbitMQ if a broker is named, else PostgreSQL's notifications if that is the
    database, else wake-ups within this process."""
    if conf.transport_url:
        return RabbitBus(conf.transport_url)
    if (conf.database.connection or "").startswith("postgres"):
        return PostgresBus(conf.database.connection)
    return EmbeddedBus()

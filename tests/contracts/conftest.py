"""Real servers for the suites that run on every adapter of a port."""

from tests.servers.fixtures import mariadb_url, meeting_place, postgresql_url, rabbitmq_url

__all__ = ["mariadb_url", "meeting_place", "postgresql_url", "rabbitmq_url"]

"""Real servers of databases."""

from tests.servers.fixtures import mariadb_url, meeting_place, postgresql_url

__all__ = ["mariadb_url", "meeting_place", "postgresql_url"]

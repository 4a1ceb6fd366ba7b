"""A database by its URL: the right backend, and the engines that write and read."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError

from isotherm.store.backend import Backend
from isotherm.store.mariadb import MARIADB
from isotherm.store.postgres import POSTGRES
from isotherm.store.sqlite import SQLITE

_BACKENDS = {
    "sqlite": SQLITE,
    "postgresql": POSTGRES,
    "postgres": POSTGRES,
    "mysql": MARIADB,
    "mariadb": MARIADB,
}


class Database:
    """Where the records are; ``connection`` as in an operator's ``[database] connection``,
    whichever driver it names. ValueError for a URL that leads nowhere."""

    def __init__(self, connection: str) -> None:
        try:
            url = make_url(connection)
        except ArgumentError:
            # Its own message would show the password.
            raise ValueError("the database's URL cannot be read") from None
        kind = url.drivername.partition("+")[0]
        if kind not in _BACKENDS:
            known = "sqlite, postgresql and mysql"
            raise ValueError(f"{kind} databases are not supported; {known} are")
        self.backend: Backend = _BACKENDS[kind]
        self.url = self.backend.normalise(url)

    def __str__(self) -> str:
        return self.url.render_as_string(hide_password=True)

    @cached_property
    def writing(self) -> Engine:
        """One connection, for the one thread that writes."""
        return self.backend.writing_engine(self.url)

    @cached_property
    def reading(self) -> Engine:
        """A few connections without transactions."""
        return self.backend.reading_engine(self.url)

    def dispose(self) -> None:
        """Close all connections."""
        self.writing.dispose()
        self.reading.dispose()

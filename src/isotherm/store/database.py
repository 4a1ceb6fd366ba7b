"""A database by its URL: the right backend, and the engines that write and read."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError

from isotherm.store.backend import Backend

_URLS = "postgresql://, mysql:// or sqlite:// is meant (postgresql://USER:PASSWORD@HOST/DATABASE)"


class Database:
    """Where the records are; ``connection`` as in an operator's ``[database] connection``,
    whichever driver it names. ValueError for a URL that leads nowhere."""

    def __init__(self, connection: str) -> None:
        try:
            url = make_url(connection)
        except ArgumentError:
            # Its own message would show the password.
            raise ValueError(f"the URL cannot be read; {_URLS}") from None
        self.backend: Backend = _backend(url.drivername.partition("+")[0])
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
        for engine in ("writing", "reading"):
            if engine in self.__dict__:
                getattr(self, engine).dispose()


def _backend(kind: str) -> Backend:
    """The backend alone is imported: the drivers of the others take their time."""
    match kind:
        case "sqlite":
            from isotherm.store.sqlite import Sqlite

            return Sqlite()
        case "postgresql" | "postgres":
            from isotherm.store.postgres import Postgres

            return Postgres()
        case "mysql" | "mariadb":
            from isotherm.store.mariadb import MariaDb

            return MariaDb()
        case _:
            known = "sqlite, postgresql and mysql"
            raise ValueError(f"{kind} databases are not supported; {known} are")

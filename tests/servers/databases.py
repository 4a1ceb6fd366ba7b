"""Databases on the servers: one for each suite, so that they do not see each other's rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, make_url, text

from isotherm.core.ids import new_token
from isotherm.store import Database


def new_account(server: str) -> str:
    """The URL of a new, empty database, as a user who has it to itself and no other rights."""
    url = make_url(new_database(server))
    name = str(url.database)
    engine = create_engine(Database(server).url, isolation_level="AUTOCOMMIT")
    statements = (
        (f"CREATE ROLE {name} LOGIN", f"ALTER DATABASE {name} OWNER TO {name}")
        if server.startswith("postgresql")
        else (f"CREATE USER {name}", f"GRANT ALL ON {name}.* TO {name}")
    )
    with engine.connect() as connection:
        for each in statements:
            connection.execute(text(each))
    engine.dispose()
    return url.set(username=name).render_as_string(hide_password=False)


def new_database(server: str) -> str:
    """The URL of a new, empty database on the server."""
    name = f"isotherm_{new_token()}"
    # A locale that sorts as people do, to see that names are compared by code point all the same.
    is_postgresql = server.startswith("postgresql")
    locale = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'" if is_postgresql else ""
    url = make_url(server)
    administration = Database(server).url
    engine = create_engine(administration, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} {locale}"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


@contextmanager
def read_only(server: str) -> Iterator[None]:
    """All databases of the server refuse changes, but for its administrator."""
    switches = (
        ("ALTER SYSTEM SET default_transaction_read_only = {}", "SELECT pg_reload_conf()")
        if server.startswith("postgresql")
        else ("SET GLOBAL read_only = {}",)
    )
    engine = create_engine(Database(server).url, isolation_level="AUTOCOMMIT")

    def switch(value: str) -> None:
        with engine.connect() as connection:
            for each in switches:
                connection.exec_driver_sql(each.format(value))

    switch("on")
    try:
        yield
    finally:
        switch("off")
        engine.dispose()

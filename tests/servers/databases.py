"""Databases on the servers: one for each suite, so that they do not see each other's rows."""

from __future__ import annotations

from sqlalchemy import create_engine, make_url, text

from isotherm.core.ids import new_token
from isotherm.store import Database


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

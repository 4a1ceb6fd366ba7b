"""A process that stands still within a transaction does not keep its locks for ever."""

from __future__ import annotations

import pytest

from isotherm.store.backend import IDLE_SECONDS
from isotherm.store.database import Database

ASKED = {
    "postgresql": ("SHOW idle_in_transaction_session_timeout", f"{IDLE_SECONDS}s"),
    "mariadb": ("SELECT @@SESSION.idle_write_transaction_timeout", IDLE_SECONDS),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ASKED)
def test_the_server_ends_its_transaction(kind: str, request: pytest.FixtureRequest) -> None:
    database = Database(request.getfixturevalue(f"{kind}_connection"))
    question, bound = ASKED[kind]
    with database.writing.connect() as connection:
        assert connection.exec_driver_sql(question).scalar() == bound
    database.dispose()

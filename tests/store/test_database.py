"""Database URLs as operators write them."""

from __future__ import annotations

import pytest

from isotherm.store import Database


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:////var/lib/isotherm.db", "sqlite+pysqlite:////var/lib/isotherm.db"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgres://u:p@h:5433/d", "postgresql+psycopg://u:p@h:5433/d"),
        (
            "postgresql+psycopg2://u:p@h/d?sslmode=require",
            "postgresql+psycopg://u:p@h/d?sslmode=require",
        ),
        ("mysql+pymysql://u:p@h/d", "mysql+pymysql://u:p@h/d?charset=utf8mb4"),
        ("mysql://u:p@h/d?charset=utf8", "mysql+pymysql://u:p@h/d?charset=utf8mb4"),
        ("mariadb+mariadbconnector://u:p@h:3307/d", "mysql+pymysql://u:p@h:3307/d?charset=utf8mb4"),
    ],
)
def test_whatever_driver_is_named_ours_is_used(given: str, used: str) -> None:
    database = Database(given)
    assert database.url.render_as_string(hide_password=False) == used
    assert ":p@" not in str(database)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("oracle://u:hidden-word@h/d", "oracle databases are not supported"),
        ("hidden-word", "cannot be read"),
        ("", "cannot be read"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
    ],
)
def test_a_url_that_leads_nowhere_is_refused(given: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as raised:
        Database(given)
    assert "hidden-word" not in str(raised.value)

"""The only room with SQL: records kept in SQLite, PostgreSQL or MariaDB."""

from isotherm.store.database import Database
from isotherm.store.figures import Figures
from isotherm.store.schema import REVISION, SchemaError, schema_revision, upgrade_schema
from isotherm.store.sealing import Key, Sealer, UnsealableError
from isotherm.store.store import SqlStore
from isotherm.store.survey import Survey, survey_database

__all__ = [
    "REVISION",
    "Database",
    "Figures",
    "Key",
    "SchemaError",
    "Sealer",
    "SqlStore",
    "Survey",
    "UnsealableError",
    "schema_revision",
    "survey_database",
    "upgrade_schema",
]

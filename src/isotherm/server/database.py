"""The database and the key that belongs to it, as the settings name them."""

from __future__ import annotations

from oslo_config import cfg

from isotherm.ports.metrics import Metrics
from isotherm.ports.store import StoreUnavailable
from isotherm.server.errors import ConfigurationError
from isotherm.server.state_folder import StateFolder
from isotherm.store import (
    REVISION,
    Database,
    Key,
    SchemaError,
    Sealer,
    SqlStore,
    Survey,
    survey_database,
    upgrade_schema,
)


def open_database(conf: cfg.ConfigOpts, state: StateFolder | None) -> Database:
    """Raises ConfigurationError where no database is named and no folder can hold one."""
    if conf.database.connection:
        try:
            return Database(conf.database.connection)
        except ValueError as error:
            raise ConfigurationError(f"[database] connection: {error}") from None
    if state is None:
        raise ConfigurationError("set [database] connection: there is no state folder to use")
    return Database(state.database_url)


def open_store(conf: cfg.ConfigOpts, state: StateFolder | None, metrics: Metrics) -> SqlStore:
    """The store, its schema brought up to date. Raises ConfigurationError."""
    database = open_database(conf, state)
    # The key first: nothing is changed where there is none to read the records with.
    sealer = _sealer(conf, state, survey(database))
    bring_up_to_date(database)
    return SqlStore(database, sealer, metrics)


def survey(database: Database) -> Survey:
    """What the database is. Raises ConfigurationError where it cannot be ours."""
    try:
        found = survey_database(database)
    except StoreUnavailable as error:
        raise ConfigurationError(str(error)) from error
    if found.is_heats:
        raise ConfigurationError(
            f"{database} is Heat's own database; Isotherm needs one for itself"
        )
    return found


def bring_up_to_date(database: Database) -> None:
    """Raises ConfigurationError."""
    try:
        upgrade_schema(database)
    except (StoreUnavailable, SchemaError) as error:
        raise ConfigurationError(str(error)) from error


def schema_in_words(found: Survey) -> str:
    if found.revision is None:
        return "schema not made yet"
    if found.revision == REVISION:
        return f"schema {REVISION}"
    return f"schema {found.revision}, wanted {REVISION}: run isotherm db upgrade"


def find_key(conf: cfg.ConfigOpts, state: StateFolder | None, found: Survey) -> Key | None:
    """The key by which secrets are sealed; None where it is still to be made.

    Raises ConfigurationError where there is none, or another than the records were sealed by.
    """
    if conf.auth_encryption_key:
        key, source = Key.from_passphrase(conf.auth_encryption_key), "auth_encryption_key"
    elif state is None:
        raise ConfigurationError("set auth_encryption_key: there is no state folder to keep one")
    elif state.key_file.exists():
        key, source = _read_key(state), str(state.key_file)
    elif found.key_id is None:
        return None
    else:
        raise ConfigurationError(
            f"{state.key_file} is missing, and the database holds records that were sealed by it: "
            "put it back from your backup"
        )
    if found.key_id not in (None, key.id):
        raise ConfigurationError(
            f"{source} is key {key.id}, and the database holds records that were sealed by "
            f"key {found.key_id}: put that one back"
        )
    return key


def _read_key(state: StateFolder) -> Key:
    try:
        return Key.from_file(state.key_file)
    except ValueError as error:
        raise ConfigurationError(str(error)) from None


def _sealer(conf: cfg.ConfigOpts, state: StateFolder | None, found: Survey) -> Sealer:
    key = find_key(conf, state, found)
    if key is None:
        assert state is not None
        # Made where there is none; another process may have been faster.
        key = Key.from_file(state.key_file)
    return Sealer(key)

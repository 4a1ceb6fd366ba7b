"""Write-through storage: what a request changed is committed before its reply is sent."""

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

_log = logging.getLogger(__name__)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entity (
    service TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
    seeded INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (service, kind, id)
);
CREATE TABLE IF NOT EXISTS transition (seq INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, body BLOB NOT NULL);
"""
_PUT = """
INSERT INTO entity (service, kind, id, seeded, body) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (service, kind, id) DO UPDATE SET body = excluded.body
"""
_DROP = "DELETE FROM entity WHERE service = ? AND kind = ? AND id = ?"


class StoredRow(NamedTuple):
    id: str
    seeded: bool
    body: bytes


class Source(Protocol):
    """Something whose entities the journal writes; a collection."""

    service: str
    kind: str

    def stored_row(self, entity_id: str) -> StoredRow | None:
        """The row as it is now, or None when the entity is gone."""


class JournalError(Exception):
    """Changes could not be written. They are kept, and written with the next ones that can be."""


class Journal:
    """Gathers changed entities and transitions; `commit` writes them in one transaction.

    WAL with synchronous=NORMAL: what is committed outlives the death of the process.
    """

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.touch(mode=0o600)
        self._db = sqlite3.connect(str(path) if path else ":memory:", isolation_level=None)
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.executescript(_SCHEMA)
        except sqlite3.DatabaseError as error:
            raise JournalError(f"{path}: {error}") from error
        self._changed: dict[tuple[Source, str], None] = {}
        self._transitions: dict[int, bytes | None] = {}
        self._settings: dict[str, bytes] = {}

    def mark(self, source: Source, entity_id: str) -> None:
        self._changed[source, entity_id] = None

    def put_transition(self, seq: int, body: bytes) -> None:
        self._transitions[seq] = body

    def drop_transition(self, seq: int) -> None:
        self._transitions[seq] = None

    def put_setting(self, name: str, body: bytes) -> None:
        self._settings[name] = body

    def commit(self) -> None:
        """Write everything that was marked since the last commit. Raises JournalError."""
        if not (self._changed or self._transitions or self._settings):
            return
        try:
            self._write()
        except sqlite3.OperationalError as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise JournalError(str(error)) from error
        self._changed.clear()
        self._transitions.clear()
        self._settings.clear()

    def _write(self) -> None:
        puts, drops = self._entity_rows()
        db = self._db
        db.execute("BEGIN")
        db.executemany(_DROP, drops)
        db.executemany(_PUT, puts)
        for seq, body in self._transitions.items():
            if body is None:
                db.execute("DELETE FROM transition WHERE seq = ?", (seq,))
            else:
                db.execute("INSERT OR REPLACE INTO transition VALUES (?, ?)", (seq, body))
        db.executemany("INSERT OR REPLACE INTO setting VALUES (?, ?)", self._settings.items())
        db.execute("COMMIT")

    def _entity_rows(
        self,
    ) -> tuple[list[tuple[str, str, str, bool, bytes]], list[tuple[str, str, str]]]:
        puts, drops = [], []
        for source, entity_id in self._changed:
            row = source.stored_row(entity_id)
            if row is None:
                drops.append((source.service, source.kind, entity_id))
            else:
                puts.append((source.service, source.kind, row.id, row.seeded, row.body))
        return puts, drops

    def load_entities(self, service: str, kind: str) -> Iterator[StoredRow]:
        """Rows in the order in which they were first written."""
        query = "SELECT id, seeded, body FROM entity WHERE service = ? AND kind = ? ORDER BY rowid"
        for entity_id, seeded, body in self._db.execute(query, (service, kind)):
            yield StoredRow(entity_id, bool(seeded), body)

    def load_transitions(self) -> Iterator[bytes]:
        for (body,) in self._db.execute("SELECT body FROM transition ORDER BY seq"):
            yield body

    def load_setting(self, name: str) -> bytes | None:
        row = self._db.execute("SELECT body FROM setting WHERE name = ?", (name,)).fetchone()
        return None if row is None else bytes(row[0])

    def close(self) -> None:
        try:
            self.commit()
        except JournalError as error:
            _log.error("the last changes are lost: %s", error)
        self._db.close()

"""Finding out whether the database takes changes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert

from isotherm.core.ids import new_token
from isotherm.store.tables import contents
from isotherm.store.writer import Change

# More than a page, so that it needs space on the disk.
_BODY = "." * 16384
_PUT = insert(contents).values(id=bindparam("probe"), body=_BODY)
_REMOVE = delete(contents).where(contents.c.id == bindparam("probe"))


@dataclass(frozen=True, slots=True)
class Probe(Change[None]):
    """Writes something that nobody needs, and takes it away again."""

    def apply(self, connection: Connection) -> None:
        row = {"probe": f"probe-{new_token()}"}
        connection.execute(_PUT, row)
        connection.execute(_REMOVE, row)

"""Templates, environments and files, kept once by content."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from isotherm.core.values import reveal
from isotherm.ports.records import Source
from isotherm.store.backend import database_now
from isotherm.store.encoding import Encoding
from isotherm.store.statements import Statements
from isotherm.store.tables import contents, sources
from isotherm.store.writer import Change

_TOUCH = (
    update(sources).where(sources.c.id == bindparam("source")).values(touched_at=database_now())
)

_RECENT = 64
_LONGEST = 64 * 1024
"""Characters of a source that is remembered; bigger ones cost more than reading them."""


class SourceRow(NamedTuple):
    """A source as the database has it, the environment sealed."""

    template: str
    environment: str
    files: str


_template, _files = contents.alias("template"), contents.alias("files")
_READ = (
    select(sources.c.environment, _template.c.body.label("template"), _files.c.body.label("files"))
    .join(_template, _template.c.id == sources.c.template_id)
    .join(_files, _files.c.id == sources.c.files_id)
    .where(sources.c.id == bindparam("source"))
)


@dataclass(frozen=True, slots=True)
class PutSource(Change[None]):
    """Keep a source where it is not kept yet."""

    statements: Statements
    source: dict[str, Any]
    bodies: list[dict[str, str]]

    def apply(self, connection: Connection) -> None:
        if connection.execute(_TOUCH, {"source": self.source["id"]}).rowcount:
            return
        connection.execute(self.statements.add_content, self.bodies)
        connection.execute(self.statements.add_source, self.source)


def put_source(source: Source, statements: Statements, encoding: Encoding) -> tuple[str, PutSource]:
    """The source's id and the change that keeps it."""
    template = encoding.encode(source.template, "contents")
    files = encoding.encode(source.files, "contents")
    environment = encoding.encode(reveal(source.environment), "environment").encode()
    template_id = encoding.content_id(template.encode())
    files_id = encoding.content_id(files.encode())
    source_id = encoding.content_id(template_id.encode(), files_id.encode(), environment)
    row = {
        "id": source_id,
        "template_id": template_id,
        "files_id": files_id,
        "environment": encoding.seal(source.environment, f"source:{source_id}"),
    }
    bodies = {template_id: template, files_id: files}
    return source_id, PutSource(statements, row, [{"id": i, "body": b} for i, b in bodies.items()])


def read_source(connection: Connection, source_id: str) -> SourceRow:
    """The source as it is kept; KeyError if there is none."""
    row = connection.execute(_READ, {"source": source_id}).one_or_none()
    if row is None:
        raise KeyError(source_id)
    return SourceRow(row.template, row.environment, row.files)


def opened(source_id: str, row: SourceRow, encoding: Encoding) -> Source:
    """The source itself, nobody else's; UnsealableError where it cannot be opened."""
    return Source(
        template=encoding.decode(row.template, "contents"),
        environment=encoding.unseal(row.environment, f"source:{source_id}"),
        files=encoding.decode(row.files, "contents"),
    )


class RecentSources:
    """Sources that were read lately, still sealed: the stacks of a group have one in common, and
    what a source is never changes."""

    def __init__(self) -> None:
        self._rows: OrderedDict[str, SourceRow] = OrderedDict()

    def get(self, source_id: str) -> SourceRow | None:
        row = self._rows.get(source_id)
        if row is not None:
            self._rows.move_to_end(source_id)
        return row

    def put(self, source_id: str, row: SourceRow) -> None:
        if sum(map(len, row)) <= _LONGEST:
            self._rows[source_id] = row
            if len(self._rows) > _RECENT:
                self._rows.popitem(last=False)

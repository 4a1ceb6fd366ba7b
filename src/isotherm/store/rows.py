"""Records as rows: a field with a column of its name goes there, the others into ``document``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from operator import attrgetter
from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy
from sqlalchemy import Table

from isotherm.core.values import Secret, reveal
from isotherm.kit.software import Deployment, SoftwareConfig
from isotherm.ports.attachments import Attachment
from isotherm.ports.records import Event, Message, Report, Resource, Snapshot, Stack, Traversal
from isotherm.store import tables
from isotherm.store.encoding import Encoding
from isotherm.store.learning import learnt

R = TypeVar("R", bound=msgspec.Struct)
Row = dict[str, Any]


class Shape(Generic[R]):
    """How one kind of record lies in its table."""

    joined: frozenset[str] = frozenset()
    """Fields that are kept in another table, and read with a join."""
    patient = False
    """Whether a record is read though a secret in it cannot be opened."""
    sealed: frozenset[str] = frozenset()
    """Fields that may hold secrets anywhere: they are sealed as a whole."""

    def __init__(
        self, record: type[R], table: Table, name_row: Callable[[Mapping[str, Any]], str]
    ) -> None:
        self._record = learnt(record)
        self._name_row = name_row
        fields = [f for f in msgspec.structs.fields(record) if f.name not in self.joined]
        self._columns = tuple(f.name for f in fields if f.name in table.c)
        self._columns_of = attrgetter(*self._columns)
        self._words = tuple(f.name for f in fields if f.name in table.c and _is_word(f.type))
        self._documented = tuple((f.name, _default(f)) for f in fields if f.name not in table.c)

    def to_row(self, record: R, encoding: Encoding) -> Row:
        """Bind parameters for the table's columns."""
        row: Row = dict(zip(self._columns, self._columns_of(record), strict=True))
        for name in self._words:
            # What ``value`` gives by way of a descriptor.
            row[name] = row[name]._value_
        document = {
            name: value
            for name, default in self._documented
            if (value := getattr(record, name)) != default
        }
        if self.sealed:
            for name in self.sealed & document.keys():
                document[name] = Secret(document[name])
        row["document"] = encoding.encode(document, self._name_row(row))
        return row

    def to_record(self, fetched: sqlalchemy.Row[Any], encoding: Encoding) -> R:
        """The record; columns of the row that are no fields are ignored."""
        row = self._fields_of(fetched)
        document = encoding.decode(fetched.document, self._name_row(row), patient=self.patient)
        for name in self.sealed & document.keys():
            document[name] = reveal(document[name])
        return msgspec.convert(row | document, self._record)

    def _fields_of(self, fetched: sqlalchemy.Row[Any]) -> Row:
        columns = fetched._mapping
        return {name: columns[name] for name in (*self._columns, *self.joined)}


def _is_word(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


class StackShape(Shape[Stack]):
    """Stacks have two columns that are no plain fields: the tags and the unique name."""

    joined = frozenset({"traversal"})
    # One stack whose credentials are lost must not hide the others in a list.
    patient = True

    def to_row(self, record: Stack, encoding: Encoding) -> Row:
        row = super().to_row(record, encoding)
        row["tags"] = tags_to_text(record.tags)
        is_live_root = record.deleted_at is None and record.parent_id is None
        row["live_name"] = record.name if is_live_root else None
        return row

    def _fields_of(self, fetched: sqlalchemy.Row[Any]) -> Row:
        return super()._fields_of(fetched) | {"tags": tags_from_text(fetched.tags)}


def tags_to_text(tags: tuple[str, ...]) -> str:
    """The tags as JSON strings with a comma on each side of each, so that one is found by
    searching for ``tags_to_text((tag,))`` and by nothing else."""
    return f",{msgspec.json.encode(tags).decode()[1:-1]}," if tags else ""


def tags_from_text(text: str) -> list[str]:
    tags: list[str] = msgspec.json.decode(f"[{text[1:-1]}]")
    return tags


class ConfigShape(Shape[SoftwareConfig]):
    sealed = frozenset({"config", "inputs", "options"})


class DeploymentShape(Shape[Deployment]):
    sealed = frozenset({"input_values", "output_values"})


STACKS = StackShape(Stack, tables.stacks, lambda row: f"stack:{row['id']}")
RESOURCES = Shape(Resource, tables.resources, lambda row: f"resource:{row['id']}")
MESSAGES = Shape(Message, tables.messages, lambda row: f"message:{row['id']}")
SNAPSHOTS = Shape(Snapshot, tables.snapshots, lambda row: f"snapshot:{row['id']}")
REPORTS = Shape(Report, tables.reports, lambda row: f"report:{row['stack_id']}:{row['number']}")
CONFIGS = ConfigShape(SoftwareConfig, tables.software_configs, lambda row: f"config:{row['id']}")
DEPLOYMENTS = DeploymentShape(
    Deployment, tables.software_deployments, lambda row: f"deployment:{row['id']}"
)
ATTACHMENTS = Shape(Attachment, tables.attachments, lambda row: f"attachment:{row['id']}")
EVENTS = Shape(Event, tables.events, lambda row: f"event:{row['id']}")
TRAVERSALS = Shape(
    Traversal, tables.traversals, lambda row: f"traversal:{row['stack_id']}:{row['number']}"
)

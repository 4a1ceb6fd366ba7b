"""What a service remembers: entities, and collections of them with indexes."""

import uuid
from collections.abc import Collection as Kinds
from collections.abc import Iterator
from typing import Generic, TypeVar

import msgspec

from isotherm.localcloud.journal import Journal, StoredRow


def new_uuid() -> str:
    """An id as most services write it: 36 characters with dashes."""
    return str(uuid.uuid4())


def new_hex_id() -> str:
    """An id as identity writes it: 32 hexadecimal characters."""
    return uuid.uuid4().hex


class Entity(msgspec.Struct, kw_only=True, eq=False):
    """Base of everything that is stored; subclasses add typed fields.

    A new field needs a default, so that rows of an older version still load.
    """

    id: str = msgspec.field(default_factory=new_uuid)


E = TypeVar("E", bound=Entity)


class Collection(Generic[E]):
    """All entities of one kind, by id and by the indexed fields, in order of creation.

    After changing an entity's fields call `save`; nothing is written otherwise.
    """

    def __init__(
        self,
        journal: Journal,
        owner: tuple[str, str],
        type_: type[E],
        index: Kinds[str] = (),
    ) -> None:
        self.service, self.kind = owner
        self.seeding = False
        self._journal = journal
        self._type = type_
        self._by_id: dict[str, E] = {}
        self._seeded: set[str] = set()
        self._buckets: dict[str, dict[object, dict[str, E]]] = {name: {} for name in index}
        self._keys: dict[str, tuple[object, ...]] = {}
        self._load()

    def _load(self) -> None:
        decoder = msgspec.json.Decoder(self._type)
        for row in self._journal.load_entities(self.service, self.kind):
            entity = decoder.decode(row.body)
            self._by_id[entity.id] = entity
            self._reindex(entity)
            if row.seeded:
                self._seeded.add(entity.id)

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[E]:
        return iter(tuple(self._by_id.values()))

    def __contains__(self, entity_id: str) -> bool:
        return entity_id in self._by_id

    def get(self, entity_id: str) -> E | None:
        return self._by_id.get(entity_id)

    def find(self, **fields: object) -> list[E]:
        """Entities whose indexed fields have these values, oldest first.

        Raises KeyError for a field that was not declared as an index.
        """
        buckets = [self._buckets[name].get(value, {}) for name, value in fields.items()]
        if len(buckets) == 1:
            return list(buckets[0].values())
        smallest = min(buckets, key=len)
        return [
            entity
            for entity_id, entity in smallest.items()
            if all(entity_id in bucket for bucket in buckets)
        ]

    def count(self, name: str, value: object) -> int:
        """How many have this value in the field, which need not be indexed."""
        if name in self._buckets:
            return len(self._buckets[name].get(value, {}))
        return sum(getattr(entity, name) == value for entity in self._by_id.values())

    def add(self, entity: E) -> E:
        """Store a new entity. Raises ValueError if its id is taken."""
        if entity.id in self._by_id:
            raise ValueError(f"{self.kind} {entity.id} exists already")
        if self.seeding:
            self._seeded.add(entity.id)
        return self.save(entity)

    def save(self, entity: E) -> E:
        """Store a changed entity, or a changed copy in its place."""
        self._by_id[entity.id] = entity
        self._reindex(entity)
        self._journal.mark(self, entity.id)
        return entity

    def remove(self, entity_id: str) -> None:
        """Forget the entity. Raises KeyError if there is none."""
        del self._by_id[entity_id]
        self._unindex(entity_id)
        self._seeded.discard(entity_id)
        self._journal.mark(self, entity_id)

    def clear(self) -> None:
        for entity_id in tuple(self._by_id):
            self.remove(entity_id)

    def is_seeded(self, entity_id: str) -> bool:
        """Whether the entity was there from the start, not made by a client."""
        return entity_id in self._seeded

    def stored_row(self, entity_id: str) -> StoredRow | None:
        entity = self._by_id.get(entity_id)
        if entity is None:
            return None
        return StoredRow(entity_id, entity_id in self._seeded, msgspec.json.encode(entity))

    def _reindex(self, entity: E) -> None:
        keys = tuple(getattr(entity, name) for name in self._buckets)
        if self._keys.get(entity.id) != keys:
            self._unindex(entity.id)
            self._keys[entity.id] = keys
        for bucket, key in zip(self._buckets.values(), keys, strict=True):
            bucket.setdefault(key, {})[entity.id] = entity

    def _unindex(self, entity_id: str) -> None:
        keys = self._keys.pop(entity_id, None)
        if keys is None:
            return
        for bucket, key in zip(self._buckets.values(), keys, strict=True):
            del bucket[key][entity_id]
            if not bucket[key]:
                del bucket[key]

"""What objects have to do with each other: what they name must be there, what is named stays."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from isotherm.localcloud.entities import Collection, Entity
from isotherm.localcloud.exchange import Fault
from isotherm.localcloud.kinds.fields import Wish
from isotherm.localcloud.service import Service

E = TypeVar("E", bound=Entity)


def _used(entity: Entity) -> Fault:
    return Fault(409, f"{entity.id} is in use.")


def _taken(entity: Entity) -> Fault:
    return Fault(409, f"{getattr(entity, 'name', entity.id)} exists already.")


@dataclass(frozen=True, kw_only=True)
class Ties(Generic[E]):
    """`names`: fields that name objects of other kinds, one or a list of them each. An object
    that the caller does not see is refused as missing.

    `users`: collections, and the field by which their objects name this one, by its id or in a
    list; while one does, it is not deleted: `used` is the refusal. `along`: the same of what goes
    with it.

    `unique`: fields that no two objects have alike; `taken` is the refusal.
    """

    names: Mapping[str, Any] = field(default_factory=dict)
    users: Mapping[str, str] = field(default_factory=dict)
    along: Mapping[str, str] = field(default_factory=dict)
    unique: tuple[str, ...] = ()
    used: Callable[[E], Fault] = _used
    taken: Callable[[E], Fault] = _taken

    def find_named(self, wish: Wish, find: Callable[[Any, str], Entity]) -> None:
        """Look for all that is named; the wish has its ids then. `find` gets a kind and what was
        said. Raises Fault 404."""
        for name, kind in self.names.items():
            said = wish.get(name)
            if isinstance(said, list):
                wish[name] = [find(kind, each).id for each in said]
            elif said:
                wish[name] = find(kind, said).id

    def refuse_used(self, service: Service, entity: E) -> None:
        if next(_naming(service, self.users, entity), None) is not None:
            raise self.used(entity)

    def take_along(self, service: Service, entity: E) -> None:
        for kind, each in list(_naming(service, self.along, entity)):
            service.collections[kind].remove(each.id)

    def refuse_taken(self, made: Collection[E], entity: E, there: E | None = None) -> None:
        """Of a new object, or of what one that is `there` is to become."""
        for other in made if self.unique else ():
            alike = all(getattr(other, name) == getattr(entity, name) for name in self.unique)
            if alike and other is not there:
                raise self.taken(entity)


def _naming(
    service: Service, fields: Mapping[str, str], entity: Entity
) -> Iterator[tuple[str, Entity]]:
    for kind, name in fields.items():
        for each in service.collections[kind]:
            held = getattr(each, name)
            if entity.id in held if isinstance(held, list) else held == entity.id:
                yield kind, each

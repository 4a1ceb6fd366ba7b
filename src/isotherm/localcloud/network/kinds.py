"""What the generic routes need to know of a kind of object."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from isotherm.localcloud.entities import Collection
from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.network import faults
from isotherm.localcloud.network.attributes import Schema, Wish
from isotherm.localcloud.network.entities import NetworkEntity
from isotherm.localcloud.network.state import Networking

E = TypeVar("E", bound=NetworkEntity)
Shown = dict[str, Any]


def owned(networking: Networking, caller: Caller, entity: NetworkEntity) -> bool:
    return caller.sees(entity.project_id)


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[E]):
    """`renamed`: wire names of entity fields that are called otherwise.

    `matchers` filter by names that are not simply compared with the shown value. `visible` says
    whether the caller sees the object at all; only who owns it may change it. `new_only` adds
    to the reply of a create, `quota` names the limit that counts these objects.
    """

    name: str
    plural: str
    path: str
    schema: Schema
    collection: Callable[[Networking], Collection[E]]
    show: Callable[[Networking, E, Caller], Shown]
    create: Callable[[Networking, Call, Wish], E]
    change: Callable[[Networking, Call, E, Wish], None]
    delete: Callable[[Networking, Call, E], None]
    visible: Callable[[Networking, Caller, E], bool] = owned
    show_new: Callable[[Networking, E, Caller], Shown] | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    matchers: Mapping[str, Callable[[Networking, E, str], bool]] = field(default_factory=dict)
    quota: str | None = None
    refuse_bulk: "Callable[[list[Wish]], None] | None" = None
    before_list: Callable[[Networking, Caller], None] | None = None

    def find(self, networking: Networking, caller: Caller, entity_id: str) -> E:
        """Raises Fault 404 where there is none that the caller sees."""
        entity = self.collection(networking).get(entity_id)
        if entity is None or not self.visible(networking, caller, entity):
            raise self.not_found(entity_id)
        return entity

    def find_own(self, networking: Networking, caller: Caller, entity_id: str, verb: str) -> E:
        """As `find`; Fault 403 where it is another project's."""
        entity = self.find(networking, caller, entity_id)
        if not caller.sees(entity.project_id):
            raise faults.forbidden(f"rule:{verb}_{self.name}")
        return entity

    def not_found(self, entity_id: str) -> Fault:
        return faults.not_found(self.name, entity_id)

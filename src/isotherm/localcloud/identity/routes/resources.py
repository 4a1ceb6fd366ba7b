"""List, show, create, change and delete: the same for every kind of object."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from isotherm.localcloud.entities import Collection
from isotherm.localcloud.exchange import Call
from isotherm.localcloud.identity.entities import Extensible, IdentityEntity
from isotherm.localcloud.identity.policies import require_admin
from isotherm.localcloud.identity.rendering import (
    filtered,
    given,
    listing,
    read,
    require,
    unknown_fields,
)
from isotherm.localcloud.identity.state import Identity, found
from isotherm.localcloud.routing import Routes

E = TypeVar("E", bound=IdentityEntity)
Values = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[E]):
    """What the generic routes need to know of a kind of object.

    `fields` is what a client may say, `required` what it must say of a new object, `fixed` what
    is left as it is by a change. `complete` turns what was said into the entity's fields, `make`
    makes the entity of them, and `check` refuses one that cannot be, new or changed;
    `check_change` gets what it was before, and the values. Everything is for administrators,
    unless `may_list` or `may_show` is another check of the policy. `matches` is a filter beside
    `filters`; `look_up` finds one to show where that is not by its id alone.
    """

    name: str
    plural: str
    collection: Callable[[Identity], Collection[E]]
    fields: type[msgspec.Struct]
    make: Callable[[Identity, Call, Values], E]
    show: Callable[[Call, E], dict[str, Any]]
    delete: Callable[[Identity, E], None]
    required: tuple[str, ...] = ("name",)
    fixed: tuple[str, ...] = ()
    filters: tuple[str, ...] = ("name",)
    complete: Callable[[Identity, Values], Values] = lambda identity, values: values
    check: Callable[[Identity, E], None] = lambda identity, entity: None
    check_change: Callable[[E, Values], None] = lambda before, values: None
    matches: Callable[[Call, E], bool] = lambda call, entity: True
    may_list: Callable[[Call, str], None] = require_admin
    may_show: Callable[[Call, str], None] = require_admin
    look_up: Callable[[Identity, str], E] | None = None

    def values(self, identity: Identity, call: Call) -> Values:
        """What the body says. Raises Fault 400."""
        return self.complete(identity, given(read(call, self.name, self.fields)))

    def unknown(self, call: Call) -> Values:
        """What the body says beyond the fields."""
        return unknown_fields(call, self.name, self.fields)

    def find(self, identity: Identity, call: Call) -> E:
        """The object that the path names. Raises Fault 404."""
        return found(self.collection(identity), call.params[f"{self.name}_id"])


def resource_routes(kind: Kind[E]) -> Routes[Identity]:
    """The five routes of a kind, operations `<kind>.list` and so on."""
    routes = Routes[Identity]("/v3")
    one = f"/{kind.plural}/{{{kind.name}_id}}"

    @routes.post(f"/{kind.plural}", f"{kind.name}.create", status=201)
    def create(identity: Identity, call: Call) -> object:
        require_admin(call, f"create_{kind.name}")
        values = kind.values(identity, call)
        require(values, kind.name, *kind.required)
        entity = kind.make(identity, call, values)
        if isinstance(entity, Extensible):
            entity.extra = kind.unknown(call)
        kind.check(identity, entity)
        return {kind.name: kind.show(call, kind.collection(identity).add(entity))}

    @routes.get(f"/{kind.plural}", f"{kind.name}.list")
    def list_all(identity: Identity, call: Call) -> object:
        kind.may_list(call, f"list_{kind.plural}")
        seen = filtered(kind.collection(identity), call, *kind.filters)
        shown = [kind.show(call, each) for each in seen if kind.matches(call, each)]
        return listing(call, kind.plural, shown)

    @routes.get(one, f"{kind.name}.show")
    def show(identity: Identity, call: Call) -> object:
        kind.may_show(call, f"get_{kind.name}")
        if kind.look_up is None:
            return {kind.name: kind.show(call, kind.find(identity, call))}
        entity = kind.look_up(identity, call.params[f"{kind.name}_id"])
        return {kind.name: kind.show(call, entity)}

    @routes.patch(one, f"{kind.name}.update")
    def update(identity: Identity, call: Call) -> object:
        require_admin(call, f"update_{kind.name}")
        before = kind.find(identity, call)
        values = kind.values(identity, call)
        for name in kind.fixed:
            values.pop(name, None)
        kind.check_change(before, values)
        changed = msgspec.structs.replace(before, **values)
        kind.check(identity, changed)
        extra = {}
        if isinstance(changed, Extensible):
            changed.extra = {**changed.extra, **kind.unknown(call)}
            extra = {"extra": changed.extra}
        kind.collection(identity).save(changed)
        identity.forget_callers()
        return {kind.name: {**kind.show(call, changed), **extra}}

    @routes.delete(one, f"{kind.name}.delete")
    def delete(identity: Identity, call: Call) -> None:
        require_admin(call, f"delete_{kind.name}")
        kind.delete(identity, kind.find(identity, call))

    return routes

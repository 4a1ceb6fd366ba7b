"""What of an entity goes over the wire: said beside the entity's fields, in `Annotated`.

class Snapshot(Stored, kw_only=True, eq=False):
    volume_id: Annotated[str, said(uuid, required=True, update=False)]
    size: Annotated[int, shown()]
    secret: str = ""                                   # stays inside
"""

import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds.checks import Check, as_is

Wish = dict[str, Any]
"""What a client said, checked, by the names of the entity's fields."""

LAST = 10**6
"""The minor number until which a field is known that never goes."""


class _Absent:
    pass


ABSENT = _Absent()
"""The default of a field that is missing from the wish when it was not said."""
_AS_STORED = _Absent()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`attribute` is the entity's field, `name` what clients call it.

    `create`, `update`: may be said then; `admins`: at which of the two by administrators only.
    `brief`: shown in short lists, too. `for_admins`: shown to administrators only;
    `secret`: never quoted. `since` and
    `until` are the minor numbers of the microversions that know it. `render` makes what is shown
    of what is stored. Without a `default` it is the stored field's.
    """

    name: str = ""
    attribute: str = ""
    check: Check = as_is
    default: Any = _AS_STORED
    required: bool = False
    create: bool = False
    update: bool = False
    admins: tuple[str, ...] = ()
    shown: bool = True
    brief: bool = False
    for_admins: bool = False
    secret: bool = False
    since: int = 0
    until: int = LAST
    render: Callable[[Any], Any] | None = None

    def may_be_said(self, verb: str) -> bool:
        return self.create if verb == "create" else self.update

    def value(self, entity: Entity) -> object:
        """What it shows of an object."""
        held = getattr(entity, self.attribute)
        return held if self.render is None else self.render(held)


def said(check: Check = as_is, **more: Any) -> Field:
    """What a client may say of an object, when it is made and later."""
    return Field(check=check, **{"create": True, "update": True, **more})


def shown(**more: Any) -> Field:
    """What only the service says."""
    return Field(**more)


def moment(suffix: str = "Z", **more: Any) -> Field:
    """A time, stored in seconds since the epoch; `iso_time` has the suffixes."""

    def render(seconds: float | None) -> str | None:
        return None if seconds is None else iso_time(seconds, suffix=suffix)

    return Field(render=render, **more)


def said_only(check: Check = as_is, **more: Any) -> Field:
    """What a client says, and nobody shows."""
    return said(check, **{"shown": False, **more})


def merged(wish: Wish, there: Entity | None, *names: str) -> tuple[Any, ...]:
    """What fields would hold: what is said, else what is there already."""
    return tuple(wish.get(name, getattr(there, name, None)) for name in names)


def declared(type_: type[Entity], also: Mapping[str, Field | None]) -> dict[str, Field]:
    """The fields by their names on the wire; `also` are those that no entity stores, and None for
    those that the wire does not have."""
    found = {"id": Field(name="id", attribute="id", brief=True)}
    defaults = _defaults(type_)
    for attribute, hint in typing.get_type_hints(type_, include_extras=True).items():
        for field in getattr(hint, "__metadata__", ()):
            if isinstance(field, Field):
                name, default = field.name or attribute, defaults.get(attribute, ABSENT)
                found[name] = _named(field, name, attribute, default)
    for name, field in also.items():
        if field is None:
            del found[name]
            continue
        attribute = field.attribute or name
        found[name] = _named(field, name, attribute, defaults.get(attribute, ABSENT))
    return found


def named(fields: Mapping[str, Field]) -> dict[str, Field]:
    """Fields that no entity has, by their names."""
    return {
        name: _named(each, name, each.attribute or name, ABSENT) for name, each in fields.items()
    }


def _named(field: Field, name: str, attribute: str, default: Any) -> Field:
    default = default if field.default is _AS_STORED else field.default
    return replace(field, name=name, attribute=attribute, default=default)


def _defaults(type_: type[Entity]) -> dict[str, Any]:
    """What an entity's fields are where nobody said anything."""
    made: dict[str, Any] = {}
    for field in msgspec.structs.fields(type_):
        if field.default is not msgspec.NODEFAULT:
            made[field.name] = field.default
        elif field.default_factory is not msgspec.NODEFAULT:
            made[field.name] = field.default_factory()
    return made

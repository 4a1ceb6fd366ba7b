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


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`attribute` is the entity's field, `name` what clients call it.

    `create`, `update`: may be said then; `admins`: at which of the two by administrators only.
    `brief`: shown in short lists, too. `for_admins`: shown to administrators only. `since` and
    `until` are the minor numbers of the microversions that know it. `render` makes what is shown
    of what is stored.
    """

    name: str = ""
    attribute: str = ""
    check: Check = as_is
    default: Any = ABSENT
    required: bool = False
    create: bool = False
    update: bool = False
    admins: tuple[str, ...] = ()
    shown: bool = True
    brief: bool = False
    for_admins: bool = False
    since: int = 0
    until: int = LAST
    render: Callable[[Any], Any] | None = None

    def may_be_said(self, verb: str) -> bool:
        return self.create if verb == "create" else self.update


def said(check: Check = as_is, **more: Any) -> Field:
    """What a client may say of an object, when it is made and later."""
    return Field(check=check, **{"create": True, "update": True, **more})


def shown(**more: Any) -> Field:
    """What only the service says."""
    return Field(**more)


def said_only(check: Check = as_is, **more: Any) -> Field:
    """What a client says, and nobody shows."""
    return said(check, **{"shown": False, **more})


def declared(type_: type[Entity], also: Mapping[str, Field]) -> dict[str, Field]:
    """The fields by their names on the wire; `also` are those that no entity stores."""
    found = {"id": Field(name="id", attribute="id", brief=True)}
    defaults = _defaults(type_)
    for attribute, hint in typing.get_type_hints(type_, include_extras=True).items():
        for field in getattr(hint, "__metadata__", ()):
            if isinstance(field, Field):
                default = (
                    defaults.get(attribute, ABSENT) if field.default is ABSENT else field.default
                )
                name = field.name or attribute
                found[name] = replace(field, name=name, attribute=attribute, default=default)
    for name, field in also.items():
        found[name] = replace(field, name=name, attribute=field.attribute or name)
    return found


def _defaults(type_: type[Entity]) -> dict[str, Any]:
    """What an entity's fields are where nobody said anything; no lists or objects."""
    return {
        field.name: field.default
        for field in msgspec.structs.fields(type_)
        if field.default is not msgspec.NODEFAULT
    }

"""What a client may say about an object, declared per attribute, and how a body is read by it."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from isotherm.localcloud.exchange import Caller
from isotherm.localcloud.network import faults
from isotherm.localcloud.network.checks import (
    Check,
    Unconvertible,
    as_is,
    boolean,
    distinct,
    or_none,
    tag,
    text,
)

Wish = dict[str, Any]


class _Special:
    pass


ABSENT = _Special()
REQUIRED = _Special()


@dataclass(frozen=True, slots=True)
class Attribute:
    """`post`, `put`: may be given then. `admin`: to be set by administrators only, `admin_put`:
    to be changed by them only.

    Where `default` is ABSENT, an attribute that was not given is missing from the wish.
    """

    name: str
    check: Check = as_is
    default: Any = None
    post: bool = True
    put: bool = True
    admin: bool = False
    admin_put: bool = False


def read_only(*names: str) -> tuple[Attribute, ...]:
    return tuple(Attribute(name, post=False, put=False) for name in names)


COMMON = (
    *read_only("id", "created_at", "updated_at", "revision_number"),
    Attribute("project_id", text(), ABSENT, put=False),
    Attribute("tenant_id", text(), ABSENT, put=False),
)
NAME = Attribute("name", text(), "")
DESCRIPTION = Attribute("description", or_none(text()), "")
TAGS = Attribute("tags", distinct(tag, "tag"), ABSENT, put=False)
ADMIN_STATE = Attribute("admin_state_up", boolean, True)
SHARED = Attribute("shared", boolean, False, admin=True)


class Schema:
    """The attributes of one kind of object."""

    def __init__(self, kind: str, attributes: Sequence[Attribute]) -> None:
        self.kind = kind
        self.attributes = {each.name: each for each in (*COMMON, *attributes)}

    def read_new(self, body: object, caller: Caller) -> Wish:
        """The wish of a POST, defaults filled in, `project_id` set. Raises Fault 400, 403."""
        given = self._given(body)
        self._refuse_unsettable(given, "post")
        wish: Wish = {"project_id": _project(given, caller)}
        for name, attribute in self.attributes.items():
            if name in ("project_id", "tenant_id"):
                continue
            if name in given:
                wish[name] = self._checked(attribute, given[name])
            elif attribute.default is REQUIRED:
                raise faults.refused(
                    f"Failed to parse request. Required attribute '{name}' not specified"
                )
            elif attribute.post and attribute.default is not ABSENT:
                wish[name] = copy.copy(attribute.default)
        self._refuse_privileged(given, "create", caller)
        return wish

    def read_change(self, body: object, caller: Caller) -> Wish:
        """The wish of a PUT: only what was given. Raises Fault 400, 403."""
        given = self._given(body)
        self._refuse_unsettable(given, "put")
        wish = {name: self._checked(self.attributes[name], value) for name, value in given.items()}
        self._refuse_privileged(given, "update", caller)
        return wish

    def _given(self, body: object) -> Mapping[str, Any]:
        if not isinstance(body, dict):
            raise faults.refused(f"Unable to find '{self.kind}' in request body")
        unknown = sorted(name for name in body if name not in self.attributes)
        if unknown:
            raise faults.refused(f"Unrecognized attribute(s) '{', '.join(unknown)}'")
        return body

    def _refuse_unsettable(self, given: Mapping[str, Any], method: str) -> None:
        for name in given:
            if not getattr(self.attributes[name], method):
                raise faults.refused(
                    f"Attribute '{name}' not allowed in POST"
                    if method == "post"
                    else f"Cannot update read-only attribute {name}"
                )

    def _refuse_privileged(self, given: Mapping[str, Any], verb: str, caller: Caller) -> None:
        if caller.is_admin:
            return
        rule = f"rule:{verb}_{self.kind}"
        for name in given:
            attribute = self.attributes[name]
            changes = verb == "update"
            reserved = attribute.admin or (attribute.admin_put and changes)
            if reserved and (changes or given[name] != attribute.default):
                raise faults.forbidden(f"({rule} and {rule}:{name})")

    @staticmethod
    def _checked(attribute: Attribute, value: Any) -> Any:
        try:
            return attribute.check(value)
        except Unconvertible as error:
            raise faults.invalid_input(str(error)) from error
        except ValueError as error:
            raise faults.invalid_value(attribute.name, str(error)) from error


def _project(given: Mapping[str, Any], caller: Caller) -> str:
    wanted = given.get("project_id") or given.get("tenant_id") or caller.project_id
    if wanted != caller.project_id and not caller.is_admin:
        raise faults.refused(
            "Specifying 'project_id' other than the authenticated project in request is not "
            "allowed for the current user."
        )
    if wanted is None:
        raise faults.refused("Running without keystone AuthN requires that tenant_id is specified")
    return str(wanted)

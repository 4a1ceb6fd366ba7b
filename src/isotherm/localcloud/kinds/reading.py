"""Reading what a client says by the fields that are declared, in the service's words."""

import copy
from collections.abc import Mapping
from typing import Any

from isotherm.localcloud.exchange import Caller
from isotherm.localcloud.kinds.dialect import Dialect
from isotherm.localcloud.kinds.fields import ABSENT, Field, Wish

_UNQUOTED = ValueError("It is not what it must be.")


class Schema:
    """What may be said of one thing; `where` is its name in messages."""

    def __init__(self, dialect: Dialect[Any], where: str, fields: Mapping[str, Field]) -> None:
        self.dialect, self.where, self.fields = dialect, where, fields
        self._by_minor: dict[int, dict[str, Field]] = {}

    def read(self, caller: Caller, said: Any, verb: str, minor: int = 0) -> Wish:
        """What is said of an object to `create`, defaults filled in, or to `update`, by the
        microversion `minor`. Raises Fault 400, 403."""
        if not isinstance(said, dict):
            raise self.dialect.no_object(self.where, said)
        known = self._known(minor)
        self._refuse_unknown(said, known, verb)
        if verb == "create":
            self._refuse_missing(said, known)
        wish: Wish = {}
        for name, each in known.items():
            if name in said and each.may_be_said(verb):
                wish[each.attribute] = self._checked(caller, each, said[name], verb)
            elif verb == "create" and each.create:
                self._fill_in(each, wish)
        if verb == "update" and not said and (refusal := self.dialect.nothing(self.where)):
            raise refusal
        return self.dialect.settled(caller, wish, verb)

    def _known(self, minor: int) -> dict[str, Field]:
        """The fields that a microversion knows; worked out once."""
        if minor not in self._by_minor:
            self._by_minor[minor] = {
                n: each for n, each in self.fields.items() if each.since <= minor <= each.until
            }
        return self._by_minor[minor]

    def _refuse_unknown(
        self, said: Mapping[str, Any], known: Mapping[str, Field], verb: str
    ) -> None:
        refusal = None
        if strange := sorted(name for name in said if name not in known):
            refusal = self.dialect.unknown(self.where, strange, said)
        for name in said:
            if refusal is None and name in known and not known[name].may_be_said(verb):
                refusal = self.dialect.unsettable(self.where, name, verb, said)
        if refusal is not None:
            raise refusal

    def _refuse_missing(self, said: Mapping[str, Any], known: Mapping[str, Field]) -> None:
        for name, each in known.items():
            if each.required and name not in said:
                raise self.dialect.required(self.where, name, said)

    @staticmethod
    def _fill_in(each: Field, wish: Wish) -> None:
        if each.default is not ABSENT and each.attribute not in wish:
            wish[each.attribute] = copy.copy(each.default)

    def _checked(self, caller: Caller, each: Field, value: Any, verb: str) -> Any:
        try:
            checked = each.check(value)
        except ValueError as error:
            if each.secret:
                raise self.dialect.invalid(each.name, "***", _UNQUOTED) from None
            raise self.dialect.misfit(each.name, value, error) from error
        if verb in each.admins and not caller.is_admin:
            refusal = self.dialect.reserved(each, checked, verb, self.where)
            if refusal is not None:
                raise refusal
        return checked


def said_by_patch(dialect: Dialect[Any], document: list[Any], there: Any) -> dict[str, Any]:
    """What a JSON patch says of the fields of the object that is `there`, also of a key of a map;
    a removed field is null. Raises Fault 400."""
    said: dict[str, Any] = {}
    for each in document:
        if not isinstance(each, dict) or not isinstance(each.get("path"), str):
            raise dialect.bad_patch(f"{each!r} has no path")
        name, _, key = each["path"].removeprefix("/").partition("/")
        map_ = said.setdefault(name, dict(getattr(there, name, None) or {})) if key else {}
        match each.get("op"):
            case "add" | "replace" if "value" in each:
                map_[key] = each["value"]
                said[name] = map_ if key else each["value"]
            case "remove":
                map_.pop(key, None)
                said[name] = map_ if key else None
            case op:
                raise dialect.bad_patch(f"operation {op!r} of {each['path']!r}")
    return said

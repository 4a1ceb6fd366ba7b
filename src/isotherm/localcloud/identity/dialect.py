"""Identity's ways: rules of the policy, links, lists, what is said beyond the fields."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.identity.entities import Extensible, IdentityEntity
from isotherm.localcloud.identity.faults import forbidden, invalid, not_found
from isotherm.localcloud.identity.policies import require_admin
from isotherm.localcloud.identity.rendering import link
from isotherm.localcloud.identity.state import Identity
from isotherm.localcloud.kinds import CHANGED, FULL, Asked, Dialect, Kind, Lists, Wish

E = TypeVar("E", bound=IdentityEntity)


class IdentityLists(Lists):
    def ordered(self, asked: Asked[Any], found: list[Any]) -> list[Any]:
        return found

    def page(self, asked: Asked[Any], ordered: list[Any]) -> tuple[list[Any], bool]:
        return ordered, False

    def equal(self, held: object, text: str) -> bool:
        if isinstance(held, bool):
            return held == (text.lower() not in ("false", "0"))
        return str(held) == text

    def beside(
        self, asked: Asked[Any], found: list[Any], page: list[Any], *, more: bool
    ) -> dict[str, Any]:
        return {"links": {"next": None, "self": asked.call.url, "previous": None}}


class IdentityDialect(Dialect[Identity]):
    change_method = "PATCH"
    lists = IdentityLists()
    prefixes = ("/v3",)

    def sees(self, call: Call, project_id: str | None) -> bool:
        return True

    def missing(self, noun: str, entity_id: str) -> Fault:
        return not_found(noun, entity_id)

    def required(self, where: str, name: str, said: object = None) -> Fault:
        if where == name:
            return invalid(f"'{name}' is a required property")
        return self.invalid(where, said, ValueError(f"'{name}' is a required property"))

    def nothing(self, where: str) -> Fault:
        return self.invalid(where, {}, ValueError("{} should be non-empty"))

    def invalid(self, name: str, value: object, reason: ValueError) -> Fault:
        return invalid(f"Invalid input for field/attribute {name}. Value: {value}. {reason}")

    def unknown(self, where: str, names: list[str], value: object) -> None:
        return None

    def unsettable(self, where: str, name: str, verb: str, said: object) -> None:
        return None

    def forbidden(self, rule: str) -> Fault:
        return forbidden(f"identity:{rule}")


DIALECT = IdentityDialect()


@dataclass(kw_only=True, eq=False)
class IdentityKind(Kind[Identity, E]):
    """Everything is for administrators, unless `may_list` or `may_show` is another check of the
    policy. `complete` adds to what was said, `verify` refuses an object that cannot be, new or
    changed, `check_change` gets what it was before; `matches` is a filter beside the fields;
    `look_up` finds one to show where that is not by its id alone; with `tells_rest`, a change
    is answered with what was said beyond the fields, once more and apart."""

    dialect: Dialect[Identity] = DIALECT
    may_list: Callable[[Call, str], None] = require_admin
    may_show: Callable[[Call, str], None] = require_admin
    complete: Callable[[Identity, Call, Wish], Wish] | None = None
    verify: Callable[[Identity, E], None] | None = None
    check_change: Callable[[E, Wish], None] | None = None
    matches: Callable[[Call, E], bool] | None = None
    look_up: Callable[[Identity, str], E] | None = None
    tells_rest: bool = False

    def __post_init__(self) -> None:
        self.noun = self.name
        self.admins = {verb: f"{verb}_{self.name}" for verb in ("create", "update", "delete")}
        self.create, self.change = self._make, self._alter
        super().__post_init__()

    def require(self, call: Call, verb: str) -> None:
        if verb == "list":
            self.may_list(call, f"list_{self.plural}")
        elif verb == "show":
            self.may_show(call, f"get_{self.name}")
        else:
            super().require(call, verb)

    def of(self, service: Identity, call: Call) -> E:
        if self.look_up is not None and call.method in ("GET", "HEAD"):
            return self.look_up(service, call.params["id"])
        return super().of(service, call)

    def list_seen(self, service: Identity, call: Call, view: str = FULL) -> object:
        seen = [each for each in self.made(service) if not self.matches or self.matches(call, each)]
        return self.list_these(service, call, seen, view)

    def _make(self, identity: Identity, call: Call, wish: Wish) -> E:
        if self.complete is not None:
            wish = self.complete(identity, call, wish)
        entity = self.entity(**wish)
        self._keep_rest(call, entity)
        self._verify(identity, entity)
        return self.made(identity).add(entity)

    def _alter(self, identity: Identity, call: Call, entity: E, wish: Wish) -> None:
        if self.check_change is not None:
            self.check_change(entity, wish)
        if self.complete is not None:
            wish = self.complete(identity, call, wish)
        self._verify(identity, msgspec.structs.replace(entity, **wish))
        self._keep_rest(call, entity)
        self.assign(identity, entity, wish)
        identity.forget_callers()

    def _verify(self, identity: Identity, entity: E) -> None:
        if self.verify is not None:
            self.verify(identity, entity)

    def _keep_rest(self, call: Call, entity: E) -> None:
        """What was said beyond the fields is shown again."""
        if isinstance(entity, Extensible):
            said = {name: v for name, v in call.json[self.key].items() if name not in self.fields}
            entity.extra = {**entity.extra, **said}

    def show(self, service: Identity, call: Call, entity: E, view: str = FULL) -> dict[str, Any]:
        shown = super().show(service, call, entity, view)
        shown["links"] = {"self": link(call, f"{self.plural}/{entity.id}")}
        if isinstance(entity, Extensible):
            shown = {**entity.extra, **shown}
            if view == CHANGED and self.tells_rest:
                shown["extra"] = entity.extra
        return shown

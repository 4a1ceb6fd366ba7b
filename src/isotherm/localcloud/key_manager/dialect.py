"""The key manager's ways: references instead of ids, refusals, lists."""

from typing import Any, ClassVar, TypeVar
from urllib.parse import urlencode

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Call, Caller, Fault, Reply
from isotherm.localcloud.key_manager.state import KeyManager
from isotherm.localcloud.kinds import FULL, NEW, Asked, Dialect, Kind, Lists

E = TypeVar("E", bound=Entity)

MOUNT = "/key-manager"
_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    409: "Conflict",
    413: "Request Entity Too Large",
    415: "Unsupported Media Type",
}


def render(fault: Fault, call: Call) -> Reply:
    title = _TITLES.get(fault.status, "Internal Server Error")
    body = {"code": fault.status, "title": title, "description": fault.message}
    return Reply(fault.status, body, fault.headers)


def reference(call: Call, plural: str, entity_id: str) -> str:
    """How clients know an object: by its address."""
    return f"{call.base_url}{MOUNT}/v1/{plural}/{entity_id}"


def id_of(said: object) -> str:
    """The id at the end of a reference."""
    return str(said).rstrip("/").rsplit("/", 1)[-1]


class KeyLists(Lists):
    general = (*Lists.general, "created", "updated", "expiration", "acl_only")
    usual = 10
    most = 100

    def number(self, call: Call, name: str) -> int | None:
        """No entries at all are never asked for."""
        return super().number(call, name) or None

    def beside(
        self, asked: Asked[Any], found: list[Any], page: list[Any], *, more: bool
    ) -> dict[str, Any]:
        start = self.number(asked.call, "offset") or 0
        limit = self.number(asked.call, "limit")
        size = min(self.usual if limit is None else limit, self.most)
        told: dict[str, Any] = {"total": len(found)}
        if more:
            told["next"] = _page(asked.call, start + size, size)
        if start:
            told["previous"] = _page(asked.call, max(start - size, 0), size)
        return told


def _page(call: Call, start: int, size: int) -> str:
    kept = [pair for pair in call.query if pair[0] not in ("limit", "offset")]
    query = urlencode([*kept, ("limit", size), ("offset", start)])
    return f"{call.base_url}{call.path}?{query}"


class KeyDialect(Dialect[KeyManager]):
    wrapped = False
    lists = KeyLists()
    prefixes = ("/v1",)
    words: ClassVar = {
        "missing": (404, "{noun} not found."),
        "over_quota": (403, "Quota reached for project. Only {used} {limit} are allowed."),
    }

    def __init__(self, noun: str) -> None:
        self.noun = noun

    def answer(self, call: Call, entity: Entity, view: str, body: object) -> object:
        """A create tells the reference and nothing else."""
        name = self.noun.lower()
        if view != NEW:
            return body
        address = reference(call, f"{name}s", entity.id)
        status = 202 if name == "order" else 201
        return Reply(status, {f"{name}_ref": address}, {"Location": address})

    def ownership(self, service: KeyManager, caller: Caller, type_: type[Entity]) -> dict[str, Any]:
        return {**super().ownership(service, caller, type_), "updated_at": service.now()}

    def sees(self, call: Call, project_id: str | None) -> bool:
        return call.caller.project_id == project_id

    def unknown(self, where: str, names: list[str], value: object) -> Fault | None:
        return None

    def required(self, where: str, name: str, said: object = None) -> Fault:
        return self.misfitting(f"'{name}' is a required property", name)

    def invalid(self, name: str, value: object, reason: ValueError) -> Fault:
        return self.misfitting(str(reason), name)

    def misfitting(self, reason: str, name: str) -> Fault:
        return Fault(
            400,
            f"Provided object does not match schema '{self.noun}': {reason}. "
            f"Invalid property: '{name}'",
        )


class KeyKind(Kind[KeyManager, E]):
    """Objects tell their references, not their ids."""

    def show(self, service: KeyManager, call: Call, entity: E, view: str = FULL) -> dict[str, Any]:
        shown = super().show(service, call, entity, view)
        del shown["id"]
        return {**shown, f"{self.name}_ref": reference(call, self.plural, entity.id)}

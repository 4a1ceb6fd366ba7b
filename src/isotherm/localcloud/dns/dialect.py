"""The DNS service's ways: a status and what is being done, refusals with types, lists."""

from typing import Any, ClassVar, TypeVar

from isotherm.localcloud.dns.entities import Kept
from isotherm.localcloud.dns.faults import Mistake, bad_type
from isotherm.localcloud.dns.state import Naming
from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Call, Caller, Fault, Reply
from isotherm.localcloud.kinds import FULL, Asked, Dialect, Kind, Life, Lists, next_url
from isotherm.localcloud.kinds.checks import is_uuid

E = TypeVar("E", bound=Kept)
MOUNT = "/dns"
_TYPES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "over_quota",
    503: "service_unavailable",
}


def render(fault: Fault, call: Call) -> Reply:
    kind = fault.kind or _TYPES.get(fault.status, "unknown")
    reason: dict[str, Any] = {"message": fault.message}
    if isinstance(fault, Mistake):
        reason = {"errors": {"errors": [fault.told]}}
    body = {"code": fault.status, "type": kind, **reason}
    return Reply(fault.status, {**body, "request_id": call.request_id}, fault.headers)


class NamingLists(Lists):
    usual = 20

    def beside(
        self, asked: Asked[Any], found: list[Any], page: list[Any], *, more: bool
    ) -> dict[str, Any]:
        links = {"self": asked.call.url}
        if more and page:
            links["next"] = next_url(asked.call, page[-1])
        return {"links": links, "metadata": {"total_count": len(found)}}

    def equal(self, held: object, text: str) -> bool:
        """A star stands for anything."""
        if "*" in text:
            start, _, end = text.partition("*")
            return str(held).startswith(start) and str(held).endswith(end)
        return super().equal(held, text)

    def no_marker(self, noun: str, marker: str) -> Fault:
        return Fault(400, f"Marker {marker} could not be found", kind="marker_not_found")

    def bad_sort_key(self, key: str) -> Fault:
        return Fault(400, f"Sort key {key} is not supported", kind="invalid_sort_key")


class NamingDialect(Dialect[Naming]):
    statuses = {"create": 202, "update": 202, "delete": 202}  # noqa: RUF012 -- never changed
    change_method = "PATCH"
    wrapped = False
    lists = NamingLists()
    prefixes = ("/v2",)
    words: ClassVar = {
        "forbidden": (403, "Forbidden"),
        "over_quota": (413, "Quota exceeded for {limit}."),
    }

    def sees(self, call: Call, project_id: str | None) -> bool:
        """The project's own; for administrators on request those of all."""
        all_projects = call.headers.get("x-auth-all-projects", "").lower() == "true"
        return call.caller.project_id == project_id or (call.caller.is_admin and all_projects)

    def missing(self, noun: str, entity_id: str) -> Fault:
        kind = f"{noun.lower()}_not_found"
        return Fault(404, f"Could not find {noun}", kind=kind)

    def unknown(self, where: str, names: list[str], value: object) -> Fault | None:
        message = f"Provided object does not match schema. Keys {names} are not valid for {where}"
        return Fault(400, message, kind="invalid_object")

    def required(self, where: str, name: str, said: object = None) -> Fault:
        message, rule = f"'{name}' is a required property", "required"
        if (where, name) == ("zone", "name"):
            return Mistake(["records", 0, name], message, validator=rule, validator_value=[name])
        if (where, name) == ("recordset", "type"):
            return bad_type(None)
        return Mistake([where, name], message, validator=rule, validator_value=name)

    def invalid(self, name: str, value: object, reason: ValueError) -> Fault:
        message = f"Provided object is not valid. Got a ValueError error with message {reason}"
        return Fault(400, message, kind="invalid_object")

    def answer(self, call: Call, entity: Entity, view: str, body: object) -> object:
        return body


def settled(naming: Naming, entity: Kept, args: dict[str, Any]) -> None:
    entity.action = "NONE"


def life(**more: Any) -> Life[Naming, Any]:
    return Life(
        creating="PENDING",
        updating="PENDING",
        deleting="PENDING",
        ready="ACTIVE",
        completed=more.pop("completed", settled),
        **more,
    )


class NamingKind(Kind[Naming, E]):
    """Everything that is asked for is accepted first, and done on the servers later."""

    def begin(self, service: Naming, call: Call, entity: E, verb: str) -> bool:
        entity.action = verb.upper()
        return super().begin(service, call, entity, verb)

    def find(self, service: Naming, caller: Caller, entity_id: str) -> E:
        """What cannot be an id is told as that."""
        if not is_uuid(entity_id):
            message = f"Invalid UUID {self.name}_id: {entity_id}"
            raise Fault(400, message, kind="invalid_uuid")
        return super().find(service, caller, entity_id)

    def touch(self, service: Naming, entity: E) -> E:
        entity.revision_number += 1
        return super().touch(service, entity)

    def show(self, service: Naming, call: Call, entity: E, view: str = FULL) -> dict[str, Any]:
        shown = super().show(service, call, entity, view)
        own = f"{call.base_url}{MOUNT}/v2{self.address(entity)}"
        return {**shown, "links": {"self": own}}

    def address(self, entity: E) -> str:
        return f"{self.path}/{entity.id}"

    def _route_delete(self) -> None:
        """A delete tells what goes."""

        @self.routes.delete(self.one, f"{self.name}.delete", **self._options("delete"))
        def delete(service: Naming, call: Call) -> object:
            entity = self.of_own(service, call, "delete")
            self.end(service, call, entity)
            return self.reply(service, call, entity)

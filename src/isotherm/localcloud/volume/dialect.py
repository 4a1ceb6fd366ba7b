"""Block storage's ways: microversions, refusals, lists."""

from typing import Any

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.fault_keys import FAULT_KEYS, UNKNOWN
from isotherm.localcloud.kinds import Asked, Dialect, Lists, next_url
from isotherm.localcloud.microversions import Microversions, VersionedRoutes
from isotherm.localcloud.routing import Routes
from isotherm.localcloud.volume.state import BlockStorage

MAX = 71
VERSIONS = Microversions(("volume", "block-storage"), 3, 0, MAX)
minor_of = VERSIONS.minor_of
# Since then lists refuse filters that nobody knows.
_STRICT = 31


def render(fault: Fault, call: Call) -> Reply:
    if fault.status == 401:
        # Refused before the service is reached.
        error = {"code": 401, "title": "Unauthorized", "message": fault.message}
        return Reply(401, {"error": error}, fault.headers)
    kind = fault.kind or FAULT_KEYS.get(fault.status, UNKNOWN)
    body: dict[str, object] = {"code": fault.status, "message": fault.message}
    headers = dict(fault.headers)
    if fault.status in (413, 429):
        headers.setdefault("Retry-After", "0")
        body["retryAfter"] = headers["Retry-After"]
    return Reply(fault.status, {kind: body}, headers)


def forbidden(policy: str) -> Fault:
    return Fault(403, f"Policy doesn't allow {policy} to be performed.")


class VolumeRoutes(VersionedRoutes[BlockStorage]):
    def __init__(self) -> None:
        super().__init__(VERSIONS, forbidden, "/v3/{project_id}", "/v3")

    def check(self, call: Call) -> None:
        """The path names the token's project or none. Raises Fault 400."""
        named = call.params.get("project_id")
        if named is not None and named != call.caller.project_id:
            raise Fault(400, "Malformed request url")


class VolumeLists(Lists):
    strict = True
    general = (*Lists.general, "with_count")
    sort_keys = (
        *("id", "name", "display_name", "status", "size", "availability_zone", "bootable"),
        *("created_at", "updated_at", "volume_id", "project_id"),
    )
    renamed = {"display_name": "name"}  # noqa: RUF012 -- never changed
    ascending = False
    newest_first = True

    def filtered(self, asked: Asked[Any]) -> list[Any]:
        known = {*self.general, *asked.listing.filters, *asked.listing.matchers}
        strange = [name for name, _ in asked.call.query if name not in known]
        if strange and minor_of(asked.call) >= _STRICT and self.strict:
            named = ",".join(strange)
            raise Fault(400, f"Invalid filters {named} are found in query options.")
        return super().filtered(asked)

    def bad_sort_key(self, key: str) -> Fault:
        return Fault(400, "Invalid input received: Invalid sort key")

    def bad_sort_direction(self, direction: str) -> Fault:
        return Fault(
            400, "Invalid input received: Unknown sort direction, must be 'desc' or 'asc'."
        )

    def no_marker(self, noun: str, marker: str) -> Fault:
        return Fault(404, f"{noun} {marker} could not be found.")

    def beside(
        self, asked: Asked[Any], found: list[Any], page: list[Any], *, more: bool
    ) -> dict[str, Any]:
        told: dict[str, Any] = {}
        limit = self.number(asked.call, "limit")
        if page and limit is not None and len(page) >= limit:
            href = next_url(asked.call, page[-1])
            told[f"{asked.plural}_links"] = [{"rel": "next", "href": href}]
        if (asked.call.argument("with_count") or "").lower() == "true":
            told["count"] = len(found)
        return told


class VolumeDialect(Dialect[BlockStorage]):
    statuses = {"create": 202, "delete": 202}  # noqa: RUF012 -- never changed
    lists = VolumeLists()

    def routes(self) -> Routes[BlockStorage]:
        return VolumeRoutes()

    def minor_of(self, call: Call) -> int:
        return minor_of(call)

    def sees(self, call: Call, project_id: str | None) -> bool:
        """The project's own; for administrators on request those of all, or of one."""
        everybody = (call.argument("all_tenants") or "0").lower() in ("1", "true", "t", "yes")
        if not (call.caller.is_admin and everybody):
            return project_id == call.caller.project_id
        return call.argument("project_id") in (None, project_id)

    def nothing(self, where: str) -> Fault | None:
        reason = ValueError("{} is not valid under any of the given schemas")
        return self.invalid(where, {}, reason)

    def required(self, where: str, name: str, said: object = None) -> Fault:
        if where == name:
            return Fault(400, f"'{name}' is a required property")
        return self.invalid(where, said, ValueError(f"'{name}' is a required property"))

    def forbidden(self, rule: str) -> Fault:
        return forbidden(rule)

    def busy(self, noun: str, entity: Entity, verb: str, statuses: tuple[str, ...]) -> Fault:
        return Fault(400, f"Invalid {noun.lower()}: {noun} status must be {' or '.join(statuses)}")


class LenientDialect(VolumeDialect):
    """A change that says nothing is one."""

    def nothing(self, where: str) -> None:
        return None


DIALECT = VolumeDialect()
checked = DIALECT.checked


def invalid(message: str) -> Fault:
    return Fault(400, message)


def invalid_input(message: str) -> Fault:
    return invalid(f"Invalid input received: {message}")


def invalid_volume(message: str) -> Fault:
    return invalid(f"Invalid volume: {message}")


def conflict(message: str) -> Fault:
    return Fault(409, message)


def argument(said: object, action: str, name: str) -> Any:
    """What an action must be told. Raises Fault 400."""
    if not isinstance(said, dict):
        raise DIALECT.no_object(action, said)
    if said.get(name) is None:
        raise DIALECT.required(action, name, said)
    return said[name]


def links(call: Call, path: str) -> list[dict[str, str]]:
    prefix = "/".join(filter(None, (call.params.get("project_id"), path)))
    return [
        {"rel": "self", "href": f"{call.base_url}/volume/v3/{prefix}"},
        {"rel": "bookmark", "href": f"{call.base_url}/volume/{prefix}"},
    ]

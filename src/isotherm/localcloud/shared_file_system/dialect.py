"""Shared file systems' ways: microversions, refusals, lists."""

from typing import Any, ClassVar

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.fault_keys import FAULT_KEYS, UNKNOWN
from isotherm.localcloud.kinds import Asked, Dialect, Lists
from isotherm.localcloud.microversions import Microversions, VersionedRoutes
from isotherm.localcloud.routing import Routes
from isotherm.localcloud.shared_file_system.state import SharedFileSystems

MAX = 50
"""Those after it have networks with several subnets, which are not here."""
VERSIONS = Microversions(
    ("shared-file-system",), 2, 0, MAX, own_header="X-OpenStack-Manila-API-Version"
)


def render(fault: Fault, call: Call) -> Reply:
    if fault.status == 401:
        error = {"code": 401, "title": "Unauthorized", "message": fault.message}
        return Reply(401, {"error": error}, fault.headers)
    kind = FAULT_KEYS.get(fault.status, UNKNOWN)
    body = {kind: {"code": fault.status, "message": fault.message}}
    if fault.status == 413:
        body[kind]["retryAfter"] = "0"
    return Reply(fault.status, body, {**VERSIONS.headers(call), **fault.headers})


class ShareRoutes(VersionedRoutes[SharedFileSystems]):
    def __init__(self) -> None:
        super().__init__(VERSIONS, DIALECT.forbidden, "/v2/{project_id}", "/v2")


class ShareLists(Lists):
    """Of most kinds without links to the next page."""

    general = (*Lists.general, "with_count")
    ascending = False
    newest_first = True
    usual = 1000

    def beside(
        self, asked: Asked[Any], found: list[Any], page: list[Any], *, more: bool
    ) -> dict[str, Any]:
        counted = (asked.call.argument("with_count") or "").lower() == "true"
        told = super().beside(asked, found, page, more=more)
        return {**told, "count": len(found)} if counted else told

    def sorting(self, call: Call) -> list[tuple[str, str]]:
        way = call.argument("sort_dir")
        return super().sorting(call) or ([("created_at", way)] if way else [])

    def bad_sort_key(self, key: str) -> Fault:
        return Fault(400, f"Invalid input received: Wrong sorting key provided - '{key}'.")


class ShareDialect(Dialect[SharedFileSystems]):
    statuses = {"delete": 202}  # noqa: RUF012 -- never changed
    lists = ShareLists()
    words: ClassVar = {
        "missing": (404, "The resource could not be found."),
        "forbidden": (403, "Access was denied to this resource."),
        "over_quota": (
            413,
            "Maximum number of {limit} allowed exceeded: Quota exceeded, {used} used.",
        ),
    }

    def routes(self) -> Routes[SharedFileSystems]:
        return ShareRoutes()

    def minor_of(self, call: Call) -> int:
        return VERSIONS.minor_of(call)

    def sees(self, call: Call, project_id: str | None) -> bool:
        everybody = (call.argument("all_tenants") or "0").lower() in ("1", "true")
        return project_id == call.caller.project_id or (call.caller.is_admin and everybody)

    def required(self, where: str, name: str, said: object = None) -> Fault:
        if where == name:
            return Fault(422, "Unable to process the contained instructions")
        return super().required(where, name, said)

    def no_metadata(self, noun: str, entity: Entity, key: str) -> Fault:
        return Fault(404, "MetadataItemNotFound: Metadata item is not found.")

    def unknown(self, where: str, names: list[str], value: object) -> None:
        return None

    def busy(self, noun: str, entity: Entity, verb: str, statuses: tuple[str, ...]) -> Fault:
        allowed = " or ".join(statuses)
        return Fault(403, f"Invalid {noun.lower()}: {noun} status must be {allowed}.")


DIALECT = ShareDialect()


def argument(said: Any, name: str) -> str:
    """What an action must be told. Raises Fault 400."""
    value = said.get(name) if isinstance(said, dict) else None
    if not value:
        raise Fault(400, f"Required parameter {name} not specified")
    return str(value)

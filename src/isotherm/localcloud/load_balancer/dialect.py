"""The load balancer service's ways: what a change makes immutable, refusals, lists."""

from typing import Any, ClassVar, TypeVar

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.kinds import FULL, Asked, Dialect, Kind, Life, Lists, Wish
from isotherm.localcloud.load_balancer.entities import LoadBalancer, Part
from isotherm.localcloud.load_balancer.state import Balancing

P = TypeVar("P", bound=Part)
_ARGUMENTS = {"loadbalancer": "load_balancer", "healthmonitor": "health_monitor_"}
PREFIXES = ("/v2", "/v2.0")


def render(fault: Fault, call: Call) -> Reply:
    side = "Client" if fault.status < 500 else "Server"
    body = {"faultcode": side, "faultstring": fault.message, "debuginfo": None}
    return Reply(fault.status, body, fault.headers)


class BalancerLists(Lists):
    """Every field that is shown is a filter."""

    general = (*("limit", "marker", "sort", "sort_key", "sort_dir", "fields", "page_reverse"),)

    def filtered(self, asked: Asked[Any]) -> list[Any]:
        found = asked.found
        for name, said in asked.call.query:
            if name == "tags":
                found = [each for each in found if {*said.split(",")} <= {*each.tags}]
            elif name not in self.general and (name in asked.fields or name == "tenant_id"):
                field = "project_id" if name == "tenant_id" else name
                found = [each for each in found if self.equal(asked.value(each, field), said)]
        return found

    def body(
        self, asked: Asked[Any], shown: list[dict[str, Any]], beside: dict[str, Any]
    ) -> object:
        fields = [said for name, said in asked.call.query if name == "fields"]
        if fields:
            shown = [{name: each[name] for name in fields if name in each} for each in shown]
        return {asked.plural: shown, f"{asked.plural}_links": [], **beside}


class BalancerDialect(Dialect[Balancing]):
    lists = BalancerLists()
    prefixes = tuple(f"{prefix}/lbaas" for prefix in PREFIXES)
    words: ClassVar = {
        "missing": (404, "{noun} {entity_id} not found."),
        "invalid": (400, "Invalid input for field/attribute {name}. Value: '{value}'. {reason}"),
        "required": (
            400,
            "Invalid input for field/attribute {name}. Value: 'None'. Mandatory field missing.",
        ),
        "forbidden": (403, "Policy does not allow this request to be performed."),
        "over_quota": (403, "Quota has been met for resources: {noun}"),
    }

    def body(self, call: Call, key: str) -> Any:
        """A project goes by its old name, too."""
        said = super().body(call, key)
        if isinstance(said, dict) and "tenant_id" in said:
            said = {"project_id": said["tenant_id"], **said}
            del said["tenant_id"]
        return said

    def unknown(self, where: str, names: list[str], value: object) -> Fault | None:
        argument = f"{_ARGUMENTS.get(where, where + '_')}.{where}"
        return Fault(400, f"Unknown attribute for argument {argument}: {', '.join(names)}")


DIALECT = BalancerDialect()


def _settle(service: Balancing, part: Part, args: dict[str, Any]) -> None:
    service.mark(service.above(part), "ACTIVE")


def _fail(service: Balancing, part: Part, args: dict[str, Any]) -> str:
    service.mark(service.above(part), "ACTIVE")
    return str(args["state"])


def forget(service: Balancing, part: Part) -> None:
    """A part goes, and what belongs to it; what it belonged to can be changed again."""
    above = service.above(part)
    for each in [*service.below(part), part]:
        for made in service.collections.values():
            if made.get(each.id) is each:
                made.remove(each.id)
    service.mark(above, "ACTIVE")


LIFE = Life[Balancing, Any](
    creating="PENDING_CREATE",
    updating="PENDING_UPDATE",
    deleting="PENDING_DELETE",
    ready="ACTIVE",
    attribute="provisioning_status",
    completed=_settle,
    failing=_fail,
    removed=forget,
)


class PartKind(Kind[Balancing, P]):
    """A part of a load balancer: while it is changed, nothing else of that can be. It belongs to
    whom that above it belongs to."""

    def __post_init__(self) -> None:
        self.create = self.create or self.make
        super().__post_init__()

    def make(self, service: Balancing, call: Call, wish: Wish) -> P:
        """Raises Fault 409."""
        part = self.new(service, call.caller, wish)
        service.require_mutable(service.balancer_of(part))
        part.project_id = service.above(part)[0].project_id
        return self.made(service).add(part)

    def of_own(self, service: Balancing, call: Call, verb: str) -> P:
        part = super().of_own(service, call, verb)
        or_failed = verb == "delete"
        if isinstance(part, LoadBalancer):
            service.require_settled(part, or_failed=or_failed)
        else:
            service.require_mutable(service.balancer_of(part), or_failed=or_failed)
        return part

    def begin(self, service: Balancing, call: Call, entity: P, verb: str) -> bool:
        lasts = super().begin(service, call, entity, verb)
        service.mark(service.above(entity), "PENDING_UPDATE")
        return lasts

    def show(self, service: Balancing, call: Call, entity: P, view: str = FULL) -> dict[str, Any]:
        shown = super().show(service, call, entity, view)
        told = {"tenant_id": entity.project_id, "operating_status": operating(service, entity)}
        if self.name == "l7rule":
            del shown["name"]
        return {**shown, **told}


def operating(service: Balancing, part: Part) -> str:
    """How it does, as far as nobody runs it: what is up and made works."""
    if part.provisioning_status == "ERROR":
        return "ERROR"
    if part.provisioning_status == "PENDING_CREATE" or not part.admin_state_up:
        return "OFFLINE"
    pool_id = getattr(part, "pool_id", None)
    watched = pool_id is None or service.monitor_of(pool_id) is not None
    return "ONLINE" if watched else "NO_MONITOR"


def references(parts: list[Any]) -> list[dict[str, str]]:
    return [{"id": each.id} for each in parts]

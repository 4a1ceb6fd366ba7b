"""The control door under /localcloud: what exists, how long things take, what goes wrong."""

from collections.abc import Iterable
from typing import Annotated, Any, Protocol

import msgspec

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.operations import Calls, FaultRule, Injector
from isotherm.localcloud.routing import Routes
from isotherm.localcloud.service import Registration, Service


class Controlled(Protocol):
    """The cloud as the door needs it."""

    injector: Injector
    calls: Calls

    @property
    def services(self) -> list[Service]: ...

    def objects(self, service_type: str) -> dict[str, list[Entity]]: ...

    def unknown_operations(self, patterns: Iterable[str]) -> list[str]: ...

    def unknown_timings(self, patterns: Iterable[str]) -> list[str]: ...

    def advance(self, seconds: float) -> None: ...

    def reset(self) -> None: ...


class Door(Service):
    service_type = "localcloud"

    cloud: Controlled

    def open_to(self, cloud: Controlled) -> None:
        self.cloud = cloud


class _ClockChange(msgspec.Struct, forbid_unknown_fields=True):
    manual: bool | None = None
    advance: float = 0.0


routes = Routes[Door]()


@routes.get("/objects", "objects.list", admin=True)
def list_objects(door: Door, call: Call) -> object:
    """Query: `service`, `project_id`, `seeded=false` (leave out what was there at the start)."""
    wanted, project = call.argument("service"), call.argument("project_id")
    with_seeds = call.argument("seeded") != "false"
    found = []
    for service in door.cloud.services:
        if wanted not in (None, service.service_type):
            continue
        for kind, entities in door.cloud.objects(service.service_type).items():
            made = service.collections[kind]
            for entity in entities:
                seeded = made.is_seeded(entity.id)
                if (with_seeds or not seeded) and project in (None, _project(entity)):
                    found.append(_summary(service.service_type, kind, entity, seeded=seeded))
    return {"objects": found}


def _project(entity: Entity) -> str | None:
    project_id: str | None = getattr(entity, "project_id", None)
    return project_id


def _summary(service: str, kind: str, entity: Entity, *, seeded: bool) -> dict[str, Any]:
    return {
        "service": service,
        "kind": kind,
        "id": entity.id,
        "name": getattr(entity, "name", None),
        "status": getattr(entity, "status", None),
        "project_id": _project(entity),
        "seeded": seeded,
    }


@routes.get("/timings", "timings.show", admin=True)
def show_timings(door: Door, call: Call) -> object:
    return door.frame.timings.seconds


@routes.put("/timings", "timings.replace", admin=True)
def replace_timings(door: Door, call: Call) -> object:
    timings = _decode(call, dict[str, Annotated[float, msgspec.Meta(ge=0)]])
    _require_known(door.cloud.unknown_timings(timings))
    door.frame.timings.seconds = timings
    return door.frame.timings.seconds


@routes.get("/faults", "faults.show", admin=True)
def show_faults(door: Door, call: Call) -> object:
    return door.cloud.injector.rules


@routes.put("/faults", "faults.replace", admin=True)
def replace_faults(door: Door, call: Call) -> object:
    rules = _decode(call, dict[str, FaultRule])
    _require_known(door.cloud.unknown_operations(rules))
    door.cloud.injector.replace(rules)
    return door.cloud.injector.rules


@routes.get("/calls", "calls.show", admin=True)
def show_calls(door: Door, call: Call) -> object:
    calls = door.cloud.calls
    return {"called": dict(calls.called), "applied": dict(calls.applied)}


@routes.get("/clock", "clock.show", admin=True)
def show_clock(door: Door, call: Call) -> object:
    return {"now": door.frame.clock.now(), "manual": door.frame.clock.manual}


@routes.put("/clock", "clock.change", admin=True)
def change_clock(door: Door, call: Call) -> object:
    """`manual` stops the clock or lets it run; `advance` is in seconds."""
    change, clock = _decode(call, _ClockChange), door.frame.clock
    if change.advance < 0:
        raise Fault(400, "A clock cannot be turned back.")
    if change.manual is True and not clock.manual:
        clock.freeze()
    elif change.manual is False:
        clock.resume()
    door.cloud.advance(change.advance)
    return show_clock(door, call)


@routes.post("/reset", "cloud.reset", admin=True, status=204)
def reset(door: Door, call: Call) -> None:
    door.cloud.reset()


class _Event(msgspec.Struct, forbid_unknown_fields=True):
    event_type: str
    project_id: str
    traits: dict[str, Any] = {}


@routes.post("/events", "event.notice", admin=True, status=202)
def notice_event(door: Door, call: Call) -> None:
    """Something has happened in a project that event alarms may wait for."""
    event = _decode(call, _Event)
    told = {"message_id": call.request_id, "event_type": event.event_type, "traits": event.traits}
    door.frame.peers.alarms.notice(event.project_id, told)


def _require_known(unknown: list[str]) -> None:
    if unknown:
        raise Fault(400, f"No operation is called {', '.join(unknown)}.")


def _decode(call: Call, type_: Any) -> Any:
    try:
        return msgspec.json.decode(call.body, type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Fault(400, f"Malformed request body: {error}") from error


def render(fault: Fault, call: Call) -> Reply:
    error = {"code": fault.status, "message": fault.message}
    return Reply(fault.status, {"error": error}, fault.headers)


registration = Registration(state=Door, mount="/localcloud", parts=(routes,), render=render)

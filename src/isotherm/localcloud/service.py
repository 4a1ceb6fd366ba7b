"""What a service of the cloud is made of, and what the frame gives to it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from isotherm.localcloud.clock import Clock, iso_time
from isotherm.localcloud.deliveries import Deliveries
from isotherm.localcloud.entities import Collection, Entity
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.journal import Journal
from isotherm.localcloud.operations import Timings
from isotherm.localcloud.peers import Peers
from isotherm.localcloud.routing import Route, Routes, RouteTree
from isotherm.localcloud.schedule import Schedule

E = TypeVar("E", bound=Entity)
PUBLIC_NETWORK = "172.24.4.0/24"


@dataclass(frozen=True)
class Frame:
    """What all services share."""

    clock: Clock
    journal: Journal
    schedule: Schedule
    timings: Timings
    peers: Peers
    deliveries: Deliveries
    public_network: str = PUBLIC_NETWORK
    """Where floating addresses come from."""


class Service:
    """Base of a service's state: its collections and the verbs on them."""

    service_type: str

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.collections: dict[str, Collection[Any]] = {}
        self.unlisted: set[str] = set()

    def collection(
        self, kind: str, type_: type[E], *, index: Iterable[str] = (), listed: bool = True
    ) -> Collection[E]:
        """Declare a kind of entity; its rows are loaded here.

        Unlisted kinds (tokens, quotas) do not count as objects of the cloud.
        """
        made = Collection(self.frame.journal, (self.service_type, kind), type_, tuple(index))
        self.collections[kind] = made
        if not listed:
            self.unlisted.add(kind)
        return made

    def seed(self) -> None:
        """Make what is there from the start. Called once on an empty state, and on reset."""

    def now(self) -> float:
        """Seconds since the epoch; inside a transition, the time at which it was due."""
        return self.frame.schedule.now()

    def timestamp(self, *, suffix: str = "Z") -> str:
        return iso_time(self.now(), suffix=suffix)

    def timing(self, operation: str, default: float = 0.0) -> float:
        """Seconds that `<entity>.<verb>` takes."""
        return self.frame.timings.of(f"{self.service_type}.{operation}", default)

    def schedule(self, transition: str, entity: Entity, *, after: float, **args: Any) -> None:
        """Apply `<kind>.<verb>` to the entity `after` seconds from now."""
        self.frame.schedule.add(self.service_type, transition, entity.id, after=after, args=args)

    def advance(
        self, call: Call, transition: str, entity: Entity, *, default: float = 0.0, **args: Any
    ) -> None:
        """Schedule the end of the operation that is being called, by the operation's timing.

        Where an injected fault names a state, `<kind>.fail` comes instead, with
        args {"state": ..., "message": ...}.
        """
        after = self.frame.timings.of(call.operation, default)
        rule = call.fault_rule
        if rule is not None and rule.state is not None:
            transition = f"{transition.partition('.')[0]}.fail"
            args = {"state": rule.state, "message": rule.message}
        self.frame.schedule.add(self.service_type, transition, entity.id, after=after, args=args)

    def cancel(self, entity: Entity) -> None:
        """Forget all transitions that lie ahead of the entity."""
        self.frame.schedule.cancel(self.service_type, entity.id)

    def begin_seed(self) -> None:
        for made in self.collections.values():
            made.seeding = True
        self.seed()
        for made in self.collections.values():
            made.seeding = False

    def clear(self) -> None:
        for made in self.collections.values():
            made.clear()
        self.frame.schedule.clear(self.service_type)


S = TypeVar("S", bound=Service)
T = TypeVar("T")
Apply = Callable[[S, E, dict[str, Any]], None]


class Transitions(Generic[S]):
    """Collects what transitions do: `@transitions.on("server.activate")`.

    The function gets the service, the entity and the arguments it was scheduled with. A
    transition whose entity is gone is dropped. It must `save` what it changes.
    """

    def __init__(self) -> None:
        self._by_name: dict[str, Callable[[Any, Any, dict[str, Any]], None]] = {}

    def on(self, name: str) -> Callable[[Apply[S, E]], Apply[S, E]]:
        def register(apply: Apply[S, E]) -> Apply[S, E]:
            if name in self._by_name:
                raise ValueError(f"transition {name} is registered twice")
            self._by_name[name] = apply
            return apply

        return register

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def apply(self, service: S, name: str, entity: Entity, args: dict[str, Any]) -> None:
        self._by_name[name](service, entity, args)


@dataclass(frozen=True)
class CatalogEntry:
    """`url` may use `%(project_id)s`; without a scheme it is a path under the cloud's URL."""

    service_type: str
    name: str
    url: str


class Declared(Protocol):
    """A kind of object, with the routes and transitions that follow from it."""

    name: str
    entity: type[Any]
    routes: Routes[Any]
    transitions: Transitions[Any]


Part = Declared | Routes[Any] | Transitions[Any]


@dataclass(frozen=True)
class Registration:
    """How the frame learns of a service; one per service package.

    `parts` may name the same thing twice. `render` turns a fault into the service's own error
    body. `paces` names what the service does by itself again and again, and how often a timing
    says.
    """

    state: Callable[[Frame], Service]
    mount: str
    parts: tuple[Part, ...]
    render: Callable[[Fault, Call], Reply]
    catalog: tuple[CatalogEntry, ...] = ()
    request_id_headers: tuple[str, ...] = ("x-openstack-request-id",)
    paces: tuple[str, ...] = ()

    @cached_property
    def kinds(self) -> list[Declared]:
        return _once(each for each in self.parts if not isinstance(each, (Routes, Transitions)))

    @cached_property
    def transitions(self) -> list[Transitions[Any]]:
        own = (each for each in self.parts if isinstance(each, Transitions))
        return _once((*own, *(kind.transitions for kind in self.kinds)))

    @property
    def all_routes(self) -> Iterator[Route]:
        own = (each for each in self.parts if isinstance(each, Routes))
        for routes in _once((*own, *(kind.routes for kind in self.kinds))):
            yield from routes

    def build(self, frame: Frame) -> Service:
        """The state; kinds that it has no collection for get one, by projects."""
        service = self.state(frame)
        for kind in self.kinds:
            if kind.name not in service.collections:
                service.collection(kind.name, kind.entity, index=("project_id",))
        return service

    @cached_property
    def tree(self) -> RouteTree:
        """The same for all clouds of a process. Raises ValueError for two routes in one place."""
        return RouteTree(self.all_routes)

    def apply(self, service: Service, name: str, entity_id: str, args: dict[str, Any]) -> None:
        """Apply a transition; nothing where its object is gone."""
        entity = service.collections[name.partition(".")[0]].get(entity_id)
        if entity is None:
            return
        for transitions in self.transitions:
            if name in transitions:
                transitions.apply(service, name, entity, args)


def _once(things: Iterable[T]) -> list[T]:
    return list({id(each): each for each in things}.values())

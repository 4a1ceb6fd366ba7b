"""The cloud as a whole: its services on one frame, and the way in for the server."""

import fnmatch
from collections.abc import Iterable, Sequence
from pathlib import Path

from isotherm.localcloud.clock import Clock
from isotherm.localcloud.deliveries import Deliveries, Sender, send_by_http
from isotherm.localcloud.dispatch import Dispatcher, Mounted
from isotherm.localcloud.door import Door
from isotherm.localcloud.entities import Entity
from isotherm.localcloud.identity.credentials import first_key
from isotherm.localcloud.identity.state import Identity
from isotherm.localcloud.journal import Journal
from isotherm.localcloud.operations import Calls, FaultRule, Injector, Timings
from isotherm.localcloud.peers import Peers
from isotherm.localcloud.registrations import REGISTRATIONS
from isotherm.localcloud.schedule import Schedule, Transition
from isotherm.localcloud.service import PUBLIC_NETWORK, CatalogEntry, Frame, Registration, Service

_SEEDED = "seeded"


class LocalCloud:
    """`app` is the ASGI application; everything else serves tests and the composition root."""

    def __init__(
        self, frame: Frame, services: Iterable[Registration], *, public_url: str | None
    ) -> None:
        self.frame = frame
        self.injector = Injector()
        self.calls = Calls()
        mounted = [Mounted.build(registration, frame) for registration in services]
        self._mounted = {each.service.service_type: each for each in mounted}
        for each in mounted:
            frame.peers.join(each.service.service_type, each.service)
        self.app = Dispatcher(self, mounted, public_url=public_url)
        door = self._mounted[Door.service_type].service
        assert isinstance(door, Door)
        door.open_to(self)
        frame.deliveries.settle = self._keep

    @property
    def clock(self) -> Clock:
        return self.frame.clock

    @property
    def identity(self) -> Identity:
        service = self._mounted[Identity.service_type].service
        assert isinstance(service, Identity)
        return service

    @property
    def services(self) -> list[Service]:
        return [each.service for each in self._mounted.values()]

    @property
    def catalog(self) -> list[CatalogEntry]:
        return [entry for each in self._mounted.values() for entry in each.registration.catalog]

    def password(self, user_name: str) -> str:
        """The password of `admin`, `demo` or `isotherm`. Raises KeyError for others."""
        return self.identity.seed_passwords[user_name]

    def ec2_key(self, user_name: str) -> tuple[str, str]:
        """The access key and secret of `admin`, `demo` or `isotherm`, made when first asked for."""
        pair = first_key(self.identity, user_name)
        self.frame.journal.commit()
        return pair.access, pair.secret

    def inject(self, operation: str, **rule: object) -> None:
        """Add one fault rule, fields as in `FaultRule`."""
        self.injector.replace({**self.injector.rules, operation: FaultRule(**rule)})  # type: ignore[arg-type]

    def operations(self) -> set[str]:
        """The names of all operations of all services."""
        return {
            f"{each.service.service_type}.{route.operation}"
            for each in self._mounted.values()
            for route in each.registration.all_routes
        }

    def unknown_operations(self, patterns: Iterable[str]) -> list[str]:
        """Those of the patterns that no operation of any service matches."""
        return _unmatched(patterns, self.operations())

    def timed(self) -> set[str]:
        """What may take its time: operations, and what services do by themselves."""
        paces = {
            f"{each.service.service_type}.{pace}"
            for each in self._mounted.values()
            for pace in each.registration.paces
        }
        return self.operations() | paces

    def unknown_timings(self, patterns: Iterable[str]) -> list[str]:
        """Those of the patterns that match nothing that may take its time."""
        return _unmatched(patterns, self.timed())

    def advance(self, seconds: float) -> None:
        """Let time pass and apply what is due by then."""
        self.clock.advance(seconds)
        self.settle()

    def settle(self) -> None:
        """Apply all transitions that are due."""
        self.frame.schedule.apply_due(self._apply)
        self.frame.journal.commit()

    def objects(self, service_type: str) -> dict[str, list[Entity]]:
        """What exists, by kind; without bookkeeping such as tokens."""
        service = self._mounted[service_type].service
        return {
            kind: list(made)
            for kind, made in service.collections.items()
            if kind not in service.unlisted
        }

    def reset(self) -> None:
        """Back to the seeds, except for identity; no timings, faults, counts."""
        self.frame.timings.seconds = {}
        self.injector.replace({})
        for each in self._mounted.values():
            if each.service.service_type != Identity.service_type:
                each.service.clear()
        for each in self._mounted.values():
            if each.service.service_type != Identity.service_type:
                each.service.begin_seed()
        self.frame.journal.commit()
        self.calls.clear()

    def close(self) -> None:
        self.app.close()
        self.frame.deliveries.close()
        self.frame.journal.close()

    def _keep(self) -> None:
        """Store what has changed without a request."""
        self.settle()
        self.app.arm()

    def _apply(self, transition: Transition) -> None:
        each = self._mounted[transition.service]
        each.registration.apply(
            each.service, transition.name, transition.entity_id, transition.args
        )

    def _begin(self, passwords: dict[str, str], extra: Sequence[CatalogEntry]) -> None:
        self.identity.keep_seed_passwords(passwords)
        for each in self._mounted.values():
            name = f"{_SEEDED}.{each.service.service_type}"
            if self.frame.journal.load_setting(name) is None:
                each.service.begin_seed()
                self.frame.journal.put_setting(name, b"true")
        self.identity.publish([*self.catalog, *extra])
        self.settle()


def build_cloud(
    state: Path | None,
    *,
    public_url: str | None = None,
    catalog: Sequence[CatalogEntry] = (),
    passwords: dict[str, str] | None = None,
    clock: Clock | None = None,
    services: Sequence[Registration] = (),
    public_network: str = PUBLIC_NETWORK,
    sender: Sender = send_by_http,
) -> LocalCloud:
    """Load the cloud from the folder `state` (None: in memory) or make a new one.

    `catalog`: entries beyond the cloud's own services. `passwords`: of `admin`, `demo`,
    `isotherm`; those not given are kept from before, or generated. `services`: more than the
    cloud's own. `public_network` is where floating addresses of a new cloud come from.
    `sender` sends what the cloud itself has to tell others.
    """
    if state is not None:
        state.mkdir(parents=True, exist_ok=True)
    clock = clock or Clock()
    journal = Journal(state / "localcloud.sqlite" if state else None)
    frame = Frame(
        clock,
        journal,
        Schedule(journal, clock),
        Timings(),
        Peers(),
        Deliveries(clock, sender),
        public_network,
    )
    cloud = LocalCloud(frame, [*REGISTRATIONS, *services], public_url=public_url)
    cloud._begin(passwords or {}, catalog)
    return cloud


def _unmatched(patterns: Iterable[str], names: set[str]) -> list[str]:
    return [pattern for pattern in patterns if not fnmatch.filter(names, pattern)]

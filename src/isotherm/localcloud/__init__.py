"""An OpenStack-speaking cloud over HTTP, built in and on its own.

This room imports nothing else of the project. Way in for the composition root:

    cloud = build_cloud(state_folder, catalog=[CatalogEntry("orchestration", "isotherm",
                        "/orchestration/v1/%(project_id)s"), ...])
    Mount("/", cloud.app); cloud.password("demo"); cloud.close()
    uvicorn.Config(..., http=AbortableHttpProtocol)      # lets faults cut connections

How to write a service
======================

A service is a package with fixed roles:

- `state.py`: its entities (`Entity` subclasses) and one `Service` subclass with `service_type`, its
  collections and the verbs on them. What other services need of it, it implements under the
  names of its protocol in `peers.py`. (Many entities: `entities.py` beside it.)
- `routes.py`: thin handlers that read the call, ask the state, render the reply. (Many: a
  package `routes/`, one file per kind, with `ALL` in its `__init__`.)
- `faults.py`: `render(fault, call) -> Reply`, the service's error body, and one function per
  refusal that makes a `Fault`.
- `__init__.py`: `registration = Registration(...)`; then one line in `registrations.py`.

State
-----

    class Volume(Entity, kw_only=True, eq=False):          # msgspec struct; `id` is given
        project_id: str
        name: str = ""
        status: str = "creating"

    class BlockStorage(Service):
        service_type = "block-storage"                     # first part of operation names

        def __init__(self, frame: Frame) -> None:
            super().__init__(frame)
            self.volumes = self.collection("volume", Volume, index=("project_id", "name"))
            self.quotas = Quotas(self, {"volumes": 10, "gigabytes": 1000})

        def seed(self) -> None: ...                        # empty state, and after a reset

`add` a new entity, `save` it after changing fields, `remove(id)`; `get(id)`,
`find(project_id=..., name=...)` by indexed fields, oldest first. Everything is in memory and
written when the request ends, before the reply leaves. There is no rollback: **check
everything first, change afterwards**. Declare only typed fields with defaults for new ones.
Bookkeeping kinds are `listed=False`.

Handlers are plain functions and run one at a time; they never wait and never read the
machine's clock (`service.now()`, `service.timestamp()`).

Routes
------

    routes = Routes[BlockStorage]("/v3/{project_id}", "/v3")     # under each of these prefixes

    @routes.post("/volumes", "volume.create", status=202)        # operation <entity>.<verb>
    def create_volume(storage: BlockStorage, call: Call) -> object:
        wish = call.read("volume", VolumeWish)                   # a msgspec struct; 400 if not
        volume = storage.create(call.caller, wish)
        storage.advance(call, "volume.complete", volume)         # see transitions
        return {"volume": show(volume)}                          # or a Reply, or None

    @routes.action("/volumes/{volume_id}/action", "os-extend", "volume.extend")

Other verbs: `get` (answers HEAD too), `put`, `patch`, `delete` (204). Options: `status`,
`open=True` (no token), `admin=True` (403 for others), `body_limit=BYTES`. The last segment may
be `{name:path}`. A call gives `params`, `argument("limit")` and `query` (pairs), `json`,
`body`, `headers` (lower case), `base_url` (for links: `base_url + mount`), `caller`
(`user_id`, `project_id`, `roles`, `is_admin`, `sees(project_id)`), `project_id` (403 without),
`require_admin()`, `operation`. Refuse by raising `Fault(status, message, kind=...)`; objects of
other projects are 404. The frame adds the request id headers and, by `render`, answers 400
(no JSON), 401, 403, 404, 405, 413 and injected faults. Lists: `page_of(items, call)`. A service
with microversions takes `VersionedRoutes` of `microversions.py`; many kinds of objects that differ
in little are declared as `Kind`s, as in `identity/routes/resources.py` and `network/kinds.py`.

Transitions
-----------

    transitions = Transitions[BlockStorage]()

    @transitions.on("volume.complete")                           # <kind>.<verb>
    def complete(storage: BlockStorage, volume: Volume, args: dict[str, Any]) -> None:
        volume.status = "available"
        storage.volumes.save(volume)

    @transitions.on("volume.fail")                               # args: state, message
    def fail(...): ...

`service.advance(call, "volume.complete", volume)` schedules the end of the operation being
called after its timing (`PUT /localcloud/timings {"block-storage.volume.create": 2.0}`;
default 0: due before the next request, so the reply still shows the state in between). If a
fault with `state` struck the operation, `<kind>.fail` comes instead: every kind that is
advanced needs one. Without a call: `service.schedule("volume.complete", volume, after=1.5,
key=value)` and `service.timing("volume.create", default)`. Transitions survive a restart, run
in the order of their time and are dropped with their entity; `service.cancel(entity)` forgets
those that lie ahead. Inside one, `now()` is the time at which it was due.

Faults, counts, quotas need nothing from a service: every route's operation can be made slow,
refused, cut, or (through `advance`) end in an error state. Quotas: count what is used, then
`quotas.exceeded(project_id, used, wanted)` names the limits that would be passed.

Asking each other
-----------------

`self.frame.peers.network.create_server_port(caller, PortWish(...))`: protocols and records in
`peers.py`. Never HTTP, never another service's state module. Extend a protocol in `peers.py`
when something is missing, on both sides.

Tests
-----

`tests/localcloud/conftest.py` has the fixtures: `cloud` (in memory; its clock stands still until
`cloud.advance(seconds)`), `http` (`await http("POST", "/compute/v2.1/servers", {...},
user="admin")` against a real listener, refusals are answers too), `url`, `demo_project`.
"""

from isotherm.localcloud.clock import Clock
from isotherm.localcloud.cloud import LocalCloud, build_cloud
from isotherm.localcloud.connection import AbortableHttpProtocol
from isotherm.localcloud.journal import JournalError
from isotherm.localcloud.service import CatalogEntry

__all__ = [
    "AbortableHttpProtocol",
    "CatalogEntry",
    "Clock",
    "JournalError",
    "LocalCloud",
    "build_cloud",
]

"""What every service gets from the frame: the control door, faults, durability, transitions."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.localcloud.conftest import PASSWORDS, Answer, Http, password_auth

from isotherm.localcloud import Clock, LocalCloud, build_cloud
from isotherm.localcloud.deliveries import Deliveries
from isotherm.localcloud.entities import Entity
from isotherm.localcloud.journal import Journal
from isotherm.localcloud.operations import Timings
from isotherm.localcloud.peers import Peers
from isotherm.localcloud.routing import Routes, RouteTree
from isotherm.localcloud.schedule import Schedule, Transition
from isotherm.localcloud.service import Frame, Service

TOKENS = "/identity/v3/auth/tokens"


async def test_the_door_is_for_administrators(http: Http) -> None:
    assert (await http("GET", "/localcloud/objects", user=None)).status == 401
    assert (await http("GET", "/localcloud/objects")).status == 403
    listed = await http("GET", "/localcloud/objects?service=identity", user="admin")
    assert {"admin", "demo", "isotherm"} <= {o["name"] for o in listed.body["objects"]}


async def test_seeded_objects_can_be_left_out(http: Http) -> None:
    listed = await http("GET", "/localcloud/objects?seeded=false", user="admin")
    assert listed.body == {"objects": []}


async def test_an_injected_fault_strikes_count_times(http: Http) -> None:
    rule = {"identity.catalog.*": {"status": 503, "message": "Busy.", "count": 1, "retry_after": 7}}
    assert (await http("PUT", "/localcloud/faults", rule, user="admin")).status == 200

    struck = await http("GET", "/identity/v3/auth/catalog")
    assert (struck.status, struck.headers["retry-after"]) == (503, "7")
    assert struck.body["error"]["message"] == "Busy."
    assert (await http("GET", "/identity/v3/auth/catalog")).status == 200


@pytest.mark.parametrize(("when", "applied"), [("before", 0), ("after", 1)])
async def test_a_dropped_reply_closes_the_connection(http: Http, when: str, applied: int) -> None:
    rule = {"identity.token.create": {"drop_reply": when, "count": 1}}
    await http("PUT", "/localcloud/faults", rule, user="admin")
    before = (await http("GET", "/localcloud/calls", user="admin")).body["applied"]

    with pytest.raises(aiohttp.ClientConnectionError):
        await http("POST", TOKENS, password_auth("demo", PASSWORDS["demo"]), user=None)

    after = (await http("GET", "/localcloud/calls", user="admin")).body["applied"]
    assert after["identity.token.create"] - before["identity.token.create"] == applied


async def test_a_delay_ends_when_the_clock_says_so(http: Http, cloud: LocalCloud) -> None:
    cloud.inject("identity.catalog.show", delay=60.0)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(http("GET", "/identity/v3/auth/catalog"))
        while not cloud.calls.called["identity.catalog.show"]:  # noqa: ASYNC110 -- no other sign
            await asyncio.sleep(0)
        assert not waiting.done()
        await http("PUT", "/localcloud/clock", {"advance": 60}, user="admin")
    assert waiting.result().status == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/localcloud/faults", {"a": {"nonsense": 1}}),
        ("/localcloud/timings", {"a": "soon"}),
        ("/localcloud/timings", {"compute.server.creat": 1.0}),
        ("/localcloud/timings", {"compute.server.create": -1.0}),
        ("/localcloud/faults", {"compute.server.creat": {"status": 500}}),
        ("/localcloud/clock", {"advance": -1}),
    ],
)
async def test_the_door_refuses_nonsense(http: Http, path: str, body: object) -> None:
    assert (await http("PUT", path, body, user="admin")).status == 400


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
async def test_a_body_that_is_no_json_object_is_refused(http: Http, data: bytes) -> None:
    assert (await http("POST", TOKENS, data=data, user=None)).status == 400


async def test_unknown_paths_and_methods_are_refused_in_the_services_format(http: Http) -> None:
    assert (await http("GET", "/identity/v3/nothing")).status == 404
    answer = await http("PUT", TOKENS)
    assert answer.status == 405
    assert answer.headers["allow"] == "DELETE, GET, POST"


def test_what_was_committed_is_there_after_the_process_died(tmp_path: Path) -> None:
    first = build_cloud(tmp_path, clock=Clock(manual=True))
    ids = {user.id for user in first.identity.users}
    password = first.password("demo")

    second = build_cloud(tmp_path)  # the first was never closed

    assert {user.id for user in second.identity.users} == ids
    assert second.password("demo") == password
    first.close()
    second.close()


class Lamp(Entity, kw_only=True, eq=False):
    project_id: str
    status: str = "OFF"


class Lamps(Service):
    service_type = "lamps"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.lamps = self.collection("lamp", Lamp, index=("project_id", "status"))


def _lamps(journal: Journal, clock: Clock) -> Lamps:
    return Lamps(
        Frame(clock, journal, Schedule(journal, clock), Timings(), Peers(), Deliveries(clock))
    )


def test_an_index_follows_its_field() -> None:
    lamps = _lamps(Journal(None), Clock(manual=True)).lamps
    one, two = lamps.add(Lamp(project_id="p")), lamps.add(Lamp(project_id="p"))
    one.status = "ON"
    lamps.save(one)

    assert lamps.find(project_id="p", status="OFF") == [two]
    lamps.remove(two.id)
    assert lamps.find(project_id="p") == [one]


def test_pending_transitions_survive_and_run_in_the_order_of_their_time(tmp_path: Path) -> None:
    clock = Clock(manual=True)
    start, journal = clock.now(), Journal(tmp_path / "state")
    before = _lamps(journal, clock)
    lamp = before.lamps.add(Lamp(project_id="p"))
    before.schedule("lamp.second", lamp, after=2, colour="red")
    before.schedule("lamp.first", lamp, after=1)
    journal.commit()

    service = _lamps(Journal(tmp_path / "state"), clock)
    seen: list[tuple[str, float, dict[str, Any]]] = []

    def apply(transition: Transition) -> None:
        seen.append((transition.name, service.now() - start, transition.args))
        if transition.name == "lamp.first":
            service.schedule("lamp.third", lamp, after=2)

    clock.advance(10)
    service.frame.schedule.apply_due(apply)

    assert [(name, round(at)) for name, at, _ in seen] == [
        ("lamp.first", 1),
        ("lamp.second", 2),
        ("lamp.third", 3),
    ]
    assert seen[1][2] == {"colour": "red"}
    journal.close()
    service.frame.journal.close()


def test_cancelled_transitions_do_not_run() -> None:
    clock = Clock(manual=True)
    service = _lamps(Journal(None), clock)
    lamp = service.lamps.add(Lamp(project_id="p"))
    service.schedule("lamp.first", lamp, after=0)
    service.cancel(lamp)

    assert service.frame.schedule.next_due() is None


def test_a_literal_segment_beats_a_parameter() -> None:
    routes = Routes[Lamps]("/v3/{project_id}", "/v3")

    @routes.get("/lamps/detail", "lamp.list")
    @routes.get("/lamps/{lamp_id}", "lamp.show")
    @routes.get("/files/{name:path}", "file.show")
    def handler(lamps: Lamps, call: object) -> None: ...

    tree = RouteTree(iter(routes))
    for path, operation, params in [
        ("/v3/lamps/detail", "lamp.list", {}),
        ("/v3/lamps/7", "lamp.show", {"lamp_id": "7"}),
        ("/v3/p/lamps/7", "lamp.show", {"project_id": "p", "lamp_id": "7"}),
        ("/v3/files/a/b", "file.show", {"name": "a/b"}),
    ]:
        route, found = tree.match("GET", path)
        assert not isinstance(route, dict)
        assert (route.operation, found) == (operation, params)


async def test_a_full_disk_is_told_until_there_is_space_again(
    http: Http, cloud: LocalCloud
) -> None:
    async def create(name: str) -> Answer:
        user = {"name": name, "email": "x" * 20_000}
        return await http("POST", "/identity/v3/users", {"user": user}, user="admin")

    disk = cloud.frame.journal._db
    (most,) = disk.execute("PRAGMA max_page_count").fetchone()
    disk.execute("PRAGMA max_page_count = 1")
    for name in ("first", "second"):
        refused = await create(name)
        assert refused.status == 503
        assert "disk is full" in refused.body["error"]["message"]
    disk.execute(f"PRAGMA max_page_count = {most}")
    assert (await create("third")).status == 201
    kept = [row.body for row in cloud.frame.journal.load_entities("identity", "user")]
    # The first one's answer was lost; the second was refused before it had an effect.
    for name, there in (("first", True), ("second", False), ("third", True)):
        assert any(f'"{name}"'.encode() in body for body in kept) is there, name

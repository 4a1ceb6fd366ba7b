"""API and engines apart: stacks outlive engines, brokers and databases, and double nothing."""

from __future__ import annotations

import json
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.clients.service import Service
from tests.clusters.cluster import LEASE_SECONDS, CloudDoor, Cluster, Part
from tests.servers.databases import new_database, read_only
from tests.servers.process import Server
from tests.waiting import eventually

from isotherm.core.ids import new_token

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("clusters")]

SERVER = {
    "type": "OS::Nova::Server",
    "properties": {
        "image": "cirros",
        "flavor": "m1.small",
        "networks": [{"network": "private"}],
    },
}
TEMPLATE: Mapping[str, Any] = {
    "heat_template_version": "2021-04-16",
    "resources": {"server": SERVER},
}
NESTED: Mapping[str, Any] = {
    "heat_template_version": "2021-04-16",
    "resources": {f"n{number}": {"type": "server.json"} for number in range(4)},
}


class Asked:
    """A stack that was asked for, under a name that nothing else has."""

    def __init__(self, cluster: Cluster, template: Mapping[str, Any] = TEMPLATE) -> None:
        self._cluster = cluster
        self.name = f"s{new_token()}"
        self.id = cluster.create(self.name, template)

    @property
    def status(self) -> str:
        return self._cluster.status(self.name, self.id)

    def complete(self, door: CloudDoor) -> None:
        """It must complete with one server, and leave none when it is deleted."""
        assert self._cluster.settle(self.name, self.id) == "CREATE_COMPLETE"
        assert len(self.servers(door)) == 1
        assert self._cluster.resource_statuses(self.name, self.id) == {"server": "CREATE_COMPLETE"}
        self._cluster.delete(self.name, self.id)
        assert self._cluster.settle(self.name, self.id) == "DELETE_COMPLETE"
        assert self.servers(door) == []

    def servers(self, door: CloudDoor) -> list[dict[str, Any]]:
        return [each for each in door.objects("server") if each["name"].startswith(self.name)]


def _seconds_until_it_works(engine: Part) -> float:
    """Until it runs a traversal, or has taken a step: a short one is over between two looks."""
    begun = time.monotonic()
    before = engine.metric("isotherm_steps_total", outcome="done")
    eventually(
        lambda: (
            engine.metric("isotherm_traversals_running")
            or engine.metric("isotherm_steps_total", outcome="done") > before
        )
    )
    return time.monotonic() - begun


def test_stacks_spread_over_the_engines(cluster: Cluster, door: CloudDoor) -> None:
    before = [each.metric("isotherm_steps_total", outcome="done") for each in cluster.engines]
    with door.timings(compute__server__create=0.5):
        stacks = [Asked(cluster) for _ in range(8)]
        for stack in stacks:
            stack.complete(door)
    after = [each.metric("isotherm_steps_total", outcome="done") for each in cluster.engines]
    done = [late - early for late, early in zip(after, before, strict=True)]
    assert sum(done) == 2 * len(stacks)
    assert all(done), done


def test_nested_stacks_spread_and_outlive_an_engine(cluster: Cluster, door: CloudDoor) -> None:
    name = f"s{new_token()}"

    def servers() -> list[dict[str, Any]]:
        return [each for each in door.objects("server") if each["name"].startswith(name)]

    with door.timings(compute__server__create=1.0):
        stack_id = cluster.create(name, NESTED, {"server.json": json.dumps(TEMPLATE)})
        eventually(servers)
        lost = cluster.engines[0]
        lost.end(signal.SIGKILL)
        cluster.engines = [cluster.other(lost)]
        assert cluster.settle(name, stack_id) == "CREATE_COMPLETE"
    assert len(servers()) == 4
    assert set(cluster.resource_statuses(name, stack_id).values()) == {"CREATE_COMPLETE"}
    cluster.delete(name, stack_id)
    assert cluster.settle(name, stack_id) == "DELETE_COMPLETE"
    assert servers() == []


def test_a_killed_engine_is_replaced_when_its_lease_ends(cluster: Cluster, door: CloudDoor) -> None:
    with door.timings(compute__server__create=1.0):
        stack = Asked(cluster)
        owner = cluster.owner()
        eventually(lambda: stack.servers(door))
        owner.end(signal.SIGKILL)
        cluster.engines = [cluster.other(owner)]
        seconds = _seconds_until_it_works(cluster.engines[0])
        print(f"taken over after {seconds:.2f} s")
        assert seconds < LEASE_SECONDS + cluster.poll_seconds + 1
        stack.complete(door)


def test_a_call_that_outlives_its_engine_makes_no_second_server(
    cluster: Cluster, door: CloudDoor
) -> None:
    """The cloud works on the create for longer than the lease of the engine that asked for
    it: when the next one looks, there is no server yet."""
    before = door.calls("compute.server.create")
    with door.faults({"compute.server.create": {"delay": LEASE_SECONDS + 2.5, "count": 1}}):
        stack = Asked(cluster)
        owner = cluster.owner()
        eventually(lambda: door.calls("compute.server.create") > before)
        owner.end(signal.SIGKILL)
        cluster.engines = [cluster.other(owner)]
        _seconds_until_it_works(cluster.engines[0])
        assert stack.servers(door) == []
        stack.complete(door)
    assert door.calls("compute.server.create") == before + 1


def test_stacks_complete_without_the_broker_and_after_its_return(
    cluster: Cluster, door: CloudDoor, broker: Server
) -> None:
    broker.stop()
    try:
        Asked(cluster).complete(door)
    finally:
        broker.start()
    Asked(cluster).complete(door)


def test_an_engine_that_stood_still_beyond_its_lease_writes_nothing_more(
    cluster: Cluster, door: CloudDoor
) -> None:
    with door.timings(compute__server__create=1.0):
        stack = Asked(cluster)
        owner = cluster.owner()
        eventually(lambda: stack.servers(door))
        owner.send(signal.SIGSTOP)
        try:
            other = cluster.other(owner)
            _seconds_until_it_works(other)
            assert cluster.settle(stack.name, stack.id) == "CREATE_COMPLETE"
            told = cluster.events(stack.name, stack.id)
        finally:
            owner.send(signal.SIGCONT)
        eventually(lambda: f"stack {stack.id}: its lease was lost" in owner.log)
        eventually(lambda: not owner.metric("isotherm_traversals_running"))
        assert cluster.events(stack.name, stack.id) == told
        stack.complete(door)
    # It is not left out from now on.
    assert other.end() == 0
    cluster.engines = [owner]
    Asked(cluster).complete(door)


def test_a_database_that_restarts_under_load_costs_only_time(
    cluster: Cluster, door: CloudDoor, database: Server
) -> None:
    with door.timings(compute__server__create=1.0):
        stacks = [Asked(cluster) for _ in range(6)]
        cluster.owner()
        database.stop()
        database.start()
        for stack in stacks:
            stack.complete(door)


def test_a_database_that_is_read_only_for_a_while_costs_only_time(
    cluster: Cluster, door: CloudDoor, database: Server
) -> None:
    """As after a fail-over, when the former primary is all that the service finds."""
    with door.timings(compute__server__create=1.0):
        stack = Asked(cluster)
        cluster.owner()
        with read_only(database.url):
            with pytest.raises(AssertionError, match=r"503 .*the database is read-only"):
                Asked(cluster)
            for part in (cluster.api, *cluster.engines):
                eventually(lambda part=part: "read-only" in part.ailment)  # type: ignore[misc]
        stack.complete(door)
    for part in (cluster.api, *cluster.engines):
        eventually(lambda part=part: not part.ailment)  # type: ignore[misc]


def test_an_engine_that_is_told_to_stop_hands_its_stacks_over_at_once(
    cluster: Cluster, door: CloudDoor
) -> None:
    with door.timings(compute__server__create=2.0):
        stack = Asked(cluster)
        owner = cluster.owner()
        eventually(lambda: stack.servers(door))
        owner.send(signal.SIGTERM)
        cluster.engines = [cluster.other(owner)]
        seconds = _seconds_until_it_works(cluster.engines[0])
        print(f"handed over after {seconds:.2f} s")
        assert seconds < LEASE_SECONDS, "nobody has to wait until the lease would have ended"
        assert owner.wait() == 0
        stack.complete(door)


def test_the_api_answers_without_an_engine_and_the_stack_starts_when_one_comes(
    cluster: Cluster, door: CloudDoor
) -> None:
    cluster.have_engines(0)
    stack = Asked(cluster)
    assert stack.status == "CREATE_IN_PROGRESS"
    assert cluster.resource_statuses(stack.name, stack.id) == {"server": "INIT_COMPLETE"}
    cluster.have_engines(1)
    stack.complete(door)


@pytest.mark.parametrize("carrier", ["postgresql's notifications", "broker"])
def test_a_wake_up_spares_the_poll_interval(
    carrier: str, tmp_path: Path, cloud: Service, door: CloudDoor, request: pytest.FixtureRequest
) -> None:
    with_broker = carrier == "broker"
    server: Server = request.getfixturevalue("mariadb" if with_broker else "postgresql")
    transport_url = request.getfixturevalue("broker").url if with_broker else ""
    cluster = Cluster(tmp_path, cloud, new_database(server.url), transport_url, poll_seconds=60)
    try:
        cluster.start(engines=1)
        Asked(cluster).complete(door)
        cluster.check_no_trouble()
    finally:
        cluster.stop()


def test_every_part_tells_of_its_health_and_its_figures(
    postgresql_cluster: Cluster, door: CloudDoor
) -> None:
    cluster = postgresql_cluster
    engines = cluster.have_engines(2)
    Asked(cluster).complete(door)
    for part in (cluster.api, *engines):
        with urllib.request.urlopen(f"{part.url}/healthcheck", timeout=10) as reply:
            assert reply.status == 200
    assert cluster.api.metric("isotherm_http_requests_total", method="POST", status="201") > 0
    assert cluster.api.metric("isotherm_commit_changes_count") > 0
    calls = "isotherm_cloud_calls_total"
    assert sum(each.metric(calls, service="compute", method="POST") for each in engines) > 0
    assert sum(each.metric("isotherm_poll_objects_count") for each in engines) > 0
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{engines[0].url}/v1/", timeout=10)

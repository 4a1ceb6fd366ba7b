"""Clusters, containers, reservations, bare metal and databases over HTTP."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.localcloud.conftest import Answer, Http

from isotherm.localcloud import LocalCloud


async def made(http: Http, path: str, body: Any, user: str = "demo") -> Any:
    answer = await http("POST", path, body, user=user)
    assert answer.status < 300, answer.body
    return answer.body


CLUSTERS = "/container-infra/v1"
TEMPLATE = {"coe": "kubernetes", "image_id": "i", "external_network_id": "public"}


async def test_a_cluster_goes_through_its_states(
    http: Http, cloud: LocalCloud, stranger: str
) -> None:
    operation = "container-infrastructure-management.cluster"
    cloud.frame.timings.seconds |= {f"{operation}.create": 9.0, f"{operation}.delete": 5.0}
    template = await made(http, f"{CLUSTERS}/clustertemplates", {**TEMPLATE, "name": "t"})
    wish = {"cluster_template_id": "t", "name": "c"}
    cluster = await made(http, f"{CLUSTERS}/clusters", wish)
    assert cluster.keys() == {"uuid"}
    path = f"{CLUSTERS}/clusters/{cluster['uuid']}"
    patch = [{"op": "replace", "path": "/node_count", "value": 3}]
    busy = await http("PATCH", path, patch)
    assert (busy.status, "CREATE_IN_PROGRESS" in busy.body["errors"][0]["detail"]) == (400, True)
    cloud.advance(9)
    assert (await http("GET", f"{CLUSTERS}/clusters/c")).body["status"] == "CREATE_COMPLETE"
    assert (await http("PATCH", path, patch)).status == 202
    shown = (await http("GET", path)).body
    assert (shown["node_count"], len(shown["node_addresses"])) == (3, 3)
    used = await http("DELETE", f"{CLUSTERS}/clustertemplates/{template['uuid']}")
    assert used.status == 400
    assert (await http("GET", path, user=stranger)).status == 404
    assert (await http("DELETE", path)).status == 204
    assert (await http("GET", path)).body["status"] == "DELETE_IN_PROGRESS"
    cloud.advance(5)
    assert (await http("GET", path)).status == 404
    public = {**TEMPLATE, "public": True}
    assert (await http("POST", f"{CLUSTERS}/clustertemplates", public)).status == 403


async def test_a_cluster_that_fails_says_why(http: Http, cloud: LocalCloud) -> None:
    await made(http, f"{CLUSTERS}/clustertemplates", {**TEMPLATE, "name": "t"})
    cloud.inject(
        "container-infrastructure-management.cluster.create",
        state="CREATE_FAILED",
        message="no room",
    )
    cluster = await made(http, f"{CLUSTERS}/clusters", {"cluster_template_id": "t"})
    shown = (await http("GET", f"{CLUSTERS}/clusters/{cluster['uuid']}")).body
    assert (shown["status"], shown["status_reason"]) == ("CREATE_FAILED", "no room")


async def test_a_container_runs_until_it_is_forced_to_go(http: Http, stranger: str) -> None:
    box = await made(http, "/container/v1/containers?run=true", {"image": "cirros", "name": "b"})
    path = f"/container/v1/containers/{box['uuid']}"
    assert (await http("GET", path)).body["status"] == "Running"
    assert (await http("GET", "/container/v1/containers/b")).body["uuid"] == box["uuid"]
    assert (await http("GET", path, user=stranger)).status == 404
    assert (await http("DELETE", path)).status == 409
    assert (await http("POST", f"{path}/stop")).status == 202
    assert (await http("GET", path)).body["status"] == "Stopped"
    assert (await http("PATCH", path, {"cpu": 2})).body["cpu"] == 2
    assert (await http("POST", f"{path}/network_detach?network=none")).status == 404
    assert (await http("DELETE", f"{path}?force=true")).status == 204
    assert (await http("GET", path)).status == 404
    assert (await http("POST", "/container/v1/containers", {})).status == 400


HOSTS = {
    "resource_type": "physical:host",
    "min": 1,
    "max": 1,
    "hypervisor_properties": "",
    "resource_properties": "",
}
LEASE = {"name": "l", "start_date": "2099-01-01 00:00", "end_date": "2099-01-02 00:00"}


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"start_date": "2001-01-01 00:00"}, 400),
        ({"end_date": "2098-01-01 00:00"}, 400),
        ({"start_date": "soon"}, 400),
        ({"reservations": [{"min": 1}]}, 400),
        ({"reservations": [{"resource_type": "moon"}]}, 500),
        ({"reservations": [{"resource_type": "physical:host", "min": 1, "max": 1}]}, 400),
        ({"reservations": [HOSTS]}, 500),
    ],
)
async def test_a_lease_that_cannot_be_is_refused(
    http: Http, wish: dict[str, Any], status: int
) -> None:
    room = [{"resource_type": "virtual:instance", "amount": 1}]
    answer = await http("POST", "/reservation/v1/leases", {**LEASE, "reservations": room, **wish})
    assert (answer.status, answer.body["error_code"]) == (status, status)


async def test_a_lease_begins_and_ends_by_itself(http: Http, cloud: LocalCloud) -> None:
    host = (await made(http, "/reservation/v1/os-hosts", {"name": "h"}, "admin"))["host"]
    assert (await http("POST", "/reservation/v1/os-hosts", {"name": "i"})).status == 403
    wish = {
        **LEASE,
        "start_date": "now",
        "end_date": datetime.fromtimestamp(cloud.clock.now() + 600, UTC).strftime("%Y-%m-%d %H:%M"),
        "reservations": [HOSTS],
    }
    lease = (await made(http, "/reservation/v1/leases", wish))["lease"]
    path = f"/reservation/v1/leases/{lease['id']}"
    assert (await http("GET", path)).body["lease"]["status"] == "ACTIVE"
    held = await http("DELETE", f"/reservation/v1/os-hosts/{host['id']}", user="admin")
    assert held.status == 409
    taken = await http("POST", "/reservation/v1/leases", wish)
    assert (taken.status, taken.body["error_message"]) == (500, "Not enough hosts available")
    cloud.advance(700)
    assert (await http("GET", path)).body["lease"]["status"] == "TERMINATED"
    assert (await http("DELETE", path)).status == 204


async def test_bare_metal_is_for_administrators(http: Http) -> None:
    nodes = (await http("GET", "/baremetal/v1/nodes", user="admin")).body["nodes"]
    card = {"node_uuid": nodes[0]["uuid"], "address": "52:54:00:00:00:AA"}
    assert (await http("POST", "/baremetal/v1/ports", card)).status == 403
    port = await made(http, "/baremetal/v1/ports", card, "admin")
    assert port["address"] == "52:54:00:00:00:aa"
    path = f"/baremetal/v1/ports/{port['uuid']}"
    assert (await http("GET", path)).status == 404
    patch = [{"op": "add", "path": "/extra", "value": {"a": 1}}]
    assert (await http("PATCH", path, patch, user="admin")).body["extra"] == {"a": 1}
    assert (await http("DELETE", path, user="admin")).status == 204


async def database(http: Http, project: str, path: str, *more: Any, method: str = "POST") -> Answer:
    return await http(method, f"/database/v1.0/{project}{path}", *more)


async def test_a_database_is_resized_and_filled(
    http: Http, cloud: LocalCloud, demo_project: str
) -> None:
    wish = {"name": "db", "flavorRef": "1", "volume": {"size": 2}}
    made = await database(http, demo_project, "/instances", {"instance": wish})
    instance = made.body["instance"]
    assert (instance["status"], instance["datastore"]["type"]) == ("BUILD", "mysql")
    path = f"/instances/{instance['id']}"
    cloud.advance(0)
    smaller = {"resize": {"volume": {"size": 1}}}
    assert (await database(http, demo_project, f"{path}/action", smaller)).status == 400
    flavor = {"resize": {"flavorRef": "2"}}
    assert (await database(http, demo_project, f"{path}/action", flavor)).status == 202
    shown = (await database(http, demo_project, path, method="GET")).body["instance"]
    assert (shown["flavor"]["id"], shown["status"]) == ("2", "ACTIVE")
    user = {"users": [{"name": "anna", "password": "secret", "databases": []}]}
    assert (await database(http, demo_project, f"{path}/users", user)).status == 202
    assert (await database(http, demo_project, f"{path}/users", user)).status == 400
    told = await database(http, demo_project, f"{path}/users", method="GET")
    assert told.body == {"users": [{"name": "anna", "host": "%", "databases": []}]}
    gone = await database(http, demo_project, f"{path}/databases/none", method="DELETE")
    assert gone.status == 404
    large = {**wish, "volume": {"size": 99}}
    full = await database(http, demo_project, "/instances", {"instance": large})
    assert (full.status, list(full.body)) == (413, ["overLimit"])
    strange = {**wish, "datastore": {"type": "stone"}}
    assert (await database(http, demo_project, "/instances", {"instance": strange})).status == 404

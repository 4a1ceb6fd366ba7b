"""Load balancers: one change at a time, what goes with what, refusals, lists."""

from typing import Any

import pytest
from tests.localcloud.conftest import Answer, Http

from isotherm.localcloud import LocalCloud

NOWHERE = "11111111-1111-4111-8111-111111111111"


class Balancers:
    """A client of the load balancer service."""

    def __init__(self, http: Http, cloud: LocalCloud) -> None:
        self.http, self.cloud = http, cloud

    async def __call__(self, method: str, path: str, body: object = None, **more: Any) -> Answer:
        return await self.http(method, f"/load-balancer/v2/lbaas{path}", body, **more)

    async def subnet(self) -> str:
        found = await self.http("GET", "/network/v2.0/subnets?name=private-subnet")
        return str(found.body["subnets"][0]["id"])

    async def make(self, kind: str, path: str = "", **wish: Any) -> dict[str, Any]:
        """A new part that is active by the next request."""
        answer = await self("POST", path or f"/{kind}s", {kind: wish})
        assert answer.status == 201, answer.body
        made: dict[str, Any] = answer.body[kind]
        return made

    async def balancer(self, **wish: Any) -> str:
        made = await self.make("loadbalancer", vip_subnet_id=await self.subnet(), **wish)
        return str(made["id"])

    async def listener(self, balancer: str, port: int = 80, **wish: Any) -> str:
        wish = {"protocol": "HTTP", **wish, "protocol_port": port, "loadbalancer_id": balancer}
        return str((await self.make("listener", **wish))["id"])

    async def pool(self, **wish: Any) -> str:
        made = await self.make(
            "pool", **{"protocol": "HTTP", "lb_algorithm": "ROUND_ROBIN", **wish}
        )
        return str(made["id"])

    async def show(self, path: str) -> dict[str, Any]:
        answer = await self("GET", path)
        assert answer.status == 200, answer.body
        ((_, shown),) = answer.body.items()
        return dict(shown)

    async def refused(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        answer = await self(method, path, body)
        assert answer.body["faultcode"] == "Client", answer.body
        return answer.status, answer.body["faultstring"]


@pytest.fixture
def balancers(http: Http, cloud: LocalCloud) -> Balancers:
    return Balancers(http, cloud)


async def test_nothing_changes_while_something_does(
    balancers: Balancers, cloud: LocalCloud
) -> None:
    cloud.frame.timings.seconds = {"load-balancer.*": 10.0}
    balancer = await balancers.balancer()
    path = f"/loadbalancers/{balancer}"
    shown = await balancers.show(path)
    assert (shown["provisioning_status"], shown["operating_status"]) == (
        "PENDING_CREATE",
        "OFFLINE",
    )
    unsettled = (409, f"Invalid state PENDING_CREATE of loadbalancer resource {balancer}")
    immutable = (409, f"Load Balancer {balancer} is immutable and cannot be updated.")
    assert await balancers.refused("PUT", path, {"loadbalancer": {"name": "x"}}) == unsettled
    assert await balancers.refused("DELETE", path) == unsettled
    cloud.advance(10)
    shown = await balancers.show(path)
    assert (shown["provisioning_status"], shown["operating_status"]) == ("ACTIVE", "ONLINE")
    listener = await balancers.listener(balancer)
    assert (await balancers.show(path))["provisioning_status"] == "PENDING_UPDATE"
    wish = {"listener_id": listener, "protocol": "HTTP", "lb_algorithm": "SOURCE_IP"}
    assert await balancers.refused("POST", "/pools", {"pool": wish}) == immutable
    cloud.advance(10)
    pool = await balancers.pool(listener_id=listener)
    assert (await balancers.show(f"/listeners/{listener}"))["provisioning_status"] == (
        "PENDING_UPDATE"
    )
    cloud.advance(10)
    assert (await balancers.show(f"/listeners/{listener}"))["default_pool_id"] == pool
    assert (await balancers("DELETE", f"/pools/{pool}")).status == 204
    assert (await balancers.show(f"/pools/{pool}"))["provisioning_status"] == "PENDING_DELETE"
    cloud.advance(10)
    assert (await balancers.refused("GET", f"/pools/{pool}")) == (404, f"Pool {pool} not found.")
    shown = await balancers.show(f"/listeners/{listener}")
    assert (shown["default_pool_id"], shown["provisioning_status"]) == (None, "ACTIVE")


async def test_a_part_may_fail_and_the_rest_goes_on(
    balancers: Balancers, cloud: LocalCloud
) -> None:
    balancer = await balancers.balancer()
    cloud.inject("load-balancer.listener.create", state="ERROR", count=1)
    listener = await balancers.listener(balancer)
    shown = await balancers.show(f"/listeners/{listener}")
    assert (shown["provisioning_status"], shown["operating_status"]) == ("ERROR", "ERROR")
    assert (await balancers.show(f"/loadbalancers/{balancer}"))["provisioning_status"] == "ACTIVE"
    assert (await balancers("DELETE", f"/listeners/{listener}")).status == 204


async def test_a_load_balancer_goes_with_its_parts_when_asked(
    balancers: Balancers, http: Http
) -> None:
    balancer = await balancers.balancer()
    port = (await balancers.show(f"/loadbalancers/{balancer}"))["vip_port_id"]
    listener = await balancers.listener(balancer)
    pool = await balancers.pool(listener_id=listener)
    member = f"/pools/{pool}/members"
    await balancers.make("member", member, address="10.0.0.5", protocol_port=80)
    status, message = await balancers.refused("DELETE", f"/loadbalancers/{balancer}")
    assert (status, message.endswith("it has children")) == (400, True)
    assert (await balancers("DELETE", f"/loadbalancers/{balancer}?cascade=true")).status == 204
    assert (await balancers("GET", f"/pools/{pool}")).status == 404
    assert (await balancers("GET", "/listeners")).body["listeners"] == []
    assert (await http("GET", f"/network/v2.0/ports/{port}")).status == 404


@pytest.mark.parametrize(
    ("wish", "status", "message"),
    [
        ({}, 400, "VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id."),
        ({"vip_subnet_id": NOWHERE}, 400, f"Subnet {NOWHERE} could not be found."),
        ({"vip_network_id": NOWHERE, "flavor_id": NOWHERE}, 400, "Invalid flavor_id."),
        ({"vip_network_id": NOWHERE, "availability_zone": "x"}, 400, "availability_zone: x."),
        ({"vip_network_id": NOWHERE, "colour": "red"}, 400, "loadbalancer: colour"),
    ],
)
async def test_load_balancers_that_cannot_be(
    balancers: Balancers, wish: Any, status: int, message: str
) -> None:
    refused = await balancers.refused("POST", "/loadbalancers", {"loadbalancer": wish})
    assert (refused[0], refused[1][-len(message) :]) == (status, message)


async def test_what_does_not_fit_together(balancers: Balancers) -> None:
    balancer = await balancers.balancer()
    listener = await balancers.listener(balancer)
    pool = await balancers.pool(listener_id=listener)

    async def refused(kind: str, path: str = "", **wish: Any) -> int:
        return (await balancers.refused("POST", path or f"/{kind}s", {kind: wish}))[0]

    on: dict[str, Any] = {"loadbalancer_id": balancer, "protocol_port": 80}
    of = {"lb_algorithm": "ROUND_ROBIN", "listener_id": listener}
    watch: dict[str, Any] = {"pool_id": pool, "delay": 1, "timeout": 1, "max_retries": 1}
    assert await refused("listener", protocol="TCP", **on) == 409
    assert (
        await refused("listener", protocol="TERMINATED_HTTPS", **{**on, "protocol_port": 443})
        == 400
    )
    assert await refused("listener", protocol="HTTP", **{**on, "protocol_port": 0}) == 400
    assert await refused("pool", protocol="HTTP", **of) == 409
    assert await refused("pool", protocol="TCP", **of) == 400
    assert await refused("pool", protocol="TCP", lb_algorithm="ROUND_ROBIN") == 400
    assert await refused("healthmonitor", type="HTTP", url_path="up", **watch) == 400
    await balancers.make("healthmonitor", type="HTTP", **watch)
    assert await refused("healthmonitor", type="HTTP", **watch) == 409
    members = f"/pools/{pool}/members"
    address: dict[str, Any] = {"address": "10.0.0.5", "protocol_port": 80}
    await balancers.make("member", members, **address)
    assert await refused("member", members, **address) == 409
    wish = {"listener_id": listener, "action": "REDIRECT_TO_POOL"}
    assert await refused("l7policy", "/l7policies", **wish) == 400
    policy = await balancers.make("l7policy", "/l7policies", listener_id=listener, action="REJECT")
    rules = f"/l7policies/{policy['id']}/rules"
    pattern = {"type": "PATH", "compare_type": "REGEX", "value": "("}
    assert await refused("rule", rules, **pattern) == 400


async def test_certificates_are_the_key_managers(balancers: Balancers, http: Http) -> None:
    balancer = await balancers.balancer()
    made = await http("POST", "/key-manager/v1/secrets", {"name": "certificate"})
    wish = {"protocol": "TERMINATED_HTTPS", "protocol_port": 443, "loadbalancer_id": balancer}
    lost = {**wish, "default_tls_container_ref": f"http://keys/v1/containers/{NOWHERE}"}
    status, message = await balancers.refused("POST", "/listeners", {"listener": lost})
    assert (status, message.startswith("Could not retrieve certificate")) == (400, True)
    found = {**wish, "default_tls_container_ref": made.body["secret_ref"]}
    assert (await balancers("POST", "/listeners", {"listener": found})).status == 201


async def test_policies_count_from_one(balancers: Balancers) -> None:
    listener = await balancers.listener(await balancers.balancer())

    async def policy(**wish: Any) -> str:
        wish = {"listener_id": listener, "action": "REJECT", **wish}
        return str((await balancers.make("l7policy", "/l7policies", **wish))["id"])

    one, two = await policy(), await policy()
    first = await policy(position=1)
    listed = (await balancers("GET", "/l7policies?sort=position:asc")).body["l7policies"]
    assert [(each["id"], each["position"]) for each in listed] == [(first, 1), (one, 2), (two, 3)]
    rules = f"/l7policies/{one}/rules"
    rule = {"type": "HEADER", "compare_type": "EQUAL_TO", "value": "x"}
    assert (await balancers.refused("POST", rules, {"rule": rule}))[0] == 400
    made = await balancers.make("rule", rules, key="X-Y", **rule)
    assert (await balancers.show(f"/l7policies/{one}"))["rules"] == [{"id": made["id"]}]
    other = await balancers("GET", f"/l7policies/{two}/rules/{made['id']}")
    assert other.status == 404


async def test_all_members_at_once(balancers: Balancers) -> None:
    pool = await balancers.pool(loadbalancer_id=await balancers.balancer())
    path = f"/pools/{pool}/members"

    async def replaced(*weights: tuple[str, int], query: str = "") -> dict[str, int]:
        wishes = [{"address": a, "protocol_port": 80, "weight": w} for a, w in weights]
        assert (await balancers("PUT", path + query, {"members": wishes})).status == 202
        listed = (await balancers("GET", path)).body["members"]
        return {each["address"]: each["weight"] for each in listed}

    assert await replaced(("10.0.0.1", 1), ("10.0.0.2", 2)) == {"10.0.0.1": 1, "10.0.0.2": 2}
    assert await replaced(("10.0.0.2", 3), ("10.0.0.4", 4)) == {"10.0.0.2": 3, "10.0.0.4": 4}
    added = await replaced(("10.0.0.5", 5), query="?additive_only=true")
    assert added == {"10.0.0.2": 3, "10.0.0.4": 4, "10.0.0.5": 5}


async def test_statuses_and_statistics(balancers: Balancers) -> None:
    balancer = await balancers.balancer(name="mine")
    listener = await balancers.listener(balancer)
    pool = await balancers.pool(listener_id=listener)
    await balancers.make("member", f"/pools/{pool}/members", address="10.0.0.5", protocol_port=80)
    stats = await balancers.show(f"/loadbalancers/{balancer}/stats")
    assert stats == (await balancers.show(f"/listeners/{listener}/stats"))
    tree = (await balancers.show(f"/loadbalancers/{balancer}/status"))["loadbalancer"]
    (shown,) = tree["listeners"]
    (member,) = shown["pools"][0]["members"]
    assert (tree["name"], shown["id"], member["operating_status"]) == (
        *("mine", listener),
        "NO_MONITOR",
    )


async def test_lists_have_filters_and_pages(balancers: Balancers) -> None:
    for number in range(3):
        await balancers.balancer(name=f"lb{number}", tags=["odd"] if number % 2 else ["even", "x"])
    path = "/loadbalancers"

    async def names(query: str) -> list[str]:
        return [
            each["name"] for each in (await balancers("GET", path + query)).body["loadbalancers"]
        ]

    assert await names("?name=lb1") == ["lb1"]
    assert await names("?tags=even,x") == ["lb0", "lb2"]
    assert await names("?provisioning_status=ERROR") == []
    assert await names("?sort=name:desc&limit=2") == ["lb2", "lb1"]
    page = (await balancers("GET", f"{path}?limit=2")).body
    rest = await balancers.http("GET", page["loadbalancers_links"][0]["href"])
    assert [each["name"] for each in rest.body["loadbalancers"]] == ["lb2"]
    assert (await balancers("GET", path, user="isotherm")).body["loadbalancers"] != []


async def test_quotas(balancers: Balancers, demo_project: str) -> None:
    path = f"/quotas/{demo_project}"
    limits = {"quota": {"load_balancer": 1, "member": None}}
    assert (await balancers("PUT", path, limits)).status == 403
    told = await balancers("PUT", path, limits, user="admin")
    assert (told.status, told.body["quota"]["loadbalancer"]) == (202, 1)
    await balancers.balancer()
    wish = {"vip_subnet_id": await balancers.subnet()}
    assert await balancers.refused("POST", "/loadbalancers", {"loadbalancer": wish}) == (
        403,
        "Quota has been met for resources: Load Balancer",
    )
    assert (await balancers("DELETE", path, user="admin")).status == 204
    assert (await balancers.show(path))["loadbalancer"] == -1


async def test_offers_are_the_administrators(balancers: Balancers) -> None:
    profile = {"flavorprofile": {"name": "p", "provider_name": "octavia", "flavor_data": "{}"}}
    assert (await balancers.refused("POST", "/flavorprofiles", profile))[0] == 403
    made = await balancers("POST", "/flavorprofiles", profile, user="admin")
    wish = {"name": "f", "flavor_profile_id": made.body["flavorprofile"]["id"]}
    flavor = await balancers("POST", "/flavors", {"flavor": wish}, user="admin")
    used = await balancers.balancer(flavor_id=flavor.body["flavor"]["id"])
    path = f"/flavors/{flavor.body['flavor']['id']}"
    assert (await balancers("DELETE", path, user="admin")).status == 409
    assert (await balancers("DELETE", f"/loadbalancers/{used}")).status == 204
    assert (await balancers("DELETE", path, user="admin")).status == 204

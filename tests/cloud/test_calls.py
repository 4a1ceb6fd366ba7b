"""What becomes of a call when the cloud misbehaves, and what is sent."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import replace

import pytest
from aiohttp import web
from keystoneauth1.exceptions import ClientException
from tests.cloud.clocks import TurnedClock
from tests.cloud.conftest import Counts
from tests.cloud.fake_openstack import Behaviour, FakeOpenStack, answer, hang, reset

from isotherm.cloud import OpenStackCloud, Settings
from isotherm.cloud.project_connection import ProjectConnection
from isotherm.cloud.sessions import Session
from isotherm.core.errors import Busy, Denied, Gone, Lost, NoSuchService, Refused
from isotherm.kit import CloudApi, Entity


def session_of(api: CloudApi) -> Session:
    assert isinstance(api.connection, ProjectConnection)
    return api.connection._session


NETWORK = Entity("network", "network", "/networks", "networks")
SERVER = Entity(
    "compute", "server", "/servers", "servers", list_path="/servers/detail", microversion="2.96"
)
VOLUME = Entity("block-storage", "volume", "/volumes", "volumes", microversion="3.59")
IMAGE = Entity("image", "", "/images", "images", update_method="PATCH")
KEYPAIR = Entity("compute", "keypair", "/os-keypairs", "keypairs", id_field="name")
RULE = Entity("network", "rule", "/qos/policies/{parent}/rules", "rules")

ONE = {"network": {"id": "1", "name": "a"}}


async def test_a_rejected_token_is_renewed_once(fake: FakeOpenStack, api: CloudApi) -> None:
    fake.on("POST /network/v2.0/networks", answer(401, {}), answer(201, ONE))
    assert await api.create(NETWORK, {"name": "a"}) == ONE["network"]
    sent = fake.seen("POST /network/v2.0/networks")
    assert [headers["x-auth-token"] for headers, _ in sent] == [
        "service-token-1",
        "service-token-2",
    ]
    assert {body for _, body in sent} == {b'{"network":{"name":"a"}}'}


async def test_a_token_rejected_twice_is_an_error(fake: FakeOpenStack, api: CloudApi) -> None:
    fake.on("GET /network/v2.0/networks/1", answer(401, {"error": {"message": "Go away."}}))
    with pytest.raises(Denied, match=r"Go away\."):
        await api.show(NETWORK, "1")
    assert len(fake.log_ins) == 2


async def test_many_rejected_calls_share_one_log_in(fake: FakeOpenStack, api: CloudApi) -> None:
    await session_of(api).token()
    fake.on("GET /network/v2.0/networks/1", *[answer(401, {})] * 4, answer(200, ONE))
    await asyncio.gather(*(api.show(NETWORK, "1") for _ in range(4)))
    assert len(fake.log_ins) == 2


async def test_the_token_is_renewed_before_its_end(
    fake: FakeOpenStack, api: CloudApi, clock: TurnedClock
) -> None:
    fake.on("GET /network/v2.0/networks/1", answer(200, ONE))
    await api.show(NETWORK, "1")
    clock.turn(3600 - 121)
    await api.show(NETWORK, "1")
    assert len(fake.log_ins) == 1
    clock.turn(2)
    await api.show(NETWORK, "1")
    assert len(fake.log_ins) == 2


async def test_a_lost_read_is_tried_again_with_growing_pauses(
    fake: FakeOpenStack, api: CloudApi, clock: TurnedClock
) -> None:
    fake.on("GET /network/v2.0/networks/1", answer(502), answer(504), answer(200, ONE))
    assert await api.show(NETWORK, "1") == ONE["network"]
    assert clock.slept == [0.2, 0.4]


async def test_a_read_is_not_tried_for_ever(
    fake: FakeOpenStack, api: CloudApi, counts: Counts
) -> None:
    fake.on("GET /network/v2.0/networks/1", answer(502))
    with pytest.raises(Lost):
        await api.show(NETWORK, "1")
    assert counts["network", "GET", 502] == 3


@pytest.mark.parametrize("behaviour", [reset, answer(502), answer(504)])
async def test_a_lost_write_is_never_repeated(
    fake: FakeOpenStack, api: CloudApi, behaviour: Behaviour
) -> None:
    fake.on("POST /network/v2.0/networks", behaviour)
    with pytest.raises(Lost):
        await api.create(NETWORK, {"name": "a"})
    assert len(fake.seen("POST /network/v2.0/networks")) == 1


async def test_a_service_that_hangs_is_given_up(
    fake: FakeOpenStack, settings: Settings, clock: TurnedClock, counts: Counts
) -> None:
    impatient = replace(settings, timeouts={"network": 0.05})
    cloud = OpenStackCloud(impatient, clock, count=lambda *call: counts.update([call[:3]]))
    fake.on("POST /network/v2.0/networks", hang)
    api = await cloud.connect({"trust_id": "trust"})
    with pytest.raises(Lost, match="network did not answer in time"):
        await api.create(NETWORK, {"name": "a"})
    assert counts["network", "POST", 0] == 1
    await cloud.close()


async def test_nothing_was_done_where_nobody_listens(
    fake: FakeOpenStack, api: CloudApi, closed_port: int
) -> None:
    fake.catalogue["dns"] = f"http://127.0.0.1:{closed_port}"
    with pytest.raises(Busy, match="dns cannot be reached"):
        await api.call("dns", "POST", "/zones", {})


async def test_a_full_service_says_when_to_come_back(fake: FakeOpenStack, api: CloudApi) -> None:
    fake.on("POST /network/v2.0/networks", answer(429, "slow down", Retry_After="9"))
    with pytest.raises(Busy, match="slow down") as caught:
        await api.create(NETWORK, {"name": "a"})
    assert caught.value.after == 9.0


async def test_a_refusal_carries_text_and_request_id(fake: FakeOpenStack, api: CloudApi) -> None:
    fault = {"NeutronError": {"type": "T", "message": "Quota exceeded for networks.", "detail": ""}}
    fake.on(
        "POST /network/v2.0/networks", answer(409, fault, **{"X-Openstack-Request-Id": "req-7"})
    )
    with pytest.raises(Refused) as caught:
        await api.create(NETWORK, {"name": "a"})
    assert type(caught.value) is Refused
    assert str(caught.value) == "Quota exceeded for networks. (HTTP 409) (Request-ID: req-7)"


@pytest.mark.parametrize("body", [b'{"network":', b'{"network": "\xff"}'])
async def test_a_broken_reply_is_lost(fake: FakeOpenStack, api: CloudApi, body: bytes) -> None:
    fake.on("POST /network/v2.0/networks", answer(201, body, Content_Type="application/json"))
    with pytest.raises(Lost, match="reply cannot be read"):
        await api.create(NETWORK, {"name": "a"})


async def test_calls_to_a_service_are_bounded(fake: FakeOpenStack, api: CloudApi) -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        for _ in range(20):
            await asyncio.sleep(0)
        return await answer(200, ONE)(request)

    await session_of(api).token()
    fake.on("GET /network/v2.0/networks/1", slow)
    fake.most_running = 0
    await asyncio.gather(*(api.show(NETWORK, "1") for _ in range(40)))
    assert fake.most_running == 4


async def test_a_trust_that_is_over_is_never_taken_for_a_missing_object(
    fake: FakeOpenStack, api: CloudApi
) -> None:
    fake.on("POST /v3/auth/tokens", answer(404, {"error": {"message": "No such trust."}}))
    with pytest.raises(Denied, match=r"Identity gives no token: No such trust\."):
        await api.show(NETWORK, "1")


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_identity_in_trouble_is_busy(fake: FakeOpenStack, api: CloudApi, status: int) -> None:
    fake.on("POST /v3/auth/tokens", answer(status))
    with pytest.raises(Busy):
        await api.show(NETWORK, "1")


async def test_identity_out_of_reach_is_busy(
    settings: Settings, clock: TurnedClock, closed_port: int
) -> None:
    cloud = OpenStackCloud(replace(settings, auth_url=f"http://127.0.0.1:{closed_port}"), clock)
    with pytest.raises(Busy, match="Identity cannot be reached") as caught:
        await cloud.services()
    assert isinstance(caught.value.__cause__, ClientException)
    await cloud.close()


# -- what is sent ---------------------------------------------------------------------


async def test_all_pages_are_read_whatever_host_the_links_name(
    fake: FakeOpenStack, api: CloudApi
) -> None:
    link = {"rel": "next", "href": "http://inside:9696/v2.0/networks?marker=1&name=a"}
    fake.on(
        "GET /network/v2.0/networks",
        answer(200, {"networks": [{"id": "1"}], "networks_links": [link]}),
        answer(200, {"networks": [{"id": "2"}], "networks_links": []}),
    )
    assert [each["id"] for each in await api.list(NETWORK, name="a")] == ["1", "2"]
    assert fake.paths() == [
        "/network/v2.0/networks?name=a",
        "/network/v2.0/networks?marker=1&name=a",
    ]


async def test_pages_that_lead_back_end_the_list(fake: FakeOpenStack, api: CloudApi) -> None:
    page = {"images": [{"id": "1"}], "next": "/v2/images?marker=1"}
    fake.on("GET /image/v2/images", answer(200, page))
    assert len(await api.list(IMAGE)) == 2


async def test_filters_with_many_values_are_asked_in_parts(
    fake: FakeOpenStack, api: CloudApi
) -> None:
    fake.on("GET /network/v2.0/networks", answer(200, {"networks": [{"id": "x"}]}))
    assert len(await api.list(NETWORK, id=[str(n) for n in range(201)], shared=True)) == 3
    assert [path.count("id=") for path in fake.paths()] == [100, 100, 1]
    assert all(path.endswith("shared=true") for path in fake.paths())


async def test_objects_that_are_wrapped_one_by_one_are_unwrapped(
    fake: FakeOpenStack, api: CloudApi
) -> None:
    fake.on(
        "GET /compute/v2.1/os-keypairs", answer(200, {"keypairs": [{"keypair": {"name": "k"}}]})
    )
    assert await api.list(KEYPAIR) == [{"name": "k"}]


async def test_ids_are_quoted(fake: FakeOpenStack, api: CloudApi) -> None:
    fake.on("GET /network/v2.0/qos/policies/p q/rules/a/b?c", answer(200, {"rule": {"id": "1"}}))
    await api.show(RULE, "a/b?c", parent="p q")
    assert fake.paths() == ["/network/v2.0/qos/policies/p%20q/rules/a%2Fb%3Fc"]


@pytest.mark.parametrize("physical_id", ["", ".", ".."])
async def test_no_id_never_becomes_the_collection(
    fake: FakeOpenStack, api: CloudApi, physical_id: str
) -> None:
    with pytest.raises(Gone):
        await api.delete(NETWORK, physical_id)
    with pytest.raises(Gone):
        await api.list(RULE, parent=physical_id)
    assert fake.paths() == []


async def test_microversions_are_limited_to_what_the_service_knows(
    fake: FakeOpenStack, api: CloudApi
) -> None:
    links = [{"rel": "self", "href": fake.url + "/compute/v2.1/"}]
    known = {"status": "CURRENT", "version": "2.90", "min_version": "2.1"}
    version = {"id": "v2.1", "links": links, **known}
    fake.on("GET /compute/v2.1", answer(200, {"version": version}))
    fake.on("GET /compute/v2.1/servers/1", answer(200, {"server": {"id": "1"}}))
    for _ in range(2):
        await api.show(SERVER, "1")
    headers = fake.seen("GET /compute/v2.1/servers/1")[0][0]
    assert headers["openstack-api-version"] == "compute 2.90"
    assert headers["x-openstack-nova-api-version"] == "2.90"
    assert len(fake.seen("GET /compute/v2.1")) == 1


def volume_version(fake: FakeOpenStack, highest: str) -> dict[str, object]:
    links = [{"rel": "self", "href": f"{fake.url}/volume/v3/"}]
    return {
        "id": "v3.0",
        "status": "CURRENT",
        "version": highest,
        "min_version": "3.0",
        "links": links,
    }


async def test_a_microversion_is_sent_as_wanted_where_the_service_cannot_be_asked(
    fake: FakeOpenStack, api: CloudApi, clock: TurnedClock
) -> None:
    path = "/volume/v3/service-project/volumes/1"
    fake.on(f"GET {path}", answer(200, {"volume": {"id": "1"}}))
    for _ in range(2):
        await api.show(VOLUME, "1")
    headers = [headers for headers, _ in fake.seen(f"GET {path}")]
    assert [each["openstack-api-version"] for each in headers] == ["volume 3.59"] * 2
    asked = len(fake.paths())
    await api.show(VOLUME, "1")
    assert len(fake.paths()) == asked + 1, "the service is not asked again at once"
    clock.turn(61)
    fake.on("GET /volume/v3", answer(200, {"versions": [volume_version(fake, "3.10")]}))
    await api.show(VOLUME, "1")
    last = fake.seen(f"GET {path}")[-1][0]
    assert last["openstack-api-version"] == "volume 3.10"


async def test_actions_updates_and_unwrapped_bodies(fake: FakeOpenStack, api: CloudApi) -> None:
    fake.on("POST /volume/v3/service-project/volumes/1/action", answer(202))
    fake.on("PATCH /image/v2/images/1", answer(200, {"id": "1", "name": "b"}))
    assert await api.act(VOLUME, "1", "os-extend", {"new_size": 2}) is None
    assert await api.update(IMAGE, "1", {"name": "b"}) == {"id": "1", "name": "b"}
    bodies = [json.loads(body) for method, _, _, body in fake.requests if method != "GET"][-2:]
    assert bodies == [{"os-extend": {"new_size": 2}}, {"name": "b"}]


async def test_bytes_are_sent_and_text_and_headers_come_back(
    fake: FakeOpenStack, api: CloudApi
) -> None:
    fake.on("PUT /store/c/o", answer(201))
    fake.on("GET /store/c", answer(200, "o\n"))
    fake.on("HEAD /store/c", answer(204, None, X_Container_Bytes_Used="7"))
    fake.on("GET /store/c/o", answer(200, b"\x00\x01", Content_Type="application/octet-stream"))
    await api.call("object-store", "PUT", "/c/o", b"\x00\x01", headers={"X-Delete-After": "60"})
    headers, body = fake.seen("PUT /store/c/o")[0]
    assert (body, headers["content-type"]) == (b"\x00\x01", "application/octet-stream")
    assert headers["x-delete-after"] == "60"
    assert await api.call("object-store", "GET", "/c") == "o\n"
    assert await api.call("object-store", "GET", "/c/o") == b"\x00\x01"
    assert (await api.call("object-store", "HEAD", "/c"))["X-Container-Bytes-Used"] == "7"


async def test_a_missing_service_is_refused(api: CloudApi) -> None:
    with pytest.raises(Refused, match="catalogue has no dns service in region here"):
        await api.call("dns", "GET", "/zones")


async def test_a_service_that_comes_is_seen_before_the_token_ends(
    fake: FakeOpenStack, api: CloudApi, clock: TurnedClock
) -> None:
    fake.on("GET /dns/v2/zones", answer(200, {"zones": []}))
    with pytest.raises(NoSuchService):
        await api.call("dns", "GET", "/zones")
    fake.catalogue["dns"] = "/dns"
    with pytest.raises(NoSuchService):
        await api.call("dns", "GET", "/zones")
    assert len(fake.log_ins) == 1, "identity is not asked again at once"
    clock.turn(10)
    assert await api.call("dns", "GET", "/zones") == {"zones": []}
    assert len(fake.log_ins) == 2


async def test_calls_are_counted_and_logged_without_bodies_or_tokens(
    fake: FakeOpenStack, api: CloudApi, counts: Counts, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fake.on("POST /network/v2.0/networks", answer(201, ONE, **{"X-Openstack-Request-Id": "req-1"}))
    await api.create(NETWORK, {"name": "confidential"})
    assert counts["network", "POST", 201] == 1
    assert "network POST /network/v2.0/networks -> 201" in caplog.text
    assert "req-1" in caplog.text
    for secret in ("confidential", "service-token", "hard-to-guess"):
        assert secret not in caplog.text


async def test_users_are_told_where_they_reach_a_service(
    fake: FakeOpenStack, api: CloudApi
) -> None:
    assert await api.address("network") == f"{fake.url}/network/v2.0"
    with pytest.raises(Refused, match="no dns service"):
        await api.address("dns")


async def test_extensions_are_asked_for_now_and_then(
    fake: FakeOpenStack, cloud: OpenStackCloud, clock: TurnedClock
) -> None:
    told = {"extensions": [{"alias": "router"}, {"alias": "segment"}]}
    fake.on("GET /network/v2.0/extensions", answer(200, told), answer(200, {"extensions": []}))
    assert await cloud.extensions("network") == {"router", "segment"}
    assert await cloud.extensions("network") == {"router", "segment"}
    clock.turn(301)
    assert await cloud.extensions("network") == frozenset()

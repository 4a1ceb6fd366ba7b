"""Who a token belongs to, and how the service acts for its owner."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web
from tests.cloud.clocks import TurnedClock
from tests.cloud.conftest import USER_TOKEN
from tests.cloud.fake_openstack import FakeOpenStack, answer

from isotherm.cloud import OpenStackCloud, Settings
from isotherm.cloud.trust_marks import TrustMarks
from isotherm.core.errors import Busy, Denied, Lost
from isotherm.core.values import Secret, reveal
from isotherm.kit import Entity
from isotherm.ports.cloud import Caller, NotAuthenticated, SignedRequest

NETWORK = Entity("network", "network", "/networks", "networks")
CREDENTIALS = {"trust_id": Secret("t1"), "trustor_user_id": "user-id", "project_id": "p"}
ASK = "GET /v3/auth/tokens"


async def test_a_caller_is_what_identity_says(cloud: OpenStackCloud, fake: FakeOpenStack) -> None:
    fake.tokens["root-token"] = "root"
    assert await cloud.authenticate(USER_TOKEN) == Caller(
        user_id="user-id",
        username="user",
        project_id="user-project",
        project_name="user",
        roles=("member",),
        token=USER_TOKEN,
        region="here",
    )
    assert (await cloud.authenticate("root-token")).is_admin


@pytest.mark.parametrize("token", ["nobodys", "", "new\nline", "nön-ascii", "nul\0"])
async def test_a_token_of_nobody_is_not_accepted(cloud: OpenStackCloud, token: str) -> None:
    with pytest.raises(NotAuthenticated):
        await cloud.authenticate(token)


async def test_answers_are_kept_for_a_while(
    cloud: OpenStackCloud, fake: FakeOpenStack, clock: TurnedClock
) -> None:
    for _ in range(3):
        await cloud.authenticate(USER_TOKEN)
    clock.turn(299)
    await cloud.authenticate(USER_TOKEN)
    assert len(fake.seen(ASK)) == 1
    clock.turn(2)
    del fake.tokens[USER_TOKEN]
    with pytest.raises(NotAuthenticated):
        await cloud.authenticate(USER_TOKEN)


async def test_refusals_are_kept_for_a_short_while(
    cloud: OpenStackCloud, fake: FakeOpenStack, clock: TurnedClock
) -> None:
    for _ in range(3):
        with pytest.raises(NotAuthenticated):
            await cloud.authenticate("later")
    assert len(fake.seen(ASK)) == 1
    fake.tokens["later"] = "user"
    clock.turn(11)
    await cloud.authenticate("later")


async def test_requests_with_the_same_token_share_a_question(
    cloud: OpenStackCloud, fake: FakeOpenStack
) -> None:
    await asyncio.gather(*(cloud.authenticate(USER_TOKEN) for _ in range(50)))
    assert len(fake.seen(ASK)) == 1


async def test_identity_in_trouble_is_no_wrong_token(
    cloud: OpenStackCloud, fake: FakeOpenStack
) -> None:
    fake.on(ASK, answer(503))
    with pytest.raises(Busy):
        await cloud.authenticate(USER_TOKEN)


async def test_wrong_service_credentials_are_no_wrong_token(
    cloud: OpenStackCloud, fake: FakeOpenStack
) -> None:
    fake.on("POST /v3/auth/tokens", answer(401, {"error": {"message": "Wrong password."}}))
    with pytest.raises(Denied, match=r"Wrong password\."):
        await cloud.authenticate(USER_TOKEN)


async def test_a_trust_passes_the_callers_roles_on(
    cloud: OpenStackCloud, fake: FakeOpenStack
) -> None:
    trust = {"id": "t1", "trustor_user_id": "user-id", "project_id": "user-project"}
    fake.on("POST /v3/OS-TRUST/trusts", answer(201, {"trust": trust}))
    credentials = await cloud.delegate(await cloud.authenticate(USER_TOKEN))
    assert credentials == {
        "trust_id": Secret("t1"),
        "trustor_user_id": "user-id",
        "project_id": "user-project",
    }
    headers, body = fake.seen("POST /v3/OS-TRUST/trusts")[0]
    assert headers["x-auth-token"] == USER_TOKEN
    wanted = json.loads(body)["trust"]
    assert int(wanted.pop("expires_at")[:4]) > 2900
    assert wanted == {
        "trustor_user_id": "user-id",
        "trustee_user_id": "service-id",
        "project_id": "user-project",
        "impersonation": True,
        "allow_redelegation": False,
        "roles": [{"name": "member"}],
    }


async def test_a_trust_may_be_passed_on_where_the_operator_says_so(
    settings: Settings, clock: TurnedClock, fake: FakeOpenStack
) -> None:
    trust = {"id": "t1", "trustor_user_id": "user-id", "project_id": "user-project"}
    fake.on("POST /v3/OS-TRUST/trusts", answer(201, {"trust": trust}))
    cloud = OpenStackCloud(replace(settings, allow_redelegation=True), clock)
    await cloud.delegate(await cloud.authenticate(USER_TOKEN))
    await cloud.close()
    (_, body) = fake.seen("POST /v3/OS-TRUST/trusts")[0]
    assert json.loads(body)["trust"]["allow_redelegation"] is True


async def test_a_trust_whose_answer_was_lost_is_found_again(
    cloud: OpenStackCloud, fake: FakeOpenStack
) -> None:
    async def listed(request: web.Request) -> web.StreamResponse:
        _, body = fake.seen("POST /v3/OS-TRUST/trusts")[0]
        wanted = json.loads(body)["trust"]
        trusts = [
            {"id": "others", "trustor_user_id": "user-id", "project_id": "p", "expires_at": None},
            {**wanted, "id": "t1"},
        ]
        return await answer(200, {"trusts": trusts})(request)

    fake.on("POST /v3/OS-TRUST/trusts", answer(502))
    fake.on("GET /v3/OS-TRUST/trusts", listed)
    credentials = await cloud.delegate(await cloud.authenticate(USER_TOKEN))
    assert reveal(credentials)["trust_id"] == "t1"


async def test_a_trust_with_the_mark_of_another_is_no_found_one(
    cloud: OpenStackCloud, fake: FakeOpenStack
) -> None:
    """Another mark is drawn, from more of them."""
    trust = {"id": "t1", "trustor_user_id": "user-id", "project_id": "user-project"}
    fake.on("POST /v3/OS-TRUST/trusts", *[answer(409)] * 2, answer(201, {"trust": trust}))
    credentials = await cloud.delegate(await cloud.authenticate(USER_TOKEN))
    assert reveal(credentials)["trust_id"] == "t1"
    assert not fake.seen("GET /v3/OS-TRUST/trusts")
    asked = [json.loads(body)["trust"] for _, body in fake.seen("POST /v3/OS-TRUST/trusts")]
    assert all(each["expires_at"].endswith(".000000Z") for each in asked)


async def test_a_trust_that_was_not_taken_is_not_made_up(
    cloud: OpenStackCloud, fake: FakeOpenStack
) -> None:
    fake.on("POST /v3/OS-TRUST/trusts", answer(502))
    fake.on("GET /v3/OS-TRUST/trusts", answer(200, {"trusts": []}))
    with pytest.raises(Lost):
        await cloud.delegate(await cloud.authenticate(USER_TOKEN))


async def test_the_services_own_trusts_are_known_by_their_marks(
    cloud: OpenStackCloud, fake: FakeOpenStack, clock: TurnedClock
) -> None:
    now = clock.now()
    ends = {
        "old": TrustMarks(0).mark(now - timedelta(hours=3)),
        "young": TrustMarks(0).mark(now - timedelta(minutes=1)),
        "another deployment's": TrustMarks(77_777).mark(now - timedelta(hours=2)),
        "another service's": None,
    }
    trusts = [
        {"id": name, "trustor_user_id": "u", "project_id": "p", "expires_at": end}
        for name, end in ends.items()
    ]
    fake.on("GET /v3/OS-TRUST/trusts", answer(200, {"trusts": trusts}))
    found = await cloud.delegations(now - timedelta(hours=1))
    assert [reveal(each)["trust_id"] for each in found] == ["old"]


async def test_a_token_that_may_not_delegate_is_told_so(
    cloud: OpenStackCloud, fake: FakeOpenStack
) -> None:
    message = "Using method 'application_credential' is not allowed for managing trusts."
    fake.on("POST /v3/OS-TRUST/trusts", answer(403, {"error": {"message": message}}))
    with pytest.raises(Denied, match=f"may not be used to delegate to the service: {message}"):
        await cloud.delegate(await cloud.authenticate(USER_TOKEN))


async def test_calls_by_trust_share_one_session(cloud: OpenStackCloud, fake: FakeOpenStack) -> None:
    fake.on("GET /network/v2.0/networks", answer(200, {"networks": []}))
    for _ in range(2):
        await (await cloud.connect(CREDENTIALS)).list(NETWORK)
    assert [each["auth"]["scope"] for each in fake.log_ins] == [{"OS-TRUST:trust": {"id": "t1"}}]


async def test_a_revoked_trust_is_deleted_in_the_trustors_place(
    cloud: OpenStackCloud, fake: FakeOpenStack
) -> None:
    fake.on("DELETE /v3/OS-TRUST/trusts/t1", answer(204), answer(404, {}))
    await cloud.revoke(CREDENTIALS)
    await cloud.revoke(CREDENTIALS)
    assert len(fake.seen("DELETE /v3/OS-TRUST/trusts/t1")) == 2
    assert [list(each["auth"]["scope"]) for each in fake.log_ins] == [["OS-TRUST:trust"]] * 2


async def test_revoking_is_fine_where_the_trust_gives_no_token_any_more(
    cloud: OpenStackCloud, fake: FakeOpenStack
) -> None:
    fake.on("POST /v3/auth/tokens", answer(403, {"error": {"message": "Trustor is disabled."}}))
    await cloud.revoke(CREDENTIALS)


@pytest.mark.parametrize("credentials", [None, {}, {"trust_id": ""}, "t1"])
async def test_credentials_without_a_trust_are_denied(
    cloud: OpenStackCloud, credentials: object
) -> None:
    with pytest.raises(Denied, match="name no trust"):
        await cloud.connect(credentials)


async def test_calls_as_the_caller_use_the_callers_token(
    cloud: OpenStackCloud, fake: FakeOpenStack
) -> None:
    fake.on("GET /network/v2.0/networks", answer(200, {"networks": []}), answer(401))
    api = await cloud.connect_caller(await cloud.authenticate(USER_TOKEN))
    await api.list(NETWORK)
    assert fake.seen("GET /network/v2.0/networks")[0][0]["x-auth-token"] == USER_TOKEN
    fake.on(ASK, answer(404))
    with pytest.raises(NotAuthenticated, match="not valid any more"):
        await api.list(NETWORK)
    with pytest.raises(NotAuthenticated):  # and identity is asked anew, in spite of the cache
        await cloud.authenticate(USER_TOKEN)


@pytest.mark.parametrize(
    ("status", "access"), [(200, True), (401, False), (403, False), (404, False)]
)
async def test_a_delegation_is_tried_out(
    cloud: OpenStackCloud, fake: FakeOpenStack, status: int, access: bool
) -> None:
    fake.on("GET /v3/OS-TRUST/trusts/t1", answer(status, {"trust": {"id": "t1"}}), answer(status))
    assert await cloud.gives_access(CREDENTIALS) is access


async def test_services_and_region_come_from_the_catalogue(cloud: OpenStackCloud) -> None:
    services = await cloud.services()
    assert {"compute", "volumev3", "block-storage", "network", "image"} <= services
    assert "dns" not in services
    assert await cloud.region() == "here"


@pytest.mark.parametrize("status", [204, 403])
async def test_no_log_tells_the_id_of_a_trust(
    cloud: OpenStackCloud, fake: FakeOpenStack, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    credentials = {**CREDENTIALS, "trust_id": Secret("telltale-trust")}
    path = "/v3/OS-TRUST/trusts/telltale-trust"
    body = {"error": {"message": "You may not see trust telltale-trust."}}
    fake.on(f"DELETE {path}", answer(status, body if status == 403 else None))
    with caplog.at_level(logging.DEBUG, "isotherm"):
        await cloud.revoke(credentials)
    assert "OS-TRUST" in caplog.text
    assert "telltale" not in caplog.text


TRUSTS = "GET /v3/OS-TRUST/trusts"


def given(trust_id: str, **fields: object) -> dict[str, object]:
    """A trust in a list, from the user of the tests for the service."""
    own = {"trustor_user_id": "user-id", "trustee_user_id": "service-id"}
    return {"id": trust_id, **own, "project_id": "user-project", "impersonation": True, **fields}


async def by_key(cloud: OpenStackCloud, fake: FakeOpenStack, **described: object) -> Caller:
    """Who has signed with a key pair, where identity lets nobody delegate by that."""
    body = fake.description("user")
    body["token"] |= described
    headers = {"X_Subject_Token": "of-the-key"}
    fake.on("POST /v3/ec2tokens", answer(200, body, **headers))
    fake.on("POST /v3/OS-TRUST/trusts", answer(403, {"error": {"message": "Not by this."}}))
    signed = SignedRequest(access="key", signature="s", host="h", verb="GET", path="/")
    return await cloud.authenticate_signed(signed)


async def test_by_a_key_pair_the_trust_that_was_given_once_is_used_and_stays(
    cloud: OpenStackCloud, fake: FakeOpenStack
) -> None:
    of_a_stack = "3026-01-01T00:00:00.000000Z"
    listed = [
        given("anothers", trustor_user_id="other-id"),
        given("elsewhere", project_id="other-project"),
        given("as-itself", impersonation=False),
        given("counted", remaining_uses=3),
        given("over", expires_at="2020-01-01T00:00:00.000000Z"),
        given("of-a-stack", expires_at=of_a_stack),
        given("too-much"),
        given("gone"),
        given("right", expires_at="2999-01-01T00:00:00.000000Z"),
    ]
    fake.on(TRUSTS, answer(200, {"trusts": listed}))
    for trust_id, roles in (("too-much", ("member", "admin")), ("right", ("member",))):
        shown = given(trust_id, roles=[{"name": each} for each in roles])
        fake.on(f"{TRUSTS}/{trust_id}", answer(200, {"trust": shown}))
    with pytest.raises(Denied):
        await cloud.delegate(await by_key(cloud, fake))
    listed[-1]["expires_at"] = None
    fake.on(TRUSTS, answer(200, {"trusts": listed}))
    credentials = await cloud.delegate(await by_key(cloud, fake))
    assert reveal(credentials)["trust_id"] == "right"
    await cloud.revoke(credentials)
    assert not [each for each in fake.requests if each[0] == "DELETE"]


async def test_whoever_has_given_none_is_told_how(
    cloud: OpenStackCloud, fake: FakeOpenStack
) -> None:
    fake.on(TRUSTS, answer(200, {"trusts": []}))
    command = "openstack trust create --impersonate --project user-project --role member"
    with pytest.raises(Denied, match=f"{command} user-id service-id$"):
        await cloud.delegate(await by_key(cloud, fake))


async def test_the_key_pair_of_an_application_gets_no_more_than_identity_gives_it(
    cloud: OpenStackCloud, fake: FakeOpenStack
) -> None:
    caller = await by_key(cloud, fake, application_credential={"id": "narrow"})
    with pytest.raises(Denied, match="Not by this"):
        await cloud.delegate(caller)
    assert not fake.seen(TRUSTS)


async def test_domains_that_are_named_by_their_ids_go_before_names(
    fake: FakeOpenStack, settings: Settings, clock: TurnedClock
) -> None:
    by_id = replace(settings, user_domain_id="d1", project_domain_id="d2")
    cloud = OpenStackCloud(by_id, clock)
    await cloud.services()
    await cloud.close()
    (sent,) = [each["auth"] for each in fake.log_ins]
    assert sent["identity"]["password"]["user"]["domain"] == {"id": "d1"}
    assert sent["scope"]["project"]["domain"] == {"id": "d2"}

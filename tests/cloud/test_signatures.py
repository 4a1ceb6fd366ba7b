"""Who has signed a request: what identity is asked, and what a wrong signature costs."""

from __future__ import annotations

import pytest
from aiohttp import web
from tests.cloud.clocks import TurnedClock
from tests.cloud.fake_openstack import Behaviour, FakeOpenStack, answer

from isotherm.cloud import OpenStackCloud
from isotherm.ports.cloud import (
    NotAuthenticated,
    SignedRequest,
    TooManyWrongSignatures,
    UnknownAccessKey,
)

ASK = "POST /v3/ec2tokens"
WRONG = answer(401, {"error": {"code": 401, "message": "The request you have made requires …"}})
UNKNOWN = answer(404, {"error": {"code": 404, "message": "EC2 access key not found."}})


def signed(signature: str, access: str = "key") -> SignedRequest:
    return SignedRequest(access=access, signature=signature, host="h", verb="GET", path="/")


def right(fake: FakeOpenStack) -> Behaviour:
    async def behave(_: web.Request) -> web.StreamResponse:
        headers = {"X-Subject-Token": "of-the-key"}
        return web.json_response(fake.description("user"), headers=headers)

    return behave


async def test_a_wrong_signature_costs_no_log_in(
    cloud: OpenStackCloud, fake: FakeOpenStack
) -> None:
    fake.on(ASK, WRONG)
    for number in range(5):
        with pytest.raises(NotAuthenticated):
            await cloud.authenticate_signed(signed(f"wrong-{number}"))
    assert len(fake.log_ins) == 1
    assert len(fake.seen(ASK)) == 5


async def test_where_the_own_token_is_refused_it_is_asked_again_with_a_new_one(
    cloud: OpenStackCloud, fake: FakeOpenStack
) -> None:
    fake.on(ASK, WRONG)
    with pytest.raises(NotAuthenticated):
        await cloud.authenticate_signed(signed("wrong"))
    fake.tokens.clear()
    fake.on(ASK, WRONG, right(fake))
    caller = await cloud.authenticate_signed(signed("right"))
    assert (caller.username, len(fake.log_ins)) == ("user", 2)


async def test_the_same_wrong_request_and_an_unknown_key_are_asked_about_once(
    cloud: OpenStackCloud, fake: FakeOpenStack, clock: TurnedClock
) -> None:
    fake.on(ASK, WRONG)
    for _ in range(3):
        with pytest.raises(NotAuthenticated):
            await cloud.authenticate_signed(signed("wrong"))
    assert len(fake.seen(ASK)) == 1
    fake.on(ASK, UNKNOWN)
    for number in range(3):
        with pytest.raises(UnknownAccessKey):
            await cloud.authenticate_signed(signed(f"any-{number}", "nobodys"))
    assert len(fake.seen(ASK)) == 2
    clock.turn(11)
    fake.on(ASK, right(fake))
    assert (await cloud.authenticate_signed(signed("any", "nobodys"))).username == "user"


async def test_who_guesses_is_slowed_down_and_hinders_no_other_key(
    cloud: OpenStackCloud, fake: FakeOpenStack, clock: TurnedClock
) -> None:
    fake.on(ASK, WRONG)
    for number in range(20):
        with pytest.raises(NotAuthenticated):
            await cloud.authenticate_signed(signed(f"guess-{number}"))
    with pytest.raises(TooManyWrongSignatures):
        await cloud.authenticate_signed(signed("one more"))
    assert len(fake.seen(ASK)) == 20
    fake.on(ASK, right(fake))
    assert (await cloud.authenticate_signed(signed("right", "another"))).username == "user"
    clock.turn(2)
    assert (await cloud.authenticate_signed(signed("right"))).username == "user"

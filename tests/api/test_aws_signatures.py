"""What clients sign, identity finds to be right: Keystone computes each signature again with the
signer of keystoneclient, from what it is told of the request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from botocore.auth import SigV2Auth, SigV4Auth, SigV4QueryAuth  # type: ignore[import-untyped]
from botocore.awsrequest import AWSRequest  # type: ignore[import-untyped]
from botocore.credentials import Credentials  # type: ignore[import-untyped]
from keystoneclient.contrib.ec2.utils import Ec2Signer  # type: ignore[import-untyped]
from tests.asgi import Answer, send
from tests.desk import Desk
from tests.markup import code

from isotherm.api.cfn import build_cloudformation
from isotherm.api.cloudwatch import build_cloudwatch
from isotherm.cloud.signatures import as_identity_reads
from isotherm.ports.cloud import Caller, NotAuthenticated, SignedRequest

HOST = "http://api.example"
KEY = Credentials("demo-token", "the secret")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LIST = {"Action": "ListStacks", "Version": "2010-05-15"}
ALARMS = {
    "X-Amz-Target": "GraniteServiceVersion20100801.DescribeAlarms",
    "Content-Type": "application/x-amz-json-1.0",
}


@pytest.fixture
def keystone(desk: Desk) -> Desk:
    """A desk whose identity looks at signatures, at the time of the clients."""

    async def authenticate(request: SignedRequest) -> Caller:
        told = json.loads(json.dumps(as_identity_reads(request)))
        if Ec2Signer(KEY.secret_key).generate(told) != request.signature:
            raise NotAuthenticated
        return desk.caller

    desk.cloud.authenticate_signed = authenticate  # type: ignore[method-assign]
    desk.clock.advance((datetime.now(UTC) - desk.clock.now()).total_seconds())
    return desk


async def sent(desk: Desk, request: AWSRequest, *, door: Any = build_cloudformation) -> Answer:
    prepared = request.prepare()
    parts = urlsplit(prepared.url)
    body = prepared.body or b""
    content = body.encode() if isinstance(body, str) else body
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    headers = {
        name: each.decode() if isinstance(each, bytes) else str(each)
        for name, each in prepared.headers.items()
    }
    return await send(door(desk.services), prepared.method, path, content, headers)


def form(parameters: Mapping[str, str] = LIST, path: str = "/v1/") -> AWSRequest:
    return AWSRequest("POST", f"{HOST}{path}", dict(FORM), urlencode(parameters).encode())


def get(parameters: Mapping[str, str] = LIST) -> AWSRequest:
    return AWSRequest("GET", f"{HOST}/v1/?{urlencode(parameters, quote_via=quote)}", {})


async def test_a_form_that_is_signed_by_its_header(keystone: Desk) -> None:
    request = form()
    SigV4Auth(KEY, "cloudformation", "RegionOne").add_auth(request)
    assert (await sent(keystone, request)).status == 200
    request.data = urlencode({**LIST, "Action": "DescribeStacks"}).encode()
    assert code(await sent(keystone, request)) == (403, "SignatureDoesNotMatch")


async def test_a_query_that_is_signed_by_a_header(keystone: Desk) -> None:
    request = get({**LIST, "NextToken": "a b/c~d"})
    SigV4Auth(KEY, "cloudformation", "RegionOne").add_auth(request)
    assert code(await sent(keystone, request)) == (400, "ValidationError"), "no such page"


async def test_an_address_that_is_signed(keystone: Desk) -> None:
    request = get()
    SigV4QueryAuth(KEY, "cloudformation", "RegionOne", expires=60).add_auth(request)
    assert (await sent(keystone, request)).status == 200
    request.url = request.url.replace("ListStacks", "ListExports")
    assert code(await sent(keystone, request)) == (403, "SignatureDoesNotMatch")


async def test_a_body_of_json_that_is_signed(keystone: Desk) -> None:
    request = AWSRequest("POST", f"{HOST}/", dict(ALARMS), b"{}")
    SigV4Auth(KEY, "monitoring", "RegionOne").add_auth(request)
    assert (await sent(keystone, request, door=build_cloudwatch)).status == 200
    request.data = b'{"MaxRecords": 1}'
    assert (await sent(keystone, request, door=build_cloudwatch)).status == 403


async def test_a_form_that_is_signed_in_version_2(keystone: Desk) -> None:
    request = AWSRequest("POST", f"{HOST}/v1/", dict(FORM), dict(LIST))
    SigV2Auth(KEY).add_auth(request)
    signed = form(request.data)
    assert (await sent(keystone, signed)).status == 200
    tampered = form({**request.data, "Action": "DescribeStacks"})
    assert code(await sent(keystone, tampered)) == (403, "SignatureDoesNotMatch")


async def test_a_post_cannot_be_signed_by_its_query(keystone: Desk) -> None:
    """Identity could not check it: to it, the query of a POST is no part of what was signed."""
    request = AWSRequest("POST", f"{HOST}/v1/", dict(FORM), dict(LIST))
    SigV4QueryAuth(KEY, "cloudformation", "RegionOne").add_auth(request)
    refused = await sent(keystone, request)
    assert code(refused) == (400, "IncompleteSignature")
    assert b"Authorization header" in refused.content
    inside = dict(parse_qsl(urlsplit(request.url).query))
    assert code(await sent(keystone, form(inside))) == (400, "IncompleteSignature")


@pytest.mark.parametrize("query", ["StackName=other", "Action=DeleteStack&StackName=web"])
async def test_nobody_adds_a_query_to_a_signed_post(keystone: Desk, query: str) -> None:
    request = form({"Version": "2010-05-15"}, "/v1/")
    SigV4Auth(KEY, "cloudformation", "RegionOne").add_auth(request)
    request.url = f"{request.url}?{query}"
    assert code(await sent(keystone, request)) == (400, "IncompleteSignature")


def address(seconds: int) -> AWSRequest:
    request = AWSRequest("GET", f"{HOST}/v1/", {}, params=dict(LIST))
    SigV4QueryAuth(KEY, "cloudformation", "RegionOne", expires=seconds).add_auth(request)
    return request


@pytest.mark.parametrize(("expires", "later", "told"), [(600, 601, 400), (86_400, 80_000, 200)])
async def test_an_address_works_as_long_as_it_was_signed_for(
    keystone: Desk, expires: int, later: int, told: int
) -> None:
    """Where identity takes signatures as old as that."""
    request = address(expires)
    keystone.clock.advance(later + 900 * (told == 400))
    answer = await sent(keystone, request)
    assert (answer.status, b"RequestExpired" in answer.content) == (told, told == 400)


async def test_an_address_that_is_too_old_for_identity_says_so(keystone: Desk) -> None:
    request = address(86_400)
    keystone.clock.advance(1000)

    async def too_old(request: SignedRequest) -> Caller:
        raise NotAuthenticated

    keystone.cloud.authenticate_signed = too_old  # type: ignore[method-assign]
    refused = await sent(keystone, request)
    assert code(refused) == (400, "RequestExpired")
    assert b"auth_ttl" in refused.content


@pytest.mark.parametrize("expires", ["604801", "0", "-5", "soon", ""])
async def test_no_address_is_signed_for_more_than_a_week(keystone: Desk, expires: str) -> None:
    request = address(60)
    request.url = request.url.replace("X-Amz-Expires=60", f"X-Amz-Expires={expires}")
    assert code(await sent(keystone, request)) == (400, "AuthorizationQueryParametersError")


@pytest.mark.parametrize(("minutes", "expected"), [(5, (200, "")), (-5, (400, "RequestExpired"))])
async def test_version_2_may_say_until_when_it_works(
    keystone: Desk, minutes: int, expected: tuple[int, str]
) -> None:
    until = keystone.clock.now() + timedelta(minutes=minutes)
    given = {**LIST, "AWSAccessKeyId": KEY.access_key, "SignatureVersion": "2"}
    given |= {"SignatureMethod": "HmacSHA256", "Expires": until.strftime("%Y-%m-%dT%H:%M:%SZ")}
    told = {"params": dict(given), "verb": "POST", "host": "api.example", "path": "/v1/"}
    signature = Ec2Signer(KEY.secret_key).generate(told)
    assert code(await sent(keystone, form({**given, "Signature": signature}))) == expected


@pytest.mark.parametrize("version", ["0", "1", "3", ""])
async def test_versions_that_cover_too_little_are_not_taken(keystone: Desk, version: str) -> None:
    at = keystone.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    given = {**LIST, "AWSAccessKeyId": KEY.access_key, "Timestamp": at}
    given |= {"SignatureVersion": version} if version else {}
    signer = Ec2Signer(KEY.secret_key)
    signature = signer.generate({"params": dict(given)}) if version in ("0", "1") else "any"
    refused = await sent(keystone, form({**given, "Signature": signature}))
    assert code(refused) == (400, "IncompleteSignature")

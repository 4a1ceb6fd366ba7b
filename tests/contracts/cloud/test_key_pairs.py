"""What is signed with a user's EC2 key pair, as botocore signs it, and what may be done by it."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from botocore.auth import SigV2Auth, SigV4Auth, SigV4QueryAuth  # type: ignore[import-untyped]
from botocore.awsrequest import AWSRequest  # type: ignore[import-untyped]
from botocore.credentials import Credentials  # type: ignore[import-untyped]

from isotherm.cloud import OpenStackCloud
from isotherm.core.values import reveal
from isotherm.ports.cloud import Caller, NotAuthenticated, SignedRequest

URL = "http://api.example:8000/v1/"
LIST = {"Action": "ListStacks", "Version": "2010-05-15"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def pair(cloud: OpenStackCloud, caller: Caller) -> AsyncIterator[Credentials]:
    path = f"/users/{caller.user_id}/credentials/OS-EC2"
    api = await cloud.connect_caller(caller)
    made = await api.call("identity", "POST", path, {"tenant_id": caller.project_id})
    found = made["credential"]
    yield Credentials(found["access"], found["secret"])
    await api.call("identity", "DELETE", f"{path}/{found['access']}")


def form(pair: Credentials) -> SignedRequest:
    request = AWSRequest("POST", URL, dict(FORM), urlencode(LIST).encode())
    SigV4Auth(pair, "cloudformation", "RegionOne").add_auth(request)
    return sent(request, LIST, pair.access_key, _of_header(request))


def address(pair: Credentials) -> SignedRequest:
    request = AWSRequest("GET", URL, {}, params=dict(LIST))
    SigV4QueryAuth(pair, "cloudformation", "RegionOne", expires=600).add_auth(request)
    told = dict(parse_qsl(urlsplit(request.url).query))
    return sent(request, told, pair.access_key, told["X-Amz-Signature"])


def version_2(pair: Credentials) -> SignedRequest:
    given = {
        **LIST,
        "AWSAccessKeyId": pair.access_key,
        "SignatureVersion": "2",
        "SignatureMethod": "HmacSHA256",
        "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    request = AWSRequest("GET", f"{URL}?{urlencode(given, quote_via=quote)}", {})
    _, signature = SigV2Auth(pair).calc_signature(request, given)
    return sent(request, {**given, "Signature": signature}, pair.access_key, signature)


def sent(
    request: AWSRequest, parameters: Mapping[str, str], access: str, signature: str
) -> SignedRequest:
    """In the parts that the door hands on."""
    prepared = request.prepare()
    headers = {
        name.lower(): each.decode() if isinstance(each, bytes) else str(each)
        for name, each in prepared.headers.items()
    }
    return SignedRequest(
        access=access,
        signature=signature,
        host="api.example:8000",
        verb=request.method,
        path="/v1/",
        parameters=dict(parameters),
        headers={"host": "api.example:8000", **headers},
        body_hash=hashlib.sha256(prepared.body or b"").hexdigest(),
    )


def _of_header(request: AWSRequest) -> str:
    return str(request.headers["Authorization"]).rpartition("Signature=")[2]


@pytest.mark.parametrize("sign", [form, address, version_2], ids=["form", "address", "version 2"])
async def test_identity_knows_who_has_signed(
    cloud: OpenStackCloud, caller: Caller, pair: Credentials, sign: object
) -> None:
    assert callable(sign)
    request: SignedRequest = sign(pair)
    found = await cloud.authenticate_signed(request)
    assert (found.user_id, found.project_id) == (caller.user_id, caller.project_id)
    assert set(found.roles) == set(caller.roles)
    assert found.by_own_key
    with pytest.raises(NotAuthenticated):
        await cloud.authenticate_signed(sign(Credentials(pair.access_key, "wrong")))


async def test_by_a_trust_that_was_given_once_the_service_acts_for_who_signs(
    cloud: OpenStackCloud, caller: Caller, pair: Credentials
) -> None:
    """Where identity lets nobody delegate by a signature, as where it does."""
    api = await cloud.connect_caller(caller)
    given = {
        "trustor_user_id": caller.user_id,
        "trustee_user_id": await cloud._service.user_id(),
        "project_id": caller.project_id,
        "impersonation": True,
        "roles": [{"name": each} for each in caller.roles],
    }
    trust = (await api.call("identity", "POST", "/OS-TRUST/trusts", {"trust": given}))["trust"]
    try:
        credentials = await cloud.delegate(await cloud.authenticate_signed(form(pair)))
        acting = await cloud.connect(credentials)
        shown = await acting.call("identity", "GET", "/auth/projects")
        assert [each["id"] for each in shown["projects"]] == [caller.project_id]
        await cloud.revoke(credentials)
        there = await api.call("identity", "GET", f"/OS-TRUST/trusts/{trust['id']}")
        assert there["trust"]["id"] == trust["id"], reveal(credentials)
    finally:
        await api.call("identity", "DELETE", f"/OS-TRUST/trusts/{trust['id']}")

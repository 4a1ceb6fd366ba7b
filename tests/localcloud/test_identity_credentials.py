"""Application credentials, EC2 key pairs and signed requests."""

import base64
import hashlib
import hmac
from typing import Any

import pytest
from keystoneclient.contrib.ec2.utils import Ec2Signer  # type: ignore[import-untyped]
from tests.localcloud.conftest import Answer, Http

from isotherm.localcloud import LocalCloud
from isotherm.localcloud.clock import iso_time

V3 = "/identity/v3"
TOKENS = f"{V3}/auth/tokens"


@pytest.fixture
def demo_id(cloud: LocalCloud) -> str:
    return cloud.identity.users.find(name="demo", domain_id="default")[0].id


async def make(http: Http, user_id: str, **fields: Any) -> dict[str, Any]:
    path = f"{V3}/users/{user_id}/application_credentials"
    answer = await http("POST", path, {"application_credential": fields})
    assert answer.status == 201, answer.body
    made: dict[str, Any] = answer.body["application_credential"]
    return made


async def login(http: Http, made: dict[str, Any]) -> Answer:
    method = {"id": made["id"], "secret": made["secret"]}
    identity = {"methods": ["application_credential"], "application_credential": method}
    return await http("POST", TOKENS, {"auth": {"identity": identity}}, user=None)


async def test_an_application_credential_logs_in_with_its_roles_only(
    http: Http, demo_id: str
) -> None:
    made = await make(http, demo_id, name="reader", roles=[{"name": "reader"}])

    token = (await login(http, made)).body["token"]

    assert [role["name"] for role in token["roles"]] == ["reader"]
    assert token["project"]["name"] == "demo"
    assert token["application_credential"]["restricted"] is True
    assert (await login(http, {**made, "secret": "wrong"})).status == 401


async def test_only_unrestricted_ones_make_others(http: Http, demo_id: str) -> None:
    path = f"{V3}/users/{demo_id}/application_credentials"
    wish = {"application_credential": {"name": "more"}}
    for unrestricted, status in ((False, 403), (True, 201)):
        made = await make(http, demo_id, name=f"c{unrestricted}", unrestricted=unrestricted)
        token = {"X-Auth-Token": (await login(http, made)).headers["x-subject-token"]}
        assert (await http("POST", path, wish, user=None, headers=token)).status == status


async def test_it_cannot_have_more_than_its_user(http: Http, demo_id: str) -> None:
    path = f"{V3}/users/{demo_id}/application_credentials"
    wish = {"application_credential": {"name": "more", "roles": [{"name": "admin"}]}}
    assert (await http("POST", path, wish)).status == 400


async def test_it_ends_with_its_time_or_its_deletion(
    http: Http, demo_id: str, cloud: LocalCloud
) -> None:
    ends = iso_time(cloud.identity.now() + 60)
    short = await make(http, demo_id, name="short", expires_at=ends)
    kept = await make(http, demo_id, name="kept")
    assert (await login(http, short)).status == 201
    cloud.advance(61)
    assert (await login(http, short)).status == 401

    token = {"X-Auth-Token": (await login(http, kept)).headers["x-subject-token"]}
    path = f"{V3}/users/{demo_id}/application_credentials/{kept['id']}"
    assert (await http("DELETE", path)).status == 204
    assert (await http("GET", f"{V3}/auth/catalog", user=None, headers=token)).status == 401
    assert (await http("GET", path)).status == 404


@pytest.fixture
async def pair(http: Http, demo_id: str, demo_project: str) -> dict[str, Any]:
    path = f"{V3}/users/{demo_id}/credentials/OS-EC2"
    answer = await http("POST", path, {"tenant_id": demo_project})
    assert answer.status == 201
    found: dict[str, Any] = answer.body["credential"]
    return found


async def test_a_key_pair_is_a_credential_of_its_owner(
    http: Http, demo_id: str, pair: dict[str, Any]
) -> None:
    own = f"{V3}/users/{demo_id}/credentials/OS-EC2/{pair['access']}"
    assert (await http("GET", own)).body["credential"] == pair
    (listed,) = (await http("GET", f"{V3}/credentials?type=ec2")).body["credentials"]
    assert listed["id"] == hashlib.sha256(pair["access"].encode()).hexdigest()
    assert (await http("DELETE", own)).status == 204
    assert (await http("GET", f"{V3}/credentials")).body["credentials"] == []


def signed_request(pair: dict[str, Any], at: float, version: int) -> dict[str, Any]:
    """As clients sign, and as the service that got the request passes it on."""
    now = iso_time(at)
    request: dict[str, Any] = {
        "access": pair["access"],
        "host": "host",
        "verb": "POST",
        "path": "/v1/",
        "params": {"Action": "ListStacks"},
        "headers": {},
        "body_hash": hashlib.sha256(b"Action=ListStacks").hexdigest(),
    }
    if version == 2:
        request["params"] |= {
            "AWSAccessKeyId": pair["access"],
            "SignatureVersion": "2",
            "SignatureMethod": "HmacSHA256",
            "Timestamp": now,
        }
    else:
        compact = now.replace("-", "").replace(":", "")
        scope = f"{pair['access']}/{compact[:8]}/RegionOne/cloudformation/aws4_request"
        fields = f"Credential={scope}, SignedHeaders=host;x-amz-date, Signature=computed-below"
        request["headers"] = {
            "Host": "host",
            "X-Amz-Date": compact,
            "Authorization": f"AWS4-HMAC-SHA256 {fields}",
        }
    return {**request, "signature": Ec2Signer(pair["secret"]).generate(request)}


async def test_a_signed_request_becomes_its_users_token(
    http: Http, pair: dict[str, Any], cloud: LocalCloud
) -> None:
    for version in (2, 4):
        signed = signed_request(pair, cloud.identity.now(), version)
        answer = await http("POST", f"{V3}/ec2tokens", {"credentials": signed}, user="isotherm")
        assert answer.status == 200, answer.body
        assert answer.body["token"]["user"]["name"] == "demo"
        token = {"X-Auth-Token": answer.headers["x-subject-token"]}
        assert (await http("GET", f"{V3}/auth/catalog", user=None, headers=token)).status == 200

        forged = {**signed, "path": "/v1/other"}
        answer = await http("POST", f"{V3}/ec2tokens", {"credentials": forged}, user="isotherm")
        assert answer.status == 401


async def test_a_signature_need_not_tell_its_time(http: Http, pair: dict[str, Any]) -> None:
    request = signed_request(pair, 0.0, 2)
    del request["params"]["Timestamp"], request["signature"]
    signed = {**request, "signature": Ec2Signer(pair["secret"]).generate(request)}
    answer = await http("POST", f"{V3}/ec2tokens", {"credentials": signed}, user="isotherm")
    assert answer.status == 200, answer.body


async def test_an_old_signature_and_a_curious_user_are_refused(
    http: Http, pair: dict[str, Any], cloud: LocalCloud
) -> None:
    old = signed_request(pair, cloud.identity.now() - 3600, 2)
    body = {"credentials": old}
    assert (await http("POST", f"{V3}/ec2tokens", body, user="isotherm")).status == 401
    assert (await http("POST", f"{V3}/ec2tokens", body)).status == 403


async def test_an_s3_signature_is_checked(http: Http, pair: dict[str, Any]) -> None:
    text = b"GET\n\n\nSun, 22 Nov 2026 00:00:00 GMT\n/bucket"
    mac = hmac.new(pair["secret"].encode(), text, hashlib.sha1).digest()
    signed = {
        "access": pair["access"],
        "token": base64.urlsafe_b64encode(text).decode(),
        "signature": base64.b64encode(mac).decode(),
    }
    body = {"credentials": signed}
    assert (await http("POST", f"{V3}/s3tokens", body, user="isotherm")).status == 200
    body = {"credentials": {**signed, "signature": "AAAA"}}
    assert (await http("POST", f"{V3}/s3tokens", body, user="isotherm")).status == 401

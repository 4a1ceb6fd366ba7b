"""Messaging: queues, messages, claims, those who are told, and signed addresses."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.localcloud.conftest import Answer, Http

from isotherm.localcloud import LocalCloud
from isotherm.localcloud.deliveries import Answered, Outgoing

CLIENT = {"Client-ID": "3381af92-2b9e-11e3-b191-71861300734c"}
PATCHING = {"Content-Type": "application/openstack-messaging-v2.0-json-patch"}
OTHER = {"Client-ID": "3381af92-2b9e-11e3-b191-71861300734d"}
QUEUE = "/v2/queues/jobs"


class Messages:
    """Calls below the service's endpoint, as one client."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def __call__(self, method: str, path: str, body: object = None, **more: Any) -> Answer:
        more.setdefault("headers", CLIENT | (PATCHING if isinstance(body, list) else {}))
        return await self._http(method, f"/messaging{path}", body, **more)


@pytest.fixture
def messages(http: Http) -> Messages:
    return Messages(http)


@pytest.fixture
def told(cloud: LocalCloud) -> list[Outgoing]:
    """What the cloud sends to others."""
    sent: list[Outgoing] = []

    async def keep(request: Outgoing) -> Answered:
        sent.append(request)
        return Answered(200)

    cloud.frame.deliveries.sender = keep
    return sent


async def test_a_queue_is_made_by_its_name_and_only_once(messages: Messages) -> None:
    made = await messages("PUT", QUEUE, {"color": "red"})
    assert (made.status, made.headers["location"]) == (201, QUEUE)
    assert (await messages("PUT", QUEUE, {"color": "blue"})).status == 204
    shown = (await messages("GET", QUEUE)).body
    assert (shown["color"], shown["_default_message_ttl"]) == ("red", 3600)
    assert "color" not in (await messages("GET", QUEUE, user="admin")).body
    assert (await messages("DELETE", QUEUE)).status == 204
    assert "color" not in (await messages("GET", QUEUE)).body  # as it would be
    assert (await messages("GET", "/v2/queues")).body["queues"] == []
    gone = await messages("PATCH", QUEUE, [{"op": "add", "path": "/metadata/a", "value": 1}])
    assert gone.status == 404
    assert gone.body["title"] == "Not found"
    assert "Queue jobs does not exist" in gone.body["description"]
    assert (await messages("DELETE", QUEUE)).status == 204


async def test_metadata_is_patched(messages: Messages) -> None:
    await messages("PUT", QUEUE, {"a": 1, "b": 2})
    changes = [
        {"op": "add", "path": "/metadata/x~1y", "value": [1]},
        {"op": "replace", "path": "/metadata/a", "value": 3},
        {"op": "remove", "path": "/metadata/b"},
    ]
    changed = (await messages("PATCH", QUEUE, changes)).body
    assert {key: each for key, each in changed.items() if key[0] != "_"} == {"a": 3, "x/y": [1]}
    missing = [{"op": "remove", "path": "/metadata/b"}]
    assert (await messages("PATCH", QUEUE, missing)).status == 409
    assert (await messages("PATCH", QUEUE, [{"op": "copy", "path": "/metadata/b"}])).status == 400
    assert (await messages("PATCH", QUEUE, [{"op": "remove", "path": "/b"}])).status == 400
    assert (await messages("PATCH", QUEUE, {})).status == 415
    assert (await messages("PATCH", QUEUE, {}, headers=CLIENT | PATCHING)).status == 400


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        (QUEUE, {}, {}),
        (QUEUE, {}, {"Client-ID": "me"}),
        ("/v2/queues/not%20so", {}, CLIENT),
        (f"/v2/queues/{'x' * 65}", {}, CLIENT),
    ],
)
async def test_what_no_queue_is_made_of(
    messages: Messages, path: str, body: object, headers: dict[str, str]
) -> None:
    assert (await messages("PUT", path, body, headers=headers)).status == 400


async def test_queues_are_listed_in_the_order_of_their_names(messages: Messages) -> None:
    for name in ("c", "a", "b"):
        await messages("PUT", f"/v2/queues/{name}")
    page = (await messages("GET", "/v2/queues?limit=2&with_count=true&detailed=true")).body
    assert [each["name"] for each in page["queues"]] == ["a", "b"]
    assert page["count"] == 3
    assert page["queues"][0]["href"] == "/v2/queues/a"
    assert page["queues"][0]["metadata"]["_max_claim_count"] is None
    rest = (await messages("GET", page["links"][0]["href"])).body
    assert [each["name"] for each in rest["queues"]] == ["c"]
    end = (await messages("GET", rest["links"][0]["href"])).body
    assert (end["queues"], end["links"]) == ([], [])
    assert len((await messages("GET", "/v2/queues?name=b")).body["queues"]) == 1
    assert (await messages("GET", "/v2/queues?limit=21")).status == 400


async def post(messages: Messages, *bodies: object) -> list[str]:
    said = {"messages": [{"ttl": 300, "body": each} for each in bodies]}
    posted = await messages("POST", f"{QUEUE}/messages", said)
    assert posted.status == 201
    return [str(each) for each in posted.body["resources"]]


async def test_messages_come_in_order_and_end(cloud: LocalCloud, messages: Messages) -> None:
    paths = await post(messages, "one", {"two": 2}, "three")
    own = (await messages("GET", f"{QUEUE}/messages")).body
    assert own == {"messages": [], "links": []}
    page = (await messages("GET", f"{QUEUE}/messages?echo=true&limit=2")).body
    assert [each["body"] for each in page["messages"]] == ["one", {"two": 2}]
    rest = (await messages("GET", page["links"][0]["href"])).body
    assert [each["body"] for each in rest["messages"]] == ["three"]
    theirs = (await messages("GET", f"{QUEUE}/messages", headers=OTHER)).body["messages"]
    assert len(theirs) == 3
    assert (await messages("GET", paths[0])).body["body"] == "one"
    assert (await messages("DELETE", paths[0])).status == 204
    assert (await messages("GET", paths[0])).status == 404
    assert (await messages("GET", f"{QUEUE}/stats")).body["messages"]["free"] == 2
    popped = (await messages("DELETE", f"{QUEUE}/messages?pop=1")).body["messages"]
    assert [each["body"] for each in popped] == [{"two": 2}]
    cloud.advance(301)
    assert (await messages("GET", f"{QUEUE}/messages?echo=true")).body["messages"] == []


async def test_agents_of_images_post_by_the_api_before(messages: Messages) -> None:
    posted = await messages(
        "POST", "/v1.1/queues/jobs/messages", {"messages": [{"body": {"n": 1}, "ttl": 600}]}
    )
    assert posted.status == 201
    assert posted.body["resources"][0].startswith("/v1.1/queues/jobs/messages/")
    found = (await messages("GET", f"{QUEUE}/messages?echo=true")).body["messages"]
    assert [each["body"] for each in found] == [{"n": 1}]


async def test_what_no_message_is(messages: Messages) -> None:
    path = f"{QUEUE}/messages"
    assert (await messages("POST", path, {})).status == 400
    assert (await messages("POST", path, {"messages": [{"ttl": 60}]})).status == 400
    short = {"messages": [{"body": 1, "ttl": 59}]}
    refused = await messages("POST", path, short)
    assert refused.body["description"].endswith("and must be at least 60 seconds long.")
    assert (await messages("DELETE", path)).status == 400
    assert (await messages("DELETE", f"{path}?pop=21")).status == 400


async def test_a_claim_keeps_others_away_until_it_ends(
    cloud: LocalCloud, messages: Messages
) -> None:
    assert (await messages("POST", f"{QUEUE}/claims")).status == 204
    (path,) = await post(messages, "work")
    claimed = await messages("POST", f"{QUEUE}/claims", {"ttl": 100, "grace": 60})
    assert claimed.status == 201
    (held,) = claimed.body["messages"]
    assert held["body"] == "work"
    assert (await messages("POST", f"{QUEUE}/claims")).status == 204
    assert (await messages("DELETE", path)).status == 403
    claim = claimed.headers["location"]
    assert len((await messages("GET", claim)).body["messages"]) == 1
    cloud.advance(90)
    assert (await messages("PATCH", claim, {"ttl": 300, "grace": 60})).status == 204
    cloud.advance(250)
    assert (await messages("GET", claim)).body["age"] == 250
    cloud.advance(51)
    assert (await messages("GET", claim)).status == 404
    again = (await messages("POST", f"{QUEUE}/claims")).body["messages"]
    assert again[0]["body"] == "work"
    assert (await messages("DELETE", again[0]["href"])).status == 204
    assert (await messages("GET", f"{QUEUE}/stats")).body["messages"]["total"] == 0


async def test_subscribers_are_told_in_the_form_they_want(
    cloud: LocalCloud, messages: Messages, told: list[Outgoing], demo_project: str
) -> None:
    path = f"{QUEUE}/subscriptions"
    plain = {"subscriber": "http://example.org/a", "ttl": 220367260800}
    made = await messages("POST", path, plain)
    assert made.status == 201
    again = await messages("POST", path, plain)
    assert (again.status, again.body) == (201, made.body)
    confirm = f"{path}/{made.body['subscription_id']}/confirm"
    assert (await messages("PUT", confirm, {"confirmed": True})).status == 204
    assert (await messages("POST", path, plain)).status == 409
    options = {"post_data": '{"env": "$zaqar_message$"}', "post_headers": {"X-Who": "me"}}
    trusted = {"subscriber": "trust+http://example.org/b", "options": options, "ttl": 60}
    await messages("POST", path, trusted)
    await post(messages, {"n": 1})
    await cloud.frame.deliveries.done()
    first, second = told
    assert first.url == "http://example.org/a"
    assert json.loads(first.body)["body"] == {"n": 1}
    assert json.loads(first.body)["queue_name"] == "jobs"
    assert json.loads(second.body)["env"]["body"] == {"n": 1}
    assert second.headers["X-Who"] == "me"
    caller = cloud.identity.caller_of(second.headers["X-Auth-Token"])
    assert caller is not None
    assert caller.project_id == demo_project
    listed = (await messages("GET", path)).body["subscriptions"]
    assert [each["source"] for each in listed] == ["jobs", "jobs"]
    cloud.advance(61)
    (left,) = (await messages("GET", path)).body["subscriptions"]
    one = f"{path}/{left['id']}"
    assert (await messages("PATCH", one, {"ttl": 90})).status == 204
    assert (await messages("GET", one)).body["ttl"] == 90
    assert (await messages("DELETE", one)).status == 204
    assert (await messages("GET", one)).status == 404
    bad = {"subscriber": "ftp://example.org"}
    assert (await messages("POST", path, bad)).status == 400
    short = {"subscriber": "http://example.org", "ttl": 59}
    assert (await messages("POST", path, short)).status == 400


async def test_nobody_there_is_tried_again(
    cloud: LocalCloud, messages: Messages, told: list[Outgoing]
) -> None:
    tried: list[str] = []

    async def fail_once(request: Outgoing) -> Answered:
        tried.append(request.url)
        if len(tried) == 1:
            raise OSError("nobody listens")
        cloud.clock.resume()
        return Answered(500 if len(tried) == 2 else 200)

    cloud.clock.resume()
    cloud.clock.advance(0)
    cloud.frame.deliveries.sender = fail_once
    await messages("POST", f"{QUEUE}/subscriptions", {"subscriber": "http://example.org/a"})
    await post(messages, "x")
    while len(tried) < 3:
        cloud.clock.advance(5)
        await messages("GET", f"{QUEUE}/stats")
    await cloud.frame.deliveries.done()
    assert tried == ["http://example.org/a"] * 3


async def test_a_signed_address_opens_what_it_names(cloud: LocalCloud, messages: Messages) -> None:
    await post(messages, "work")
    end = datetime.fromtimestamp(cloud.clock.now() + 3600, UTC).isoformat()
    asked = {"paths": ["messages"], "methods": ["GET", "POST"], "expires": end}
    signed = (await messages("POST", f"{QUEUE}/share", asked)).body
    assert signed["paths"] == [f"{QUEUE}/messages"]
    headers = {
        **OTHER,
        "URL-Signature": signed["signature"],
        "URL-Expires": signed["expires"],
        "URL-Methods": ",".join(signed["methods"]),
        "URL-Paths": ",".join(signed["paths"]),
        "X-Project-ID": signed["project"],
    }

    async def ask(method: str, path: str, **changed: str) -> int:
        more = {**headers, **{name.replace("_", "-"): each for name, each in changed.items()}}
        return (await messages(method, path, user=None, headers=more)).status

    assert await ask("GET", f"{QUEUE}/messages") == 200
    assert await ask("DELETE", f"{QUEUE}/messages") == 404
    assert await ask("GET", QUEUE) == 404
    assert await ask("GET", f"{QUEUE}/messages", URL_Methods="GET,POST,PUT") == 404
    cloud.advance(3600)
    assert await ask("GET", f"{QUEUE}/messages") == 404
    assert (await messages("GET", QUEUE, user=None)).status == 401
    for wrong in ({"paths": ["stats"]}, {"other": 1}, {"expires": "2001-01-01T00:00:00"}):
        assert (await messages("POST", f"{QUEUE}/share", wrong)).status == 400


async def test_purging_keeps_the_queue(messages: Messages) -> None:
    await post(messages, "a")
    await messages("POST", f"{QUEUE}/subscriptions", {"subscriber": "http://example.org/a"})
    purged = await messages("POST", f"{QUEUE}/purge", {"resource_types": ["messages"]})
    assert purged.status == 204
    assert (await messages("GET", f"{QUEUE}/stats")).body["messages"]["total"] == 0
    assert len((await messages("GET", f"{QUEUE}/subscriptions")).body["subscriptions"]) == 1
    assert (await messages("POST", f"{QUEUE}/purge", {"resource_types": ["x"]})).status == 400

"""Alarms are judged by the clock on what the metric service knows, and really tell others."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.localcloud.conftest import Answer, Http

from isotherm.localcloud import LocalCloud
from isotherm.localcloud.deliveries import Answered, Outgoing

MINUTE = 60


class Watch:
    """A server that is measured, and alarms about it."""

    def __init__(self, http: Http, cloud: LocalCloud) -> None:
        self._http, self.cloud = http, cloud
        self.told: list[Outgoing] = []

    async def metric(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        return await self._http(method, f"/metric/v1{path}", body, **more)

    async def alarm(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        return await self._http(method, f"/alarming/v2{path}", body, **more)

    async def measured(self, name: str = "server") -> None:
        policy = {"archive_policy_name": "medium"}
        body = {"id": name, "metrics": {"cpu": policy}, "server_group": "web"}
        assert (await self.metric("POST", "/resource/instance", body)).status == 201

    async def measure(self, *values: float, name: str = "server") -> None:
        """One value a minute, while time goes on."""
        for value in values:
            at = datetime.fromtimestamp(self.cloud.clock.now(), UTC).isoformat()
            path = f"/resource/generic/{name}/metric/cpu/measures"
            sent = await self.metric("POST", path, [{"timestamp": at, "value": value}])
            assert sent.status == 202
            self.cloud.advance(MINUTE)
            await self.cloud.frame.deliveries.done()

    async def make(self, kind: str, rule: dict[str, Any], **more: Any) -> str:
        wish = {"name": "high", "type": kind, f"{kind}_rule": rule, **more}
        made = await self.alarm("POST", "/alarms", wish)
        assert made.status == 201, made.body
        return str(made.body["alarm_id"])

    async def state(self, alarm_id: str) -> str:
        return str((await self.alarm("GET", f"/alarms/{alarm_id}/state")).body)


@pytest.fixture
def watch(http: Http, cloud: LocalCloud) -> Watch:
    # Spans of a minute begin with the minute.
    cloud.advance(MINUTE - cloud.clock.now() % MINUTE)
    watch = Watch(http, cloud)

    async def keep(request: Outgoing) -> Answered:
        watch.told.append(request)
        return Answered(200)

    cloud.frame.deliveries.sender = keep
    return watch


RULE = {
    "metric": "cpu",
    "resource_id": "server",
    "resource_type": "instance",
    "aggregation_method": "mean",
    "granularity": MINUTE,
    "evaluation_periods": 2,
    "comparison_operator": "gt",
    "threshold": 80.0,
}
KIND = "gnocchi_resources_threshold"


async def test_an_alarm_goes_off_and_ends_and_tells_of_both(watch: Watch) -> None:
    await watch.measured()
    alarm = await watch.make(
        KIND,
        RULE,
        alarm_actions=["http://example.org/up"],
        ok_actions=["trust+http://example.org/down"],
        severity="critical",
    )
    assert await watch.state(alarm) == "insufficient data"
    await watch.measure(90, 95, 99)
    assert await watch.state(alarm) == "alarm"
    (up,) = watch.told
    told = json.loads(up.body)
    assert (told["previous"], told["current"]) == ("insufficient data", "alarm")
    assert (told["alarm_id"], told["severity"]) == (alarm, "critical")
    assert "outside threshold, most recent" in told["reason"]
    await watch.measure(10)
    assert await watch.state(alarm) == "alarm"
    await watch.measure(10, 10)
    assert await watch.state(alarm) == "ok"
    down = watch.told[-1]
    assert down.url == "http://example.org/down"
    assert watch.cloud.identity.caller_of(down.headers["X-Auth-Token"]) is not None
    assert len(watch.told) == 2
    history = (await watch.alarm("GET", f"/alarms/{alarm}/history")).body
    assert [json.loads(each["detail"]).get("state") for each in history] == [
        *("ok", "alarm", "insufficient data")
    ]
    watch.cloud.advance(5 * MINUTE)
    assert await watch.state(alarm) == "insufficient data"


async def test_actions_are_repeated_and_queues_are_told(watch: Watch, demo_project: str) -> None:
    await watch.measured()
    rule = {**RULE, "evaluation_periods": 1}
    await watch.make(
        KIND,
        rule,
        repeat_actions=True,
        alarm_actions=["http://example.org/up", "trust+zaqar://?queue_name=news", "log://"],
    )
    await watch.measure(90, 90, 90)
    assert len(watch.told) == 3
    messaging = next(each for each in watch.cloud.services if each.service_type == "messaging")
    bodies = [each.body for each in messaging.collections["message"]]
    assert [each["current"] for each in bodies] == ["alarm"] * 3


async def test_metrics_and_resources_are_watched_as_one(watch: Watch) -> None:
    await watch.measured("one")
    await watch.measured("two")
    ids = [
        (await watch.metric("GET", f"/resource/instance/{name}")).body["metrics"]["cpu"]
        for name in ("one", "two")
    ]
    common = {
        **{name: RULE[name] for name in ("aggregation_method", "granularity", "threshold")},
        "evaluation_periods": 1,
        "comparison_operator": "ge",
    }
    by_metrics = await watch.make(
        "gnocchi_aggregation_by_metrics_threshold", {"metrics": ids, **common}
    )
    query = json.dumps({"=": {"server_group": "web"}})
    by_resources = await watch.make(
        "gnocchi_aggregation_by_resources_threshold",
        {"metric": "cpu", "query": query, "resource_type": "instance", **common},
    )
    none = json.dumps({"=": {"server_group": "db"}})
    nobody = await watch.make(
        "gnocchi_aggregation_by_resources_threshold",
        {"metric": "cpu", "query": none, "resource_type": "instance", **common},
    )
    meter = {
        "meter_name": "cpu",
        "period": MINUTE,
        "statistic": "max",
        "comparison_operator": "gt",
        "threshold": 90,
        "query": [{"field": "metadata.metering.server_group", "op": "eq", "value": "web"}],
    }
    old = await watch.make("threshold", meter)
    path = "/batch/resources/metrics/measures"
    at = watch.cloud.clock.now()
    values = {
        name: {"cpu": [{"timestamp": at, "value": value}]}
        for name, value in (("one", 60), ("two", 100))
    }
    assert (await watch.metric("POST", path, values)).status == 202
    watch.cloud.advance(MINUTE)
    states = [await watch.state(each) for each in (by_metrics, by_resources, nobody, old)]
    assert states == ["alarm", "alarm", "insufficient data", "alarm"]


async def test_a_composite_alarm_is_what_its_rules_are(watch: Watch) -> None:
    await watch.measured("one")
    await watch.measured("two")
    rules = [
        {**RULE, "type": KIND, "resource_id": each, "evaluation_periods": 1}
        for each in ("one", "two")
    ]
    either = await watch.make("composite", {"or": rules})
    both = await watch.make("composite", {"and": [rules[0], {"or": [rules[1], rules[1]]}]})
    await watch.measure(90, name="one")
    assert [await watch.state(each) for each in (either, both)] == ["alarm", "insufficient data"]
    path = "/batch/resources/metrics/measures"
    at = watch.cloud.clock.now()
    values = {name: {"cpu": [{"timestamp": at, "value": 90}]} for name in ("one", "two")}
    await watch.metric("POST", path, values)
    watch.cloud.advance(MINUTE)
    assert [await watch.state(each) for each in (either, both)] == ["alarm", "alarm"]


async def test_an_event_sets_off_what_waits_for_it(
    watch: Watch, http: Http, demo_project: str
) -> None:
    query = [{"field": "traits.state", "type": "string", "op": "eq", "value": "error"}]
    rule = {"event_type": "compute.instance.*", "query": query}
    alarm = await watch.make("event", rule, alarm_actions=["http://example.org/up"])

    async def happens(name: str, **traits: str) -> str:
        event = {"event_type": name, "project_id": demo_project, "traits": traits}
        sent = await http("POST", "/localcloud/events", event, user="admin")
        assert sent.status == 202
        return await watch.state(alarm)

    assert await happens("compute.instance.update", state="active") == "insufficient data"
    assert await happens("image.update", state="error") == "insufficient data"
    assert await happens("compute.instance.update", state="error") == "alarm"
    await watch.cloud.frame.deliveries.done()
    assert json.loads(watch.told[0].body)["reason_data"]["event"]["traits"] == [
        ["state", 1, "error"]
    ]
    assert await happens("compute.instance.update", state="error") == "alarm"
    assert len(watch.told) == 1


async def test_servers_set_off_what_waits_for_them(watch: Watch, http: Http) -> None:
    image = (await http("GET", "/image/v2/images?name=cirros")).body["images"][0]["id"]
    flavor = (await http("GET", "/compute/v2.1/flavors")).body["flavors"][0]["id"]
    wish = {"name": "one", "imageRef": image, "flavorRef": flavor, "networks": "none"}
    headers = {"X-OpenStack-Nova-API-Version": "2.37"}
    made = await http("POST", "/compute/v2.1/servers", {"server": wish}, headers=headers)
    server = made.body["server"]["id"]
    watch.cloud.advance(MINUTE)
    mine = [{"field": "traits.instance_id", "op": "eq", "value": server}]
    stopped = [*mine, {"field": "traits.state", "op": "eq", "value": "stopped"}]
    stop = await watch.make("event", {"event_type": "compute.instance.update", "query": stopped})
    end = await watch.make("event", {"event_type": "compute.instance.delete.*", "query": mine})

    async def states() -> list[str]:
        watch.cloud.advance(MINUTE)
        return [await watch.state(each) for each in (stop, end)]

    assert await states() == ["insufficient data", "insufficient data"]
    await http("POST", f"/compute/v2.1/servers/{server}/action", {"os-stop": None})
    assert await states() == ["alarm", "insufficient data"]
    await http("DELETE", f"/compute/v2.1/servers/{server}")
    assert await states() == ["alarm", "alarm"]


async def test_constraints_of_time_and_alarms_that_are_off(watch: Watch) -> None:
    await watch.measured()
    now = datetime.fromtimestamp(watch.cloud.clock.now(), UTC)
    later = {"name": "later", "start": f"{now.minute} {(now.hour + 5) % 24} * * *", "duration": 600}
    here = {"name": "now", "start": f"{now.minute} {now.hour} * * *", "duration": 600}
    rule = {**RULE, "evaluation_periods": 1}
    off = await watch.make(KIND, rule, enabled=False)
    wrong = await watch.make(KIND, rule, time_constraints=[later])
    right = await watch.make(KIND, rule, time_constraints=[here])
    await watch.measure(90)
    states = [await watch.state(each) for each in (off, wrong, right)]
    assert states == ["insufficient data", "insufficient data", "alarm"]


@pytest.mark.parametrize(
    "wish",
    [
        {"type": "event", "event_rule": {}},
        {"name": "a", "type": "nothing"},
        {"name": "a", "type": "event"},
        {"name": "a", "type": KIND, f"{KIND}_rule": {**RULE, "threshold": "much"}},
        {"name": "a", "type": KIND, f"{KIND}_rule": {**RULE, "comparison_operator": "like"}},
        {"name": "a", "type": KIND, f"{KIND}_rule": {"metric": "cpu"}},
        {"name": "a", "type": "event", "event_rule": {}, f"{KIND}_rule": RULE},
        {"name": "a", "type": "event", "event_rule": {}, "alarm_actions": ["ftp://x"]},
        {"name": "a", "type": "composite", "composite_rule": {"xor": [1, 2]}},
        {"name": "a", "type": "composite", "composite_rule": {"or": [{"type": "x"}, {}]}},
    ],
)
async def test_what_is_no_alarm(watch: Watch, wish: dict[str, Any]) -> None:
    refused = await watch.alarm("POST", "/alarms", wish)
    assert refused.status == 400
    assert refused.body["error_message"]["faultcode"] == "Client"


async def test_alarms_are_found_changed_and_limited(
    watch: Watch, http: Http, demo_project: str
) -> None:
    alarm = await watch.make("event", {})
    by_name = "q.field=name&q.op=eq&q.value=high"
    assert [e["alarm_id"] for e in (await watch.alarm("GET", f"/alarms?{by_name}")).body] == [alarm]
    assert (await watch.alarm("GET", "/alarms?q.field=name&q.value=low")).body == []
    assert (await watch.alarm("GET", "/alarms?q.field=color&q.value=low")).status == 400
    wanted = {"filter": json.dumps({"and": [{"=": {"name": "high"}}, {"!=": {"state": "ok"}}]})}
    assert len((await watch.alarm("POST", "/query/alarms", wanted)).body) == 1
    whole = (await watch.alarm("GET", f"/alarms/{alarm}")).body
    changed = await watch.alarm("PUT", f"/alarms/{alarm}", {**whole, "severity": "moderate"})
    assert changed.body["severity"] == "moderate"
    assert (await watch.alarm("PUT", f"/alarms/{alarm}/state", "ok")).status == 200
    assert await watch.state(alarm) == "ok"
    assert (await watch.alarm("GET", f"/alarms/{alarm}", user="isotherm")).status == 200
    quota = {"project_id": demo_project, "quotas": [{"resource": "alarms", "limit": 1}]}
    assert (await watch.alarm("POST", "/quotas", quota)).status == 403
    assert (await watch.alarm("POST", "/quotas", quota, user="admin")).status == 201
    again = {"name": "b", "type": "event", "event_rule": {}}
    assert (await watch.alarm("POST", "/alarms", again)).status == 403
    assert (await watch.alarm("DELETE", f"/alarms/{alarm}")).status == 204
    assert (await watch.alarm("DELETE", f"/alarms/{alarm}")).status == 404


async def test_measures_are_told_in_spans(watch: Watch) -> None:
    await watch.measured()
    rows = [{"granularity": 120, "points": 30}, {"granularity": "1h", "timespan": "1 day"}]
    own = {
        "name": "own",
        "definition": rows,
        "aggregation_methods": ["mean", "sum", "max", "50pct"],
    }
    assert (await watch.metric("POST", "/archive_policy", own, user="admin")).status == 201
    made = await watch.metric("POST", "/metric", {"archive_policy_name": "own", "unit": "%"})
    assert made.body["archive_policy_name"] == "own"
    path = f"/metric/{made.body['id']}/measures"
    points = [{"timestamp": f"2026-01-01T00:0{at}:30", "value": at} for at in range(4)]
    assert (await watch.metric("POST", path, points)).status == 202
    query = "granularity=120&aggregation=sum&start=2026-01-01T00:00:00"
    assert (await watch.metric("GET", f"{path}?{query}")).body == [
        ["2026-01-01T00:00:00+00:00", 120.0, 1.0],
        ["2026-01-01T00:02:00+00:00", 120.0, 5.0],
    ]
    half = (await watch.metric("GET", f"{path}?granularity=3600&aggregation=50pct")).body
    assert half[0][2] == 1.5
    assert (await watch.metric("GET", f"{path}?granularity=60")).status == 404
    assert (await watch.metric("GET", f"{path}?aggregation=magic")).status == 404
    assert (await watch.metric("POST", path, [{"value": "x"}])).status == 400
    assert (await watch.metric("POST", path, [{"value": 1, "timestamp": "x"}])).status == 400
    ids = f"metric={made.body['id']}&aggregation=max&granularity=3600"
    assert (await watch.metric("GET", f"/aggregation/metric?{ids}")).body[0][2] == 3.0
    assert (await watch.metric("POST", "/metric", {"archive_policy_name": "no"})).status == 400
    found = (
        await watch.metric(
            "POST", "/search/resource/generic", {"like": {"original_resource_id": "serv%"}}
        )
    ).body
    assert [each["original_resource_id"] for each in found] == ["server"]
    assert (await watch.metric("DELETE", "/resource/generic/server")).status == 204
    assert (await watch.metric("GET", "/resource/generic/server")).status == 404
    policies = (await watch.metric("GET", "/archive_policy")).body
    assert [each["name"] for each in policies] == ["low", "medium", "high", "bool", "own"]
    definition = [{"granularity": 10, "points": 5}]
    policy = {"name": "mine", "definition": definition}
    assert (await watch.metric("POST", "/archive_policy", policy)).status == 403
    assert (await watch.metric("POST", "/archive_policy", policy, user="admin")).status == 201
    assert (await watch.metric("POST", "/archive_policy", policy, user="admin")).status == 409
    assert (await watch.metric("DELETE", "/archive_policy/mine", user="admin")).status == 204
    assert (await watch.metric("DELETE", "/archive_policy/own", user="admin")).status == 400

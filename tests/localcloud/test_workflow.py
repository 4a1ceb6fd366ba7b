"""Workflows really run: what follows what, requests to others, and triggers by the clock."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.localcloud.conftest import Answer, Http

from isotherm.localcloud import LocalCloud
from isotherm.localcloud.cron import cron_pattern, next_time
from isotherm.localcloud.deliveries import Answered, Outgoing

GREET = """
version: '2.0'
greet:
  input: [name, greeting: Hello]
  output:
    text: <% $.text %>
    who: <% env().who %>
  tasks:
    say:
      action: std.echo output="<% $.greeting %>, <% $.name %>!"
      publish: {text: <% task().result %>}
"""


class Workflow:
    def __init__(self, http: Http, cloud: LocalCloud) -> None:
        self._http, self._cloud = http, cloud

    async def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        if isinstance(body, str):
            more |= {"data": body, "headers": {"Content-Type": "text/plain"}}
            body = None
        return await self._http(method, f"/workflow/v2{path}", body, **more)

    async def run(self, definition: str, **wish: Any) -> dict[str, Any]:
        """The ended execution of the text's first workflow, with what is JSON in it read."""
        made = await self("POST", "/workflows", definition)
        assert made.status == 201, made.body
        wish.setdefault("workflow_id", made.body["workflows"][0]["id"])
        started = await self("POST", "/executions", wish)
        assert started.status == 201, started.body
        return await self.ended(started.body["id"])

    async def ended(self, execution_id: str) -> dict[str, Any]:
        await self._cloud.frame.deliveries.done()
        shown = (await self("GET", f"/executions/{execution_id}")).body
        return {**shown, **{name: json.loads(shown[name]) for name in ("input", "output")}}


@pytest.fixture
def workflow(http: Http, cloud: LocalCloud) -> Workflow:
    return Workflow(http, cloud)


def tasks(text: str, **more: str) -> str:
    head = "".join(f"  {name}: {each}\n" for name, each in more.items())
    return f"version: '2.0'\nwf:\n{head}  tasks:\n{text}"


async def test_a_workflow_says_what_its_tasks_publish(workflow: Workflow) -> None:
    ended = await workflow.run(GREET, input={"name": "World"}, params={"env": {"who": "me"}})
    assert (ended["state"], ended["state_info"]) == ("SUCCESS", None)
    assert ended["output"] == {"text": "Hello, World!", "who": "me"}
    assert ended["input"] == {"name": "World", "greeting": "Hello"}
    (task,) = (await workflow("GET", f"/executions/{ended['id']}/tasks")).body["tasks"]
    assert (task["name"], task["state"]) == ("say", "SUCCESS")
    wrong = {"workflow_name": "greet", "input": {"nobody": 1}}
    refused = await workflow("POST", "/executions", wrong)
    assert refused.status == 400
    assert "missing=['name'], unexpected=['nobody']" in refused.body["faultstring"]


async def test_workflows_are_listed_shown_changed_and_deleted(workflow: Workflow) -> None:
    (made,) = (await workflow("POST", "/workflows", GREET)).body["workflows"]
    assert (made["name"], made["input"]) == ("greet", 'name, greeting="Hello"')
    assert (await workflow("POST", "/workflows", GREET)).status == 409
    assert (await workflow("GET", "/workflows/greet")).body["id"] == made["id"]
    assert (await workflow("GET", "/workflows/greet", user="isotherm")).status in (200, 404)
    changed = await workflow("PUT", "/workflows", GREET.replace("Hello", "Bye"))
    assert changed.body["workflows"][0]["input"] == 'name, greeting="Bye"'
    listed = (await workflow("GET", "/workflows?name=greet&sort_keys=name")).body["workflows"]
    assert [each["id"] for each in listed] == [made["id"]]
    assert (await workflow("DELETE", f"/workflows/{made['id']}")).status == 204
    gone = await workflow("GET", "/workflows/greet")
    assert (gone.status, gone.body["faultcode"]) == (404, "Client")


@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "wf: {tasks: {a: }}",
        "version: '2.0'",
        "version: '2.0'\nwf: {}",
        tasks("    a: {on-success: b}"),
        tasks("    a: {action: std.noop, workflow: b}"),
        tasks("    fail: {action: std.noop}"),
        tasks("    a: {action: std.echo output=x}", type="circular"),
        tasks("    a: {publish: {x: '{{ _.x }}'}}"),
    ],
)
async def test_what_is_no_definition(workflow: Workflow, text: str) -> None:
    assert (await workflow("POST", "/workflows", text)).status == 400
    told = (await workflow("POST", "/workflows/validate", text)).body
    assert told["valid"] is False


async def test_branches_join_and_conditions_decide(workflow: Workflow) -> None:
    text = tasks(
        """
    one: {action: std.echo output=1, publish: {a: <% task().result %>}, on-success: [both]}
    two: {action: std.echo output=2, publish: {b: <% task().result %>}, on-success: [both]}
    both:
      join: all
      action: std.echo output="<% $.a + $.b %>"
      publish: {sum: <% task(both).result %>}
      on-success:
        - never: <% $.sum > 3 %>
        - last: <% $.sum = 3 %>
    never: {action: std.fail}
    last: {action: std.noop}
""",
        output="{sum: <% $.sum %>}",
    )
    ended = await workflow.run(text)
    assert (ended["state"], ended["output"]) == ("SUCCESS", {"sum": 3})
    listed = (await workflow("GET", f"/executions/{ended['id']}/tasks")).body["tasks"]
    assert sorted(each["name"] for each in listed) == ["both", "last", "one", "two"]


async def test_a_failure_is_handled_or_ends_the_execution(workflow: Workflow) -> None:
    failing = "    a: {action: std.fail%s}\n    b: {action: std.echo output=saved}\n"
    handled = tasks(failing % ", on-error: b", output="{last: <% task(b).result %>}")
    assert (await workflow.run(handled))["output"] == {"last": "saved"}
    ended = await workflow.run(tasks(failing % "").replace("wf:", "wf2:"))
    assert ended["state"] == "ERROR"
    assert "a" in ended["state_info"]
    told = await workflow.run(tasks("    a: {on-success: fail}").replace("wf:", "wf3:"))
    assert told["state"] == "ERROR"
    unknown = await workflow.run(tasks("    a: {action: nova.x}").replace("wf:", "wf4:"))
    assert unknown["state"] == "ERROR"


async def test_items_and_workflows_inside(workflow: Workflow) -> None:
    text = """
version: '2.0'
outer:
  output: {all: <% $.all %>}
  tasks:
    each:
      with-items: n in <% list(1, 2, 3) %>
      workflow: inner number=<% $.n %>
      input: {number: <% $.n %>}
      publish: {all: <% task().result.select($.double) %>}
inner:
  input: [number]
  output: {double: <% $.number * 2 %>}
  tasks:
    a: {action: std.noop}
""".replace("inner number=<% $.n %>", "inner")
    assert (await workflow.run(text))["output"] == {"all": [2, 4, 6]}


async def test_a_reverse_workflow_does_what_its_goal_needs(workflow: Workflow) -> None:
    text = tasks(
        """
    base: {action: std.echo output=1}
    top: {action: std.echo output="<% $.base + 1 %>", requires: [base]}
    other: {action: std.fail}
""",
        type="reverse",
        output="{top: <% $.top %>}",
    )
    ended = await workflow.run(text, params={"task_name": "top"})
    assert ended["output"] == {"top": 2}
    assert (await workflow("POST", "/executions", {"workflow_name": "wf"})).status == 400


async def test_a_request_is_really_sent_and_tried_again(
    cloud: LocalCloud, workflow: Workflow
) -> None:
    sent: list[Outgoing] = []

    async def answer(request: Outgoing) -> Answered:
        sent.append(request)
        return Answered(404 if len(sent) == 1 else 200, {}, b'{"ok": true}')

    cloud.frame.deliveries.sender = answer
    text = tasks(
        """
    ask:
      action: std.http
      input: {url: "http://example.org/x", method: POST, body: {a: 1}, params: {q: z}}
      retry: {count: 2, delay: 5}
      publish: {ok: <% task().result.content.ok %>}
""",
        output="{ok: <% $.ok %>}",
    )
    waiting = await workflow.run(text)
    assert waiting["state"] == "RUNNING"
    cloud.advance(5)
    ended = await workflow.ended(waiting["id"])
    assert (ended["state"], ended["output"]) == ("SUCCESS", {"ok": True})
    assert [each.url for each in sent] == ["http://example.org/x?q=z"] * 2
    assert json.loads(sent[0].body) == {"a": 1}


async def test_executions_wait_time_out_and_are_stopped(
    cloud: LocalCloud, workflow: Workflow
) -> None:
    text = tasks("    a: {action: std.async_noop, timeout: 30, wait-before: 10}")
    waiting = await workflow.run(text)
    one = f"/executions/{waiting['id']}"
    assert (await workflow("DELETE", one)).status == 403
    cloud.advance(41)
    assert (await workflow.ended(waiting["id"]))["state"] == "ERROR"
    assert (await workflow("PUT", one, {"state": "RUNNING"})).status == 400
    assert (await workflow("DELETE", one)).status == 204
    again = await workflow("POST", "/executions", {"workflow_name": "wf", "description": "d"})
    one = f"/executions/{again.body['id']}"
    stopped = (await workflow("PUT", one, {"state": "CANCELLED"})).body
    assert (stopped["state"], stopped["description"]) == ("CANCELLED", "d")


async def test_a_trigger_goes_off_by_the_clock(cloud: LocalCloud, workflow: Workflow) -> None:
    await workflow("POST", "/workflows", GREET)
    wish = {
        "name": "often",
        "workflow_name": "greet",
        "workflow_input": '{"name": "cron"}',
        "workflow_params": '{"env": {"who": "cron"}}',
        "pattern": "*/5 * * * *",
        "remaining_executions": 2,
    }
    made = await workflow("POST", "/cron_triggers", wish)
    assert made.status == 201, made.body
    assert json.loads(made.body["workflow_input"]) == {"name": "cron"}
    assert (await workflow("POST", "/cron_triggers", wish)).status == 409
    cloud.advance(301)
    left = (await workflow("GET", "/cron_triggers/often")).body
    assert left["remaining_executions"] == 1
    cloud.advance(300)
    assert (await workflow("GET", "/cron_triggers/often")).status == 404
    listed = (await workflow("GET", "/executions?workflow_name=greet&include_output=true")).body[
        "executions"
    ]
    assert [json.loads(each["output"])["text"] for each in listed] == ["Hello, cron!"] * 2
    for wrong in (
        {**wish, "pattern": "61 * * * *"},
        {**wish, "workflow_name": "nothing"},
        {**wish, "pattern": None, "remaining_executions": None},
        {**wish, "name": "x", "first_execution_time": "2001-01-01 00:00"},
        {**wish, "name": "x", "workflow_input": "{"},
    ):
        assert (await workflow("POST", "/cron_triggers", wrong)).status in (400, 404)


@pytest.mark.parametrize(
    ("pattern", "then"),
    [
        ("* * * * *", "2026-01-31 12:01"),
        ("0 0 1 * *", "2026-02-01 00:00"),
        ("30 6 * * mon-fri", "2026-02-02 06:30"),
        ("0 12 29 2 *", "2028-02-29 12:00"),
        ("15,45 13 * * *", "2026-01-31 13:15"),
        ("0 0 13 * 5", "2026-02-06 00:00"),
        ("@daily", "2026-02-01 00:00"),
        ("0 0 * jan 0", "2027-01-03 00:00"),
    ],
)
def test_when_patterns_come(pattern: str, then: str) -> None:
    now = datetime(2026, 1, 31, 12, 0, 30, tzinfo=UTC).timestamp()
    at = datetime.fromtimestamp(next_time(cron_pattern(pattern), now), UTC)
    assert at.strftime("%Y-%m-%d %H:%M") == then


@pytest.mark.parametrize("pattern", ["", "* * * *", "x * * * *", "5-1 * * * *", "* 24 * * *"])
def test_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(ValueError, match="not valid"):
        cron_pattern(pattern)

"""Reports that servers leave on deployments without a stack."""

from __future__ import annotations

from typing import Any

import pytest
from tests.desk import Desk

from isotherm.core.errors import Gone
from isotherm.kit.software import Deployment
from isotherm.usecases.software import (
    create_config,
    create_deployment,
    show_deployment,
    update_deployment,
)

ADDRESS = "http://cloud/object-store/v1/AUTH_x/a%20box/report?temp_url_sig=1&temp_url_expires=2"
OBJECT = "GET /a%20box/report"
MESSAGES = "/queues/reports/messages"
FIRST = f"GET {MESSAGES}?echo=true&limit=1"
WAYS = {
    "object": {"deploy_signal_transport": "TEMP_URL_SIGNAL", "deploy_signal_id": ADDRESS},
    "queue": {"deploy_signal_transport": "ZAQAR_SIGNAL", "deploy_queue_id": "reports"},
}


async def deployed(desk: Desk, **inputs: str) -> Deployment:
    """One that waits for its server, as clients make them."""
    given = {
        "inputs": [{"name": name, "value": value} for name, value in inputs.items()],
        "outputs": [{"name": "result"}, {"name": "problem", "error_output": True}],
    }
    config = await create_config(desk.services, desk.caller, given)
    made = {"config_id": config.id, "server_id": "a-server", "status": "IN_PROGRESS"}
    return await create_deployment(desk.services, desk.caller, made)


async def shown(desk: Desk, deployment: Deployment) -> Deployment:
    return await show_deployment(desk.services, desk.caller, deployment.id)


def leave(desk: Desk, way: str, content: Any) -> None:
    desk.cloud.names.replies |= {
        OBJECT: content,
        FIRST: {"messages": [{"id": "m1", "body": content}]},
    }


@pytest.mark.parametrize(
    "content", ['{"result": "fine", "deploy_status_code": 0}', {"result": "fine"}]
)
@pytest.mark.parametrize("way", WAYS)
async def test_what_was_left_concludes_the_deployment(desk: Desk, way: str, content: Any) -> None:
    deployment = await deployed(desk, **WAYS[way])
    leave(desk, way, content)
    found = await shown(desk, deployment)
    assert (found.status, found.status_reason) == ("COMPLETE", "Outputs received")
    assert found.output_values is not None
    assert found.output_values["result"] == "fine"
    leave(desk, way, '{"problem": "it is late"}')
    assert await shown(desk, deployment) == found


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"deploy_status_code": 7}', "exited with non-zero status code: 7"),
        ('{"problem": "no room"}', "problem : no room"),
        ("no JSON", "no JSON object"),
        ("[1]", "no JSON object"),
    ],
)
async def test_a_report_of_a_failure_or_of_no_form_fails_it(
    desk: Desk, way: str, content: str, reason: str
) -> None:
    deployment = await deployed(desk, **WAYS[way])
    leave(desk, way, content)
    found = await shown(desk, deployment)
    assert found.status == "FAILED"
    assert reason in (found.status_reason or "")


@pytest.mark.parametrize("way", WAYS)
async def test_it_waits_as_long_as_nothing_was_left(desk: Desk, way: str) -> None:
    deployment = await deployed(desk, **WAYS[way])
    desk.cloud.names.replies |= {OBJECT: b"", FIRST: {"messages": []}}
    assert await shown(desk, deployment) == deployment
    desk.cloud.names.replies = {}
    assert await shown(desk, deployment) == deployment
    desk.cloud.names.fail("call", OBJECT if way == "object" else FIRST, Gone("no such thing"))
    assert await shown(desk, deployment) == deployment


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"deploy_signal_transport": "NO_SIGNAL"},
        {"deploy_signal_transport": "TEMP_URL_SIGNAL"},
        {"deploy_signal_transport": "TEMP_URL_SIGNAL", "deploy_signal_id": "nowhere"},
        {"deploy_signal_transport": "ZAQAR_SIGNAL"},
        # The engine fetches those of stacks.
        {**WAYS["object"], "deploy_stack_id": "web/1"},
    ],
)
async def test_nothing_is_looked_for_where_nothing_is_left(
    desk: Desk, inputs: dict[str, str]
) -> None:
    deployment = await deployed(desk, **inputs)
    leave(desk, "object", "{}")
    before = len(desk.cloud.names.calls)
    assert await shown(desk, deployment) == deployment
    assert len(desk.cloud.names.calls) == before


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("Sat, 01 Jan 2000 00:00:00 GMT", "IN_PROGRESS"),
        ("Sun, 01 Jan 2090 00:00:00 GMT", "COMPLETE"),
    ],
)
async def test_a_report_on_what_it_was_before_does_not_count(
    desk: Desk, at: str, status: str
) -> None:
    deployment = await deployed(desk, **WAYS["object"])
    again = {"status": "IN_PROGRESS", "action": "UPDATE"}
    await update_deployment(desk.services, desk.caller, deployment.id, again)
    leave(desk, "object", '{"result": "fine"}')
    desk.cloud.names.replies["HEAD /a%20box/report"] = {"Last-Modified": at}
    assert (await shown(desk, deployment)).status == status

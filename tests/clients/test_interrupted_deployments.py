"""Deployments to servers that run, when the service dies before they have reported."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.clients.playing_servers import completed, playing_service, remove_stack, wait_for
from tests.clients.service import Service
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("playing")]

WAYS = {
    "POLL_SERVER_CFN": "CFN_SIGNAL",
    "POLL_TEMP_URL": "TEMP_URL_SIGNAL",
    "ZAQAR_MESSAGE": "ZAQAR_SIGNAL",
}


def server(transport: str) -> dict[str, Any]:
    return {
        "type": "OS::Nova::Server",
        "properties": {
            "image": "cirros",
            "flavor": "m1.small",
            "networks": [{"network": "private"}],
            "user_data_format": "SOFTWARE_CONFIG",
            "software_config_transport": transport,
        },
    }


def deployment(transport: str) -> dict[str, Any]:
    return {
        "type": "OS::Heat::SoftwareDeployment",
        "properties": {
            "config": {"get_resource": "script"},
            "server": {"get_resource": transport},
            "signal_transport": WAYS[transport],
        },
    }


def template(*, deployed: bool) -> str:
    config = {
        "type": "OS::Heat::SoftwareConfig",
        "properties": {"group": "script", "config": "#!/bin/sh\nprintf done"},
    }
    resources = {"script": config, **{each: server(each) for each in WAYS}}
    outputs: dict[str, Any] = {each: {"value": {"get_resource": each}} for each in WAYS}
    if deployed:
        resources |= {WAYS[each]: deployment(each) for each in WAYS}
        printed = {each: {"value": {"get_attr": [each, "deploy_stdout"]}} for each in WAYS.values()}
        outputs |= printed
    body = {"heat_template_version": "2021-04-16", "resources": resources, "outputs": outputs}
    return json.dumps(body)


def act(service: Service, servers: list[str], action: str) -> None:
    for each in servers:
        service.send("POST", f"/compute/v2.1/servers/{each}/action", {action: None})


def wait_until_told(service: Service, servers: list[str]) -> None:
    """Until there is a deployment for each server, with which its metadata have changed."""
    path = f"/orchestration/v1/{service.project}/software_deployments"
    end = time.monotonic() + PATIENCE
    while {each["server_id"] for each in service.get(path)["software_deployments"]} < set(servers):
        assert time.monotonic() < end, service.log
        time.sleep(0.05)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    yield from playing_service(tmp_path)


def test_what_was_told_before_a_kill_is_done_and_reported_after_it(service: Service) -> None:
    path = f"/orchestration/v1/{service.project}/stacks"
    body = {"stack_name": "cut", "template": template(deployed=False)}
    stack = service.send("POST", path, body)["stack"]["id"]
    servers = list(completed(service, "cut").values())
    for each in servers:
        wait_for(service, each, "is up")
    # Off, they cannot have reported before the kill.
    act(service, servers, "os-stop")
    service.send("PUT", f"{path}/cut/{stack}", {"template": template(deployed=True)})
    wait_until_told(service, servers)
    service.kill()
    service.start()
    act(service, servers, "os-start")
    outputs = completed(service, "cut")
    assert {outputs[each] for each in WAYS.values()} == {"done"}
    remove_stack(service, "cut")


DIES_AT_FIRST = """\
#!/bin/sh
if [ ! -e /srv/begun ]; then touch /srv/begun; sleep 600; fi
printf anew
"""


def test_what_an_agent_died_of_is_done_when_it_is_retried(playing: Service) -> None:
    """Unasked it is not: the hooks note what they do before they do it."""
    body = json.loads(template(deployed=True))
    kept = ("script", "POLL_SERVER_CFN", "CFN_SIGNAL")
    body["resources"] = {name: body["resources"][name] for name in kept}
    body["outputs"] = {name: body["outputs"][name] for name in kept[1:]}
    body["resources"]["script"]["properties"]["config"] = DIES_AT_FIRST
    base = f"/orchestration/v1/{playing.project}/stacks"
    made = playing.send("POST", base, {"stack_name": "dies", "template": json.dumps(body)})
    path = f"{base}/dies/{made['stack']['id']}"
    server_id = server_in(playing, path)
    note = playing.state / "localcloud/servers" / server_id / "srv/begun"
    end = time.monotonic() + PATIENCE
    while not note.exists():
        assert time.monotonic() < end, playing.log
        time.sleep(0.1)
    act(playing, [server_id], "os-stop")
    act(playing, [server_id], "os-start")
    said = wait_for(playing, server_id, "already deployed")
    assert "not found. Skipping" not in said, "an agent that idles is quiet"
    why = playing.get(f"{path}/why")["why"]
    assert f"server {server_id} has not reported yet" in why["cause"]["message"]
    playing.send("POST", f"{path}/resources/CFN_SIGNAL/retry", {})
    assert completed(playing, "dies")["CFN_SIGNAL"] == "anew"
    remove_stack(playing, "dies")


def server_in(service: Service, path: str) -> str:
    """The id of the server of the stack, once there is one."""
    end = time.monotonic() + PATIENCE
    while True:
        found = service.get(f"{path}/resources/POLL_SERVER_CFN")
        if found and found["resource"]["physical_resource_id"]:
            return str(found["resource"]["physical_resource_id"])
        assert time.monotonic() < end, service.log
        time.sleep(0.05)

"""The agent that images have for deployments, unmodified, as a process."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from keystoneauth1.identity import v3
from keystoneauth1.session import Session
from tests.clients.service import Service
from tests.clients.transports import Seen, shown
from tests.waiting import PATIENCE
from zaqarclient.queues import client as messaging  # type: ignore[import-untyped]

from isotherm.resources.agents import TRANSPORTS
from isotherm.resources.software import signalling

pytestmark = pytest.mark.slow

AGENT = Path(sys.executable).parent / "os-collect-config"
Inputs = Mapping[str, Any]


def template(transport: str) -> dict[str, Any]:
    """A server, and a deployment to it for each way to report."""
    deployed = {
        signal.lower(): {
            "type": "OS::Heat::SoftwareDeployment",
            "properties": {
                "config": {"get_resource": "config"},
                "server": {"get_resource": "server"},
                "input_values": {"size": signal},
                "signal_transport": signal,
                "name": signal,
            },
        }
        for signal in signalling.TRANSPORTS
    }
    return {
        "heat_template_version": "2021-04-16",
        "resources": {
            "server": {
                "type": "OS::Heat::DeployedServer",
                "properties": {"software_config_transport": transport},
            },
            "config": {
                "type": "OS::Heat::SoftwareConfig",
                "properties": {
                    "group": "script",
                    "config": "#!/bin/sh\necho $size",
                    "inputs": [{"name": "size"}],
                },
            },
            **deployed,
        },
        "outputs": {name: {"value": {"get_attr": [name, "deploy_stdout"]}} for name in deployed},
    }


def settings_of(service: Service, stack: str) -> Mapping[str, Any]:
    """What an image would have been told when it booted."""
    end = time.monotonic() + PATIENCE
    identity = service.get(f"/orchestration/v1/{service.project}/stacks/{stack}")["stack"]["id"]
    path = f"/orchestration/v1/{service.project}/stacks/{stack}/{identity}/resources/server"
    while True:
        found = service.get(f"{path}/metadata")
        if found is not None and len(found["metadata"].get("deployments", ())) == len(
            signalling.TRANSPORTS
        ):
            told: Mapping[str, Any] = found["metadata"]["os-collect-config"]
            return told
        assert time.monotonic() < end, service.log
        time.sleep(0.2)


def collect(settings: Mapping[str, Any], folder: Path) -> list[Inputs]:
    """What the agent finds out, with nothing but its settings: inputs of the deployments."""
    collector, _ = settings["collectors"]
    lines = ["[DEFAULT]", f"collectors = {collector}", f"cachedir = {folder}", f"[{collector}]"]
    lines += [f"{name} = {value}" for name, value in settings[collector].items()]
    file = folder / "agent.conf"
    file.write_text("\n".join(lines))
    words = [str(AGENT), "--config-file", str(file), "--one-time", "--print"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    # Nothing is found where nothing was sent yet: agents ask again.
    metadata: dict[str, Any] = json.loads(done.stdout).get(collector, {})
    return [
        {each["name"]: each["value"] for each in deployment["inputs"]}
        for deployment in metadata.get("deployments", ())
    ]


# -- what the hooks of the agent do with a report --------------------------------------------


def report_to_address(inputs: Inputs, report: Mapping[str, Any]) -> None:
    request = urllib.request.Request(
        inputs["deploy_signal_id"],
        json.dumps(report).encode(),
        {"Content-Type": "application/json"},
        method=inputs["deploy_signal_verb"],
    )
    with urllib.request.urlopen(request, timeout=60) as reply:
        assert reply.status in (200, 201)


def log_in(inputs: Inputs) -> Session:
    names = ("auth_url", "user_id", "password", "project_id")
    return Session(v3.Password(**{name: inputs[f"deploy_{name}"] for name in names}))


def report_to_service(inputs: Inputs, report: Mapping[str, Any]) -> None:
    stack, resource = inputs["deploy_stack_id"], inputs["deploy_resource_name"]
    reply = log_in(inputs).post(
        f"/stacks/{stack}/resources/{resource}/signal",
        json=report,
        endpoint_filter={"service_type": "orchestration"},
    )
    assert reply.status_code == 200


def report_to_queue(inputs: Inputs, report: Mapping[str, Any]) -> None:
    session = log_in(inputs)
    options = {"os_auth_token": session.get_token(), "os_project_id": session.get_project_id()}
    conf = {"auth_opts": {"backend": "keystone", "options": options}}
    address = session.get_endpoint(service_type="messaging")
    queue = messaging.Client(address, version=2, conf=conf).queue(inputs["deploy_queue_id"])
    queue.post({"body": dict(report), "ttl": 600})


REPORTS: Mapping[str, Callable[[Inputs, Mapping[str, Any]], None]] = {
    "CFN_SIGNAL": report_to_address,
    "TEMP_URL_SIGNAL": report_to_address,
    "HEAT_SIGNAL": report_to_service,
    "ZAQAR_SIGNAL": report_to_queue,
}


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_agent_finds_what_it_has_to_do(
    service: Service, tmp_path: Path, transport: str
) -> None:
    file, stack = tmp_path / "template.json", f"agent-{transport.lower()}"
    file.write_text(json.dumps(template(transport)))
    service.openstack("stack", "create", "-t", str(file), stack)
    found = collect(settings_of(service, stack), tmp_path)
    deadline = time.monotonic() + PATIENCE
    while len(found) < len(signalling.TRANSPORTS):
        # What is sent to the server may tell of some deployments only, and then of all.
        assert time.monotonic() < deadline
        found = collect(settings_of(service, stack), tmp_path)
    for inputs in found:
        signal = inputs["deploy_signal_transport"]
        assert inputs["size"] == signal
        if signal in REPORTS:
            REPORTS[signal](inputs, {"deploy_stdout": signal, "deploy_status_code": 0})
    ended = service.settle(stack)
    told = service.get(f"/orchestration/v1/{service.project}/stacks/{stack}")["stack"]
    assert ended == "CREATE_COMPLETE", told["stack_status_reason"]
    printed = {each["output_key"]: each["output_value"] for each in told["outputs"]}
    for signal in signalling.TRANSPORTS:
        assert printed[signal.lower()] == (signal if signal in REPORTS else None)
        shown(transport, signal, Seen.PROCESS)
    service.delete_stack(stack)


def test_configs_and_deployments_by_the_command(service: Service, tmp_path: Path) -> None:
    script = tmp_path / "script.sh"
    script.write_text("#!/bin/sh\nuptime\n")
    software = ("software",)
    config = service.read(
        *software, "config", "create", "--config-file", str(script), "--group", "script", "up"
    )
    assert config["config"] == "#!/bin/sh\nuptime\n"
    made = service.read(
        *software, "deployment", "create", "--config", config["id"], "--server", "rack-3",
        "--signal-transport", "NO_SIGNAL", "first",
    )  # fmt: skip
    listed: Any = service.read(*software, "deployment", "list", "--server", "rack-3")
    assert [each["id"] for each in listed] == [made["id"]]
    shown = service.openstack(*software, "deployment", "metadata", "show", "rack-3")
    assert config["id"] in shown or made["config_id"] in shown
    service.openstack(*software, "deployment", "delete", made["id"])
    assert service.read(*software, "deployment", "list", "--server", "rack-3") == []
    service.openstack(*software, "config", "delete", config["id"])
    left = {each["id"] for each in service.read(*software, "config", "list")}
    assert not left & {config["id"], made["config_id"]}

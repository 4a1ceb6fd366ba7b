"""The agent that images have for deployments, unmodified, as a process."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.clients.service import Service

pytestmark = pytest.mark.slow

TEMPLATE = """\
heat_template_version: 2021-04-16
parameters: {transport: {type: string}, signal: {type: string}}
resources:
  server:
    type: OS::Heat::DeployedServer
    properties: {software_config_transport: {get_param: transport}}
  config:
    type: OS::Heat::SoftwareConfig
    properties: {group: script, config: "#!/bin/sh\\necho $size", inputs: [{name: size}]}
  deployed:
    type: OS::Heat::SoftwareDeployment
    properties:
      config: {get_resource: config}
      server: {get_resource: server}
      input_values: {size: "3"}
      signal_transport: {get_param: signal}
outputs:
  printed: {value: {get_attr: [deployed, deploy_stdout]}}
"""
AGENT = Path(sys.executable).parent / "os-collect-config"


def settings_of(service: Service, stack: str) -> Mapping[str, Any]:
    """What an image would have been told when it booted."""
    end = time.monotonic() + 60
    while True:
        found: Any = service.read("stack", "resource", "metadata", stack, "server")
        if found.get("deployments"):
            told: Mapping[str, Any] = found["os-collect-config"]
            return told
        assert time.monotonic() < end, service.log
        time.sleep(0.5)


def collect(settings: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """What the agent finds out, with nothing but its settings."""
    collector, _ = settings["collectors"]
    lines = ["[DEFAULT]", f"collectors = {collector}", f"cachedir = {folder}", f"[{collector}]"]
    lines += [f"{name} = {value}" for name, value in settings[collector].items()]
    file = folder / "agent.conf"
    file.write_text("\n".join(lines))
    words = [str(AGENT), "--config-file", str(file), "--one-time", "--print"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    metadata: dict[str, Any] = json.loads(done.stdout)[collector]
    return metadata


@pytest.mark.parametrize("transport", ["POLL_SERVER_CFN", "POLL_SERVER_HEAT"])
def test_the_agent_finds_what_it_has_to_do(
    service: Service, tmp_path: Path, transport: str
) -> None:
    file, stack = tmp_path / "template.yaml", f"agent-{transport.lower()}"
    file.write_text(TEMPLATE)
    given = ("--parameter", f"transport={transport}", "--parameter", "signal=CFN_SIGNAL")
    service.openstack("stack", "create", "-t", str(file), *given, stack)
    metadata = collect(settings_of(service, stack), tmp_path)
    (deployment,) = metadata["deployments"]
    inputs = {each["name"]: each["value"] for each in deployment["inputs"]}
    assert deployment["group"] == "script"
    assert inputs["size"] == "3"
    report = json.dumps({"deploy_stdout": "3", "deploy_status_code": 0}).encode()
    request = urllib.request.Request(
        inputs["deploy_signal_id"],
        report,
        {"Content-Type": "application/json"},
        method=inputs["deploy_signal_verb"],
    )
    with urllib.request.urlopen(request, timeout=60) as reply:
        assert reply.status == 200
    end = time.monotonic() + 60
    while service.read("stack", "show", stack)["stack_status"] != "CREATE_COMPLETE":
        assert time.monotonic() < end, service.log
        time.sleep(0.5)
    assert service.read("stack", "output", "show", stack, "printed")["output_value"] == "3"
    service.openstack("stack", "delete", "--yes", "--wait", stack)


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

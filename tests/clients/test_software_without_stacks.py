"""Configurations and deployments by the clients alone, on a server of whatever kind."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.clients.programs import run_program
from tests.clients.service import Service, environment

pytestmark = pytest.mark.slow

SERVER = "a-server-of-ours"
REPORT = {"result": "fine", "deploy_stdout": "said", "deploy_stderr": "", "deploy_status_code": 0}


def api(service: Service, method: str, path: str) -> Any:
    return service.send(method, f"/v1/{service.project}/{path}")


@pytest.fixture
def config(service: Service, tmp_path: Path) -> Iterator[str]:
    (tmp_path / "script.sh").write_text("#!/bin/sh\necho $who\n")
    (tmp_path / "form.yaml").write_text("inputs: [{name: who}]\noutputs: [{name: result}]\n")
    made = ("--config-file", "script.sh", "--definition-file", "form.yaml", "--group", "script")
    files = [str(tmp_path / each) if "." in each else each for each in made]
    config: str = service.read("software", "config", "create", *files, "greet")["id"]
    yield config
    api(service, "DELETE", f"software_configs/{config}")


def test_a_report_is_put_where_the_client_said(service: Service, config: str) -> None:
    """The client makes an object and signs its address; the service looks there when asked."""
    made = ("-s", SERVER, "-c", config, "-i", "who=you", "-t", "TEMP_URL_SIGNAL", "first")
    done = run_program(["heat", "deployment-create", *made], variables(service))
    assert done.returncode == 0, done.stderr
    deployment = json.loads(done.stdout)["id"]
    (told,) = api(service, "GET", f"software_deployments/metadata/{SERVER}")["metadata"]
    inputs = {each["name"]: each["value"] for each in told["inputs"]}
    assert (inputs["who"], inputs["deploy_signal_verb"]) == ("you", "PUT")
    path = f"software_deployments/{deployment}"
    assert api(service, "GET", path)["software_deployment"]["status"] == "IN_PROGRESS"

    address, body = inputs["deploy_signal_id"], json.dumps(REPORT).encode()
    urllib.request.urlopen(urllib.request.Request(address, body, method="PUT")).close()

    shown = service.openstack("software", "deployment", "show", "--long", deployment)
    assert "COMPLETE" in shown
    assert "Outputs received" in shown
    said = service.openstack("software", "deployment", "output", "show", "--all", deployment)
    assert "result: fine" in said
    service.openstack("software", "deployment", "delete", deployment)
    assert api(service, "GET", "software_deployments")["software_deployments"] == []
    (left,) = api(service, "GET", "software_configs")["software_configs"]
    assert left["id"] == config
    _remove_container(service, address)


def variables(service: Service) -> dict[str, str]:
    """For clients that read no file of clouds."""
    clouds = yaml.safe_load((service.state / "clouds.yaml").read_text())["clouds"]
    account = clouds["isotherm"]["auth"]
    return environment({f"OS_{name.upper()}": value for name, value in account.items()})


def _remove_container(service: Service, address: str) -> None:
    container, name = address.partition("?")[0].split("/")[-2:]
    account = f"/object-store/v1/AUTH_{service.project}"
    for path in (f"{container}/{name}", container):
        service.send("DELETE", f"{account}/{path}")

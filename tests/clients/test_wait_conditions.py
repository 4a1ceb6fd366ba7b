"""A stack that waits for a signal, and the command that gives it."""

from __future__ import annotations

import json
import shlex
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from tests.clients.service import Service
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow

TEMPLATE = """\
heat_template_version: 2021-04-16
resources:
  h: {type: OS::Heat::WaitConditionHandle}
  c:
    type: OS::Heat::WaitCondition
    properties: {handle: {get_resource: h}, timeout: 600}
outputs:
  command: {value: {get_attr: [h, curl_cli]}}
  data: {value: {get_attr: [c, data]}}
"""
ADMIN = "isotherm-admin"


def output(service: Service, stack: str, name: str) -> str:
    """The value of an output, as soon as there is one."""
    end = time.monotonic() + PATIENCE
    while True:
        found: Any = service.read("stack", "output", "show", stack, name).get("output_value")
        if found:
            return str(found)
        assert time.monotonic() < end, service.log
        time.sleep(0.5)


def run(command: str, *more: str, method: str = "") -> tuple[int, str]:
    """Status and body of the answer to a curl command."""
    words = [*shlex.split(command), *more]
    if method:
        words[words.index("POST")] = method
    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=True)
    head, _, body = done.stdout.partition("\n\n")
    return int(head.split()[1]), body


def test_curl_signals_and_may_do_nothing_else(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(TEMPLATE)
    for name in ("waits", "others"):
        service.openstack("stack", "create", "-t", str(file), name)
    command, other = (output(service, name, "command") for name in ("waits", "others"))
    token = command.split("X-Auth-Token: ")[1].split("'")[0]
    address = command.split()[-1]

    # What is not for it, under its own project, that of another stack, and the owner's.
    project = address.split("/stacks/")[0]
    for url in (f"{project}/stacks", address.removesuffix("/resources/h/signal")):
        status, _ = run(command.replace(address, url), method="GET")
        assert status == 403, url
    assert run(command.replace(address, other.split()[-1]))[0] in (403, 404)
    into_other = other.split()[-1].split("/stacks/")[1]
    assert run(command.replace(address, f"{project}/stacks/{into_other}"))[0] in (403, 404)

    status, _ = run(command, "--data", json.dumps({"reason": "booted", "data": "all fine"}))
    assert status == 200
    assert service.settle("waits") == "CREATE_COMPLETE"
    assert json.loads(output(service, "waits", "data")) == {"1": "all fine"}
    status, body = run(command.replace("/signal", "/metadata"), method="GET")
    assert status == 200, body
    assert list(json.loads(body)["metadata"]) == ["1"]

    shown = service.read("stack", "show", "waits")
    assert token not in service.log
    users = ("user", "list", "--domain", "isotherm_stack_users", "-f", "value")
    assert len(service.openstack(*users, cloud=ADMIN).splitlines()) == 2
    for name in ("waits", "others"):
        service.openstack("stack", "delete", "--yes", "--wait", name)
    assert service.openstack(*users, cloud=ADMIN) == ""
    projects = service.openstack("project", "list", "-f", "value", "-c", "ID", cloud=ADMIN)
    assert shown["stack_user_project_id"] not in projects

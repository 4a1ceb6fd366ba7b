"""A service whose servers run, and looking at what they do."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.clients.service import PROGRAM, Service
from tests.waiting import PATIENCE

EXAMPLES = Path(__file__).parents[2] / "examples"
CONFIG = "[localcloud]\nrun_servers = yes\n"


@cache
def refusal(through: tuple[str, ...] = ()) -> str:
    """Why servers cannot run on this machine; empty where they can: asked once, for it takes some
    seconds. ``through``: see Service."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = Path(folder, "run.conf")
        file.write_text(CONFIG)
        words = [*through, *PROGRAM, "doctor", "--state", f"{folder}/none", "--config", str(file)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=False)
    return next((line for line in done.stdout.splitlines() if line.startswith("FAIL servers")), "")


def playing_service(folder: Path, through: tuple[str, ...] = ()) -> Iterator[Service]:
    if why := refusal(through):
        pytest.skip(f"NO SERVER RUNS ON THIS MACHINE, so nothing of it is proved: {why}")
    if not Path(sys.prefix, "agents", "bin").is_dir():
        pytest.fail("the servers' agents are missing: run make agents")
    running = Service(folder / "state", CONFIG, through=through)
    running.start()
    yield running
    if running.process is not None:
        running.stop()


def run_stack(service: Service, folder: str, name: str, **parameters: Any) -> dict[str, Any]:
    """Create the stack of an example, or update it; its outputs once it is complete."""
    file = EXAMPLES / folder / "template.yaml"
    template = file.read_text()
    found = re.findall(r"get_file: ([\w.]+)", template)
    body = {
        "stack_name": name,
        "template": template,
        "files": {each: (file.parent / each).read_text() for each in found},
        "parameters": parameters,
    }
    base = f"/orchestration/v1/{service.project}/stacks"
    old = service.get(f"{base}/{name}")
    if old is None:
        service.send("POST", base, body)
    else:
        service.send("PUT", f"{base}/{name}/{old['stack']['id']}", body)
    return completed(service, name)


def completed(service: Service, name: str) -> dict[str, Any]:
    """The stack's outputs once it is complete."""
    status = service.settle(name)
    stack = service.get(f"/orchestration/v1/{service.project}/stacks/{name}")["stack"]
    assert status.endswith("_COMPLETE"), f"{stack['stack_status_reason']}\n{service.log[-3000:]}"
    return {each["output_key"]: each.get("output_value") for each in stack["outputs"]}


def remove_stack(service: Service, name: str) -> None:
    stack = service.get(f"/orchestration/v1/{service.project}/stacks/{name}")["stack"]
    path = f"/orchestration/v1/{service.project}/stacks/{name}/{stack['id']}"
    service.send("DELETE", path)
    assert service.settle(name) == ""


def boot(service: Service, name: str, user_data: str, **more: Any) -> str:
    """A server of the network `private`; its id."""
    found = service.get("/network/v2.0/networks?name=private")["networks"][0]["id"]
    images = service.get("/image/v2/images?name=cirros")["images"]
    wish = {
        "name": name,
        "imageRef": images[0]["id"],
        "flavorRef": "1",
        "networks": [{"uuid": found}],
        "user_data": base64.b64encode(user_data.encode()).decode(),
        **more,
    }
    made: str = service.send("POST", "/compute/v2.1/servers", {"server": wish})["server"]["id"]
    return made


def delete(service: Service, server_id: str) -> None:
    service.send("DELETE", f"/compute/v2.1/servers/{server_id}")
    while service.get(f"/compute/v2.1/servers/{server_id}") is not None:
        time.sleep(0.05)


def console(service: Service, server_id: str) -> str:
    body: dict[str, object] = {"os-getConsoleOutput": {}}
    answer = service.send("POST", f"/compute/v2.1/servers/{server_id}/action", body)
    written: str = answer["output"]
    return written


def wait_for(
    service: Service,
    server_id: str,
    text: str,
    *,
    after: str | None = None,
) -> str:
    """The console once the text stands on it; ``after``: on that of a later boot, where what
    stood there before is gone."""
    end = time.monotonic() + PATIENCE
    while text not in (written := console(service, server_id)) or (after and after in written):
        assert time.monotonic() < end, f"{written}\n{service.log}"
        time.sleep(0.2)
    return written


def address_of(service: Service, server_id: str) -> str:
    server = service.get(f"/compute/v2.1/servers/{server_id}")["server"]
    found: str = server["addresses"]["private"][0]["addr"]
    return found


def commands() -> list[str]:
    """Of all processes of this machine."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found

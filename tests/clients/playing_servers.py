"""A service whose servers run, and looking at what they do."""

from __future__ import annotations

import base64
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.clients.service import Service

CONFIG = "[localcloud]\nrun_servers = yes\n"


def refusal(folder: Path) -> str:
    """Why servers cannot run on this machine; empty where they can."""
    file = folder / "run.conf"
    file.write_text(CONFIG)
    words = [sys.executable, "-m", "isotherm.cli", "doctor", "--state", str(folder / "none")]
    done = subprocess.run(
        [*words, "--config", str(file)], capture_output=True, text=True, timeout=100, check=False
    )
    return next((line for line in done.stdout.splitlines() if line.startswith("FAIL servers")), "")


def playing(folder: Path, config: str = CONFIG) -> Iterator[Service]:
    if why := refusal(folder):
        pytest.skip(f"NO SERVER RUNS ON THIS MACHINE, so nothing of it is proved: {why}")
    running = Service(folder / "state", config)
    running.start()
    yield running
    if running.process is not None:
        running.stop()


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


def console(service: Service, server_id: str) -> str:
    body: dict[str, object] = {"os-getConsoleOutput": {}}
    answer = service.send("POST", f"/compute/v2.1/servers/{server_id}/action", body)
    written: str = answer["output"]
    return written


def wait_for(service: Service, server_id: str, text: str, *, within: float = 40.0) -> str:
    """The console once the text stands on it."""
    end = time.monotonic() + within
    while text not in (written := console(service, server_id)):
        assert time.monotonic() < end, f"{written}\n{service.log}"
        time.sleep(0.2)
    return written


def address_of(service: Service, server_id: str) -> str:
    server = service.get(f"/compute/v2.1/servers/{server_id}")["server"]
    found: str = server["addresses"]["private"][0]["addr"]
    return found

"""Requests to a running ``isotherm serve``, and the CPU time that it spends on them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from bench.fleets import hot
from isotherm.template import Limits, parse_template

_CONFIGURATION = """\
[DEFAULT]
max_template_size = 10000000
max_json_body_size = 20000000
"""


class Client:
    """A user of the service, with a token."""

    def __init__(self, url: str, process: int, account: dict[str, Any]) -> None:
        self._url, self._process = url, process
        headers, body = self._send("/identity/v3/auth/tokens", _login(account), {})
        self._token = {"X-Auth-Token": headers["X-Subject-Token"]}
        self._project = json.loads(body)["token"]["project"]["id"]

    def validate(self, template: Any) -> float:
        """CPU seconds of the service for one template."""
        before = self._cpu()
        self._send(f"/v1/{self._project}/validate", {"template": template}, self._token)
        return self._cpu() - before

    def _send(self, path: str, body: Any, headers: dict[str, str]) -> tuple[Any, bytes]:
        request = urllib.request.Request(
            self._url + path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json", **headers},
        )
        with urllib.request.urlopen(request) as answer:
            return answer.headers, answer.read()

    def _cpu(self) -> float:
        """Of all threads that there are; Linux counts it in nanoseconds."""
        tasks = Path(f"/proc/{self._process}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def validate_requests(resources: int, runs: int) -> dict[str, list[float]]:
    """CPU seconds of each request, for the template as JSON and as YAML text."""
    text = hot(resources)
    data = parse_template(text, limits=Limits(size=2**30))[0].data
    with serving() as client:
        client.validate(hot(3))  # the first request loads what all need
        # Each has its own text, or the service would know it already.
        return {
            "as JSON": [client.validate({**data, "description": str(n)}) for n in range(runs)],
            "as YAML text": [client.validate(f"{text}# {n}\n") for n in range(runs)],
        }


@contextmanager
def serving() -> Iterator[Client]:
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder, "bench.conf")
        configuration.write_text(_CONFIGURATION)
        command = [sys.executable, "-m", "isotherm.cli", "serve", "--state", folder]
        command += ["--listen", "127.0.0.1:0", "--config", str(configuration)]
        command += ["--log-level", "warning"]
        environment = {key: each for key, each in os.environ.items() if not key.startswith("OS_")}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        try:
            assert process.stdout is not None
            url = process.stdout.readline().removeprefix("ready: ").strip()
            clouds = yaml.safe_load(Path(folder, "clouds.yaml").read_text())["clouds"]
            yield Client(url, process.pid, clouds["isotherm"]["auth"])
        finally:
            process.terminate()
            process.wait()


def _login(account: dict[str, Any]) -> dict[str, Any]:
    domain = {"id": "default"}
    user = {"name": account["username"], "password": account["password"], "domain": domain}
    identity = {"methods": ["password"], "password": {"user": user}}
    scope = {"project": {"name": account["project_name"], "domain": domain}}
    return {"auth": {"identity": identity, "scope": scope}}

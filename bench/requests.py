"""A running ``isotherm serve`` with its local cloud, and a user who sends requests to it."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from bench.fleets import hot
from isotherm.template import Limits, parse_template

_CONFIGURATION = """\
[DEFAULT]
max_template_size = 10000000
max_json_body_size = 20000000
max_resources_per_stack = -1
"""
_LOOK_EVERY = 0.02

Json = dict[str, Any]


class Client:
    """A user of the service, with a token."""

    def __init__(self, http: aiohttp.ClientSession, url: str, process: int) -> None:
        self._http, self._url, self._process = http, url, process
        self._token: Mapping[str, str] = {}
        self.project = ""

    async def log_in(self, account: Json) -> None:
        url = f"{self._url}/identity/v3/auth/tokens"
        async with self._http.post(url, json=_login(account)) as answer:
            self._token = {"X-Auth-Token": answer.headers["X-Subject-Token"]}
            self.project = (await answer.json())["token"]["project"]["id"]

    async def send(self, method: str, path: str, body: Any = None) -> Json:
        """The answer of the service; ``path`` is below the user's project."""
        return await self.send_to(method, f"/v1/{self.project}{path}", body)

    async def send_to(self, method: str, path: str, body: Any = None) -> Json:
        """The same for any path."""
        url = self._url + path
        async with self._http.request(method, url, json=body, headers=self._token) as answer:
            text = await answer.text()
            if answer.status >= 400:
                raise RuntimeError(f"{method} {path}: {answer.status} {text[:500]}")
            return json.loads(text) if text else {}

    async def send_bytes(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> bytes:
        """The answer to a request in a form of its own."""
        url, headers = self._url + path, {**headers, **self._token}
        async with self._http.request(method, url, data=body, headers=headers) as answer:
            told = await answer.read()
            if answer.status >= 400:
                raise RuntimeError(f"{method} {path}: {answer.status} {told[:500]!r}")
            return told

    async def finish(self, stack: str, state: str) -> None:
        """Wait until the stack is in a state; without a state, until it is gone."""
        while True:
            shown = await self.send("GET", f"/stacks?id={stack}")
            if not shown["stacks"] and not state:
                return
            found = shown["stacks"][0]
            if found["stack_status"] == state:
                return
            if "FAILED" in found["stack_status"]:
                raise RuntimeError(found["stack_status_reason"])
            await asyncio.sleep(_LOOK_EVERY)

    def cpu(self) -> float:
        """CPU seconds of all threads that there are; Linux counts them in nanoseconds."""
        tasks = Path(f"/proc/{self._process}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def memory(self) -> float:
        """MiB that the service has in memory now."""
        pages = int(Path(f"/proc/{self._process}/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 2**20


async def validate_requests(resources: int, runs: int) -> dict[str, list[float]]:
    """CPU seconds of each request, for the template as JSON and as YAML text."""
    text = hot(resources)
    data = parse_template(text, limits=Limits(size=2**30))[0].data
    async with serving() as (client, _):
        await _validate(client, hot(3))  # the first request loads what all need
        # Each has its own text, or the service would know it already.
        return {
            "as JSON": [
                await _validate(client, data | {"description": f"{n}"}) for n in range(runs)
            ],
            "as YAML text": [await _validate(client, f"{text}# {n}\n") for n in range(runs)],
        }


async def _validate(client: Client, template: Any) -> float:
    before = client.cpu()
    await client.send("POST", "/validate", {"template": template})
    return client.cpu() - before


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[Client, Client]]:
    """A service of its own with a user and an administrator of its local cloud."""
    with _process() as (process, url, accounts):
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=20)) as http:
            user, admin = Client(http, url, process), Client(http, url, process)
            await user.log_in(accounts["isotherm"]["auth"])
            await admin.log_in(accounts["isotherm-admin"]["auth"])
            yield user, admin


@contextmanager
def _process() -> Iterator[tuple[int, str, Json]]:
    """The service's process id, its address and the accounts of its local cloud."""
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
            yield process.pid, url, clouds
        finally:
            process.terminate()
            process.wait()


def _login(account: Json) -> Json:
    domain = {"id": "default"}
    user = {"name": account["username"], "password": account["password"], "domain": domain}
    identity = {"methods": ["password"], "password": {"user": user}}
    scope = {"project": {"name": account["project_name"], "domain": domain}}
    return {"auth": {"identity": identity, "scope": scope}}

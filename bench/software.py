"""Deployments of software: what they cost the service, and what servers wait for their metadata.

``python -m bench.software`` prints a figure a line, each beside what it is to be.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from bench.doors import Figure
from bench.requests import Client, serving

_VERSION = {"heat_template_version": "2021-04-16"}
_POLLS = 200
_LOOK_EVERY = 0.5
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def template(servers: int, each: int, signal: str) -> dict[str, Any]:
    """``each`` deployments to every server."""
    resources: dict[str, Any] = {
        "config": {
            "type": "OS::Heat::SoftwareConfig",
            "properties": {"group": "script", "config": "true", "outputs": [{"name": "result"}]},
        }
    }
    for number in range(servers):
        name = f"server_{number}"
        resources[name] = {
            "type": "OS::Heat::DeployedServer",
            "properties": {"software_config_transport": "POLL_SERVER_HEAT"},
        }
        for which in range(each):
            resources[f"deployed_{number}_{which}"] = {
                "type": "OS::Heat::SoftwareDeployment",
                "properties": {
                    "config": {"get_resource": "config"},
                    "server": {"get_resource": name},
                    "signal_transport": signal,
                },
            }
    return {**_VERSION, "resources": resources}


async def playing_servers(user: Client, servers: int = 10, each: int = 10) -> list[Figure]:
    """Servers that ask for their metadata and report on each deployment by its signed address."""
    before, begun = user.cpu(), time.perf_counter()
    stack = await _create(user, "played", template(servers, each, "CFN_SIGNAL"))
    async with asyncio.TaskGroup() as tasks:
        for number in range(servers):
            tasks.create_task(
                _play(user, f"/stacks/played/{stack}/resources/server_{number}", each)
            )
        await user.finish(stack, "CREATE_COMPLETE")
    seconds, cpu = time.perf_counter() - begun, user.cpu() - before
    await _delete(user, "played", stack)
    what = f"{servers * each} deployments on {servers} servers that report"
    return [Figure(what, cpu, "CPU s", "< 5"), Figure(what, seconds, "s", "")]


async def _play(user: Client, server: str, deployments: int) -> None:
    done: set[str] = set()
    while len(done) < deployments:
        await asyncio.sleep(_LOOK_EVERY)
        found = await _metadata(user, server)
        for config in found.get("deployments", ()):
            if config["id"] not in done:
                done.add(config["id"])
                inputs = {one["name"]: one["value"] for one in config["inputs"]}
                await _report(user, inputs["deploy_signal_id"])


async def _report(user: Client, address: str) -> None:
    body = json.dumps({"deploy_status_code": 0, "result": "fine"}).encode()
    path = "/" + address.split("/", 3)[3]
    await user.send_bytes("POST", path, body, {"Content-Type": "application/json"})


async def one_server(user: Client) -> list[Figure]:
    """More and more deployments to one server: each is to cost the same; and how long the server
    waits for its metadata then."""
    found = []
    for count in (50, 100, 200):
        before, name = user.cpu(), f"one-{count}"
        stack = await _create(user, name, template(1, count, "NO_SIGNAL"))
        await user.finish(stack, "CREATE_COMPLETE")
        cost = (user.cpu() - before) * 1000 / count
        found.append(Figure(f"each of {count} deployments to one server", cost, "CPU ms", ""))
        if count == 200:
            found += await _polls(user, stack, count)
        await _delete(user, name, stack)
    return found


async def _polls(user: Client, stack: str, count: int) -> list[Figure]:
    """By both doors that agents know."""
    server = f"/stacks/one-{count}/{stack}/resources/server_0"
    assert len((await _metadata(user, server))["deployments"]) == count
    path = f"/v1/{user.project}{server}/metadata"
    asked = {"StackName": f"one-{count}", "LogicalResourceId": "server_0"}
    form = urlencode({"Action": "DescribeStackResource", **asked}).encode()
    what = f"metadata of a server with {count} deployments"
    return [
        *await _poll(user, what, lambda: user.send_bytes("GET", path, b"", {})),
        *await _poll(
            user, f"{what}, cfn", lambda: user.send_bytes("POST", "/cfn/v1/", form, _FORM)
        ),
    ]


async def _poll(user: Client, what: str, ask: Callable[[], Awaitable[bytes]]) -> list[Figure]:
    times, before = [], user.cpu()
    for _ in range(_POLLS):
        begun = time.perf_counter()
        await ask()
        times.append((time.perf_counter() - begun) * 1000)
    cost = (user.cpu() - before) * 1000 / _POLLS
    median = statistics.median(times)
    return [Figure(what, median, "ms, median", "< 5"), Figure(what, cost, "CPU ms", "")]


async def _metadata(user: Client, server: str) -> dict[str, Any]:
    try:
        answer = await user.send("GET", f"{server}/metadata")
    except RuntimeError:
        return {}  # it is not there yet
    found: dict[str, Any] = answer["metadata"]
    return found


async def _create(user: Client, name: str, source: dict[str, Any]) -> str:
    made = await user.send("POST", "/stacks", {"stack_name": name, "template": source})
    return str(made["stack"]["id"])


async def _delete(user: Client, name: str, stack: str) -> None:
    await user.send("DELETE", f"/stacks/{name}/{stack}")
    await user.finish(stack, "")


async def run() -> list[Figure]:
    async with serving() as (user, _):
        return [*await playing_servers(user), *await one_server(user)]


def main() -> None:
    for each in asyncio.run(run()):
        print(f"{each.what:<58} {each.value:9.2f} {each.unit:<11} {each.aim}")


if __name__ == "__main__":
    main()

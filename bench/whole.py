"""The whole service over HTTP: groups, signals, visits, and a fleet in the local cloud.

``python -m bench.whole`` prints seconds, CPU seconds and MiB of a service of its own for each case.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.requests import Client, serving

Json = dict[str, Any]

_VERSION = {"heat_template_version": "2021-04-16"}
_PACE = 20
"""Signals that are under way at the same time."""
_ROUNDS = (1, 5, 10)
_SERVERS = 200
_BOOT = 8.0
"""Seconds that the local cloud takes for a server."""


@dataclass
class Case:
    """One service with what was measured of it: ``found`` has a line for each operation."""

    name: str
    user: Client
    admin: Client
    found: list[Json] = field(default_factory=list)

    async def measure(self, what: str, work: Callable[[], Awaitable[object]]) -> None:
        cpu, begun = self.user.cpu(), time.perf_counter()
        await work()
        spent = time.perf_counter() - begun
        line = {"case": self.name, "operation": what, "s": spent, "cpu_s": self.user.cpu() - cpu}
        self.found.append({**line, "mib": self.user.memory()})

    async def create(self, name: str, body: Json) -> str:
        answer = await self.user.send("POST", "/stacks", {"stack_name": name, **body})
        stack_id: str = answer["stack"]["id"]
        await self.user.finish(stack_id, "CREATE_COMPLETE")
        return stack_id

    async def update(self, name: str, stack_id: str, body: Json) -> None:
        await self.user.send("PUT", f"/stacks/{name}/{stack_id}", body)
        await self.user.finish(stack_id, "UPDATE_COMPLETE")

    async def act(self, name: str, stack_id: str, action: str) -> None:
        await self.user.send("POST", f"/stacks/{name}/{stack_id}/actions", {action: None})
        await self.user.finish(stack_id, f"{action.upper()}_COMPLETE")

    async def delete(self, name: str, stack_id: str) -> None:
        await self.user.send("DELETE", f"/stacks/{name}/{stack_id}")
        await self.user.finish(stack_id, "")


def group(count: int, text: str = "value") -> Json:
    """A group of values."""
    return {
        "template": {**_VERSION, "resources": {"all": _group(count, _value(f"{text} %index%"))}}
    }


def groups(count: int) -> Json:
    """A group of groups of ten values."""
    inner = {**_VERSION, "resources": {"ten": _group(10, _value("value %index%"))}}
    outer = {**_VERSION, "resources": {"all": _group(count, {"type": "ten.json"})}}
    return {"template": outer, "files": {"ten.json": json.dumps(inner)}}


def _group(count: int, member: Json) -> Json:
    properties = {"count": count, "resource_def": member}
    return {"type": "OS::Heat::ResourceGroup", "properties": properties}


def _value(text: str) -> Json:
    return {"type": "OS::Heat::Value", "properties": {"value": text}}


def waiting(count: int) -> Json:
    """A wait condition for so many signals."""
    condition = {"handle": {"get_resource": "handle"}, "count": count, "timeout": 600}
    handle = {
        "type": "OS::Heat::WaitConditionHandle",
        "properties": {"signal_transport": "NO_SIGNAL"},
    }
    done = {"type": "OS::Heat::WaitCondition", "properties": condition}
    return {"template": {**_VERSION, "resources": {"handle": handle, "done": done}}}


def fleet(servers: int) -> Json:
    """Servers with a port and a volume each, in a network of their own behind a router."""
    resources: Json = {
        "net": {"type": "OS::Neutron::Net"},
        "subnet": {
            "type": "OS::Neutron::Subnet",
            "properties": {"network": {"get_resource": "net"}, "cidr": "10.20.0.0/16"},
        },
        "router": {"type": "OS::Neutron::Router"},
        "interface": {
            "type": "OS::Neutron::RouterInterface",
            "properties": {
                "router": {"get_resource": "router"},
                "subnet": {"get_resource": "subnet"},
            },
        },
    }
    for n in range(servers):
        port, volume = f"port_{n}", f"volume_{n}"
        on = {
            "network": {"get_resource": "net"},
            "fixed_ips": [{"subnet": {"get_resource": "subnet"}}],
        }
        resources[port] = {"type": "OS::Neutron::Port", "properties": on}
        resources[volume] = {"type": "OS::Cinder::Volume", "properties": {"size": 1}}
        server = {
            "image": "cirros",
            "flavor": "m1.tiny",
            "networks": [{"port": {"get_resource": port}}],
        }
        resources[f"server_{n}"] = {"type": "OS::Nova::Server", "properties": server}
    return {"template": {**_VERSION, "resources": resources}}


async def group_of_values(case: Case) -> None:
    await _grown(case, group, 1000, 1100)


async def group_of_groups(case: Case) -> None:
    await _grown(case, groups, 100, 110)


async def _grown(case: Case, make: Callable[[int], Json], size: int, bigger: int) -> None:
    stack = ""

    async def create() -> None:
        nonlocal stack
        stack = await case.create("many", make(size))

    await case.measure("create", create)
    await case.measure("update, nothing changed", lambda: case.update("many", stack, make(size)))
    await case.measure("grow by 100", lambda: case.update("many", stack, make(bigger)))
    await case.measure("delete", lambda: case.delete("many", stack))


async def memory(case: Case) -> None:
    """What is in memory after so many rounds, each with stacks that were never seen before."""

    async def go_round(number: int) -> None:
        name, text = f"round-{number}", f"value of round {number}"
        stack = await case.create(name, group(1000, text))
        await case.update(name, stack, group(1100, text))
        await case.delete(name, stack)

    for number in range(1, _ROUNDS[-1] + 1):
        await case.measure(f"round {number}", lambda number=number: go_round(number))  # type: ignore[misc]
    case.found = [line for number, line in enumerate(case.found, 1) if number in _ROUNDS]


async def signals(case: Case, count: int = 1000) -> None:
    """From the first signal to the end of the wait condition that wants them all."""
    answer = await case.user.send("POST", "/stacks", {"stack_name": "waiting", **waiting(count)})
    stack = answer["stack"]["id"]
    resources = f"/stacks/waiting/{stack}/resources"
    while True:
        shown = await case.user.send("GET", f"{resources}/handle")
        if shown["resource"]["resource_status"] == "CREATE_COMPLETE":
            break
    pace = asyncio.Semaphore(_PACE)

    async def signal(number: int) -> None:
        async with pace:
            await case.user.send("POST", f"{resources}/handle/signal", {"id": str(number)})

    async def send_all() -> None:
        await asyncio.gather(*map(signal, range(count)))
        await case.user.finish(stack, "CREATE_COMPLETE")

    await case.measure(f"{count} signals", send_all)


async def visits(case: Case, count: int = 1000) -> None:
    """Actions that look at each resource."""
    resources = {f"value_{n}": _value(f"value {n}") for n in range(count)}
    stack = await case.create("many", {"template": {**_VERSION, "resources": resources}})
    for action in ("check", "suspend", "resume"):
        await case.measure(action, lambda action=action: case.act("many", stack, action))  # type: ignore[misc]


async def fleet_of_servers(case: Case) -> None:
    """Seconds, and calls of the cloud for each resource."""
    body = fleet(_SERVERS)
    count = len(body["template"]["resources"])
    await _prepare_cloud(case)
    stack = ""

    async def create() -> None:
        nonlocal stack
        stack = await case.create("fleet", body)

    for what, work in (("create", create), ("delete", lambda: case.delete("fleet", stack))):
        before = await _calls(case)
        await case.measure(what, work)
        calls = await _calls(case) - before
        case.found[-1]["calls"] = calls / count


async def _calls(case: Case) -> int:
    """Calls of the services that hold objects."""
    called = (await case.admin.send_to("GET", "/localcloud/calls"))["called"]
    apart = ("identity.", "localcloud.")
    return sum(count for name, count in called.items() if not name.startswith(apart))


async def _prepare_cloud(case: Case) -> None:
    timings = {"compute.server.create": _BOOT}
    await case.admin.send_to("PUT", "/localcloud/timings", timings)
    project, many = case.user.project, 100_000
    compute = {"instances": many, "cores": many, "ram": many * 1000}
    await case.admin.send_to(
        "PUT", f"/compute/v2.1/os-quota-sets/{project}", {"quota_set": compute}
    )
    volume = {"volumes": many, "gigabytes": many}
    await case.admin.send_to(
        "PUT", f"/volume/v3/{case.admin.project}/os-quota-sets/{project}", {"quota_set": volume}
    )
    await case.admin.send_to("PUT", f"/network/v2.0/quotas/{project}", {"quota": {"port": many}})


CASES: Mapping[str, Callable[[Case], Awaitable[None]]] = {
    "group of 1000": group_of_values,
    "memory": memory,
    "100 groups of 10": group_of_groups,
    "signals": signals,
    "visits of 1000": visits,
    f"fleet of {3 * _SERVERS + 4}": fleet_of_servers,
}


async def run(names: list[str]) -> list[Json]:
    found: list[Json] = []
    for name in names:
        async with serving() as (user, admin):
            case = Case(name, user, admin)
            await case.delete("one", await case.create("one", group(1)))
            await CASES[name](case)
            found += case.found
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.whole", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("cases", nargs="*", help=f"some of: {', '.join(CASES)}")
    options = parser.parse_args()
    found = asyncio.run(run(options.cases or list(CASES)))
    if options.json:
        print(json.dumps(found, indent=2))
        return
    row = "{:<18} {:<24} {:>8} {:>8} {:>6}  {}"
    print(row.format("whole service", "", "seconds", "CPU s", "MiB", ""))
    for each in found:
        calls = f"{each['calls']:.2f} calls of the cloud a resource" if "calls" in each else ""
        times = (f"{each[key]:.2f}" for key in ("s", "cpu_s"))
        print(row.format(each["case"], each["operation"], *times, f"{each['mib']:.0f}", calls))


if __name__ == "__main__":
    main()

"""The doors for clients of AWS: how long requests take, and what alarms cost.

``python -m bench.doors`` prints a figure a line, each beside what it is to be.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from bench.requests import Client, serving

_TARGET = "GraniteServiceVersion20100801"
_AT_ONCE = 8
_RUNS = 40
_WATCHED_SECONDS = 120
_SIGNALS = 10
_SETTLING_SECONDS, _WAITED_SECONDS = 3, 20


class Figure(NamedTuple):
    """``aim`` is what it is to be, if that is said."""

    what: str
    value: float
    unit: str
    aim: str


async def describe_stacks(user: Client, count: int = 200) -> list[Figure]:
    """Each with a parameter, a resource and an output, as the first page of them all is shown."""
    template = {
        "heat_template_version": "2021-04-16",
        "parameters": {"p": {"type": "string", "default": "x"}},
        "resources": {"a": {"type": "OS::Heat::Value", "properties": {"value": "x"}}},
        "outputs": {"o": {"value": {"get_attr": ["a", "value"]}}},
    }
    for start in range(0, count, _AT_ONCE):
        names = [f"many-{n}" for n in range(start, min(start + _AT_ONCE, count))]
        made = await asyncio.gather(*(_create(user, name, template) for name in names))
        await asyncio.gather(*(user.finish(each, "CREATE_COMPLETE") for each in made))
    before = user.cpu()
    times = await _times(lambda: _ask(user, "/cfn/v1/", "DescribeStacks"))
    cpu = (user.cpu() - before) * 1000 / len(times)
    one = await _times(lambda: _ask(user, "/cfn/v1/", "DescribeStacks", StackName="many-7"))
    return [
        _median(f"DescribeStacks, {count} stacks", times, "< 25"),
        Figure("DescribeStacks, the same", cpu, "CPU ms", ""),
        _median("DescribeStacks, one of them", one, ""),
    ]


async def _create(user: Client, name: str, template: Mapping[str, Any]) -> str:
    made = await user.send("POST", "/stacks", {"stack_name": name, "template": template})
    found: str = made["stack"]["id"]
    return found


async def put_measures(user: Client, values: int = 20_000, each: int = 100) -> list[Figure]:
    """As JSON, ``each`` a request, of a hundred metrics."""
    begun = time.perf_counter()
    await _at_once([_measures(n, each) for n in range(values // each)], lambda b: _put(user, b))
    return [Figure("PutMetricData", values / (time.perf_counter() - begun), "values/s", "> 2000")]


def _measures(number: int, count: int) -> dict[str, Any]:
    host = {"Name": "host", "Value": f"h{number % 10}"}
    data = [
        {"MetricName": f"m{n % 10}", "Dimensions": [host], "Value": float(n), "Unit": "Count"}
        for n in range(count)
    ]
    return {"Namespace": "Bench", "MetricData": data}


async def list_metrics(user: Client, count: int = 10_000, each: int = 500) -> list[Figure]:
    bodies = [
        {
            "Namespace": "Many",
            "MetricData": [
                {"MetricName": f"m{n}", "Value": 1.0} for n in range(start, start + each)
            ],
        }
        for start in range(0, count, each)
    ]
    await _at_once(bodies, lambda body: _put(user, body))
    times = await _times(lambda: _call(user, "ListMetrics", {"Namespace": "Many"}))
    return [_median(f"ListMetrics, {count} metrics", times, "< 50")]


async def alarms(user: Client, count: int = 1000) -> list[Figure]:
    """What they cost while nothing else is done, less what the service costs without them."""
    idle = await _cpu_a_minute(user)
    bodies = [
        {
            "AlarmName": f"alarm-{n}",
            "Namespace": "Bench",
            "MetricName": f"m{n % 10}",
            "Dimensions": [{"Name": "host", "Value": f"h{n % 10}"}],
            "Statistic": "Average",
            "Period": 60,
            "EvaluationPeriods": 3,
            "Threshold": 10.0,
            "ComparisonOperator": "GreaterThanThreshold",
        }
        for n in range(count)
    ]
    await _at_once(bodies, lambda body: _call(user, "PutMetricAlarm", body))
    await put_measures(user, 2000)
    busy = await _cpu_a_minute(user)
    return [Figure(f"{count} alarms evaluated", busy - idle, "CPU s/minute", "< 2")]


async def scaling(user: Client) -> list[Figure]:
    """From a value at the very beginning of a minute to the group that begins to grow."""
    policy = {
        "auto_scaling_group_id": {"get_resource": "group"},
        "adjustment_type": "change_in_capacity",
        "scaling_adjustment": 1,
    }
    group = {"min_size": 1, "max_size": 5, "resource": {"type": "OS::Heat::RandomString"}}
    alarm = {
        "Namespace": "Bench",
        "MetricName": "busy",
        "Statistic": "Average",
        "Period": "60",
        "EvaluationPeriods": "1",
        "Threshold": "10",
        "ComparisonOperator": "GreaterThanThreshold",
        "AlarmActions": [{"get_attr": ["policy", "alarm_url"]}],
    }
    resources = {
        "group": {"type": "OS::Heat::AutoScalingGroup", "properties": group},
        "policy": {"type": "OS::Heat::ScalingPolicy", "properties": policy},
        "alarm": {"type": "AWS::CloudWatch::Alarm", "properties": alarm},
    }
    template = {"heat_template_version": "2021-04-16", "resources": resources}
    stack = await _create(user, "scaled", template)
    await user.finish(stack, "CREATE_COMPLETE")
    await asyncio.sleep(60 - time.time() % 60)
    begun = time.perf_counter()
    await _put(user, {"Namespace": "Bench", "MetricData": [{"MetricName": "busy", "Value": 99.0}]})
    await _grown(user, stack)
    spent = time.perf_counter() - begun
    return [Figure("breaching value to begun scaling", spent, "s", "< 62")]


async def signals(user: Client, counts: tuple[int, ...] = (10, 100)) -> list[Figure]:
    """Creations that wait for ten signals each: what waiting costs, and being told by all."""
    figures: list[Figure] = []
    for count in counts:
        policy = {"ResourceSignal": {"Count": _SIGNALS}}
        one = {"Type": "OS::Heat::RandomString", "CreationPolicy": policy}
        template = {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Resources": {f"r{n}": one for n in range(count)},
        }
        name = f"waiting-{count}"
        stack = await _create(user, name, template)
        await asyncio.sleep(_SETTLING_SECONDS)
        before = user.cpu()
        await asyncio.sleep(_WAITED_SECONDS)
        cost = (user.cpu() - before) * 60 / _WAITED_SECONDS
        before, begun = user.cpu(), time.perf_counter()
        told = [
            {"LogicalResourceId": f"r{n}", "UniqueId": str(m)}
            for m in range(_SIGNALS)
            for n in range(count)
        ]
        await _at_once(told, lambda words, of=name: _signal(user, of, words))
        await user.finish(stack, "CREATE_COMPLETE")
        spent = time.perf_counter() - begun
        each = (user.cpu() - before) * 1000 / len(told)
        figures += [
            Figure(f"{count} creations waiting for signals", cost, "CPU s/minute", ""),
            Figure(f"the same, {len(told)} signals", spent, "s", ""),
            Figure("the same, each signal", each, "CPU ms", ""),
        ]
    return figures


async def _signal(user: Client, stack: str, words: Mapping[str, str]) -> None:
    await _ask(user, "/cfn/v1/", "SignalResource", StackName=stack, Status="SUCCESS", **words)


async def _grown(user: Client, stack: str) -> None:
    """Wait until the group begins to."""
    while True:
        shown = await user.send("GET", f"/stacks/scaled/{stack}/resources/group")
        if str(shown["resource"]["resource_status"]).startswith("UPDATE"):
            return
        await asyncio.sleep(0.02)


async def _cpu_a_minute(user: Client) -> float:
    before = user.cpu()
    await asyncio.sleep(_WATCHED_SECONDS)
    return (user.cpu() - before) * 60 / _WATCHED_SECONDS


def descriptions() -> Iterator[Figure]:
    """What loading them costs a process."""
    command = [sys.executable, "-c", _LOADING]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, pages = map(float, done.stdout.split())
    yield Figure("loading both descriptions", seconds, "s", "< 0.1")
    yield Figure("loading both descriptions", pages * resource.getpagesize() / 2**20, "MiB", "< 10")


_LOADING = """
import time
from isotherm.api import cfn, cloudwatch
from isotherm.api.aws.description import load_description

def resident():
    return int(open("/proc/self/statm").read().split()[1])

before, begun = resident(), time.perf_counter()
kept = [load_description(f"isotherm.api.{name}") for name in ("cfn", "cloudwatch")]
print(time.perf_counter() - begun, resident() - before)
"""


async def _put(user: Client, body: Mapping[str, Any]) -> None:
    await _call(user, "PutMetricData", body)


async def _call(user: Client, operation: str, body: Mapping[str, Any]) -> None:
    """In the JSON protocol."""
    headers = {
        "X-Amz-Target": f"{_TARGET}.{operation}",
        "Content-Type": "application/x-amz-json-1.0",
    }
    await user.send_bytes("POST", "/cloudwatch/", json.dumps(body).encode(), headers)


async def _ask(user: Client, path: str, action: str, **parameters: str) -> None:
    """In the query protocol."""
    body = urlencode({"Action": action, **parameters}).encode()
    await user.send_bytes("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})


async def _at_once(
    bodies: list[dict[str, Any]], send: Callable[[dict[str, Any]], Awaitable[None]]
) -> None:
    pace = asyncio.Semaphore(_AT_ONCE)

    async def paced(body: dict[str, Any]) -> None:
        async with pace:
            await send(body)

    await asyncio.gather(*map(paced, bodies))


async def _times(ask: Callable[[], Awaitable[None]]) -> list[float]:
    """Milliseconds; the first ones warm up."""
    found = []
    for _ in range(_RUNS + 3):
        begun = time.perf_counter()
        await ask()
        found.append((time.perf_counter() - begun) * 1000)
    return found[3:]


def _median(what: str, times: list[float], aim: str) -> Figure:
    return Figure(what, statistics.median(times), "ms (p50)", aim)


CASES: Mapping[str, Callable[[Client], Awaitable[list[Figure]]]] = {
    "stacks": describe_stacks,
    "measures": put_measures,
    "metrics": list_metrics,
    "alarms": alarms,
    "scaling": scaling,
    "signals": signals,
}


async def run(names: list[str]) -> None:
    for name in names:
        async with serving() as (user, _):
            _tell(await CASES[name](user))


def _tell(figures: Iterable[Figure]) -> None:
    for what, value, unit, aim in figures:
        told = f"{value:,.3g}" if value < 100 else f"{value:,.0f}"
        # At once: the next case may take minutes.
        print(f"{what:<34} {told:>10} {unit:<14} {aim}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.doors", description=__doc__)
    parser.add_argument("cases", nargs="*", help=f"some of: {', '.join(CASES)}")
    options = parser.parse_args()
    _tell(descriptions())
    asyncio.run(run(options.cases or list(CASES)))


if __name__ == "__main__":
    main()

"""What real services answered, and how the local cloud is asked the same.

`real/<service>.yaml` says what to ask, step by step; `real/<service>.json` has what the real
service answered, as `scripts/record-services` wrote it down. `<service>.<part>.yaml` is a further
conversation with the same service. A step is

    ask: GET /v2/zones/$zone     method and path below the service's endpoint
    with: {...}                  the body
    keep: {zone: id}             names for what the answer has at a dotted path; `href?a` is
                                 what the address there has as its parameter `a`
    until: {status: ACTIVE}      ask again until the answer has this; `until: 404` for a status
    at: network                  another service is asked, and the answer is not compared
    as: admin                    an administrator asks
    headers: {...}               more of them
    besides: [shard_id]          what the local cloud does not tell, or tells otherwise

`$project` is that of the ordinary user, `$admins` the administrator's. Answers are compared after
what is drawn by lot got a name: kept values theirs, other ids `<id>`,
moments `<time>`, endpoints `<url>`, and what stands before their versions `<base>`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml

REAL = Path(__file__).parent / "real"
Step = Mapping[str, Any]
Answer = tuple[int, Any]
"""The status, and the body as data; text where it is no JSON."""
Send = Callable[[Step, str, str], Awaitable[Answer]]
"""Asks a step with this method and this path."""

_DRAWN = (
    (re.compile(r"\s*<br /><br />\s*"), "<br />"),
    (re.compile(r"\s*</body>"), "</body>"),
    # A validator's comments on its reason: whole schemas, in words of their own.
    (re.compile(r"\n\nFailed validating .*?(?=<br />)", re.DOTALL), ""),
    (re.compile(r"req-[0-9a-f-]{36}"), "<request>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00|)"), "<time>"),
    (re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}"), "<id>"),
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])"), "<id>"),
    (re.compile(r"(?<![0-9a-f:])[0-9a-f]{2}(:[0-9a-f]{2}){5}(?![0-9a-f:])"), "<mac>"),
    (re.compile(r"(?<![0-9])1[6-9]\d{8}(?![0-9])"), "<serial>"),
)
_VERSIONED = re.compile(r"/v\d.*$")
_SAID_BY_ALL = {
    "metric": {"Accept": "application/json"},
    "messaging": {"Client-ID": "3381af92-2b9e-11e3-b191-71861300734c"},
}
TIMES = 120
"""How often a step is asked at most ``until`` its answer is as wanted."""


@dataclass
class Conversation:
    """One file's steps, said to one cloud; ``urls`` are its endpoints, by user and service."""

    service: str
    urls: Mapping[str, Mapping[str, str]]
    send: Send
    kept: dict[str, str] = field(default_factory=dict)

    async def say(self, step: Step) -> Answer:
        """Raises AssertionError where the answer never comes to what the step waits for, or
        lacks what it keeps."""
        method, _, path = step["ask"].partition(" ")
        said = {**step, "with": self._filled(step.get("with")), "at": self._at(step)}
        for _ in range(TIMES):
            status, body = await self.send(said, method, self._filled(path))
            if _is_as(step.get("until", {}), status, body):
                break
        else:
            raise AssertionError(f"{step}: {status} {body}")
        for name, where in step.get("keep", {}).items():
            place, _, parameter = where.partition("?")
            found = _part(body, place)
            if found and parameter:
                found = parse_qs(urlsplit(str(found)).query).get(parameter, [""])[0]
            assert found, f"{step}: {status} {body}"
            self.kept[name] = _last(str(found))
        return status, self._named(body)

    def _at(self, step: Step) -> str:
        return str(step.get("at", self.service))

    def _endpoints(self) -> Iterator[tuple[str, str]]:
        """The longest first: an endpoint may begin as another does."""
        urls = sorted((url for each in self.urls.values() for url in each.values()), key=len)
        yield from ((url, "<url>") for url in reversed(urls))
        yield from ((_VERSIONED.sub("", url), "<base>") for url in reversed(urls))

    def _filled(self, value: Any) -> Any:
        """With what was kept in place of its names."""
        if isinstance(value, str):
            return re.sub(r"\$(\w+)", lambda match: self.kept[match[1]], value)
        if isinstance(value, Mapping):
            return {self._filled(key): self._filled(each) for key, each in value.items()}
        return [self._filled(each) for each in value] if isinstance(value, list) else value

    def _named(self, value: Any) -> Any:
        """With names in place of what is drawn by lot."""
        if isinstance(value, Mapping):
            return {self._named(key): self._named(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._named(each) for each in value]
        if isinstance(value, int) and value > 10**9:
            return "<serial>"
        if not isinstance(value, str):
            return value
        for url, name in self._endpoints():
            value = value.replace(url, name)
        for name, kept in self.kept.items():
            # A number may stand anywhere.
            if value == kept or not kept.isdigit():
                value = value.replace(kept, f"${name}")
        for pattern, name in _DRAWN:
            value = pattern.sub(name, value)
        return value


def said_by_all(service: str) -> Mapping[str, str]:
    """Headers of all requests, where clients of a service say some."""
    return _SAID_BY_ALL.get(service, {})


def type_of(name: str) -> str:
    """The type of the service that a conversation is held with."""
    return name.partition(".")[0]


def load(service: str) -> tuple[list[Step], list[Answer]]:
    """The steps, and what was answered to each."""
    steps = yaml.safe_load((REAL / f"{service}.yaml").read_text())
    recorded = REAL / f"{service}.json"
    answers = json.loads(recorded.read_text()) if recorded.exists() else []
    return steps, [(status, body) for status, body in answers]


def differences(step: Step, then: Answer, now: Answer) -> Iterator[str]:
    """What the local cloud answered otherwise."""
    besides = frozenset(step.get("besides", ()))
    if "at" in step:
        return
    if then[0] != now[0]:
        yield f"{then} was answered, here {now}"
        return
    yield from _compared("", then[1], now[1], besides)


def _compared(where: str, then: Any, now: Any, besides: frozenset[str]) -> Iterator[str]:
    if where.rpartition(".")[2] in besides:
        return
    if isinstance(then, dict) and isinstance(now, dict):
        for name in sorted({*then, *now}):
            below = f"{where}.{name}"
            if name in besides:
                continue
            if name not in now:
                yield f"{below} is not here: {then[name]!r}"
            elif name not in then:
                yield f"{below} is only here: {now[name]!r}"
            else:
                yield from _compared(below, then[name], now[name], besides)
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for position, (one, other) in enumerate(zip(then, now, strict=True)):
            yield from _compared(f"{where}.{position}", one, other, besides)
    elif then != now or isinstance(then, bool) != isinstance(now, bool):
        yield f"{where} was {then!r}, here {now!r}"


def _is_as(wanted: Any, status: int, body: Any) -> bool:
    if isinstance(wanted, int):
        return status == wanted
    return all(_part(body, where) == value for where, value in wanted.items())


def _last(value: str) -> str:
    """The id, where a reference is told."""
    return value.rpartition("/")[2] if value.startswith("http") else value


def _part(body: Any, where: str) -> Any:
    for name in where.split("."):
        if isinstance(body, list):
            body = body[int(name)] if int(name) < len(body) else None
        else:
            body = body.get(name) if isinstance(body, Mapping) else None
    return body

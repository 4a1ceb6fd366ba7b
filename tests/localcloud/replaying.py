"""Recorded conversations with the cloud, said again: ids, keys and the like differ, nothing else.

A conversation is a list of steps, each a JSON object: what the cloud started from (what is not
said there is said in `start.json`), then requests with what was answered, and what a test did to
the cloud by hand (`do`). Where a service is to answer otherwise from now on,

    .venv/bin/python -m tests.localcloud.replaying tests/localcloud/recorded/network.jsonl.gz

takes today's answers for the recorded ones, and says which are new.
"""

import asyncio
import base64
import gzip
import json
import re
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.types import Message
from tests.localcloud.fake_peers import FakeImages, FakeVolumes

from isotherm.localcloud import CatalogEntry, Clock, LocalCloud, build_cloud

Step = dict[str, Any]
RECORDED = Path(__file__).parent / "recorded"
_BASE = "http://cloud.example"
# What the cloud draws by lot: ids with and without dashes, MAC addresses, keys, fingerprints.
_DRAWN = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{56}|[0-9a-f]{64})(?![0-9a-f])"
    r"|(?<![0-9a-f:])[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?![0-9a-f:])"
    r"|(?<![0-9a-f:])[0-9a-f]{2}(?::[0-9a-f]{2}){15}(?![0-9a-f:])"
    r"|\btoken-\d+|\bsecret-\d+"
    r"|(?<=ssh-ed25519 )\S+|(?<=ssh-rsa )\S+"
    r"|(?<=fe80::)[0-9a-f:]+|r-[0-9a-z]{8}"
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?")
# Told by nobody twice, or of no meaning to a client.
_UNTOLD = frozenset(("private_key", "adminPass", "audit_ids", "secret", "password"))
_HEADERS = ("content-type", "location", "retry-after", "openstack-api-version", "www-authenticate")


class Differs(Exception):
    """An answer is not the recorded one."""


class Replay:
    """One conversation, said to a new cloud."""

    def __init__(self, start: Step) -> None:
        start = {**json.loads((RECORDED / "start.json").read_text()), **start}
        self.clock = Clock(manual=True, at=start["start"])
        self.cloud: LocalCloud = build_cloud(
            None,
            public_url=_BASE,
            catalog=[CatalogEntry(*entry) for entry in start["catalog"]],
            passwords=start["passwords"],
            clock=self.clock,
        )
        self._unpublish_all_but([*start["services"], *(each[0] for each in start["catalog"])])
        self._start: float = start["start"]
        # From what was drawn when it was recorded to what is drawn now.
        self._now: dict[str, str] = {}
        for name, entity_id in start.get("ids", {}).items():
            self._now[entity_id] = self._seeded(name)

    def _unpublish_all_but(self, service_types: list[str]) -> None:
        """Catalogues show no service that came after the recording."""
        catalogue = self.cloud.identity.catalogue
        for service in catalogue.services:
            if service.type not in service_types:
                for endpoint in catalogue.endpoints.find(service_id=service.id):
                    catalogue.endpoints.remove(endpoint.id)
                catalogue.services.remove(service.id)

    def _seeded(self, name: str) -> str:
        """The id of what is there from the start, by `<service>.<kind>.<name>`."""
        service_type, kind, own = name.split(".", 2)
        service = next(each for each in self.cloud.services if each.service_type == service_type)
        found: str = next(each.id for each in service.collections[kind] if each.name == own)
        return found

    def close(self) -> None:
        self.cloud.close()

    async def say(self, step: Step) -> None:
        """Raises Differs."""
        if "do" in step:
            self._do(step)
            return
        status, headers, body = await self._ask(step)
        if status != step["status"]:
            raise Differs(f"{step['status']} was answered, now {status}: {body!r}")
        told = {"content-type": "application/json"} if body else {}
        told |= step.get("reply_headers", {})
        for name in _HEADERS:
            self._compare(told.get(name), headers.get(name), name)
        if "x-subject-token" in told:
            self._now[told["x-subject-token"]] = headers["x-subject-token"]
        then, now = _parsed(step.get("reply", "")), _parsed(body)
        self._compare(then, _part(then, now) if step.get("partial") else now, "body")

    def answered_now(self, step: Step) -> Step:
        """The step just said, with today's answer in place of the recorded one."""
        status, headers, body = self._answer
        then = {now: then for then, now in self._now.items()}
        told = {name: v for name, v in headers.items() if name in _HEADERS}
        answer = {"status": status, "reply_headers": told, "reply": _parsed(body)}
        text = _DRAWN.sub(lambda match: then.get(match[0], match[0]), json.dumps(answer))
        return {**step, **json.loads(text)}

    def _do(self, step: Step) -> None:
        if step["do"] == "advance":
            self.cloud.advance(step["seconds"])
        elif step["do"] == "timings":
            self.cloud.frame.timings.seconds = step["seconds"]
        elif step["do"] == "fakes":
            self.cloud.frame.peers.join("block-storage", FakeVolumes())
            self.cloud.frame.peers.join("image", FakeImages())
        else:
            self.cloud.inject(step["operation"], **step["rule"])

    async def _ask(self, step: Step) -> tuple[int | None, dict[str, str], Any]:
        self.clock.advance(max(self._start + step.get("at", 0.0) - self.clock.now(), 0.0))
        self._answer = await self._send(step)
        return self._answer

    async def _send(self, step: Step) -> tuple[int | None, dict[str, str], Any]:
        content = self._content(step.get("body", ""))
        usual = {"host": "cloud.example", "accept": "*/*"}
        if content:
            usual["content-type"] = "application/json"
        given = {**usual, **step.get("headers", {})}
        headers = {name: self._said_now(value) for name, value in given.items()}
        path = self._said_now(step["path"])
        scope = {
            "type": "http",
            "method": step["method"],
            "scheme": "http",
            "path": unquote(path),
            "query_string": self._said_now(step.get("query", "")).encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        messages = iter(({"type": "http.request", "body": content}, {"type": "http.disconnect"}))
        sent: list[Message] = []

        async def receive() -> Message:
            return next(messages)

        async def send(message: Message) -> None:
            sent.append(message)

        await self.cloud.app(scope, receive, send)
        if not sent:
            return None, {}, ""
        answered = {name.decode().lower(): v.decode() for name, v in sent[0]["headers"]}
        return sent[0]["status"], answered, b"".join(each.get("body", b"") for each in sent[1:])

    def _content(self, body: Any) -> bytes:
        if isinstance(body, dict) and body.keys() == {"base64"}:
            return base64.b64decode(body["base64"])
        text = body if isinstance(body, str) else json.dumps(body)
        return self._said_now(text).encode()

    def _said_now(self, text: str) -> str:
        return _DRAWN.sub(lambda match: self._now.get(match[0], match[0]), text)

    def _compare(self, then: Any, now: Any, where: str) -> None:
        """Learns what is drawn by lot, and finds what else differs."""
        name = where.rpartition(".")[2]
        if name == "secret" and isinstance(now, str):
            self._now[then] = now
        if name in _UNTOLD:
            return
        if isinstance(then, dict) and isinstance(now, dict):
            self._compare_objects(then, now, where)
        elif isinstance(then, list) and isinstance(now, list):
            if len(then) != len(now):
                raise Differs(f"{where} had {len(then)} entries, now {len(now)}: {then} {now}")
            self._compare_all(
                (one, other, f"{where}.{position}")
                for position, (one, other) in enumerate(zip(then, now, strict=True))
            )
        elif isinstance(then, str) and isinstance(now, str):
            self._compare_texts(then, now, where)
        elif then != now or isinstance(then, bool) != isinstance(now, bool):
            raise Differs(f"{where} was {then!r}, now {now!r}")

    def _compare_objects(self, then: Step, now: Step, where: str) -> None:
        names = {self._said_now(each): each for each in then}
        self._compare_all(
            (then[names[name]], now[name], f"{where}.{name}") for name in now if name in names
        )
        if names.keys() != now.keys():
            raise Differs(f"{where}: {sorted(names.keys() ^ now.keys())} are not in both")

    def _compare_all(self, pairs: Iterable[tuple[Any, Any, str]]) -> None:
        """Also after one that differs: what is drawn by lot has to be learnt from all."""
        found: list[Differs] = []
        for pair in pairs:
            try:
                self._compare(*pair)
            except Differs as difference:
                found.append(difference)
        if found:
            raise found[0]

    def _compare_texts(self, then: str, now: str, where: str) -> None:
        then = _near(then, now)
        drawn_then, drawn_now = _DRAWN.findall(then), _DRAWN.findall(now)
        plain = len(drawn_then) == len(drawn_now) and _DRAWN.sub("*", then) == _DRAWN.sub("*", now)
        if not plain:
            raise Differs(f"{where} was {then!r}, now {now!r}")
        for one, other in zip(drawn_then, drawn_now, strict=True):
            if self._now.setdefault(one, other) != other:
                raise Differs(f"{where} was {then!r}, now {now!r}: {self._now[one]!r} was expected")


def _parsed(content: Any) -> Any:
    if isinstance(content, dict) and content.keys() == {"base64"}:
        return content["base64"]
    if isinstance(content, bytes):
        try:
            content = content.decode()
        except UnicodeDecodeError:
            return base64.b64encode(content).decode()
    if isinstance(content, str) and content[:1] in ("{", "["):
        try:
            return json.loads(content)
        except ValueError:
            return content
    return content


def _part(then: Any, now: Any) -> Any:
    """Of what is answered now only what was recorded."""
    if isinstance(then, dict) and isinstance(now, dict):
        return {name: _part(then[name], now.get(name)) for name in then}
    return now


def _near(then: str, now: str) -> str:
    """What was said then, with the moments of now where they are less than two seconds apart:
    while it was recorded, the clock ran on within a request."""
    moments = iter(_MOMENT.findall(now))

    def replace(match: re.Match[str]) -> str:
        other = next(moments, match[0])
        apart = datetime.fromisoformat(match[0]) - datetime.fromisoformat(other)
        return other if abs(apart.total_seconds()) < 2 else match[0]

    return _MOMENT.sub(replace, then)


def conversations(path: Path) -> list[list[Step]]:
    """Those of one file; the first step of each tells what the cloud starts from."""
    found: list[list[Step]] = []
    for line in gzip.decompress(path.read_bytes()).splitlines():
        step: Step = json.loads(line)
        if "start" in step:
            found.append([])
        found[-1].append(step)
    return found


async def _with_todays_answers(path: Path) -> str:
    lines: list[Step] = []
    for start, *steps in conversations(path):
        replay = Replay(start)
        lines.append(start)
        for step in steps:
            try:
                await replay.say(step)
            except Differs as difference:
                sys.stdout.write(f"{step['method']} {step['path']}: {difference}\n")
                lines.append(replay.answered_now(step))
            else:
                lines.append(step)
        replay.close()
    return "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)


if __name__ == "__main__":
    recorded = Path(sys.argv[1])
    told = asyncio.run(_with_todays_answers(recorded))
    recorded.write_bytes(gzip.compress(told.encode(), mtime=0))

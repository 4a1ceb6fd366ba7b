"""Good requests to every route, with slips in them, by callers of every kind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from fuzz.documents import parsed
from fuzz.mutations import mutated
from isotherm.api.native.queries import Arity
from isotherm.api.native.routes import ROUTES
from isotherm.api.native.routing import Route

TOKENS = (
    *("demo-token",) * 8,
    *("admin-token", "admin-token", "guest-token", "other-token", "other-token", "", "wrong"),
)
"""Of a member, an administrator, somebody without a role, another project, and of nobody."""

_ROOT = Path(__file__).parents[1]
ODD_TEXTS = (
    *("", " ", "x", "7", "-1", str(2**63), str(2**64), "9" * 400, "1e400", "nan", "true", "None"),
    *("\x00", "ß€", "\ud800", "a" * 3000, "../..", "%", "%00", "%zz", "a/b", "*", "'", '"', ";"),
    *("2026-11-28T00:00:00", "asc", "desc", "asc;desc", "creation_time", "[]", "{}", "a,b,,"),
)
_QUERIES: Mapping[str, Sequence[str]] = {
    "limit": ("1", "10"),
    "sort_keys": ("name", "status", "created_at", "event_time"),
    "sort_dir": ("asc", "desc"),
    "nested_depth": ("0", "2"),
    "with_detail": ("true", "false"),
    "show_deleted": ("true",),
    "show_nested": ("true",),
    "tags": ("t", "a,b"),
    "template_type": ("hot", "cfn"),
    "status": ("COMPLETE", "CREATE_COMPLETE"),
}
_NAMES = {"sink.yaml": "resource_registry: {}", "kid.yaml": "heat_template_version: 2021-04-16"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; what makes it again when it is shown."""

    method: str
    path: str
    body: bytes
    headers: Mapping[str, str]


class Requests:
    """Makes requests; ``places`` are the values of path arguments that lead somewhere."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def next(self, places: Mapping[str, str]) -> Asked:
        random = self._random
        route = random.choice(_CHOICE)
        method = random.choice(("PUT", "DELETE", "OPTIONS")) if self._slips(20) else route.method
        token = random.choice(TOKENS)
        headers = {"x-auth-token": token}
        if token and not self._slips(12):
            places = {**places, "project_id": token.replace("token", "project")}
        if self._slips(10):
            headers[random.choice(_HEADERS)] = random.choice(("", "x", "7", "text/plain", "\xff"))
        return Asked(method, self._path(route, places), self._body(route), headers)

    def _slips(self, of: int) -> bool:
        return self._random.randrange(of) == 0

    def _path(self, route: Route, places: Mapping[str, str]) -> str:
        segments = []
        for segment in route.path.split("/")[1:]:
            if segment.startswith("{"):
                name = segment.strip("{}").partition(":")[0]
                value = places.get(name, "x")
                odd = self._slips(12)
                segments.append(self._quoted(self._random.choice(ODD_TEXTS) if odd else value))
            else:
                segments.append(segment)
        path = "/" + "/".join(segments)
        pairs = [*self._pairs(route)]
        return f"{path}?{'&'.join(pairs)}" if pairs else path

    def _pairs(self, route: Route) -> Iterator[str]:
        random = self._random
        names = [name for name in route.query if self._slips(3)]
        for name in names:
            odd = self._slips(2)
            value = random.choice(ODD_TEXTS if odd else _QUERIES.get(name, ("x",)))
            for _ in range(random.choice((1, 1, 1, 2, 3))):
                yield f"{name}={self._quoted(value)}"
            if route.query[name] is Arity.MULTI and self._slips(3):
                yield f"{name}={self._quoted(random.choice(ODD_TEXTS))}"
        if self._slips(10):
            yield f"{self._quoted(random.choice(ODD_TEXTS))}={random.choice(('', '%ff', 'x'))}"

    def _quoted(self, text: str) -> str:
        if self._slips(8):
            return text.encode("ascii", "ignore").decode().replace("?", "").replace("#", "")
        return quote(text, safe="", errors="surrogatepass")

    def _body(self, route: Route) -> bytes:
        if route.method in ("GET", "DELETE") and not self._slips(20):
            return b""
        random = self._random
        start = random.choice(_bodies(route.name))
        body = json.dumps(start if self._slips(8) else mutated(start, random)).encode()
        if self._slips(15):
            at = random.randrange(len(body) + 1)
            return body[:at] + random.choice((b"", b"\xff", b"\x00", b"9" * 5000, b"["))
        return body


_OFTEN = ("POST", "PUT", "PATCH")
_CHOICE = [
    route
    for route in ROUTES
    for _ in range(5 if route.method in _OFTEN else 1)
    if route.name != "stack_delete"
] + [route for route in ROUTES if route.name == "stack_delete"]
"""What takes a body is asked most."""
_HEADERS = (
    *("content-type", "content-length", "accept", "x-auth-token", "x-openstack-request-id", "host"),
    *("x-forwarded-proto", "x-forwarded-host", "x-auth-user", "x-auth-key", "x-roles"),
)


@cache
def _bodies(route: str) -> list[Any]:
    """Good bodies for a route."""
    sources: list[dict[str, Any]] = [
        {"template": template, "parameters": {"p": "x"}, "files": _NAMES}
        for template in _templates()
    ]
    merged = {
        **sources[0],
        "environment": {
            "parameter_defaults": {"p": "y"},
            "resource_registry": {"A": "OS::Heat::None"},
        },
        "environment_files": ["sink.yaml"],
    }
    sources += [merged, {"template_url": "http://templates.example/x", "parameters": {}}]
    if route in ("stack_create", "stack_preview"):
        return [
            {
                "stack_name": "new",
                "timeout_mins": 7,
                "disable_rollback": True,
                "tags": "a,b",
                **each,
            }
            for each in sources
        ]
    if "update" in route or "preview" in route or route == "template_validate":
        return [{**each, "existing": True, "clear_parameters": ["p"]} for each in sources]
    actions = ("suspend", "resume", "check", "cancel_update", "cancel_without_rollback")
    return [
        *({each: None} for each in actions),
        {"mark_unhealthy": True, "resource_status_reason": "it is"},
        {"name": "x", "data": {}, "config": "#!/bin/sh", "group": "script", "inputs": []},
    ]


def _templates() -> list[Any]:
    files = sorted(_ROOT.glob("examples/0*/template.yaml"))
    simple = {
        "heat_template_version": "2018-08-31",
        "parameters": {"p": {"type": "string", "default": "x"}},
        "resources": {
            "a": {"type": "OS::Heat::TestResource", "properties": {"value": {"get_param": "p"}}},
            "w": {
                "type": "OS::Heat::Value",
                "properties": {"value": {"get_attr": ["a", "output"]}},
            },
        },
        "outputs": {"o": {"value": {"get_attr": ["w", "value"]}}},
    }
    return [simple, simple, *(parsed(each.read_text()) for each in files)]

"""The actions of tasks: those that need nothing, and requests to others."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from isotherm.localcloud.deliveries import Answered, Outgoing
from isotherm.localcloud.workflow.state import Workflows


@dataclass(frozen=True)
class Failure:
    """`action` names the one that raised it."""

    reason: str
    action: str = ""

    def told(self, action_id: str) -> str:
        if not self.action:
            return self.reason
        what = f"action={self.action}, action_ex_id={action_id}, msg='{self.reason}'"
        return f"The action raised an exception [{what}]"


Answer = Callable[[Any], None]
"""Takes the result, or a Failure."""


def begin_action(workflows: Workflows, name: str, given: dict[str, Any], then: Answer) -> None:
    match name:
        case "std.noop":
            then(None)
        case "std.echo":
            then(given.get("output"))
        case "std.fail":
            then(Failure("Fail action expected exception.", "Fail action"))
        case "std.http":
            _send(workflows, given, then)
        case "std.async_noop":
            pass  # Somebody else ends it.
        case _:
            then(Failure(f"Failed to find action [action_name={name}]"))


def _send(workflows: Workflows, given: dict[str, Any], then: Answer) -> None:
    url = str(given.get("url", ""))
    if not url.startswith(("http://", "https://")):
        then(Failure(f"Failed to send HTTP request: {url!r} is no address"))
        return
    if given.get("params"):
        url = f"{url}{'&' if '?' in url else '?'}{urlencode(given['params'], doseq=True)}"
    headers, body = dict(given.get("headers") or {}), given.get("body", given.get("json"))
    if body is not None and not isinstance(body, str):
        headers.setdefault("Content-Type", "application/json")
        body = json.dumps(body)
    request = Outgoing(
        url=url,
        method=str(given.get("method", "GET")).upper(),
        headers={name: str(each) for name, each in headers.items()},
        body=(body or "").encode(),
    )

    def read(answered: Answered) -> None:
        then(_result(url, answered))

    workflows.frame.deliveries.post(request, read)


def _result(url: str, answered: Answered) -> Any:
    if answered.status == 0:
        reason = answered.body.decode(errors="replace")
        return Failure(f"Failed to send HTTP request: {reason}")
    text = answered.body.decode(errors="replace")
    try:
        content = json.loads(text)
    except ValueError:
        content = text
    told = {
        "content": content,
        "status": answered.status,
        "headers": dict(answered.headers),
        "url": url,
    }
    return told if answered.status < 400 else Failure(json.dumps(told))

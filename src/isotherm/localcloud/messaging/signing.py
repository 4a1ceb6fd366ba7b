"""Signed URLs: who has one may do with some paths of one queue what it says, until it ends."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.messaging.faults import invalid
from isotherm.localcloud.messaging.state import Messaging

METHODS = ("GET", "DELETE", "PATCH", "POST", "PUT")
PATHS = ("messages", "subscriptions", "claims")
_DAY = 24 * 3600.0
_FORM = "%Y-%m-%dT%H:%M:%S"


def share(messaging: Messaging, call: Call, queue: str) -> dict[str, Any]:
    """Sign what the body asks for. Raises Fault 400."""
    said = call.json if call.body else {}
    if unknown := sorted(set(said) - {"methods", "expires", "paths"}):
        raise invalid(f"Unknown keys: {set(unknown)}")
    paths = said.get("paths") or ["messages"]
    methods = said.get("methods") or ["GET"]
    for name, value in {"paths": paths, "methods": methods}.items():
        if not isinstance(value, list):
            raise invalid(f"`{name}` should be a list")
    if wrong := sorted(set(map(str, paths)) - set(PATHS)):
        raise invalid(f"Invalid paths: {set(wrong)}")
    signed: dict[str, Any] = {
        "paths": sorted(f"/v2/queues/{queue}/{path}" for path in paths),
        "methods": sorted(map(str, methods)),
        "project": call.project_id,
        "expires": _end(messaging, said.get("expires")),
    }
    return {**signed, "signature": _signature(messaging, **signed)}


def _end(messaging: Messaging, said: object) -> str:
    now = messaging.now()
    at = now + _DAY if said is None else _moment(said)
    if at <= now:
        raise invalid("`expires` is lower than the current time")
    return datetime.fromtimestamp(at, UTC).strftime(_FORM)


def _moment(said: object) -> float:
    try:
        at = datetime.fromisoformat(str(said))
    except ValueError:
        raise invalid(f"{said} is no time.") from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def _signature(
    messaging: Messaging,
    *,
    paths: Sequence[str],
    methods: Sequence[str],
    project: str,
    expires: str,
) -> str:
    text = r"\n".join((",".join(paths), ",".join(methods), project, expires))
    return hmac.new(messaging.signing_key(), text.encode(), hashlib.sha256).hexdigest()


def admitted_project(messaging: Messaging, call: Call) -> str:
    """The project in which a request that is signed is let in. Raises Fault 404."""
    headers = call.headers
    paths, methods = headers.get("url-paths", "").split(","), headers.get("url-methods", "")
    project, expires = headers.get("x-project-id", ""), headers.get("url-expires", "")
    computed = _signature(
        messaging, paths=paths, methods=methods.split(","), project=project, expires=expires
    )
    path = call.path.removeprefix("/messaging")
    if (
        not hmac.compare_digest(computed.encode(), headers["url-signature"].encode())
        or _moment(expires) <= messaging.now()
        or call.method not in methods.split(",")
        or not any(path == each or path.startswith(f"{each}/") for each in paths)
    ):
        raise Fault(404, "The resource could not be found.")
    return project

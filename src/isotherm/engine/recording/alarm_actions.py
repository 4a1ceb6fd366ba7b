"""What the actions of alarms name: a resource that is signalled, or an address that is told."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from isotherm.core.arns import parse_arn
from isotherm.core.errors import Refused

_SIGNALLED = re.compile(
    r"/(?P<project>[^/]+)/stacks/(?P<name>[^/]+)/(?P<id>[^/]+)"
    r"/resources/(?P<resource>[^/]+)/signal$"
)
_NAMED = re.compile(r"(?P<stack>[A-Za-z][\w.-]{0,254})/(?P<resource>[^/\s:?#]{1,255})")
_PHYSICAL = re.compile(r"[A-Za-z0-9][\w-]{7,254}")
_LONGEST = 1024


class Target(NamedTuple):
    """A resource of a stack, by the stack's name or id; or by its own id alone, where
    ``resource`` is empty. An empty ``project_id`` stands for the alarm's."""

    stack: str
    resource: str
    project_id: str = ""


def require_actions(project_id: str, actions: Collection[str]) -> None:
    """Raises Refused for what cannot be done."""
    for action in actions:
        target = target_of(action)
        if len(action) > _LONGEST or (target is None and not is_webhook(action)):
            raise Refused(
                "An action is a resource of a stack (its ARN, its address, STACK/RESOURCE or its"
                " id) or an http or https address; others, such as topics, are not supported yet."
            )
        if target is not None and target.project_id not in ("", project_id):
            raise Refused("An action names a resource of another project.")


def target_of(action: str) -> Target | None:
    """The resource that an action signals. Of an address that ends in one the query is of no
    use, as nobody else has to be let in."""
    if action.startswith(("http://", "https://")):
        path = unquote(_path(action))
        if "arn:" in path:
            return _of_arn(path[path.find("arn:") :])
        found = _SIGNALLED.search(path)
        return found and Target(found["id"], found["resource"], found["project"])
    if named := _NAMED.fullmatch(action):
        return Target(named["stack"], named["resource"])
    if _PHYSICAL.fullmatch(action):
        return Target("", "")
    return _of_arn(action)


def is_webhook(action: str) -> bool:
    """Whether it is an address of the web."""
    try:
        url = urlsplit(action)
        return url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        return False


def _path(action: str) -> str:
    try:
        return urlsplit(action).path
    except ValueError:
        return ""


def _of_arn(text: str) -> Target | None:
    arn = parse_arn(text)
    return Target(arn.stack_id, arn.resource, arn.project_id) if arn and arn.resource else None


def shown(action: str) -> str:
    """Without what opens it, which may be in the path of an address."""
    if target_of(action) is not None or not is_webhook(action):
        return action.partition("?")[0]
    url = urlsplit(action)
    return f"{url.scheme}://{url.hostname}"

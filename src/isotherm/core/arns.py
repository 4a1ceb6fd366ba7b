"""Names of stacks and what is in them that hold everywhere: Amazon's form, for OpenStack."""

from __future__ import annotations

import re
from typing import NamedTuple

_FORM = re.compile(
    r"arn:openstack:heat::(?P<project>[^:]*):stacks/(?P<name>[^/]+)/(?P<id>[^/]+)(?P<below>(/.*)?)"
)
_RESOURCE = "/resources/"


class Arn(NamedTuple):
    """``below`` is the path inside the stack, with its first slash; empty for the stack."""

    project_id: str
    stack_name: str
    stack_id: str
    below: str = ""

    @property
    def resource(self) -> str:
        """The resource that it names; empty where it names none."""
        return self.below.removeprefix(_RESOURCE) if self.below.startswith(_RESOURCE) else ""


def stack_arn(project_id: str, name: str, stack_id: str) -> str:
    return f"arn:openstack:heat::{project_id}:stacks/{name}/{stack_id}"


def resource_arn(project_id: str, name: str, stack_id: str, resource: str) -> str:
    return f"{stack_arn(project_id, name, stack_id)}{_RESOURCE}{resource}"


def parse_arn(text: str) -> Arn | None:
    """None where it is none."""
    found = _FORM.fullmatch(text)
    return Arn(found["project"], found["name"], found["id"], found["below"]) if found else None

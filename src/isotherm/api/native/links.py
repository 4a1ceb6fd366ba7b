"""Addresses of stacks, for links."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from isotherm.ports.records import Stack


@dataclass(frozen=True, slots=True)
class Links:
    """``project`` is the one in the request's path. What lies ``everywhere`` is an administrator's,
    who is led to the project that a stack is of."""

    root: str
    project: str
    everywhere: bool = False

    @property
    def own(self) -> str:
        return f"{self.root}/{self.project}"

    def of(self, stack: Stack) -> str:
        project = stack.project_id if self.everywhere else self.project
        return f"{self.root}/{project}/stacks/{quote(stack.name, safe='')}/{stack.id}"

"""Custom constraints of plug-ins: rules about a value that only a cloud can tell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Check = Callable[[Any, str], Awaitable[None]]
"""From the cloud (a ``CloudApi``) and a value. Raises Gone or Refused, whose text is told, where
the value is not right."""

CONSTRAINTS: dict[str, Check] = {}
"""The declared ones by name."""


def constraint(name: str) -> Callable[[Check], Check]:
    """Decorator: this function is the custom constraint of that name, for templates and for
    ``prop(exists=…)``."""

    def add(check: Check) -> Check:
        CONSTRAINTS[name] = check
        return check

    return add

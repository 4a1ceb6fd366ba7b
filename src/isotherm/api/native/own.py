"""Routes that only this service has: each says in its summary what it is for."""

from __future__ import annotations

from isotherm.api.native import timelines
from isotherm.api.native.paths import STACK
from isotherm.api.native.queries import Arity
from isotherm.api.native.routing import Route

OWN: tuple[Route, ...] = (
    Route(
        "stack_timeline",
        "GET",
        f"{STACK}/timeline",
        timelines.show,
        "stacks:timeline",
        query=dict.fromkeys(("operation", "nested_depth"), Arity.SINGLE),
        summary="Tell how an operation went: what each step waited for, and for how long",
    ),
)

"""Routes that only this service has: each says in its summary what it is for."""

from __future__ import annotations

from isotherm.api.native import explaining, timelines, unsticking
from isotherm.api.native.paths import RESOURCE, STACK
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
    Route(
        "stack_why",
        "GET",
        f"{STACK}/why",
        explaining.why,
        "stacks:why",
        summary="Tell why a stack is not where it should be, and what can be done",
    ),
    Route(
        "stack_release",
        "POST",
        f"{STACK}/release",
        unsticking.release,
        "stacks:release",
        202,
        summary="End an operation that hangs, in the stack and those below it",
    ),
    *(
        Route(
            f"resource_{verb}",
            "POST",
            f"{RESOURCE}/{verb}",
            unsticking.remedy(verb),
            f"resource:{verb}",
            202,
            summary=summary,
        )
        for verb, summary in (
            ("retry", "Do again what a resource has failed at or hangs in"),
            ("skip", "Treat as done what a resource has failed at or hangs in"),
            ("adopt", "Give a resource an object that is there already"),
            ("forget", "Drop a resource and leave its object alone"),
            ("replace", "Make another object for a resource now"),
        )
    ),
)

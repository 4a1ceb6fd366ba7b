"""Stacks that nobody deletes by mistake, and resources that updates leave alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from isotherm.core.errors import RequestError
from isotherm.ports.records import Stack
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.services import Services
from isotherm.usecases.stacks.attachments import attach, attached

_PROTECTION, _POLICY = "protection", "stack-policy"
_LONGEST = 16_384
_ACTIONS = {"create": None, "delete": "Update:Delete", "replace": "Update:Replace"}
"""What a policy calls a change; the others modify. What is new is not for it to say."""


class StackProtected(RequestError):
    """The stack may not be deleted, or not be changed so, until somebody lifts that."""

    http_status = 409


async def protect(services: Services, stack: Stack, *, enabled: bool) -> None:
    """Whether deleting the stack is refused from now on."""
    await attach(services, stack, _PROTECTION, {"enabled": enabled})


async def is_protected(services: Services, stack: Stack) -> bool:
    found = await attached(services, stack, _PROTECTION)
    return found is not None and bool(found["enabled"])


async def require_unprotected(services: Services, stack: Stack) -> None:
    """Raises StackProtected."""
    if await is_protected(services, stack):
        raise StackProtected(
            f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
        )


@dataclass(frozen=True, slots=True)
class Affected:
    """A resource that an update would change, and how: see ``update_plan``."""

    name: str
    type: str
    change: str


async def put_policy(services: Services, stack: Stack, text: str) -> None:
    """Raises BadRequest for what is no stack policy."""
    require_policy(text)
    await attach(services, stack, _POLICY, {"text": text})


def require_policy(text: str) -> None:
    """Raises BadRequest for what is no stack policy."""
    _statements(text)


async def policy_of(services: Services, stack: Stack) -> str | None:
    """The policy as it was given; None where there is none."""
    found = await attached(services, stack, _POLICY)
    return None if found is None else str(found["text"])


def require_allowed(policy: str, changes: Iterable[Affected]) -> None:
    """Whether a policy lets an update through: what no statement allows, or one denies, is
    refused. Raises StackProtected."""
    statements = _statements(policy)
    for each in changes:
        action = _ACTIONS.get(each.change, "Update:Modify")
        if action is not None and not _allows(statements, each, action):
            raise StackProtected(f"Action denied by stack policy: {action} of {each.name}")


def _allows(statements: Sequence[Mapping[str, Any]], change: Affected, action: str) -> bool:
    effects = {each["Effect"] for each in statements if _is_about(each, change, action)}
    return effects == {"Allow"}


def _is_about(statement: Mapping[str, Any], change: Affected, action: str) -> bool:
    resource = f"LogicalResourceId/{change.name}"
    types = statement.get("Condition", {})
    return (
        _chosen(statement, "Action", "NotAction", action)
        and _chosen(statement, "Resource", "NotResource", resource)
        and all(
            any(_fits(pattern, change.type) for pattern in _listed(test.get("ResourceType")))
            for test in types.values()
        )
    )


def _chosen(statement: Mapping[str, Any], one: str, other: str, value: str) -> bool:
    if other in statement:
        return not any(_fits(pattern, value) for pattern in _listed(statement[other]))
    return any(_fits(pattern, value) for pattern in _listed(statement.get(one)))


def _fits(pattern: str, value: str) -> bool:
    return pattern == "*" or fnmatchcase(value, pattern.replace("[", "[[]"))


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []


def _statements(text: str) -> list[dict[str, Any]]:
    if len(text) > _LONGEST:
        raise BadRequest(f"A stack policy has at most {_LONGEST} characters.")
    try:
        policy = json.loads(text)
    except (ValueError, RecursionError):
        raise BadRequest("The stack policy is no JSON text.") from None
    statements = policy.get("Statement") if isinstance(policy, dict) else None
    statements = [statements] if isinstance(statements, dict) else statements
    if not isinstance(statements, list) or not all(map(_is_statement, statements)):
        raise BadRequest(
            "A stack policy is a map with a list of statements: Effect, Action, Resource."
        )
    return statements


def _is_statement(value: Any) -> bool:
    if not isinstance(value, dict) or value.get("Effect") not in ("Allow", "Deny"):
        return False
    tests = value.get("Condition", {})
    return (
        bool(_listed(value.get("Action") or value.get("NotAction")))
        and bool(_listed(value.get("Resource") or value.get("NotResource")))
        and isinstance(tests, dict)
        and all(
            name in ("StringEquals", "StringLike") and isinstance(test, dict)
            for name, test in tests.items()
        )
    )

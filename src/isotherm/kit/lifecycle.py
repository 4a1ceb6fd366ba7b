"""What plug-ins do before and after an operation on a stack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

L = TypeVar("L", bound=type["Lifecycle"])


class OperationRefused(Exception):
    """Raised by ``before``: the operation fails with this text, and nothing of it is begun."""


@dataclass(frozen=True, slots=True)
class StackOperation:
    """``operation`` is CREATE, UPDATE, DELETE …; ``number`` is the same whenever an operation
    that was interrupted goes on. ``parent_id`` is empty where the stack is nobody's part."""

    stack_id: str
    stack_name: str
    project_id: str
    user_id: str
    operation: str
    number: int
    parent_id: str = ""


class Lifecycle:
    """Called for every operation on every stack; those with a lower ``order`` come first before
    an operation, and last after it.

    A call may be repeated, when the service was stopped in the middle; and it must not wait for
    long: after a minute it counts as failed.
    """

    order: int = 100

    async def before(self, operation: StackOperation) -> None:
        """Raising anything fails the operation; OperationRefused tells its text alone."""

    async def after(self, operation: StackOperation, failure: str) -> None:
        """``failure`` is why the operation failed; empty where it did not. What is raised here is
        logged and changes nothing. Called also where ``before`` of a later one refused."""


LIFECYCLES: list[type[Lifecycle]] = []


def lifecycle(cls: L) -> L:
    """Class decorator: instances of this are called."""
    LIFECYCLES.append(cls)
    return cls

"""The stacks below a stack, as the resources that they stand behind see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from isotherm.core.schema import Blueprint, HandedDown
from isotherm.core.values import Value
from isotherm.kit.outcomes import Outcome, Remote


@dataclass(frozen=True, slots=True)
class Inside:
    """A resource of a stack below; ``reference`` is null as long as it is not made."""

    reference: Value
    failed: bool


class NestedStacks(Protocol):
    """Each is a stack of its own, with traversals that any worker may run.

    Methods that start something return when it is recorded; all of it may be asked for
    again. Those that want a stack which is not there (any more) raise Gone.
    """

    async def create(
        self, resource: str, stack_id: str, name: str, blueprint: Blueprint
    ) -> None: ...

    async def update(self, resource: str, stack_id: str, blueprint: Blueprint) -> None: ...

    def require_going_on(self) -> None:
        """To be asked before what was begun with a stack goes on with something new. Raises where
        nothing is to begin any more, and what is under way only comes to its end."""
        ...

    async def check(self, stack_id: str) -> None: ...

    async def suspend(self, stack_id: str) -> None: ...

    async def resume(self, stack_id: str) -> None: ...

    async def snapshot(self, stack_id: str) -> None: ...

    async def delete(self, stack_id: str) -> None: ...

    async def stop(self, but: Collection[str] = ()) -> None:
        """Have all of them, but those with these ids, bring to an end what they do, and begin
        nothing."""
        ...

    async def untidy(self) -> frozenset[str]:
        """Ids of those that are as desired but have kept what is to go."""
        ...

    async def tidy(self, stack_id: str) -> Outcome:
        """Have removed what the stack has kept, or look how far that is."""
        ...

    async def blueprint(self, stack_id: str) -> Blueprint | None:
        """What the stack was last asked to be; None where there is none."""
        ...

    def hand_down(self, resource: str, blueprint: Blueprint) -> HandedDown:
        """What goes along where the stack of a resource is made somewhere else."""
        ...

    def file(self, name: str) -> str | None:
        """The content of a file of the stack's; None where there is none."""
        ...

    async def show(self, stack_id: str) -> Remote | None:
        """``name``, ``action``, ``status``, ``reason`` and ``failure`` (None where there is none);
        ``outputs`` as far as they can be evaluated, once an action is complete; for who only
        looks always, and with ``partly``: maps among them of which something is not known, and
        null. None where there is no stack."""
        ...

    async def resources(self, stack_id: str) -> Mapping[str, Inside]:
        """The resources inside by their names, those made first first."""
        ...

    async def read(self, stack_id: str, resource: str, attribute: str | None) -> Value:
        """An attribute of a resource inside, its reference where none is named.

        Raises LookupError.
        """
        ...


class NoNestedStacks:
    """For resources that are no stacks: there is nothing below them."""

    async def create(self, resource: str, stack_id: str, name: str, blueprint: Blueprint) -> None:
        raise LookupError(resource)

    async def update(self, resource: str, stack_id: str, blueprint: Blueprint) -> None:
        raise LookupError(resource)

    def require_going_on(self) -> None:
        pass

    async def check(self, stack_id: str) -> None:
        raise LookupError(stack_id)

    async def suspend(self, stack_id: str) -> None:
        raise LookupError(stack_id)

    async def resume(self, stack_id: str) -> None:
        raise LookupError(stack_id)

    async def snapshot(self, stack_id: str) -> None:
        raise LookupError(stack_id)

    async def delete(self, stack_id: str) -> None:
        raise LookupError(stack_id)

    async def stop(self, but: Collection[str] = ()) -> None:
        pass

    async def untidy(self) -> frozenset[str]:
        return frozenset()

    async def tidy(self, stack_id: str) -> Outcome:
        raise LookupError(stack_id)

    async def blueprint(self, stack_id: str) -> Blueprint | None:
        return None

    def hand_down(self, resource: str, blueprint: Blueprint) -> HandedDown:
        return HandedDown({"parameters": dict(blueprint.parameters)}, {})

    def file(self, name: str) -> str | None:
        return None

    async def show(self, stack_id: str) -> Remote | None:
        return None

    async def resources(self, stack_id: str) -> Mapping[str, Inside]:
        return {}

    async def read(self, stack_id: str, resource: str, attribute: str | None) -> Value:
        raise LookupError(resource)

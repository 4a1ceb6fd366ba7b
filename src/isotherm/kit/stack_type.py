"""The base of resource types whose object is a stack of its own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence

from isotherm.core.arns import stack_arn
from isotherm.core.errors import Gone
from isotherm.core.failures import Failure
from isotherm.core.schema import Blueprint
from isotherm.core.values import Value
from isotherm.kit.changes import Changes
from isotherm.kit.context import Context, P
from isotherm.kit.outcomes import Failed, Outcome, Pending, Ready, Remote, ReplaceInstead, Started
from isotherm.kit.resource_type import ResourceType
from isotherm.kit.signatures import Candidate
from isotherm.template import INSIDE, REFERENCE_OUTPUT

_REFERENCE = "reference"


class StackType(ResourceType[P]):
    """Creates, updates, checks and deletes the stack behind a resource, and waits for its end.

    The stack's id is known before it exists, so it can be found again and is never made
    twice. A stack that failed is mended by an update; it is not replaced.
    """

    nests = True
    mends = True
    effectless = False
    create_retries = False
    made_when_adopted = True
    attribute_prefixes = (INSIDE,)

    @abstractmethod
    def blueprint(self, ctx: Context[P]) -> Blueprint:
        """What the stack is to be."""

    async def standing(self, ctx: Context[P]) -> Blueprint | None:
        """What an update would ask the stack to be, if that is all that it would do; None where it
        does more than that, or may."""
        return None

    async def create(self, ctx: Context[P]) -> Outcome:
        stack_id = ctx.intent.uuid
        await ctx.stacks.create(ctx.resource, stack_id, ctx.physical_name, self.blueprint(ctx))
        return Started(stack_id)

    async def update(self, ctx: Context[P], changes: Changes) -> Outcome:
        try:
            await ctx.stacks.update(ctx.resource, ctx.physical_id, self.blueprint(ctx))
        except Gone:
            raise ReplaceInstead from None
        return Pending(0)

    async def check(self, ctx: Context[P]) -> Outcome:
        await ctx.stacks.check(ctx.physical_id)
        return Pending(0)

    async def suspend(self, ctx: Context[P]) -> Outcome:
        await ctx.stacks.suspend(ctx.physical_id)
        return Pending(0)

    async def resume(self, ctx: Context[P]) -> Outcome:
        await ctx.stacks.resume(ctx.physical_id)
        return Pending(0)

    async def snapshot(self, ctx: Context[P]) -> Outcome:
        await ctx.stacks.snapshot(ctx.physical_id)
        return Pending(0)

    async def delete(self, ctx: Context[P]) -> Outcome:
        await ctx.stacks.delete(ctx.physical_id)
        return Pending(0)

    async def observe(self, ctx: Context[P]) -> Remote | None:
        return await ctx.stacks.show(ctx.physical_id)

    async def find(self, ctx: Context[P]) -> Sequence[Candidate]:
        stack_id = ctx.intent.uuid
        return [Candidate(stack_id)] if await ctx.stacks.show(stack_id) is not None else []

    async def advance(self, ctx: Context[P], remote: Remote) -> Outcome:
        outcome = self.judge(remote)
        if isinstance(outcome, Ready):
            given = remote["outputs"].get(REFERENCE_OUTPUT)
            arn = stack_arn(ctx.stack.project_id, remote["name"], ctx.physical_id)
            ctx.data[_REFERENCE] = arn if given is None else given
        return outcome

    def judge(self, remote: Remote) -> Outcome:
        if remote["status"] == "IN_PROGRESS":
            return Pending()
        return Ready(remote) if remote["status"] == "COMPLETE" else _failed(remote)

    def judge_delete(self, remote: Remote) -> Outcome:
        return Pending() if remote["status"] == "IN_PROGRESS" else _failed(remote)

    def reference(self, ctx: Context[P]) -> Value:
        return ctx.data.get(_REFERENCE)

    def attribute(self, ctx: Context[P], remote: Remote, name: str) -> Value:
        if name not in remote["outputs"]:
            raise LookupError(name)
        return remote["outputs"][name]

    def attribute_errors(self, remote: Remote) -> Mapping[tuple[str, str], str]:
        errors = remote["errors"].items()
        return {(name, ""): f"output {name}: {text}" for name, text in errors}

    async def fetch(self, ctx: Context[P], attribute: str) -> Value:
        if not attribute.startswith(INSIDE):
            raise LookupError(attribute)
        resource, dot, inner = attribute.removeprefix(INSIDE).partition(".")
        return await ctx.stacks.read(ctx.physical_id, resource, inner if dot else None)


def _failed(remote: Remote) -> Failed:
    return failed_stack(remote["reason"], remote["failure"])


def failed_stack(reason: str, failure: Failure | None) -> Failed:
    """The outcome of a stack that failed, traced to the resource inside that began it."""
    if failure is None or not failure.path:
        return Failed(reason, "ResourceFailure")
    return Failed(failure.text, failure.kind, failure)

"""The stacks below the stack of a run: their records, and what they have come to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from isotherm.core.clock import Clock
from isotherm.core.errors import ActionInProgress, Busy, Gone
from isotherm.core.ids import SourceId
from isotherm.core.schema import Blueprint, HandedDown
from isotherm.core.states import Action, Status
from isotherm.core.values import Unknown, Value
from isotherm.engine.heavy_work import worked_out
from isotherm.engine.leasing.tenure import Tenure
from isotherm.engine.preparing.definitions import Definer
from isotherm.engine.preparing.insides import inside_of
from isotherm.engine.preparing.present import known_outputs
from isotherm.engine.recording.scopes import RecordedScope
from isotherm.engine.recording.starting import Begun, Starter, begin
from isotherm.engine.steps.failures import StepFailed
from isotherm.engine.steps.run import NO_ERRAND, Errand
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.nested_stacks import Inside
from isotherm.kit.outcomes import Outcome, Pending, Ready, Remote
from isotherm.kit.registry import Registry
from isotherm.kit.stack_type import failed_stack
from isotherm.planning.decision import ABORTED
from isotherm.planning.replacement import current_rows
from isotherm.ports.records import Operation, Source, Stack, Traversal, replace
from isotherm.ports.store import Store
from isotherm.template import Environment, EvaluationError, StackDefinition, load_environment

_KEEPING = frozenset({Operation.CREATE, Operation.UPDATE})
"""Operations that are only a part of what happens above: something else may still fail."""


_LOOKING = frozenset({Operation.CHECK, Operation.SNAPSHOT})
"""Operations that want to find stacks at rest."""
_SENT = frozenset({Operation.ADOPT, Operation.CREATE, Operation.SNAPSHOT, Operation.UPDATE})
"""Operations with which a snapshot is taken, put back or adopted below."""


@dataclass(frozen=True, slots=True)
class Above:
    """The stack that others are nested in. ``definition`` is None where everything is to go;
    no operation below may take longer than until ``deadline``. ``alone``: nothing else that
    happens above can fail, so what is below need not keep anything for a roll-back. ``errand``
    is carried on below. ``stops``: what is under way comes to its end, and nothing begins."""

    stack: Stack
    definition: StackDefinition | None
    deadline: datetime | None
    api: CloudApi
    alone: bool = False
    errand: Errand = NO_ERRAND
    stops: bool = False


class StacksBelow:
    """See ``NestedStacks``. What starts something also raises Fenced, and then starts nothing."""

    def __init__(
        self, above: Above, definer: Definer, starter: Starter, clock: Clock, tenure: Tenure
    ) -> None:
        self._above = above
        self._definer = definer
        self._store: Store = definer.store
        self._starter = starter
        self._clock = clock
        self._tenure = tenure
        self._read_before: dict[str, Stack] = {}
        """Records that were read for an update which is about to be started, so that they are not
        read twice; whether one is still true is found when it is written."""

    async def create(self, resource: str, stack_id: str, name: str, blueprint: Blueprint) -> None:
        await self._tenure.secure()
        above = self._above.stack
        stack = Stack(
            id=stack_id,
            name=name,
            project_id=above.project_id,
            user_id=above.user_id,
            username=above.username,
            action=Action.INIT,
            status=Status.COMPLETE,
            status_reason="",
            created_at=self._clock.now(),
            source_id=await self._source(resource, blueprint),
            timeout_mins=blueprint.minutes,
            traversal=0,
            credentials=above.credentials,
            parent_id=above.id,
            parent_resource=resource,
            root_id=above.root_id or above.id,
            stack_user_project_id=above.stack_user_project_id,
            tells=above.tells,
        )
        adopts = self._above.errand.adopts
        operation = Operation.ADOPT if adopts else Operation.CREATE
        await self._starter.start(*self._begin(stack, operation))

    async def update(self, resource: str, stack_id: str, blueprint: Blueprint) -> None:
        stack = self._read_before.pop(stack_id, None) or await self._record(stack_id)
        source_id = await self._source(resource, blueprint, kept=stack.source_id)
        changes = {"source_id": source_id, "timeout_mins": blueprint.minutes}
        await self._start_on(stack, Operation.UPDATE, **changes)

    def require_going_on(self) -> None:
        if self._above.stops:
            raise StepFailed("cancelled before all of it had begun", kind=ABORTED)

    async def check(self, stack_id: str) -> None:
        await self._start(stack_id, Operation.CHECK)

    async def suspend(self, stack_id: str) -> None:
        await self._start(stack_id, Operation.SUSPEND)

    async def resume(self, stack_id: str) -> None:
        await self._start(stack_id, Operation.RESUME)

    async def snapshot(self, stack_id: str) -> None:
        await self._start(stack_id, Operation.SNAPSHOT)

    async def delete(self, stack_id: str) -> None:
        await self._start(stack_id, Operation.DELETE)

    async def stop(self, but: Collection[str] = ()) -> None:
        for child in await self._store.children(self._above.stack.id):
            if child.id in but:
                continue
            traversal = await self._store.traversal(child.id)
            if traversal is None or traversal.finished:
                continue
            if traversal.operation not in (Operation.STOP, Operation.DELETE):
                await self._start(child.id, Operation.STOP)

    async def untidy(self) -> frozenset[str]:
        children = await self._store.children(self._above.stack.id)
        return frozenset(child.id for child in children if child.untidy)

    async def tidy(self, stack_id: str) -> Outcome:
        await self._tenure.secure()
        stack = await self._store.stack(stack_id)
        traversal = await self._store.traversal(stack_id)
        if stack is None or traversal is None or stack.deleted_at is not None:
            return Ready()
        if not traversal.finished:
            return Pending()
        if traversal.operation is Operation.TIDY and stack.status is Status.FAILED:
            return failed_stack(stack.status_reason, stack.failure)
        if not stack.untidy:
            return Ready()
        await self._start(stack_id, Operation.TIDY)
        return Pending()

    async def blueprint(self, stack_id: str) -> Blueprint | None:
        stack = await self._store.stack(stack_id)
        if stack is None or stack.deleted_at is not None:
            return None
        self._read_before[stack_id] = stack
        source = await self._store.source(stack.source_id)
        return Blueprint(source.template, load_environment(source.environment).parameters)

    async def show(self, stack_id: str) -> Remote | None:
        stack = await self._store.stack(stack_id)
        if stack is None or stack.deleted_at is not None:
            return None
        shown: dict[str, Any] = {
            "name": stack.name,
            "action": stack.action.value,
            "status": stack.status.value,
            "reason": stack.status_reason,
            "failure": stack.failure,
        }
        if stack.status is Status.COMPLETE:
            shown["outputs"] = await self._outputs(stack)
        return shown

    async def resources(self, stack_id: str) -> Mapping[str, Inside]:
        return inside_of(await self._store.resources(stack_id))

    async def read(self, stack_id: str, resource: str, attribute: str | None) -> Value:
        scope = await self._scope(stack_id)
        try:
            value = scope.attribute(resource, attribute) if attribute else scope.reference(resource)
        except EvaluationError as error:
            raise LookupError(str(error)) from None
        if isinstance(value, Unknown):
            raise LookupError(f"{resource} {attribute or ''}".strip())
        return value

    async def _start(self, stack_id: str, operation: Operation) -> None:
        await self._start_on(await self._record(stack_id), operation)

    async def _start_on(self, stack: Stack, operation: Operation, **changes: Any) -> None:
        """Overtake whatever the stack is doing, unless it does just that; what wants to find it
        at rest raises Busy. ``changes`` are fields of its record."""
        await self._tenure.secure()

        async def decide(present: Stack) -> Begun | None:
            if present.deleted_at is not None:
                raise Gone(f"stack {present.name} was deleted")
            wanted = replace(self._taken_along(present), **changes)
            busy = present.status is Status.IN_PROGRESS
            going = busy and present.action == operation.value
            if busy and not going and operation in _LOOKING:
                raise ActionInProgress(present.name, present.action)
            begun = self._begin(wanted, operation)
            same = going and wanted == present and await self._is_sent_alike(begun[1])
            return None if same else begun

        try:
            await self._starter.start_over(stack, decide)
        except ActionInProgress as busy:
            raise Busy(str(busy)) from busy

    async def _record(self, stack_id: str) -> Stack:
        """Raises Gone."""
        stack = await self._store.stack(stack_id)
        if stack is None:
            raise Gone(f"there is no stack {stack_id}")
        return stack

    async def _is_sent_alike(self, traversal: Traversal) -> bool:
        """Whether it is under way already. A stack that stops still shows what it stops."""
        present = await self._store.traversal(traversal.stack_id)
        if present is None or present.operation is not traversal.operation:
            return False
        return _errand(present) == _errand(traversal)

    def _begin(self, stack: Stack, operation: Operation) -> Begun:
        now, deadline = self._clock.now(), self._above.deadline
        if stack.timeout_mins:
            own = now + timedelta(minutes=stack.timeout_mins)
            deadline = own if deadline is None else min(own, deadline)
        started, traversal = begin(
            stack,
            operation,
            number=stack.traversal + 1,
            now=now,
            deadline=deadline,
            keeps=operation in _KEEPING and not self._above.alone,
        )
        errand = self._above.errand
        return started, replace(
            traversal,
            snapshot_id=errand.snapshot_id if operation in _SENT else "",
            abandons=errand.abandons and operation is Operation.DELETE,
            observes=errand.observes and operation is Operation.UPDATE,
        )

    # -- whether an update would leave one as it is: see ``stillness`` --------------------

    @property
    def clock(self) -> Clock:
        return self._clock

    @property
    def types(self) -> Registry:
        return self._definer.types

    @property
    def stack(self) -> Stack:
        """The one that the others are below."""
        return self._above.stack

    @property
    def api(self) -> CloudApi:
        return self._above.api

    def inside(self, stack: Stack, definition: StackDefinition) -> StacksBelow:
        """Those below one of these stacks, as an update of it sees them."""
        above = Above(stack, definition, self._above.deadline, self.api)
        return StacksBelow(above, self._definer, self._starter, self._clock, self._tenure)

    async def define(self, stack: Stack) -> StackDefinition:
        """What one of the stacks is to be. Raises InvalidDocument, RemoteError."""
        return await self._definer.define(stack, self.api)

    async def is_given(self, resource: str, stack: Stack, blueprint: Blueprint) -> bool:
        """Whether the stack of a resource was last given just what an update would give it."""
        if stack.timeout_mins != blueprint.minutes:
            return False
        source = await self._store.source(stack.source_id)
        if source.template != blueprint.template:
            return False
        given = self.hand_down(resource, blueprint)
        return source.environment == given.environment and source.files == given.files

    def begin_update(self, stack: Stack) -> Begun:
        return self._begin(self._taken_along(stack), Operation.UPDATE)

    def _taken_along(self, stack: Stack) -> Stack:
        """It acts by the delegation of the stack above, which may have been renewed."""
        above = self._above.stack
        return replace(stack, credentials=above.credentials, tells=above.tells)

    async def _source(self, resource: str, blueprint: Blueprint, kept: str = "") -> SourceId:
        given = self.hand_down(resource, blueprint)
        source = Source(
            template=blueprint.template,
            environment=dict(given.environment),
            files=dict(given.files),
        )
        return SourceId(await self._store.put_source(source, kept=kept))

    def hand_down(self, resource: str, blueprint: Blueprint) -> HandedDown:
        definition = self._above.definition
        assert definition is not None, "what is going changes nothing below"
        return handed_down(definition, resource, blueprint)

    def file(self, name: str) -> str | None:
        assert self._above.definition is not None, "what is going changes nothing below"
        return self._above.definition.files.get(name)

    async def _outputs(self, stack: Stack) -> dict[str, Value]:
        """Those that have a value; null where the condition of an output does not hold."""
        definition = await self._definer.define_outputs(stack, self._above.api)
        if definition is None:
            return {}
        scope = await self._scope(stack.id)
        heavy = definition.template.runs_queries
        known = await worked_out(heavy, stack.project_id, known_outputs, definition, scope)
        return known[0]

    async def _scope(self, stack_id: str) -> RecordedScope:
        rows = await self._store.resources(stack_id)
        return RecordedScope(current_rows(rows), self._definer.types)


def handed_down(definition: StackDefinition, resource: str, blueprint: Blueprint) -> HandedDown:
    """What goes from a stack to the one that a resource of it stands for."""
    declared, around = definition.resources[resource], definition.environment
    environment = Environment(
        parameters=blueprint.parameters,
        parameter_defaults=around.parameter_defaults,
        registry=around.registry.nested(resource, declared.type),
    )
    return HandedDown(environment.as_data(), dict(definition.files))


def _errand(traversal: Traversal) -> tuple[str, bool, bool]:
    return traversal.snapshot_id, traversal.abandons, traversal.observes

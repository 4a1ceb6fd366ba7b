"""Drives the life of an object through one verb, waiting where it must: see ``kit.life``."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from isotherm.core.errors import Busy, Gone, RemoteError
from isotherm.core.states import Action
from isotherm.core.values import copied
from isotherm.engine.probe import Point
from isotherm.engine.steps.adoption import look_up
from isotherm.engine.steps.effects import advance, advance_delete, carefully, clear_away
from isotherm.engine.steps.failures import StepFailed
from isotherm.engine.steps.hearing import heard
from isotherm.engine.steps.run import Run
from isotherm.engine.waiting.letters import Letters
from isotherm.engine.waiting.looks import Looks
from isotherm.engine.waiting.patience import Trouble, backoff
from isotherm.kit.context import Context
from isotherm.kit.life import Call, Clear, Confirm, End, Find, Life, Look, Move, Verb
from isotherm.kit.outcomes import Failed, Outcome, Remote
from isotherm.kit.resource_type import AnyType
from isotherm.ports.records import Resource

_PATIENT = 5


@contextlib.contextmanager
def looks_at(run: Run, resource_type: AnyType, ctx: Context[Any]) -> Iterator[Looks]:
    """The looks of one verb; at a stack there is no need for early ones: news of it come."""
    first_poll = run.tools.settings.first_poll
    if not resource_type.nests:
        are_shared = partial(run.tools.poller.is_shared, resource_type, ctx)
        yield Looks(run.halt, first_poll, are_shared=are_shared)
        return
    with run.tools.news.of(ctx.physical_id or ctx.intent.uuid) as news:
        yield Looks(run.halt, _PATIENT * first_poll, news)


@dataclass(slots=True)
class Drive:
    """One life, with the row that it is recorded in and the verb's context, which is kept up to
    date.

    Its methods give the row as recorded and the object (nothing where that was to go). They
    raise StepFailed, RemoteError, Overtaken, TimedOut.
    """

    run: Run
    row: Resource
    ctx: Context[Any]
    verb: Verb
    life: Life = field(init=False)
    _given: tuple[str, Any] = field(init=False)
    _lost: RemoteError | None = None
    _trouble: Trouble = field(init=False)
    _letters: Letters | None = None

    def __post_init__(self) -> None:
        limit = self.run.tools.settings.retry_limit
        if self.verb is Verb.MAKE:
            limit = limit + 1 - self.row.attempt if self._type.create_retries else 0
        self.life = Life(
            self.verb,
            self._type.judge,
            self.ctx.physical_id,
            self.ctx.stage,
            has_object=not self._type.effectless,
            retries=limit,
            traces=bool(self.row.data),
            sought=self.row.intent_at is not None,
        )
        self._given = self.ctx.stage, copied(self.ctx.data)
        self._trouble = self._no_trouble()

    @property
    def _make(self) -> Callable[[Context[Any]], Awaitable[Outcome]]:
        adopts = self.row.action is Action.ADOPT
        return self._type.adopt if adopts else self._type.create

    @property
    def _type(self) -> AnyType:
        return self.run.type_of(self.row)

    def _no_trouble(self) -> Trouble:
        """With the call of a create so far."""
        return self.run.ask.for_beginners().trouble()

    @contextlib.contextmanager
    def _looking(self) -> Iterator[Looks]:
        """The looks of this verb, before which signals are taken in that an update waits for."""
        with looks_at(self.run, self._type, self.ctx) as looks:
            if self.ctx.recorded is None or not self._type.awaits_signals(self.ctx.policy):
                yield looks
                return
            with self.run.letterboxes.of(self.row.id, looks.news) as self._letters:
                self.run.inbox.tell()  # what came before has been left there
                yield looks

    async def begin(self) -> tuple[Resource, Remote]:
        """From the verb's call on. The intent is written."""
        with self._looking() as looks:
            return await self._through(self.life.begin(), looks)

    async def go_on(self) -> tuple[Resource, Remote]:
        """Wait for an object with which something was begun before."""
        with self._looking() as looks:
            return await self._through(self.life.resume(), looks)

    async def call(self, verb: Callable[[], Awaitable[Outcome]]) -> tuple[Resource, Remote]:
        """Make a call that begins something, and wait for its object."""
        with self._looking() as looks:
            outcome = await verb()
            looks.expect_news()
            self.life.begin()
            return await self._through(self._told(outcome), looks)

    async def follow(self, outcome: Outcome) -> tuple[Resource, Remote]:
        """Wait for an object with which a call, that gave ``outcome``, has begun something."""
        with self._looking() as looks:
            self.life.begin()
            return await self._through(self._told(outcome), looks)

    async def _through(self, move: Move, looks: Looks) -> tuple[Resource, Remote]:
        while not isinstance(move, End):
            # Before the next move: whatever dies, this much is known.
            await self._record()
            match move:
                case Call(after, retry):
                    await self._pause(after, retry, looks)
                    delete = self.verb is Verb.REMOVE
                    move = await (self._call_delete() if delete else self._call_create())
                    looks.expect_news()
                case Find():
                    move = await self._find()
                case Look(after):
                    await looks.wait(after)
                    if self._letters is not None:
                        self.row = await heard(self.run, self.row, self._letters)
                        self.ctx.heard = self.row.heard
                    move = self._told(await self._look())
                case Confirm():
                    seen = await self.run.ask(lambda: self._type.observe(self.ctx))
                    move = self.life.confirmed(seen)
                case Clear(after):
                    await self._pause(after, 0, looks)
                    move = await self._clear()
        if self.verb is not Verb.REMOVE:
            await self._record()
        if isinstance(move.outcome, Failed):
            raise StepFailed.of(move.outcome, again=move.again)
        return self.row, move.outcome.remote or {}

    def _told(self, outcome: Outcome | None) -> Move:
        """The next move after a look or a call that gave ``outcome``."""
        if self.verb is not Verb.REMOVE:
            self.run.tools.probe.reached(Point.AFTER_CALL, self.row.name)
        # Verbs may set these themselves.
        self.life.physical_id, self.life.stage = self.ctx.physical_id, self.ctx.stage
        move = self.life.told(outcome)
        self.ctx.physical_id, self.ctx.stage = self.life.physical_id, self.life.stage
        return move

    async def _record(self) -> None:
        """Note what has been learnt, if anything."""
        row, ctx = self.row, self.ctx
        found: dict[str, Any] = {"stage": ctx.stage, "data": dict(ctx.data)}
        if ctx.physical_id:
            found["physical_id"] = ctx.physical_id
        if ctx.metadata is not row.present_metadata:
            # The verb tells something there; most leave it alone.
            found["signalled"] = dict(ctx.metadata)
        changes = {name: value for name, value in found.items() if getattr(row, name) != value}
        if changes:
            self.row = await self.run.ledger.note(row, **changes)

    async def _find(self) -> Move:
        to_remove = self.verb is Verb.REMOVE
        self.row = await look_up(self.run, self.row, to_remove=to_remove)
        self.ctx.physical_id = self.row.physical_id or ""
        self.ctx.data = dict(self.row.data)
        return self.life.found(self.row.physical_id)

    async def _pause(self, after: float | None, retry: int, looks: Looks) -> None:
        if retry:
            # What the attempt noted is forgotten: the next one finds out what there is.
            self.ctx.stage, self.ctx.data = self._given[0], copied(self._given[1])
            await self.run.halt.sleep(backoff(retry, self.run.tools.settings))
        if after is not None:
            await looks.wait(after)

    async def _call_create(self) -> Move:
        """The create call. Where it ends without a result, its object is looked for before it
        is called again: it may have been made all the same."""
        if self._lost is not None:
            # Nothing was found of the call that came before.
            await self._trouble.wait_out(self._lost)
        while True:
            data = copied(self.ctx.data)
            self.ctx.now = self.run.tools.clock.now()
            try:
                outcome = await self._make(self.ctx)
            except RemoteError as error:
                self.ctx.data = data
                if error.passes and not isinstance(error, Busy):
                    self._lost = error
                    return self.life.unanswered()
                await self._trouble.wait_out(error)
            else:
                self._lost, self._trouble = None, self._no_trouble()
                return self._told(outcome)

    async def _call_delete(self) -> Move:
        run, ctx, resource_type = self.run, self.ctx, self._type
        try:
            outcome = await carefully(run, resource_type, ctx, lambda: resource_type.delete(ctx))
        except Gone:
            return self._told(None)
        run.tools.probe.reached(Point.AFTER_CALL, self.row.name)
        return self._told(outcome)

    async def _clear(self) -> Move:
        self.run.tools.probe.reached(Point.AFTER_END, self.row.name)
        outcome = await clear_away(self.run, self._type, self.ctx)
        self.life.stage = self.ctx.stage
        move = self.life.cleared(outcome)
        self.ctx.stage = self.life.stage
        return move

    async def _look(self) -> Outcome | None:
        removing = self.verb is Verb.REMOVE
        look = advance_delete if removing else advance
        try:
            return await look(self.run, self._type, self.ctx)
        except Gone as gone:
            return None if removing else Failed(str(gone))

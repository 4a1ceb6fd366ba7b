"""A creation that counts only when others have signalled that what it began is done."""

from __future__ import annotations

from isotherm.core.creation_policies import CreationPolicy
from isotherm.core.states import Action
from isotherm.engine.recording.readiness import READINESS, hear
from isotherm.engine.steps.failures import StepFailed
from isotherm.engine.steps.run import Run
from isotherm.engine.waiting.letters import Letters
from isotherm.ports.records import Resource


async def await_signals(run: Run, row: Resource) -> Resource:
    """The row with what was heard. Its own messages are left to the step that works on it, and
    here it takes them in. Raises StepFailed, Overtaken, TimedOut."""
    policy = run.creation_policy(row)
    if policy is None or row.action is not Action.CREATE:
        return row
    since = row.intent_at or row.created_at
    with run.letterboxes.of(row.id) as letters:
        run.inbox.tell()  # what came before has been left there
        while True:
            left = policy.timeout - (run.tools.clock.now() - since).total_seconds()
            if left <= 0:
                await _read_at_last(run, row, letters)
            row = await heard(run, row, letters)
            if enough := policy.verdict(row.heard):
                return row
            if enough is False or left <= 0:
                raise _failure(policy, row)
            await run.halt.sleep(left, letters.news)


async def _read_at_last(run: Run, row: Resource, letters: Letters) -> None:
    """What has come in time counts, also where nobody was told of it."""
    for message in await run.tools.store.messages(row.stack_id):
        if message.resource_id == row.id:
            letters.put(message)


async def heard(run: Run, row: Resource, letters: Letters) -> Resource:
    """The row with what the letters say, which are taken in."""
    own = [each for each in letters.take() if each.kind == READINESS]
    return await hear(run.ledger, row, own) if own else row


def _failure(policy: CreationPolicy, row: Resource) -> StepFailed:
    wanted = f"{policy.needed} of {policy.count} signals must tell of success"
    kind = "CreationPolicyTimeout" if policy.verdict(row.heard) is None else "CreationPolicyFailure"
    told = ", ".join(f"{signal}: {status}" for signal, status in sorted(row.heard.items()))
    return StepFailed(f"{wanted}, received {told or 'none'}", kind=kind)

"""Duties: what is done now and then, by one worker of all that share the store."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from isotherm.core.errors import RemoteError
from isotherm.engine.owning.delegation import end_left_delegations
from isotherm.engine.tools import Tools
from isotherm.ports.cloud import Cloud, NotAuthenticated
from isotherm.ports.store import StoreUnavailable

log = logging.getLogger(__name__)

_LOOK_EVERY = 60.0
_AT_ONCE = 10
# A duty is not kept alive while it is at work: done twice, it must do no harm.
_LEASE_SECONDS = 600.0

# Long after the process that posted one can still be trying to.
_MESSAGES_KEPT = timedelta(hours=1)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rule:
    """``do`` is given the duty's key; it is due again ``every`` so many seconds."""

    do: Callable[[Tools, Cloud, str], Awaitable[None]]
    every: float


async def _purge(tools: Tools, cloud: Cloud, key: str) -> None:
    await _PURGES[key](tools)


async def _purge_messages(tools: Tools) -> None:
    gone = await tools.store.purge_messages(tools.clock.now() - _MESSAGES_KEPT)
    if gone:
        log.info("purged %s messages that were taken in", gone)


async def _purge_stacks(tools: Tools) -> None:
    """Deleted stacks as the operator wishes; and sources that no stack has any more."""
    days = tools.settings.deleted_stacks_days
    before = tools.clock.now() - timedelta(days=days) if days is not None else _NEVER
    gone = await tools.store.purge(before)
    if gone:
        log.info("purged %s stacks that were deleted before %s", gone, before.isoformat())


async def _purge_measures(tools: Tools) -> None:
    while gone := await tools.store.watches.purge_measures(tools.clock.now()):
        log.info("purged %s measures", gone)


async def _end_left_delegations(tools: Tools, cloud: Cloud, key: str) -> None:
    await end_left_delegations(tools, cloud)


_PURGE = "purge"
_PURGES: Mapping[str, Callable[[Tools], Awaitable[None]]] = {
    "measures": _purge_measures,
    "messages": _purge_messages,
    "stacks": _purge_stacks,
}

_DELEGATIONS = "delegations"

DUTIES: Mapping[str, Rule] = {
    _PURGE: Rule(_purge, every=3600.0),
    _DELEGATIONS: Rule(_end_left_delegations, every=3600.0),
}
"""By kind."""

STANDING = (*((_PURGE, key) for key in _PURGES), (_DELEGATIONS, "left"))
"""Those that are always there; others are added when their object comes to be."""


class Rounds:
    """One worker's rounds. ``owner`` names it among all that share the store."""

    def __init__(self, tools: Tools, cloud: Cloud, owner: str) -> None:
        self._tools = tools
        self._cloud = cloud
        self._owner = owner

    async def run(self) -> None:
        """Look for what is due, for ever."""
        while True:
            try:
                await self.make()
            except StoreUnavailable as away:
                log.warning("no duty can be done: %s", away)
            await self._tools.clock.sleep(_LOOK_EVERY)

    async def make(self) -> None:
        """Do what is due now. Raises StoreUnavailable."""
        store = self._tools.store
        for kind, key in STANDING:
            await store.add_duty(kind, key)
        for duty in await store.claim_duties(self._owner, DUTIES, _AT_ONCE, _LEASE_SECONDS):
            rule = DUTIES[duty.kind]
            try:
                await rule.do(self._tools, self._cloud, duty.key)
            except StoreUnavailable:
                raise
            except (RemoteError, NotAuthenticated) as error:
                log.warning("duty %s %s failed, as the cloud did: %s", duty.kind, duty.key, error)
            except Exception:
                # One that fails is tried again when it is due again; the others go on.
                log.exception("duty %s %s failed", duty.kind, duty.key)
            await store.end_duty(duty, rule.every)

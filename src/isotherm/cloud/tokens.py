"""Who a token belongs to, as identity says; answers are kept for a while."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keystoneauth1 import access

from isotherm.cloud.settings import Settings
from isotherm.cloud.single_flight import SingleFlight
from isotherm.core.clock import Clock
from isotherm.ports.cloud import Caller, NotAuthenticated

ADMIN_ROLE = "admin"

AskIdentity = Callable[[str], Awaitable[Mapping[str, Any]]]
"""From a token to the body of identity's description of it; raises NotAuthenticated."""


@dataclass(frozen=True, slots=True)
class Known:
    """A token's owner, with the catalogue that identity gave along; None: no valid token."""

    caller: Caller | None
    access: access.AccessInfoV3 | None
    until: float


class TokenCache:
    def __init__(self, settings: Settings, clock: Clock, ask: AskIdentity) -> None:
        self._settings = settings
        self._clock = clock
        self._ask = ask
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._questions: SingleFlight[str, Known] = SingleFlight()

    async def look_up(self, token: str) -> tuple[Caller, access.AccessInfoV3]:
        """Raises NotAuthenticated, and RemoteError where identity cannot be asked."""
        known = self._known.get(token)
        if known is None or self._clock.monotonic() >= known.until:
            known = await self._questions.run(token, lambda: self._learn(token))
        if known.caller is None or known.access is None:
            raise NotAuthenticated("The token is not valid.")
        return known.caller, known.access

    def put(self, token: str, body: Mapping[str, Any]) -> Caller:
        """Whose the token is, with identity's description of it at hand."""
        known = self._read(token, body)
        self._keep(token, known)
        assert known.caller is not None
        return known.caller

    def forget(self, token: str) -> None:
        """Ask again when the token comes next: a service has refused it."""
        self._known.pop(token, None)

    async def _learn(self, token: str) -> Known:
        try:
            body = await self._ask(token)
        except NotAuthenticated:
            until = self._clock.monotonic() + self._settings.bad_token_cache_seconds
            known = Known(None, None, until)
        else:
            known = self._read(token, body)
        self._keep(token, known)
        return known

    def _keep(self, token: str, known: Known) -> None:
        self._known[token] = known
        self._known.move_to_end(token)
        while len(self._known) > self._settings.cached_tokens:
            self._known.popitem(last=False)

    def _read(self, token: str, body: Mapping[str, Any]) -> Known:
        described = body["token"]
        left = datetime.fromisoformat(described["expires_at"]) - self._clock.now()
        seconds = min(self._settings.token_cache_seconds, max(left.total_seconds(), 0.0))
        info = access.create(body=dict(body), auth_token=token)
        assert isinstance(info, access.AccessInfoV3)
        caller = caller_of(token, described, self._settings.region)
        return Known(caller, info, self._clock.monotonic() + seconds)


def caller_of(token: str, described: Mapping[str, Any], region: str) -> Caller:
    """From the ``token`` object of identity's answer."""
    roles = tuple(role["name"] for role in described.get("roles", ()))
    project = described.get("project", {})
    return Caller(
        user_id=described["user"]["id"],
        username=described["user"]["name"],
        project_id=project.get("id", ""),
        project_name=project.get("name", ""),
        domain_id=described.get("domain", {}).get("id", ""),
        roles=roles,
        is_admin=ADMIN_ROLE in roles,
        system_scope="all" if described.get("system", {}).get("all") else "",
        token=token,
        trust_id=described.get("OS-TRUST:trust", {}).get("id", ""),
        region=region,
    )

"""A cloud that knows tokens and names, for tests of what stands before the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from isotherm.core.errors import RemoteError
from isotherm.core.values import Secret, Value
from isotherm.kit.cloud_api import CloudApi
from isotherm.ports.cloud import (
    Caller,
    NotAuthenticated,
    SignedRequest,
    StackDomain,
    TooManyWrongSignatures,
    UnknownAccessKey,
)
from isotherm.testing.cloud import RecordingCloud
from isotherm.testing.memory_domain import MemoryDomain


def a_caller(project: str = "demo", roles: tuple[str, ...] = ("member", "reader")) -> Caller:
    """A user named like the project, whose token is called like it too."""
    return Caller(
        user_id=f"{project}-user",
        username=project,
        project_id=f"{project}-project",
        roles=roles,
        token=f"{project}-token",
    )


@dataclass
class TokenCloud:
    """Implements ``ports.cloud.Cloud``. ``away`` makes identity fail with that error, and
    whatever is asked of its services."""

    callers: Mapping[str, Caller]
    offered: frozenset[str] = frozenset()
    names: RecordingCloud = field(default_factory=RecordingCloud)
    trusts: list[str] = field(default_factory=list)
    away: RemoteError | None = None
    known_extensions: frozenset[str] = frozenset()
    domain: MemoryDomain = field(default_factory=MemoryDomain)
    _count: int = 0

    async def authenticate(self, token: str) -> Caller:
        if self.away is not None:
            raise self.away
        if token not in self.callers:
            raise NotAuthenticated
        return self.callers[token]

    async def delegate(self, caller: Caller) -> Value:
        if self.away is not None:
            raise self.away
        self._count += 1
        trust = f"trust-{self._count}"
        self.trusts.append(trust)
        return {"trust_id": trust, "secret": Secret("deep secret")}

    async def gives_access(self, credentials: Value) -> bool:
        return credentials["trust_id"] in self.trusts

    async def revoke(self, credentials: Value) -> None:
        if credentials["trust_id"] in self.trusts:
            self.trusts.remove(credentials["trust_id"])

    async def delegations(self, before: datetime) -> list[Value]:
        return [{"trust_id": each, "secret": Secret("deep secret")} for each in self.trusts]

    async def connect(self, credentials: Value) -> CloudApi:
        return self.names.api

    async def connect_caller(self, caller: Caller) -> CloudApi:
        return self.names.api

    async def services(self) -> frozenset[str]:
        return self.offered

    async def extensions(self, service: str) -> frozenset[str]:
        if self.away is not None:
            raise self.away
        return self.known_extensions

    async def region(self) -> str:
        return "RegionOne"

    async def orchestration(self, project_id: str) -> str:
        return f"http://isotherm.test/v1/{project_id}"

    async def metadata_server(self) -> str:
        return await self.cloudformation()

    async def cloudformation(self) -> str:
        return "http://isotherm.test/cfn/v1"

    async def authenticate_signed(self, request: SignedRequest) -> Caller:
        """The access key is the token, and ``nobody`` is none; every signature is right but
        ``wrong`` and ``guess``."""
        if request.signature == "wrong":
            raise NotAuthenticated
        if request.signature == "guess":
            raise TooManyWrongSignatures
        if request.access == "nobody":
            raise UnknownAccessKey
        return await self.authenticate(request.access)

    def stack_domain(self) -> StackDomain:
        return self.domain

    async def close(self) -> None:
        """Nothing is kept open."""

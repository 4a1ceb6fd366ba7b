"""The cloud port: identity of callers, delegation, and the API that resource types use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from isotherm.core.values import Value
from isotherm.kit.cloud_api import CloudApi


class Caller(Struct, frozen=True, kw_only=True):
    """Who sends a request, as identity vouches for the token. ``by_own_key``: signed with an EC2
    key pair that may do all that its owner may."""

    user_id: str
    username: str
    project_id: str
    project_name: str = ""
    domain_id: str = ""
    roles: tuple[str, ...] = ()
    is_admin: bool = False
    system_scope: str = ""
    token: str
    trust_id: str = ""
    region: str = ""
    by_own_key: bool = False


class SignedRequest(Struct, frozen=True, kw_only=True):
    """A request with an AWS signature, in the parts that identity computes it from.

    ``parameters`` are those of the query or form, ``body_hash`` is the SHA-256 of the body.
    """

    access: str
    signature: str
    host: str
    verb: str
    path: str
    parameters: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}
    body_hash: str = ""


class NotAuthenticated(Exception):
    """The token or signature is missing, wrong or over."""


class UnknownAccessKey(NotAuthenticated):
    """Identity knows no EC2 key pair of this name."""


class TooManyWrongSignatures(NotAuthenticated):
    """So many came with this access key that identity is not asked about more for now."""


class StackDomain(Protocol):
    """Users of stacks, in a domain of their own. Every method raises RemoteError; what makes
    something finds what is there already."""

    async def make_project(self, name: str) -> str:
        """The id of the project of that name."""
        ...

    async def remove_project(self, name: str) -> None:
        """Fine where there is none."""
        ...

    async def make_user(self, project_id: str, name: str, password: str) -> str:
        """The id of the user of that name, who has that password and the role of stack users
        in the project."""
        ...

    async def find_user(self, name: str) -> str | None:
        """The id of the user of that name; None where there is none."""
        ...

    async def has_user(self, user_id: str) -> bool:
        """Whether there is a user of that id."""
        ...

    async def enable_user(self, user_id: str, enabled: bool) -> None:
        """Whether the user gets in from now on, by password, token or key pair."""
        ...

    async def remove_user(self, user_id: str) -> None:
        """Fine where it is gone already."""
        ...

    async def give_key(self, project_id: str, user_id: str, access: str, secret: str) -> None:
        """Have identity know the user's EC2 key pair; fine where it does already."""
        ...

    async def take_key(self, access: str) -> None:
        """Have identity forget a key pair; fine where it has already."""
        ...

    async def token(self, project_id: str, user_id: str, password: str) -> str:
        """A token of the user, who logs in with its password, for the project."""
        ...

    async def connect(self, project_id: str, user_id: str, password: str) -> CloudApi:
        """The cloud as the user sees it in the project. Sessions are cached; a user that cannot
        log in is found out by the first call."""
        ...

    async def surroundings(self) -> Mapping[str, str]:
        """What a client needs besides, to log in: ``auth_url`` and ``domain_id``."""
        ...


class Cloud(Protocol):
    async def authenticate(self, token: str) -> Caller:
        """Raises NotAuthenticated; answers are cached for a short time."""
        ...

    async def delegate(self, caller: Caller) -> Value:
        """Credentials with which the service can act for the caller when the request is long
        over (a trust); JSON-like, Secrets inside. Raises RemoteError."""
        ...

    async def gives_access(self, credentials: Value) -> bool:
        """Whether a delegation is worth anything: it is not where who gave it is gone, disabled
        or has not the roles any more. Raises RemoteError."""
        ...

    async def revoke(self, credentials: Value) -> None:
        """End a delegation; fine where it is gone already."""
        ...

    async def delegations(self, before: datetime) -> list[Value]:
        """Credentials of all delegations that this service took before then and that were not
        ended. Raises RemoteError."""
        ...

    async def connect(self, credentials: Value) -> CloudApi:
        """The cloud as the delegate sees it. Sessions are cached by credentials."""
        ...

    async def connect_caller(self, caller: Caller) -> CloudApi:
        """The cloud as the caller sees it, with the caller's own token: for validation."""
        ...

    async def services(self) -> frozenset[str]:
        """Service types in the catalogue."""
        ...

    async def extensions(self, service: str) -> frozenset[str]:
        """Aliases of the extensions that a service has; none where it tells of none. Raises
        RemoteError."""
        ...

    async def region(self) -> str: ...

    async def orchestration(self, project_id: str) -> str:
        """Where clients find this service's own API for a project. Raises RemoteError."""
        ...

    async def cloudformation(self) -> str:
        """Where clients find this service's API for clients of AWS. Raises RemoteError."""
        ...

    async def metadata_server(self) -> str:
        """Where the agents of servers find it. Raises RemoteError."""
        return await self.cloudformation()

    async def authenticate_signed(self, request: SignedRequest) -> Caller:
        """Who has signed a request with an EC2 key pair, as identity tells; answers are cached
        for a short time. Raises NotAuthenticated, RemoteError."""
        ...

    def stack_domain(self) -> StackDomain:
        """Raises Refused where the service is told of none."""
        ...

    async def close(self) -> None: ...

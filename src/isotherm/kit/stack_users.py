"""Users of the resources of a stack: they may do for it what needs no person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from isotherm.core.errors import Refused
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.signed_addresses import KeyPair, Purpose


class StackUsers(Protocol):
    """Those of one stack, in a project that they alone are in. Raises RemoteError."""

    async def make(self, name: str, password: str) -> tuple[str, str]:
        """Id and project of the user of that name, found or made, with that password."""
        ...

    async def find(self, name: str) -> str | None: ...

    async def exists(self, user_id: str) -> bool: ...

    async def token(self, user_id: str, password: str) -> str:
        """A token with which the user gets into its project."""
        ...

    async def connect(self, user_id: str, password: str) -> CloudApi:
        """The cloud as the user sees it, in its project."""
        ...

    async def enable(self, user_id: str, enabled: bool) -> None:
        """Whether the user gets in from now on, by password, token or key pair."""
        ...

    async def give_key(self, user_id: str, pair: KeyPair) -> None:
        """Have identity know an EC2 key pair of the user; may be repeated."""
        ...

    async def take_key(self, access: str) -> None:
        """Have identity forget a key pair; fine where it has already."""
        ...

    async def remove(self, user_id: str) -> None:
        """Fine where it is gone already."""
        ...

    async def signed_address(
        self,
        resource: str,
        pair: KeyPair,
        purpose: Purpose,
        *,
        at: datetime | None = None,
        about: str = "",
    ) -> str:
        """Where whoever has it signals a resource of the stack without a token; ``about`` says
        what, where that may change."""
        ...

    async def signal_address(self, resource: str, *, by_owner: bool = False) -> str:
        """Where such a user signals a resource of the stack, or users of the stack's project do."""
        ...

    async def metadata_server(self) -> str:
        """Where agents find the API that speaks as CloudFormation does."""
        ...

    async def surroundings(self) -> Mapping[str, str]:
        """What else a client needs to get in: ``auth_url``, ``domain_id``, ``region_name``."""
        ...


class NoStackUsers:
    """Where the stack is only looked at, and nobody can tell of its users."""

    async def make(self, name: str, password: str) -> tuple[str, str]:
        raise Refused("There are no users of the stack here.")

    async def find(self, name: str) -> str | None:
        return None

    async def exists(self, user_id: str) -> bool:
        return True

    async def token(self, user_id: str, password: str) -> str:
        raise Refused("There are no users of the stack here.")

    async def connect(self, user_id: str, password: str) -> CloudApi:
        raise Refused("There are no users of the stack here.")

    async def enable(self, user_id: str, enabled: bool) -> None:
        raise Refused("There are no users of the stack here.")

    async def give_key(self, user_id: str, pair: KeyPair) -> None:
        raise Refused("There are no users of the stack here.")

    async def take_key(self, access: str) -> None:
        raise Refused("There are no users of the stack here.")

    async def remove(self, user_id: str) -> None:
        raise Refused("There are no users of the stack here.")

    async def signed_address(
        self,
        resource: str,
        pair: KeyPair,
        purpose: Purpose,
        *,
        at: datetime | None = None,
        about: str = "",
    ) -> str:
        raise Refused("There are no users of the stack here.")

    async def signal_address(self, resource: str, *, by_owner: bool = False) -> str:
        raise Refused("There are no users of the stack here.")

    async def metadata_server(self) -> str:
        raise Refused("There are no users of the stack here.")

    async def surroundings(self) -> Mapping[str, str]:
        return {}

"""The domain of the users of stacks, in memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from isotherm.core.errors import Denied, Gone, RemoteError
from isotherm.kit.cloud_api import CloudApi


@dataclass
class MemoryDomain:
    """Ids are made of names. ``lost``: raised by the next making of a user, which is made all the
    same."""

    projects: set[str] = field(default_factory=set)
    users: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Project and password by id."""
    disabled: set[str] = field(default_factory=set)
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    """User and secret by access key."""
    lost: RemoteError | None = None
    reach: Callable[[], Awaitable[CloudApi]] | None = None
    """How users of stacks get to the cloud."""
    made: int = 0

    async def make_project(self, name: str) -> str:
        self.projects.add(f"project-{name}")
        return f"project-{name}"

    async def remove_project(self, name: str) -> None:
        self.projects.discard(f"project-{name}")

    async def make_user(self, project_id: str, name: str, password: str) -> str:
        self.made += f"user-{name}" not in self.users
        self.users[f"user-{name}"] = project_id, password
        if self.lost is not None:
            lost, self.lost = self.lost, None
            raise lost
        return f"user-{name}"

    async def find_user(self, name: str) -> str | None:
        return f"user-{name}" if f"user-{name}" in self.users else None

    async def has_user(self, user_id: str) -> bool:
        return user_id in self.users

    async def enable_user(self, user_id: str, enabled: bool) -> None:
        if user_id not in self.users:
            raise Gone(f"Could not find user: {user_id}.")
        (self.disabled.discard if enabled else self.disabled.add)(user_id)

    async def remove_user(self, user_id: str) -> None:
        self.users.pop(user_id, None)
        self.disabled.discard(user_id)
        self.keys = {key: each for key, each in self.keys.items() if each[0] != user_id}

    async def give_key(self, project_id: str, user_id: str, access: str, secret: str) -> None:
        self.keys[access] = user_id, secret

    async def take_key(self, access: str) -> None:
        self.keys.pop(access, None)

    async def token(self, project_id: str, user_id: str, password: str) -> str:
        if self.users.get(user_id) != (project_id, password) or user_id in self.disabled:
            raise Denied("There is no such user.", status=401)
        return f"token of {user_id}"

    async def connect(self, project_id: str, user_id: str, password: str) -> CloudApi:
        await self.token(project_id, user_id, password)
        if self.reach is None:
            raise Denied("Users of stacks reach no cloud here.")
        return await self.reach()

    async def surroundings(self) -> Mapping[str, str]:
        return {"auth_url": "http://identity.test/v3", "domain_id": "domain"}

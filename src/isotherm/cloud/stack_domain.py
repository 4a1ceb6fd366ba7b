"""Users of stacks, in a domain of identity that is theirs alone."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from keystoneauth1.identity import v3

from isotherm.cloud.endpoints import base_url
from isotherm.cloud.sessions import Keystone, ServiceSession
from isotherm.cloud.settings import Settings
from isotherm.core.errors import Conflict, Gone, Refused
from isotherm.kit.cloud_api import CloudApi
from isotherm.ports.cloud import StackDomain

_OWN_DOMAIN = "isotherm_stack_users"


def domain_admin(settings: Settings) -> v3.Password | None:
    """How the administrator of the domain gets in; None where the service itself is it."""
    domain = settings.stack_domain
    if not domain.admin:
        return None
    domain_id, name = domain.id or None, None if domain.id else domain.name
    return v3.Password(
        auth_url=base_url("identity", settings.auth_url, ""),
        username=domain.admin,
        password=domain.password,
        user_domain_id=domain_id,
        user_domain_name=name,
        domain_id=domain_id,
        domain_name=name,
    )


class IdentityStackDomain(StackDomain):
    """``admin`` is the domain's administrator, ``api`` makes its calls; ``reach`` connects
    whoever logs in."""

    def __init__(
        self,
        settings: Settings,
        keystone: Keystone,
        admin: ServiceSession,
        api: CloudApi,
        *,
        reach: Callable[[v3.Password], CloudApi],
    ) -> None:
        self._settings = settings
        self._keystone = keystone
        self._admin = admin
        self._api = api
        self._domain_id = settings.stack_domain.id
        self._role_id = ""
        self._reach = reach
        self._connected: OrderedDict[tuple[str, str, str], CloudApi] = OrderedDict()

    async def make_project(self, name: str) -> str:
        domain_id = await self._domain()
        found = await self._find("project", name=name, domain_id=domain_id)
        if found is None:
            wanted = {
                "name": name,
                "domain_id": domain_id,
                "description": "Users of the resources of a stack",
            }
            found = await self._make("project", wanted)
        return str(found["id"])

    async def remove_project(self, name: str) -> None:
        found = await self._find("project", name=name, domain_id=await self._domain())
        if found is not None:
            await self._remove(f"/projects/{found['id']}")

    async def make_user(self, project_id: str, name: str, password: str) -> str:
        user_id = await self.find_user(name)
        if user_id is None:
            wanted = {
                "name": name,
                "domain_id": await self._domain(),
                "password": password,
                "default_project_id": project_id,
            }
            user_id = str((await self._make("user", wanted))["id"])
        else:
            changed = {"user": {"password": password}}
            await self._api.call("identity", "PATCH", f"/users/{user_id}", changed)
        path = f"/projects/{project_id}/users/{user_id}/roles/{await self._role()}"
        await self._api.call("identity", "PUT", path)
        return user_id

    async def find_user(self, name: str) -> str | None:
        found = await self._find("user", name=name, domain_id=await self._domain())
        return None if found is None else str(found["id"])

    async def has_user(self, user_id: str) -> bool:
        try:
            await self._api.call("identity", "GET", f"/users/{user_id}")
        except Gone:
            return False
        return True

    async def enable_user(self, user_id: str, enabled: bool) -> None:
        changed = {"user": {"enabled": enabled}}
        await self._api.call("identity", "PATCH", f"/users/{user_id}", changed)

    async def remove_user(self, user_id: str) -> None:
        await self._remove(f"/users/{user_id}")

    async def give_key(self, project_id: str, user_id: str, access: str, secret: str) -> None:
        wanted = {
            "type": "ec2",
            "user_id": user_id,
            "project_id": project_id,
            "blob": json.dumps({"access": access, "secret": secret}),
        }
        # The id follows from the access key: one that is there already is this one.
        with contextlib.suppress(Conflict):
            await self._api.call("identity", "POST", "/credentials", {"credential": wanted})

    async def take_key(self, access: str) -> None:
        # Identity names such credentials so.
        await self._remove(f"/credentials/{hashlib.sha256(access.encode()).hexdigest()}")

    async def token(self, project_id: str, user_id: str, password: str) -> str:
        plugin = self._log_in(project_id, user_id, password)
        return str((await self._keystone.log_in(plugin)).auth_token)

    async def connect(self, project_id: str, user_id: str, password: str) -> CloudApi:
        key = project_id, user_id, password
        if key not in self._connected:
            self._connected[key] = self._reach(self._log_in(*key))
        self._connected.move_to_end(key)
        while len(self._connected) > self._settings.cached_sessions:
            self._connected.popitem(last=False)
        return self._connected[key]

    def _log_in(self, project_id: str, user_id: str, password: str) -> v3.Password:
        auth_url = base_url("identity", self._settings.auth_url, "")
        return v3.Password(
            auth_url=auth_url, user_id=user_id, password=password, project_id=project_id
        )

    async def surroundings(self) -> Mapping[str, str]:
        return {
            "auth_url": base_url("identity", self._settings.auth_url, ""),
            "domain_id": await self._domain(),
        }

    async def _domain(self) -> str:
        if not self._domain_id:
            domain = self._settings.stack_domain
            if domain.own:
                found = await self._find("domain", name=_OWN_DOMAIN)
                described = {"name": _OWN_DOMAIN, "description": "Users of stacks"}
                self._domain_id = str((found or await self._make("domain", described))["id"])
            else:
                self._domain_id = await self._admin.domain_id()
        return self._domain_id

    async def _role(self) -> str:
        if not self._role_id:
            name = self._settings.stack_domain.role
            found = await self._find("role", name=name)
            if found is None:
                raise Refused(f"Identity has no role {name} ([DEFAULT] heat_stack_user_role).")
            self._role_id = str(found["id"])
        return self._role_id

    async def _find(self, kind: str, **filters: str) -> Mapping[str, Any] | None:
        path = f"/{kind}s?{urlencode(filters)}"
        listed = (await self._api.call("identity", "GET", path))[f"{kind}s"]
        return listed[0] if listed else None

    async def _make(self, kind: str, wanted: Mapping[str, str]) -> Mapping[str, Any]:
        """Somebody else, or a call that got no answer, may just have made it."""
        try:
            made = await self._api.call("identity", "POST", f"/{kind}s", {kind: wanted})
        except Conflict:
            told = {key: wanted[key] for key in ("name", "domain_id") if key in wanted}
            found = await self._find(kind, **told)
            if found is None:
                raise
            return found
        return dict(made[kind])

    async def _remove(self, path: str) -> None:
        with contextlib.suppress(Gone):
            await self._api.call("identity", "DELETE", path)

"""Application credentials: what a program logs in with in place of its user."""

from typing import Any

import msgspec

from isotherm.localcloud.entities import new_hex_id
from isotherm.localcloud.exchange import Caller, Fault
from isotherm.localcloud.identity.entities import ApplicationCredential
from isotherm.localcloud.identity.faults import conflict, forbidden, invalid, not_found
from isotherm.localcloud.identity.rendering import parse_expiry
from isotherm.localcloud.identity.secrets import hash_password, new_secret
from isotherm.localcloud.identity.state import Identity
from isotherm.localcloud.identity.trusts import RoleReference

KIND = "Application Credential"


class AccessRule(msgspec.Struct, omit_defaults=True):
    path: str | None = None
    method: str | None = None
    service: str | None = None
    id: str | None = None


class ApplicationCredentialWish(msgspec.Struct, kw_only=True):
    name: str
    description: str | None = None
    secret: str | None = None
    roles: list[RoleReference] = []
    expires_at: str | None = None
    unrestricted: bool | None = None
    access_rules: list[AccessRule] = []


def create(
    identity: Identity, caller: Caller, wish: ApplicationCredentialWish
) -> tuple[ApplicationCredential, str]:
    """The credential and its secret, which is not kept. It is for the caller's project."""
    if caller.trust_id is not None:
        raise forbidden()
    if caller.project_id is None:
        raise invalid(
            "Invalid application credential: Cannot create one without a project to scope it to"
        )
    if identity.application_credentials.find(user_id=caller.user_id, name=wish.name):
        raise conflict("application_credential", f"Duplicate entry found with name {wish.name}")
    secret = wish.secret or new_secret(64)
    credential = ApplicationCredential(
        user_id=caller.user_id,
        project_id=caller.project_id,
        name=wish.name,
        description=wish.description,
        secret_hash=hash_password(secret),
        role_ids=_roles(identity, caller, wish.roles),
        expires_at=parse_expiry(wish.expires_at, identity.now()),
        unrestricted=bool(wish.unrestricted),
        access_rules=[_with_id(rule) for rule in wish.access_rules],
    )
    return identity.application_credentials.add(credential), secret


def find(identity: Identity, credential_id: str) -> ApplicationCredential:
    credential = identity.application_credentials.get(credential_id)
    if credential is None:
        raise not_found(KIND, credential_id)
    return credential


def delete(identity: Identity, credential: ApplicationCredential) -> None:
    identity.application_credentials.remove(credential.id)
    identity.forget_callers()


def _roles(identity: Identity, caller: Caller, wanted: list[RoleReference]) -> list[str]:
    """The roles wanted, by default all; no more than the caller's token has."""
    token = identity.tokens.get(caller.token_id)
    held = [role.id for role in identity.roles_of(token)] if token else []
    if not wanted:
        return held
    found = []
    for reference in wanted:
        role_id = reference.id
        if role_id is None:
            named = identity.roles.find(name=reference.name)
            if not named:
                raise Fault(404, f"Role {reference.name} is not defined")
            role_id = named[0].id
        if role_id not in held:
            raise invalid(
                "Invalid application credential: "
                "Cannot create an application credential with unassigned role"
            )
        found.append(role_id)
    return found


def _with_id(rule: AccessRule) -> dict[str, Any]:
    rule.id = rule.id or new_hex_id()
    shown: dict[str, Any] = msgspec.to_builtins(rule)
    return shown

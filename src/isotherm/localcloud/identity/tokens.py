"""Tokens: issuing them, and what they look like on the wire."""

from dataclasses import dataclass
from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.identity.entities import Role, Token, User
from isotherm.localcloud.identity.faults import not_found
from isotherm.localcloud.identity.secrets import new_audit_id, new_secret
from isotherm.localcloud.identity.state import TOKEN_LIFETIME, Identity

_MICROSECONDS = ".000000Z"


@dataclass(frozen=True)
class Scope:
    """At most one of them; none is an unscoped token."""

    project_id: str | None = None
    domain_id: str | None = None
    system: bool = False
    trust_id: str | None = None


@dataclass(frozen=True)
class Proof:
    """How a caller proved who it is."""

    user: User
    methods: tuple[str, ...]
    expires_at: float | None = None
    parent_audit_id: str | None = None
    application_credential_id: str | None = None


def issue(identity: Identity, proof: Proof, scope: Scope) -> Token:
    now = identity.now()
    expires_at = now + TOKEN_LIFETIME
    if proof.expires_at is not None:
        expires_at = min(expires_at, proof.expires_at)
    audit_ids = [new_audit_id()]
    if proof.parent_audit_id is not None:
        audit_ids.append(proof.parent_audit_id)
    token = Token(
        id=new_secret(48),
        user_id=proof.user.id,
        methods=list(proof.methods),
        audit_ids=audit_ids,
        issued_at=now,
        expires_at=expires_at,
        project_id=scope.project_id,
        domain_id=scope.domain_id,
        system=scope.system,
        trust_id=scope.trust_id,
        application_credential_id=proof.application_credential_id,
    )
    identity.tokens.add(token)
    identity.schedule("token.expire", token, after=expires_at - now)
    return token


def revoke(identity: Identity, token: Token) -> None:
    identity.cancel(token)
    identity.tokens.remove(token.id)
    identity.forget_callers()


def find_valid(identity: Identity, token_id: str) -> Token:
    """Raises Fault 404 for a token that gives no rights."""
    token = identity.tokens.get(token_id)
    if token is None or identity.caller_of(token_id) is None:
        raise not_found("token", "it is unknown, expired or revoked")
    return token


def render(
    identity: Identity, token: Token, base_url: str, *, catalog: bool = True
) -> dict[str, Any]:
    """The token's body."""
    user = identity.users.get(token.user_id)
    assert user is not None
    body: dict[str, Any] = {
        "methods": token.methods,
        "user": {
            "domain": _domain(identity, user.domain_id),
            "id": user.id,
            "name": user.name,
            "password_expires_at": None,
        },
        "audit_ids": token.audit_ids,
        "expires_at": iso_time(token.expires_at, suffix=_MICROSECONDS),
        "issued_at": iso_time(token.issued_at, suffix=_MICROSECONDS),
    }
    scope = _scope(identity, token)
    if scope:
        body |= {**scope, "roles": [_role(role, token) for role in identity.roles_of(token)]}
        if catalog:
            body["catalog"] = identity.catalogue.render(base_url, token.project_id, user.id)
    return {"token": body | _delegation(identity, token)}


def _domain(identity: Identity, domain_id: str) -> dict[str, str]:
    domain = identity.domains.get(domain_id)
    assert domain is not None
    return {"id": domain.id, "name": domain.name}


def _scope(identity: Identity, token: Token) -> dict[str, Any]:
    if token.system:
        return {"system": {"all": True}}
    if token.domain_id is not None:
        return {"domain": _domain(identity, token.domain_id)}
    project = identity.projects.get(token.project_id) if token.project_id else None
    if project is None:
        return {}
    shown = {
        "domain": _domain(identity, project.domain_id),
        "id": project.id,
        "name": project.name,
    }
    if token.trust_id is not None:
        return {"project": shown}
    return {"project": shown, "is_domain": project.is_domain}


def _role(role: Role, token: Token) -> dict[str, Any]:
    """Tokens by trust tell more of their roles."""
    shown = {"id": role.id, "name": role.name}
    if token.trust_id is None:
        return shown
    more = {"domain_id": role.domain_id, "description": role.description}
    return {**shown, **more, "options": role.options}


def _delegation(identity: Identity, token: Token) -> dict[str, Any]:
    trust = identity.trusts.get(token.trust_id) if token.trust_id else None
    if trust is not None:
        return {
            "OS-TRUST:trust": {
                "id": trust.id,
                "trustee_user": {"id": trust.trustee_user_id},
                "trustor_user": {"id": trust.trustor_user_id},
                "impersonation": trust.impersonation,
            }
        }
    credential_id = token.application_credential_id
    credential = identity.application_credentials.get(credential_id) if credential_id else None
    if credential is None:
        return {}
    shown: dict[str, Any] = {
        "id": credential.id,
        "name": credential.name,
        "restricted": not credential.unrestricted,
    }
    if credential.access_rules:
        shown["access_rules"] = credential.access_rules
    return {"application_credential": shown}

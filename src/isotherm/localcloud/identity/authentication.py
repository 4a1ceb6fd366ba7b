"""Who is it, and for what: from the body of POST /v3/auth/tokens to a proof and a scope."""

from collections.abc import Callable
from typing import Any

import msgspec

from isotherm.localcloud.exchange import Fault
from isotherm.localcloud.identity.entities import (
    SYSTEM,
    ApplicationCredential,
    Project,
    Trust,
    User,
)
from isotherm.localcloud.identity.faults import forbidden, invalid, not_found, unauthorized
from isotherm.localcloud.identity.secrets import is_password
from isotherm.localcloud.identity.state import Identity
from isotherm.localcloud.identity.tokens import Proof, Scope


class DomainReference(msgspec.Struct):
    id: str | None = None
    name: str | None = None


class UserReference(msgspec.Struct):
    id: str | None = None
    name: str | None = None
    domain: DomainReference | None = None
    password: str | None = None


class PasswordMethod(msgspec.Struct):
    user: UserReference


class TokenMethod(msgspec.Struct):
    id: str


class ApplicationCredentialMethod(msgspec.Struct):
    secret: str
    id: str | None = None
    name: str | None = None
    user: UserReference | None = None


class IdentitySection(msgspec.Struct):
    methods: list[str]
    password: PasswordMethod | None = None
    token: TokenMethod | None = None
    application_credential: ApplicationCredentialMethod | None = None


class ProjectReference(msgspec.Struct):
    id: str | None = None
    name: str | None = None
    domain: DomainReference | None = None


class TrustReference(msgspec.Struct):
    id: str


class ScopeSection(msgspec.Struct, rename={"trust": "OS-TRUST:trust"}):
    project: ProjectReference | None = None
    domain: DomainReference | None = None
    system: dict[str, Any] | None = None
    trust: TrustReference | None = None


class AuthSection(msgspec.Struct):
    identity: IdentitySection
    # "unscoped" asks for no scope even where the user has a default project.
    scope: ScopeSection | str | None = None


def authenticate(identity: Identity, auth: AuthSection) -> tuple[Proof, Scope]:
    """Raises Fault 400 for a request that makes no sense, 401 for everything else."""
    proof = _prove(identity, auth.identity)
    if proof.application_credential_id is not None:
        if auth.scope is not None:
            raise Fault(
                401,
                "Error authenticating with application credential: "
                "Application credentials cannot request a scope.",
            )
        credential = identity.application_credentials.get(proof.application_credential_id)
        assert credential is not None
        return proof, _checked(identity, proof.user, Scope(project_id=credential.project_id))
    if isinstance(auth.scope, str):
        return proof, Scope()
    if auth.scope is None:
        return proof, _default_scope(identity, proof.user)
    if auth.scope.trust is not None:
        return _accept_trust(identity, proof, auth.scope.trust.id)
    return proof, _checked(identity, proof.user, _wanted_scope(identity, auth.scope))


def _prove(identity: Identity, section: IdentitySection) -> Proof:
    if not section.methods:
        raise unauthorized()
    for method in section.methods:
        if method not in _METHODS:
            raise unauthorized()
    proofs = [_METHODS[method](identity, section) for method in section.methods]
    if len({proof.user.id for proof in proofs}) != 1:
        raise unauthorized()
    return proofs[-1]


def _by_password(identity: Identity, section: IdentitySection) -> Proof:
    if section.password is None:
        raise invalid("Expecting to find password in identity.")
    reference = section.password.user
    user = find_user(identity, reference)
    if user is None or not is_password(reference.password or "", user.password_hash):
        raise unauthorized()
    return Proof(_usable(identity, user), ("password",))


def _by_token(identity: Identity, section: IdentitySection) -> Proof:
    if section.token is None:
        raise invalid("Expecting to find token in identity.")
    token = identity.tokens.get(section.token.id)
    caller = identity.caller_of(section.token.id)
    if token is None or caller is None:
        raise unauthorized()
    if token.trust_id or token.application_credential_id:
        raise forbidden("Using a delegated token to create another token is not allowed.")
    user = identity.users.get(token.user_id)
    assert user is not None
    methods = tuple(dict.fromkeys(("token", *token.methods)))
    return Proof(user, methods, token.expires_at, token.audit_ids[-1])


def _by_application_credential(identity: Identity, section: IdentitySection) -> Proof:
    wanted = section.application_credential
    if wanted is None:
        raise invalid("Expecting to find application_credential in identity.")
    credential = _find_credential(identity, wanted)
    if credential is None:
        raise not_found("Application Credential", wanted.id or str(wanted.name))
    if not is_password(wanted.secret, credential.secret_hash):
        raise unauthorized()
    if credential.expires_at is not None and credential.expires_at <= identity.now():
        raise unauthorized()
    user = identity.users.get(credential.user_id)
    if user is None:
        raise unauthorized()
    return Proof(
        _usable(identity, user),
        ("application_credential",),
        credential.expires_at,
        application_credential_id=credential.id,
    )


_METHODS: dict[str, Callable[[Identity, IdentitySection], Proof]] = {
    "password": _by_password,
    "token": _by_token,
    "application_credential": _by_application_credential,
}


def _find_credential(
    identity: Identity, wanted: ApplicationCredentialMethod
) -> ApplicationCredential | None:
    if wanted.id is not None:
        return identity.application_credentials.get(wanted.id)
    user = find_user(identity, wanted.user) if wanted.user else None
    if user is None:
        return None
    named = identity.application_credentials.find(user_id=user.id, name=wanted.name)
    return named[0] if named else None


def find_user(identity: Identity, reference: UserReference) -> User | None:
    if reference.id is not None:
        return identity.users.get(reference.id)
    domain_id = _domain_id(identity, reference.domain)
    found = identity.users.find(name=reference.name, domain_id=domain_id)
    return found[0] if found else None


def _usable(identity: Identity, user: User) -> User:
    if not user.enabled or not identity.is_enabled(user.domain_id):
        raise unauthorized()
    return user


def _domain_id(identity: Identity, reference: DomainReference | None) -> str | None:
    if reference is None:
        return None
    if reference.id is not None:
        return reference.id
    found = identity.domains.find(name=reference.name)
    return found[0].id if found else None


def _wanted_scope(identity: Identity, section: ScopeSection) -> Scope:
    if section.project is not None:
        project = _find_project(identity, section.project)
        if project is None:
            raise unauthorized()
        return Scope(project_id=project.id)
    if section.domain is not None:
        domain_id = _domain_id(identity, section.domain)
        if domain_id is None:
            raise unauthorized()
        return Scope(domain_id=domain_id)
    if section.system is not None:
        return Scope(system=True)
    raise invalid("The scope names no project, domain, system or trust.")


def _find_project(identity: Identity, reference: ProjectReference) -> Project | None:
    if reference.id is not None:
        return identity.projects.get(reference.id)
    domain_id = _domain_id(identity, reference.domain)
    found = identity.projects.find(name=reference.name, domain_id=domain_id)
    return found[0] if found else None


def _checked(identity: Identity, user: User, scope: Scope) -> Scope:
    """The scope, if it is enabled and the user has a role there."""
    target = SYSTEM if scope.system else scope.project_id or scope.domain_id
    assert target is not None
    if scope.project_id is not None:
        project = identity.projects.get(scope.project_id)
        if project is None or not project.enabled or not identity.is_enabled(project.domain_id):
            raise unauthorized()
    if scope.domain_id is not None and not identity.is_enabled(scope.domain_id):
        raise unauthorized()
    if not identity.roles_on(user.id, target):
        raise unauthorized()
    return scope


def _default_scope(identity: Identity, user: User) -> Scope:
    if user.default_project_id is None:
        return Scope()
    try:
        return _checked(identity, user, Scope(project_id=user.default_project_id))
    except Fault:
        return Scope()


def _accept_trust(identity: Identity, proof: Proof, trust_id: str) -> tuple[Proof, Scope]:
    """A trustee's proof becomes the trustor's, where the trust impersonates."""
    trust = identity.trusts.get(trust_id)
    if trust is None or (trust.expires_at is not None and trust.expires_at <= identity.now()):
        raise unauthorized()
    if trust.trustee_user_id != proof.user.id:
        raise forbidden("only the trustee may use a trust")
    trustor = identity.users.get(trust.trustor_user_id)
    if trustor is None or not trustor.enabled:
        raise forbidden("the trustor cannot be used")
    _check_trusted_roles(identity, trust)
    _use_up(identity, trust)
    user = trustor if trust.impersonation else proof.user
    ends = [at for at in (proof.expires_at, trust.expires_at) if at is not None]
    used = Proof(user, proof.methods, min(ends, default=None), proof.parent_audit_id)
    return used, Scope(project_id=trust.project_id, trust_id=trust.id)


def _check_trusted_roles(identity: Identity, trust: Trust) -> None:
    if trust.project_id is None:
        return
    held = {role.id for role in identity.roles_on(trust.trustor_user_id, trust.project_id)}
    if not held.issuperset(trust.role_ids):
        raise forbidden("the trustor no longer has the roles it trusted with")


def _use_up(identity: Identity, trust: Trust) -> None:
    if trust.remaining_uses is None:
        return
    if trust.remaining_uses < 1:
        raise unauthorized()
    trust.remaining_uses -= 1
    identity.trusts.save(trust)

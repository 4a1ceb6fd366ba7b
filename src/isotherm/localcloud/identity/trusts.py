"""Trusts: a user (the trustor) lends roles on a project to another (the trustee)."""

import msgspec

from isotherm.localcloud.exchange import Caller, Fault
from isotherm.localcloud.identity.entities import Trust
from isotherm.localcloud.identity.faults import conflict, forbidden, invalid, not_found
from isotherm.localcloud.identity.rendering import parse_expiry
from isotherm.localcloud.identity.state import Identity, found

MOST_REDELEGATIONS = 3


class RoleReference(msgspec.Struct):
    id: str | None = None
    name: str | None = None


class TrustWish(msgspec.Struct, kw_only=True):
    trustor_user_id: str
    trustee_user_id: str
    impersonation: bool
    project_id: str | None = None
    roles: list[RoleReference] = []
    expires_at: str | None = None
    remaining_uses: int | None = None
    allow_redelegation: bool = False
    redelegation_count: int | None = None


def create(identity: Identity, caller: Caller, wish: TrustWish) -> Trust:
    if caller.user_id != wish.trustor_user_id:
        raise forbidden("identity:create_trust")
    parent = _parent(identity, caller)
    found(identity.users, wish.trustee_user_id)
    if wish.project_id is not None:
        found(identity.projects, wish.project_id)
    role_ids = find_roles(identity, wish.roles)
    if wish.project_id is not None and not role_ids:
        raise forbidden("At least one role should be specified")
    _check_held(identity, wish, role_ids)
    expires_at = parse_expiry(wish.expires_at, identity.now())
    _check_uses(wish)
    trust = Trust(
        trustor_user_id=wish.trustor_user_id,
        trustee_user_id=wish.trustee_user_id,
        project_id=wish.project_id,
        role_ids=role_ids,
        impersonation=wish.impersonation,
        expires_at=expires_at,
        remaining_uses=wish.remaining_uses,
        allow_redelegation=wish.allow_redelegation,
        redelegation_count=_redelegations(wish, parent),
    )
    if parent is not None:
        _redelegate(parent, trust)
    _check_unique(identity, trust)
    return identity.trusts.add(trust)


def find(identity: Identity, caller: Caller, trust_id: str, rule: str) -> Trust:
    """Raises Fault 404, or 403 for those who are neither party to the trust nor admin."""
    trust = identity.trusts.get(trust_id)
    if trust is None or trust.remaining_uses == 0:
        raise not_found("trust", trust_id)
    parties = (trust.trustor_user_id, trust.trustee_user_id)
    if not caller.is_admin and caller.user_id not in parties:
        raise forbidden(rule)
    return trust


def delete(identity: Identity, trust: Trust) -> None:
    """Delete the trust and all that was delegated on from it."""
    for other in list(identity.trusts.find(trustor_user_id=trust.trustor_user_id)):
        if other.redelegated_trust_id == trust.id:
            delete(identity, other)
    identity.trusts.remove(trust.id)
    identity.forget_callers()


def find_roles(identity: Identity, references: list[RoleReference]) -> list[str]:
    """Role ids, in the order given. Raises Fault 404."""
    chosen: dict[str, None] = {}
    for reference in references:
        if reference.id is not None:
            chosen[found(identity.roles, reference.id).id] = None
            continue
        named = identity.roles.find(name=reference.name)
        if not named:
            raise Fault(404, f"Role {reference.name} is not defined")
        chosen[named[0].id] = None
    return list(chosen)


def _parent(identity: Identity, caller: Caller) -> Trust | None:
    """The trust by which the caller acts. Raises Fault 403 if it must not be passed on."""
    if caller.trust_id is None:
        return None
    parent = identity.trusts.get(caller.trust_id)
    if parent is None or parent.redelegation_count < 1:
        raise forbidden()
    return parent


def _check_held(identity: Identity, wish: TrustWish, role_ids: list[str]) -> None:
    on = wish.project_id
    held = {role.id for role in identity.roles_on(wish.trustor_user_id, on)} if on else set()
    for role_id in role_ids:
        if role_id not in held:
            raise not_found("role", role_id)


def _check_uses(wish: TrustWish) -> None:
    uses = wish.remaining_uses
    if uses is None:
        return
    if uses < 1:
        field = "Invalid input for field/attribute remaining_uses."
        raise invalid(f"{field} Value: {uses}. {uses} is less than the minimum of 1")
    if wish.allow_redelegation:
        raise invalid("remaining_uses must not be set if redelegation is allowed")


def _redelegations(wish: TrustWish, parent: Trust | None) -> int:
    """How often the new trust may be passed on."""
    if not wish.allow_redelegation:
        return 0
    most = MOST_REDELEGATIONS if parent is None else parent.redelegation_count - 1
    if wish.redelegation_count is None:
        return most
    if not 0 <= wish.redelegation_count <= most:
        raise forbidden()
    return wish.redelegation_count


def _redelegate(parent: Trust, trust: Trust) -> None:
    """A trust that is passed on gives no more than its parent."""
    if not set(trust.role_ids) <= set(parent.role_ids) or (
        trust.impersonation and not parent.impersonation
    ):
        raise forbidden()
    if parent.expires_at is not None:
        if trust.expires_at is not None and trust.expires_at > parent.expires_at:
            raise forbidden()
        trust.expires_at = trust.expires_at or parent.expires_at
    trust.redelegated_trust_id = parent.id


def _check_unique(identity: Identity, trust: Trust) -> None:
    if trust.expires_at is None:
        return
    for other in identity.trusts.find(
        trustor_user_id=trust.trustor_user_id, trustee_user_id=trust.trustee_user_id
    ):
        same_target = other.project_id == trust.project_id
        same_kind = other.impersonation == trust.impersonation
        if same_target and same_kind and other.expires_at == trust.expires_at:
            raise conflict("trust", f"Duplicate entry found with ID {trust.id}")

"""Routes under /v3/OS-TRUST."""

from typing import Any

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.identity import trusts
from isotherm.localcloud.identity.entities import Trust
from isotherm.localcloud.identity.faults import forbidden, not_found
from isotherm.localcloud.identity.rendering import link, listing, read, show_linked_role, timestamp
from isotherm.localcloud.identity.state import Identity
from isotherm.localcloud.routing import Routes

routes = Routes[Identity]("/v3/OS-TRUST/trusts")


@routes.post("", "trust.create", status=201)
def create_trust(identity: Identity, call: Call) -> object:
    refuse_delegated(call)
    trust = trusts.create(identity, call.caller, read(call, "trust", trusts.TrustWish))
    return {"trust": show_full(identity, call, trust)}


@routes.get("", "trust.list")
def list_trusts(identity: Identity, call: Call) -> object:
    trustor, trustee = call.argument("trustor_user_id"), call.argument("trustee_user_id")
    caller = call.caller
    if not caller.is_admin and caller.user_id not in (trustor, trustee):
        named = "_for_trustor" if trustor else "_for_trustee" if trustee else ""
        raise forbidden(f"identity:list_trusts{named}")
    found = [
        show(call, trust)
        for trust in identity.trusts
        if trustor in (None, trust.trustor_user_id)
        and trustee in (None, trust.trustee_user_id)
        and trust.remaining_uses != 0
    ]
    return listing(call, "trusts", found)


@routes.get("/{trust_id}", "trust.show")
def show_trust(identity: Identity, call: Call) -> object:
    trust = _trust(identity, call, "identity:get_trust")
    return {"trust": show_full(identity, call, trust)}


@routes.delete("/{trust_id}", "trust.delete")
def delete_trust(identity: Identity, call: Call) -> None:
    refuse_delegated(call)
    trust = _trust(identity, call, "identity:delete_trust")
    if not call.caller.is_admin and call.caller.user_id != trust.trustor_user_id:
        raise forbidden("identity:delete_trust")
    trusts.delete(identity, trust)


@routes.get("/{trust_id}/roles", "trust.list_roles")
def list_trusted_roles(identity: Identity, call: Call) -> object:
    trust = _trust(identity, call, "identity:list_roles_for_trust")
    shown = show_full(identity, call, trust)
    return {"roles": shown["roles"], "links": shown["roles_links"]}


@routes.get("/{trust_id}/roles/{role_id}", "trust.show_role")
def show_trusted_role(identity: Identity, call: Call) -> object:
    trust = _trust(identity, call, "identity:get_role_for_trust")
    role = identity.roles.get(call.params["role_id"])
    if role is None or role.id not in trust.role_ids:
        raise not_found("role", call.params["role_id"])
    return {"role": show_linked_role(call, role)}


def show(call: Call, trust: Trust) -> dict[str, Any]:
    """As in a list."""
    return {
        "id": trust.id,
        "trustor_user_id": trust.trustor_user_id,
        "trustee_user_id": trust.trustee_user_id,
        "project_id": trust.project_id,
        "impersonation": trust.impersonation,
        "expires_at": timestamp(trust.expires_at),
        "remaining_uses": trust.remaining_uses,
        "deleted_at": None,
        "redelegated_trust_id": trust.redelegated_trust_id,
        "redelegation_count": trust.redelegation_count,
        "links": {"self": link(call, f"OS-TRUST/trusts/{trust.id}")},
    }


def show_full(identity: Identity, call: Call, trust: Trust) -> dict[str, Any]:
    roles = [identity.roles.get(role_id) for role_id in trust.role_ids]
    own = f"OS-TRUST/trusts/{trust.id}/roles"
    return {
        "roles": [show_linked_role(call, role) for role in roles if role is not None],
        "roles_links": {"self": link(call, own), "next": None, "previous": None},
        **show(call, trust),
    }


def _trust(identity: Identity, call: Call, rule: str) -> Trust:
    return trusts.find(identity, call.caller, call.params["trust_id"], rule)


def refuse_delegated(call: Call) -> None:
    if call.caller.application_credential_id is not None:
        raise forbidden("Delegated tokens cannot manage trusts.")

"""Routes of application credentials."""

from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.exchange import Call
from isotherm.localcloud.identity import application_credentials
from isotherm.localcloud.identity.application_credentials import ApplicationCredentialWish
from isotherm.localcloud.identity.entities import ApplicationCredential
from isotherm.localcloud.identity.faults import forbidden
from isotherm.localcloud.identity.policies import refuse_restricted, require_owner
from isotherm.localcloud.identity.rendering import filtered, link, listing, read, show_role
from isotherm.localcloud.identity.state import Identity
from isotherm.localcloud.routing import Routes

routes = Routes[Identity]("/v3/users/{user_id}/application_credentials")

_OTHERS = "additional application credentials."


@routes.post("", "application_credential.create", status=201)
def create_application_credential(identity: Identity, call: Call) -> object:
    if call.caller.user_id != call.params["user_id"]:
        raise forbidden("identity:create_application_credential")
    refuse_restricted(call, _OTHERS)
    wish = read(call, "application_credential", ApplicationCredentialWish)
    credential, secret = application_credentials.create(identity, call.caller, wish)
    shown = show(identity, call, credential)
    return {
        "application_credential": {
            **shown,
            "unrestricted": wish.unrestricted,
            "secret": secret,
        }
    }


@routes.get("", "application_credential.list")
def list_application_credentials(identity: Identity, call: Call) -> object:
    require_owner(call, call.params["user_id"], "list_application_credentials")
    own = identity.application_credentials.find(user_id=call.params["user_id"])
    shown = [show(identity, call, each) for each in filtered(own, call, "name")]
    return listing(call, "application_credentials", shown)


@routes.get("/{credential_id}", "application_credential.show")
def get_application_credential(identity: Identity, call: Call) -> object:
    require_owner(call, call.params["user_id"], "get_application_credential")
    credential = application_credentials.find(identity, call.params["credential_id"])
    require_owner(call, credential.user_id, "get_application_credential")
    return {"application_credential": show(identity, call, credential)}


@routes.delete("/{credential_id}", "application_credential.delete")
def delete_application_credential(identity: Identity, call: Call) -> None:
    require_owner(call, call.params["user_id"], "delete_application_credential")
    refuse_restricted(call, _OTHERS)
    credential = application_credentials.find(identity, call.params["credential_id"])
    require_owner(call, credential.user_id, "delete_application_credential")
    application_credentials.delete(identity, credential)


def show(identity: Identity, call: Call, credential: ApplicationCredential) -> dict[str, Any]:
    expires_at = credential.expires_at
    rules = {"access_rules": credential.access_rules} if credential.access_rules else {}
    return {
        "id": credential.id,
        "name": credential.name,
        "description": credential.description,
        "user_id": credential.user_id,
        "project_id": credential.project_id,
        "system": None,
        "expires_at": None if expires_at is None else iso_time(expires_at, suffix=".000000"),
        "unrestricted": credential.unrestricted or None,
        "roles": [
            show_role(role)
            for role_id in credential.role_ids
            if (role := identity.roles.get(role_id)) is not None
        ],
        **rules,
        "links": {"self": link(call, f"application_credentials/{credential.id}")},
    }
